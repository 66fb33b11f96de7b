"""The list of schemes with the firms that nobody told of them, and starting a screening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import CITY, me, record, require
from matcher.db import enqueue_screening, reading, session
from matcher.engine import DeadlineRecord, due_days, first_to_close
from matcher.engine.choose import MONEY, Offer, line_of
from matcher.letters import centres
from matcher.presentation import catalogue, office
from matcher.rulebook import Rulebook, Scheme
from matcher.text import figures, sentences, today
from matcher.web import engine, language, now

from .listing import Tally, tallies
from .models import Screening
from .screening import new_screening
from .service import current_screening, districts, screenings

# ---------------------------------------------------------------------------------------------------------------------
# What the pages on firms that nobody told share: the blueprint, whose firms are shown, the screening they rest on.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_outreach", __name__)

ON_A_PAGE = 50

NOT_FOUND, UNPROCESSABLE = 404, 422


def asked_centre() -> str:
    """The centre whose firms are asked for: the own, but the city's desk may look at each, and at all under its own."""
    own = me().centre
    asked = request.args.get("centre", own)
    return asked if own == CITY and asked in centres() else own


def owner(district: str | None) -> str:
    """The centre that tells the firms of a district: the district's own, the city's for firms without one."""
    return district if district in centres() and district is not None else CITY


def districts_to_tell(centre: str) -> Sequence[str | None]:
    """The districts whose firms are a centre's to tell; of the city's those that no other centre has, and None: those of no district."""
    if centre != CITY:
        return (centre,)
    known = catalogue().rulebook.facts["district"].values
    return (None, *(one for one in known if one not in centres()))


def district_name(district: str | None) -> str:
    """A district in words; empty where it is not known."""
    fact = catalogue().rulebook.facts["district"]
    return fact.values[district].get(language.lang()) if district in fact.values else ""


def scheme_of(slug: str) -> Scheme:
    """A scheme of the catalogue; the page that there is none otherwise."""
    found = catalogue().rulebook.schemes.get(slug)
    if found is None:
        abort(NOT_FOUND)
    return found


def scheme_name(slug: str) -> str:
    """What a scheme is called; its id where the catalogue no longer has it."""
    found = catalogue().rulebook.schemes.get(slug)
    return found.name.get(language.lang()) if found else slug


def current(opened: Session) -> Screening | None:
    """The screening that the lists are made of."""
    return current_screening(opened, catalogue().rulebook.hash, today())


def is_money(rulebook: Rulebook, slug: str, recipient: str | None) -> bool:
    """Whether the sum goes to the firm as money or is not charged to it; deferrals and others' money are not added up."""
    return line_of(Offer(slug, "", recipient=recipient), rulebook.relations) == MONEY


def yuan_text(fen: int | None) -> str:
    """A sum in words; empty where there is none."""
    return "" if fen is None else figures.sum_in_yuan(fen, language.lang())


# ---------------------------------------------------------------------------------------------------------------------
# The list of schemes with the firms that nobody told of them, what ends soon, and going over the register anew.
# ---------------------------------------------------------------------------------------------------------------------


SOON_DAYS = 90

_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """A scheme: the firms it is for, how many of them a department decides on, how many nobody told, the money in it."""

    slug: str
    name: str
    firms: int
    decided: int
    untold: int
    fen: int
    until: date | None


@pages.get("/desk/outreach")
@require("outreach.see")
def index() -> str:
    """The schemes, those with the most money first, then those that most firms surely have; what is true of everybody is left out."""
    return _page()


@pages.post("/desk/outreach/screen")
@require("outreach.mark")
def screen() -> Response | tuple[str, int]:
    """Have the register gone over for a day; a worker does it."""
    told = request.form.get("as_of", "").strip()[:40]
    try:
        day = date.fromisoformat(told) if told else today()
    except ValueError:
        return _page(as_of=told, fault=sentences.say("日期写成年-月-日，如2026-07-01", language.lang())), UNPROCESSABLE
    with session(engine()) as writing:
        asked = new_screening(writing, catalogue().rulebook, day, now(), me().id)
        record(writing, "screening.asked", f"screening {asked.id}", as_of=day.isoformat())
    enqueue_screening(int(asked.id or 0), office().instance)
    flash(sentences.say("已开始筛查，可以离开本页，稍后再来。", language.lang()))
    return redirect(url_for("desk_outreach.index"), 303)


def _page(as_of: str = "", fault: str | None = None) -> str:
    centre = asked_centre()
    with reading(engine()) as opened:
        standing = current(opened)
        every = screenings(opened, _SHOWN)
        found = tallies(opened, standing, districts(centre)) if standing else ()
    rulebook = catalogue().rulebook
    lines = sorted(
        _lines(rulebook, found, today()),
        key=lambda line: (-line.fen, line.decided - line.firms, -line.untold, line.name),
    )
    return render_template(
        "desk/outreach.html",
        centre=centre,
        centres=tuple(centres().values()) if me().centre == CITY else (),
        standing=standing,
        is_old=standing is not None and standing.rulebook_hash != rulebook.hash,
        going=[one for one in every if one.state in ("waiting", "running")],
        has_failed=bool(every) and every[0].state == "failed",
        screenings=[one for one in every if one.state == "done"],
        lines=lines,
        soon=sorted((line for line in lines if line.until), key=lambda line: (line.until, line.name)),
        soon_days=SOON_DAYS,
        yuan=yuan_text,
        as_of=as_of,
        fault=fault,
        today=today(),
    )


def _lines(rulebook: Rulebook, found: Iterable[Tally], day: date) -> Iterable[Line]:
    by_scheme: dict[str, list[Tally]] = {}
    for tally in found:
        by_scheme.setdefault(tally.scheme, []).append(tally)
    for slug, parts in by_scheme.items():
        yield Line(
            slug,
            scheme_name(slug),
            sum(one.firms for one in parts),
            sum(one.firms for one in parts if one.status == "needs_decision"),
            sum(one.untold for one in parts),
            sum(one.fen for one in parts if is_money(rulebook, slug, one.recipient)),
            _ends_soon(rulebook, slug, day),
        )


def due(rulebook: Rulebook, slug: str, day: date) -> list[DeadlineRecord]:
    """The days to keep of a scheme for firms in general, as in a decision's JSON."""
    known = slug in rulebook.parsed
    return [one.to_json() for one in due_days(rulebook.scheme_at(slug, day), {}, day)] if known else []


def _ends_soon(rulebook: Rulebook, slug: str, day: date) -> date | None:
    """The last day of the version in force, or on which a round of it closes, where it comes within the next days."""
    if slug not in rulebook.parsed:
        return None
    version = rulebook.scheme_at(slug, day).version
    days = (version.until if version else None, first_to_close(due(rulebook, slug, day), day, recurring=False))
    last = min((one for one in days if one), default=None)
    return last if last is not None and 0 <= (last - day).days <= SOON_DAYS else None
