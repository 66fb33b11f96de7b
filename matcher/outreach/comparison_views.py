"""Who gains and who loses: two screenings beside each other, of two days or under two rulebooks."""

from __future__ import annotations

from typing import get_args

from flask import abort, render_template, request
from sqlmodel import Session

from matcher.accounts import CITY, me, reach, require
from matcher.db import reading
from matcher.letters import centres
from matcher.web import engine, page_number

from .models import Screening
from .service import Side, districts, moved, screenings, shifts
from .views import (
    NOT_FOUND,
    ON_A_PAGE,
    asked_centre,
    district_name,
    pages,
    scheme_name,
    scheme_of,
    yuan_text,
)


@pages.get("/desk/outreach/compare")
@require("outreach.see")
def compare() -> str:
    """By scheme, how many firms gain and lose it; unless told otherwise from the last screening but one to the last."""
    centre = asked_centre()
    with reading(engine()) as opened:
        done = [one for one in screenings(opened) if one.state == "done"]
        before, after = _pair(done)
        rows = shifts(opened, int(before.id or 0), int(after.id or 0), districts(centre)) if before and after else ()
    return render_template(
        "desk/outreach_compare.html",
        centre=centre,
        centres=tuple(centres().values()) if me().centre == CITY else (),
        screenings=done,
        before=before,
        after=after,
        rows=sorted(rows, key=lambda row: -(row.gained + row.lost)),
        scheme_name=scheme_name,
    )


@pages.get("/desk/outreach/<centre>/<slug>/<side>")
@require("outreach.see")
def movers(centre: str, slug: str, side: Side) -> str:
    """The firms of a centre that gain or lose a scheme between two screenings."""
    if centre not in centres() or side not in get_args(Side):
        abort(NOT_FOUND)
    reach(centre)
    scheme_of(slug)
    page = page_number()
    with reading(engine()) as opened:
        done = [one for one in screenings(opened) if one.state == "done"]
        before, after = _pair(done)
        rows = _moved(opened, before, after, slug, side, centre, page) if before and after else []
    return render_template(
        "desk/outreach_movers.html",
        centre=centre,
        slug=slug,
        name=scheme_name(slug),
        side=side,
        before=before,
        after=after,
        rows=rows[:ON_A_PAGE],
        page=page,
        has_more=len(rows) > ON_A_PAGE,
        district_name=district_name,
        yuan=yuan_text,
    )


def _moved(
    opened: Session, before: Screening, after: Screening, slug: str, side: Side, centre: str, page: int
) -> list[object]:
    start = (page - 1) * ON_A_PAGE
    between = (int(before.id or 0), int(after.id or 0))
    return list(moved(opened, *between, slug, side, districts(centre), start, ON_A_PAGE + 1))


def _pair(done: list[Screening]) -> tuple[Screening | None, Screening | None]:
    """The two that are asked for; the last but one and the last where none are, newest first in the list."""
    by_id = {str(one.id): one for one in done}
    before, after = by_id.get(request.args.get("from", "")), by_id.get(request.args.get("to", ""))
    if before is None and after is None and len(done) > 1:
        return done[1], done[0]
    return before, after
