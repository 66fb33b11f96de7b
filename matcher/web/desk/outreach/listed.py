"""The list of schemes with the firms that nobody told of them, what ends soon, and going over the register anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matcher.desk.rights import CITY
from matcher.desk.screening import new_screening
from matcher.issuing import centres
from matcher.jobs.queue import enqueue_screening
from matcher.rulebook import Rulebook
from matcher.store import reading, session
from matcher.store.desk.outreach import screenings
from matcher.store.desk.outreach_list import Tally, tallies
from matcher.tianjin import today
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.gate import allow, me, now, record
from matcher.web.desk.office import office
from matcher.web.desk.outreach.blueprint import (
    UNPROCESSABLE,
    asked_centre,
    current,
    districts,
    is_money,
    pages,
    said_day,
    scheme_name,
    yuan,
)
from matcher.web.keep.database import engine

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
@allow("outreach.see")
def index() -> str:
    """The schemes, those with money in them and most firms that were not told first."""
    return _page()


@pages.post("/desk/outreach/screen")
@allow("outreach.mark")
def screen() -> Response | tuple[str, int]:
    """Have the register gone over for a day; a worker does it."""
    told = request.form.get("as_of", "").strip()[:40]
    try:
        day = date.fromisoformat(told) if told else today()
    except ValueError:
        return _page(as_of=told, fault=words.say("trail.day", language.lang())), UNPROCESSABLE
    with session(engine()) as writing:
        asked = new_screening(writing, catalogue().rulebook, day, now(), me().id)
        record(writing, "screening.asked", f"screening {asked.id}", as_of=day.isoformat())
    enqueue_screening(int(asked.id or 0), office().instance)
    flash(words.say("outreach.screen.asked", language.lang()))
    return redirect(f"{request.script_root}/desk/outreach", 303)


def _page(as_of: str = "", fault: str | None = None) -> str:
    centre = asked_centre()
    with reading(engine()) as opened:
        standing = current(opened)
        every = screenings(opened, _SHOWN)
        found = tallies(opened, standing, districts(centre)) if standing else ()
    rulebook = catalogue().rulebook
    lines = sorted(
        _lines(rulebook, found, today()), key=lambda line: (not line.fen, -line.untold, -line.firms, line.name)
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
        yuan=yuan,
        day=said_day,
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


def _ends_soon(rulebook: Rulebook, slug: str, day: date) -> date | None:
    """The last day of the version in force, where it comes within the next days."""
    if slug not in rulebook.parsed:
        return None
    version = rulebook.scheme_at(slug, day).version
    last = version.until if version else None
    return last if last is not None and 0 <= (last - day).days <= SOON_DAYS else None
