"""The interview's pages: the start, one screen at a time under an address of its own, and all answers on one page."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from matcher.answers import Answers, cookie
from matcher.presentation import SCHEMES, Catalogue, entries, field_name, industry
from matcher.rulebook.language import KIND_WORDS, ItemKind, KindWords
from matcher.settings import settings
from matcher.text import figures, sentences, today
from matcher.web import database, language, token_holds

from . import estimates, posted, screens, visits
from .posted import Blank, Posted
from .result_views import Told, answer, gate_answer, gates, recorded
from .screens import asked_first, plain_question
from .visits import Visit, progress, visit

# ---------------------------------------------------------------------------------------------------------------------
# The interview's pages: one screen at a time, each under an address of its own, so that back and refresh lose
# nothing.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("ask", __name__)

_UNPROCESSABLE, _BAD_REQUEST = 422, 400

# Where a change of one answer leads back to.
BACK = {"answers": "answers.answers", "result": "result.result"}

# What a blank means by the button pressed: going on leaves it unknown, 其余都是“否” denies it, seeing the result leaves it open.
BLANK_OF: dict[str, Blank] = {"rest_no": "no", "result": "left"}


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
    back = posted.read(here.book, request.form, here.told.facts)
    if not back.every:
        return _onward(here)
    is_stale = not token_holds(request.form.get("csrf_token"))
    language.use(request.form.get("switch"), request.form.get("lang"))
    do, is_look = request.form.get("do", ""), bool({"switch", "look"} & request.form.keys())
    if is_stale or (back.faults and not is_look):
        return _page(here, back.every, back, is_stale=is_stale), _BAD_REQUEST if is_stale else _UNPROCESSABLE
    if is_look:
        return _page(looking(here, back), back.every, back), 200
    if back.is_choosing and do != "result":
        return _page(looking(here, back), back.every, back, is_picking=True), _UNPROCESSABLE
    blank = BLANK_OF.get(do, "unsure")
    mine = back.added_to(here.book, cookie.base(request), database.seconds(), blank)
    told = cookie.merge(request, mine)
    after = Visit(here.book, told)
    answer = _onward(after, "result" if do == "result" or settles(here, after) else request.form.get("back", ""))
    cookie.save(answer, told)
    return answer


def address(facts: tuple[str, ...], back: str = "") -> str:
    """The address of a screen. It names what is asked, never what was answered."""
    asked: dict[str, Any] = {posted.ASKED: facts, "back": back if back in BACK else None}
    return url_for("ask.ask", **asked)


def _onward(here: Visit, back: str = "") -> Response:
    """To where a changed answer came from, else to the next screen, or to the results where nothing is left to ask."""
    if back in BACK:
        return redirect(url_for(BACK[back]), 303)  # type: ignore[return-value]
    screen = here.survey.screen
    to = address(tuple(one.fact for one in screen.asks)) if screen else url_for("result.result")
    return redirect(to, 303)  # type: ignore[return-value]


def settles(before: Visit, after: Visit) -> bool:
    """Whether these answers settled the last status, so that what may still be asked makes only amounts exact."""
    return after.survey.is_through and not before.survey.is_through


def looking(here: Visit, back: Posted) -> Visit:
    """The visit as it would be with what the screen says so far; nothing of it is kept."""
    return Visit(here.book, back.added_to(here.book, here.answers, database.seconds(), "left"))


def _page(
    here: Visit, facts: tuple[str, ...], back: Posted | None, is_stale: bool = False, is_picking: bool = False
) -> str:
    lang = language.lang()
    screen = screens.shown(here, screens.screen_of(here, facts), back, lang)
    going = request.values.get("back", "")
    told = recorded(here, lang) if back is None else ()
    return render_template(
        "interview/ask.html",
        screen=screen,
        another=_another(here, told, facts),
        progress=progress(here, lang),
        estimate=estimates.shown(here, lang),
        recorded=told,
        is_stale=is_stale,
        is_picking=is_picking,
        many=len(screen.posed) > 1,
        is_stalled=back is None and visits.is_due(here),
        faults=faults_of(screen),
        back=going if going in BACK else "",
        base=request.form.get(cookie.FIELD) or cookie.field(cookie.load(request)),
        here=address(screen.facts, going),
        answered=len(here.answers.answered),
    )


def faults_of(screen: screens.Shown) -> list[tuple[str, str, tuple[str, ...]]]:
    """What is wrong on a screen: the field it links to, what that is called, and why."""
    return [
        (industry.WORDS if one.search else one.question.name, one.question.label, tuple(one.question.faults))
        for one in screen.posed
        if one.question.faults
    ]


def _another(here: Visit, told: Iterable[Told], facts: tuple[str, ...]) -> tuple[tuple[ItemKind, KindWords], ...]:
    """The kinds of which one was told on the screen before and nothing is asked on this one: is there another loan?"""
    vocabulary = here.book.rulebook.facts
    before = {kind for one in told if one.fact in here.answers.facts for kind in vocabulary[one.fact].of}
    now = {kind for fact in facts if fact in vocabulary for kind in vocabulary[fact].of}
    return tuple((kind, KIND_WORDS[kind]) for kind in here.kinds_told if kind in before - now)


# ---------------------------------------------------------------------------------------------------------------------
# The start page: what this is, who is asking (all of it optional), and one button; or on with what was told before.
# ---------------------------------------------------------------------------------------------------------------------


start_pages = Blueprint("start", __name__)

_START_UNPROCESSABLE, _START_BAD_REQUEST = 422, 400

WHO = "who"

_CODE = re.compile(r"[0-9A-Z]{15,20}")

# What the first figure is estimated by.
_FIVE = (industry.FACT, "district", "legal_form", "vat_status", "employees")

_REGISTERED = "gate:registered"


@start_pages.get("/")
def start() -> str:
    """The start page; `?scheme=` picks schemes, `?lang=` the language. Facts are never read from an address."""
    here = visit()
    return _start_page(here, here.book.chosen(request.args.getlist(SCHEMES)), None)


@start_pages.post("/")
def begin() -> tuple[str, int] | Response:
    """Keep what was told and go to the first question; or the page again with what is wrong, or an industry to pick."""
    here = visit()
    back = posted.read(here.book, _as_screen(request.form), here.told.facts)
    slugs = here.book.chosen(request.form.getlist(SCHEMES))
    is_stale = not token_holds(request.form.get("csrf_token"))
    language.use(request.form.get("switch"), request.form.get("lang"))
    is_look = bool({"switch", "look"} & request.form.keys())
    is_picking = back.is_choosing and not is_look
    if is_stale or is_picking or (back.faults and not is_look):
        return _start_page(
            here, slugs, back, is_stale, is_picking
        ), _START_BAD_REQUEST if is_stale else _START_UNPROCESSABLE
    if is_look:
        return _start_page(here, slugs, back), 200
    told = _told(here.book, here.answers, back, slugs)
    screen = Visit(here.book, told).survey.screen
    to = address(tuple(ask.fact for ask in screen.asks)) if screen else url_for("result.result")
    answer: Response = redirect(to, 303)  # type: ignore[assignment]
    cookie.save(answer, told)
    return answer


def _as_screen(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The start page's fields as those of a screen: one field takes a name or a code."""
    who = form.get(WHO, "").strip()
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", who)).upper()
    is_code = bool(_CODE.fullmatch(bare))
    screen = form.copy()
    screen.setlist(posted.ASKED, ["credit_code" if is_code else "name", *_FIVE, _REGISTERED])
    screen[field_name("credit_code" if is_code else "name")] = bare if is_code else who
    return screen


