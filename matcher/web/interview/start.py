"""The start page: what this is, who is asking (all of it optional), and one button; or on with what was told before."""

import re
import unicodedata
from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from matcher.tianjin import today
from matcher.web import entries, figures, keep, language
from matcher.web.catalogue import Catalogue
from matcher.web.forms import SCHEMES, field_name
from matcher.web.interview import industry, posted
from matcher.web.interview.ask import address
from matcher.web.interview.posted import Posted
from matcher.web.interview.screens import asked_first, plain_question
from matcher.web.interview.visit import Visit, visit
from matcher.web.keep import Answers
from matcher.web.security import token_holds

pages = Blueprint("start", __name__)
_UNPROCESSABLE, _BAD_REQUEST = 422, 400
WHO = "who"
_CODE = re.compile(r"[0-9A-Z]{15,20}")
_DISTRICT = "district"
_REGISTERED = "gate:registered"


@pages.get("/")
def start() -> str:
    """The start page; `?scheme=` picks schemes, `?lang=` the language. Facts are never read from an address."""
    here = visit()
    return _page(here, here.book.chosen(request.args.getlist(SCHEMES)), None)


@pages.post("/")
def begin() -> tuple[str, int] | Response:
    """Keep what was told and go to the first question; or the page again with what is wrong, or an industry to pick."""
    here = visit()
    back = posted.read(here.book, _as_screen(request.form))
    slugs = here.book.chosen(request.form.getlist(SCHEMES))
    is_stale = not token_holds(request.form.get("csrf_token"))
    language.use(request.form.get("switch"), request.form.get("lang"))
    is_look = bool({"switch", "look"} & request.form.keys())
    is_picking = back.is_choosing and not is_look
    if is_stale or is_picking or (back.faults and not is_look):
        return _page(here, slugs, back, is_stale, is_picking), _BAD_REQUEST if is_stale else _UNPROCESSABLE
    if is_look:
        return _page(here, slugs, back), 200
    told = _told(here.book, here.answers, back, slugs)
    screen = Visit(here.book, told).survey.screen
    to = address(tuple(ask.fact for ask in screen.asks)) if screen else f"{request.script_root}/result"
    answer: Response = redirect(to, 303)  # type: ignore[assignment]
    keep.save(answer, told)
    return answer


def _as_screen(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The start page's fields as those of a screen: one field takes a name or a code."""
    who = form.get(WHO, "").strip()
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", who)).upper()
    is_code = bool(_CODE.fullmatch(bare))
    screen = form.copy()
    screen.setlist(posted.ASKED, ["credit_code" if is_code else "name", industry.FACT, _DISTRICT, _REGISTERED])
    screen[field_name("credit_code" if is_code else "name")] = bare if is_code else who
    return screen


def _told(book: Catalogue, answers: Answers, back: Posted, slugs: tuple[str, ...]) -> Answers:
    """The answers with what the start page brought; what was left blank there stays as it was."""
    return replace(back.added_to(book, answers, keep.seconds(), "left"), schemes=slugs)


def _page(
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
        district=plain_question(here, _DISTRICT, back, lang),
        is_stale=is_stale,
        today=figures.day(today(), lang),
        answered=0 if here.answers.is_empty else len(here.answers.answered),
        trouble=keep.trouble(request),
        base=keep.field(here.answers),
    )
