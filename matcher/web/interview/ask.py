"""The interview's pages: one screen at a time, each under an address of its own, so that back and refresh lose nothing."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request

from matcher.web import keep, language
from matcher.web.interview import industry, pause, posted, screens
from matcher.web.interview.posted import Blank, Posted
from matcher.web.interview.progress import progress
from matcher.web.interview.recorded import recorded
from matcher.web.interview.visit import Visit, visit
from matcher.web.security import token_holds

pages = Blueprint("ask", __name__)
_UNPROCESSABLE, _BAD_REQUEST = 422, 400
# Where a change of one answer leads back to.
BACK = ("answers", "result")
# What a blank means by the button pressed: going on leaves it unknown, 其余都是“否” denies it, seeing the result leaves it open.
_BLANK: dict[str, Blank] = {"rest_no": "no", "result": "left"}


@pages.get("/ask")
def ask() -> str | Response:
    """The screen for `?fact=…`; without one, or where it is no fact to be asked, the address of the next screen."""
    here = visit()
    asked = posted.askable(here.book, request.args.getlist(posted.ASKED))
    return _page(here, asked, None) if asked else _onward(here)


@pages.post("/ask")
def tell() -> tuple[str, int] | Response:
    """Keep what was answered and go on to what matters next; or the same screen with what is wrong, or to pick from."""
    here = visit()
    back = posted.read(here.book, request.form)
    if not back.every:
        return _onward(here)
    is_stale = not token_holds(request.form.get("csrf_token"))
    language.use(request.form.get("switch"), request.form.get("lang"))
    do, is_look = request.form.get("do", ""), bool({"switch", "look"} & request.form.keys())
    if is_stale or (back.faults and not is_look):
        return _page(here, back.every, back, is_stale=is_stale), _BAD_REQUEST if is_stale else _UNPROCESSABLE
    if is_look:
        return _page(_looking(here, back), back.every, back), 200
    if back.is_choosing and do != "result":
        return _page(_looking(here, back), back.every, back, is_picking=True), _UNPROCESSABLE
    blank = _BLANK.get(do, "unsure")
    mine = back.added_to(here.book, keep.base(request), keep.seconds(), blank)
    told = keep.merge(request, mine)
    after = Visit(here.book, told)
    answer = _onward(after, "result" if do == "result" or _settles(here, after) else request.form.get("back", ""))
    keep.save(answer, told)
    return answer


def address(facts: tuple[str, ...], back: str = "") -> str:
    """The address of a screen. It names what is asked, never what was answered."""
    said = [(posted.ASKED, fact) for fact in facts] + ([("back", back)] if back in BACK else [])
    return f"{request.script_root}/ask?{urlencode(said)}"


def _onward(here: Visit, back: str = "") -> Response:
    """To where a changed answer came from, else to the next screen, or to the results where nothing is left to ask."""
    if back in BACK:
        return redirect(f"{request.script_root}/{back}", 303)  # type: ignore[return-value]
    screen = here.survey.screen
    to = address(tuple(one.fact for one in screen.asks)) if screen else f"{request.script_root}/result"
    return redirect(to, 303)  # type: ignore[return-value]


def _settles(before: Visit, after: Visit) -> bool:
    """Whether these answers settled the last status, so that what may still be asked makes only amounts exact."""
    return after.survey.is_through and not before.survey.is_through


def _looking(here: Visit, back: Posted) -> Visit:
    """The visit as it would be with what the screen says so far; nothing of it is kept."""
    return Visit(here.book, back.added_to(here.book, here.answers, keep.seconds(), "left"))


def _page(
    here: Visit, facts: tuple[str, ...], back: Posted | None, is_stale: bool = False, is_picking: bool = False
) -> str:
    lang = language.lang()
    screen = screens.shown(here, screens.screen_of(here, facts), back, lang)
    going = request.values.get("back", "")
    return render_template(
        "interview/ask.html",
        screen=screen,
        progress=progress(here, lang),
        recorded=recorded(here, lang) if back is None else (),
        is_stale=is_stale,
        is_picking=is_picking,
        many=len(screen.posed) > 1,
        is_stalled=back is None and pause.is_due(here),
        faults=[
            (industry.WORDS if one.search else one.question.name, one.question.label, one.question.faults)
            for one in screen.posed
            if one.question.faults
        ],
        back=going if going in BACK else "",
        base=request.form.get(keep.FIELD) or keep.field(keep.load(request)),
        here=address(screen.facts, going),
        answered=len(here.answers.answered),
    )