def _told(book: Catalogue, answers: Answers, back: Posted, slugs: tuple[str, ...]) -> Answers:
    """The answers with what the start page brought; what was left blank there stays as it was."""
    return replace(back.added_to(book, answers, database.seconds(), "left"), schemes=slugs)


def _start_page(
    here: Visit, slugs: tuple[str, ...], back: Posted | None, is_stale: bool = False, is_picking: bool = False
) -> str:
    lang = language.lang()
    code = back.typed.get(industry.FACT, "") if back else str(here.answers.facts.get(industry.FACT, ""))
    kept = here.answers.facts
    who = entries.shown(request.form.get(WHO, "")) if back else str(kept.get("name") or kept.get("credit_code") or "")
    wrong = [text.get(lang) for fact in ("name", "credit_code") for text in (back.faults.get(fact, ()) if back else ())]
    return render_template(
        "interview/start.html",
        schemes=here.book.rulebook.schemes,
        chosen=[here.book.scheme(slug).name.get(lang) for slug in slugs],
        slugs=slugs,
        who=who,
        who_faults=wrong,
        search=industry.search(code, back.words if back else "", lang, bool(back and industry.FACT in back.unsure)),
        industry_faults=[text.get(lang) for text in (back.faults.get(industry.FACT, ()) if back else ())],
        is_picking=is_picking,
        registered=asked_first(here, _REGISTERED, back, lang),
        five=[plain_question(here, fact, back, lang) for fact in _FIVE[1:]],
        is_stale=is_stale,
        today=figures.day(today(), lang),
        answered=0 if here.answers.is_empty else len(here.answers.answered),
        goes_on=not here.answers.is_empty and here.survey.screen is not None,
        trouble=cookie.trouble(request),
        base=cookie.field(here.answers),
        has_prefill=settings().prefill,
    )


# ---------------------------------------------------------------------------------------------------------------------
# All answers on one page, each with a link that changes it alone.
# ---------------------------------------------------------------------------------------------------------------------


answers_pages = Blueprint("answers", __name__)


@dataclass(frozen=True)
class Row:
    """An answer and the address that changes it; `is_unsure`: it says 不清楚 and nothing more."""

    told: Told
    change: str
    is_unsure: bool


@answers_pages.get("/answers")
def answers() -> str:
    """Every answer by group, in the order in which a firm is asked; those of 不清楚 together at the end."""
    here, lang = visit(), language.lang()
    every = _groups(here, lang)
    known = [(heading, [row for row in rows if not row.is_unsure]) for heading, rows in every]
    return render_template(
        "interview/answers.html",
        groups=[(heading, rows) for heading, rows in known if rows],
        unsure=[row for _, rows in every for row in rows if row.is_unsure],
        chosen=[here.book.scheme(slug).name.get(lang) for slug in here.slugs],
        day=figures.day(here.as_of, lang),
        goes_on=here.survey.screen is not None,
        aside=sorted(here.answers.aside),
    )


def _groups(here: Visit, lang: str) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    asked = [
        Row(gate_answer(here, gate, lang), address((gate,), "answers"), here.answers.gates[gate] == "unsure")
        for gate in gates(here)
    ]
    told = here.answers.answered
    for fact in (fact for fact in here.book.rulebook.facts.values() if fact.id in told):
        is_unsure = fact.id in here.answers.unsure - here.answers.bands.keys()
        row = Row(answer(here, fact.id, lang), address((fact.id,), "answers"), is_unsure)
        groups.setdefault(fact.group, []).append(row)
    rulebook = here.book.rulebook
    found = [(rulebook.group_label(name).get(lang), groups[name]) for name in sorted(groups, key=rulebook.group_rank)]
    return [(sentences.say("先问的几件事", lang), asked), *found] if asked else found
