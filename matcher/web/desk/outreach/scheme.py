"""The firms that a scheme is for: who was told, marking them, taking the list along."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.issuing import centres
from matcher.store import ConstraintError, reading, session
from matcher.store.desk import Screening
from matcher.store.desk.outreach import mark_told, unmark_told
from matcher.store.desk.outreach_list import Listed, Whom, districts_of, listed
from matcher.web import entries, language, words
from matcher.web.desk.gate import allow, me, now, reach, record
from matcher.web.desk.outreach.blueprint import (
    NOT_FOUND,
    ON_A_PAGE,
    POSITIVE,
    current,
    district_name,
    districts,
    owner,
    pages,
    said_day,
    scheme_name,
    scheme_of,
    yuan,
)
from matcher.web.desk.page_number import last_page, page_number
from matcher.web.desk.people import people
from matcher.web.keep.database import engine

_LONGEST = 200
_TOLD = {"yes": True, "no": False}


@pages.get("/desk/outreach/<centre>/<slug>")
@allow("outreach.see")
def firms(centre: str, slug: str) -> str:
    """The firms of a centre that a scheme is for."""
    reach_centre(centre)
    scheme, whom, page = scheme_of(slug), asked_whom(centre, slug), page_number()
    with reading(engine()) as opened:
        standing = current(opened)
        rows, total = _rows(opened, standing, whom, page)
        named = people(opened, [row.told.account_id if row.told else None for row in rows])
    return render_template(
        "desk/outreach_scheme.html",
        centre=centre,
        scheme=scheme,
        name=scheme_name(slug),
        standing=standing,
        rows=rows,
        total=total,
        page=page,
        last=last_page(total, ON_A_PAGE),
        told=request.args.get("told", ""),
        status=whom.status or "",
        q=whom.text,
        people=named,
        ours={row.firm_id for row in rows if owner(row.district) == me().centre},
        district_name=district_name,
        yuan=yuan,
        day=said_day,
    )


@pages.post("/desk/outreach/<centre>/<slug>")
@allow("outreach.mark")
def mark(centre: str, slug: str) -> Response:
    """Mark the ticked firms, or all of the page, as told of the scheme, or take the mark off; only the own centre's."""
    reach_centre(centre)
    scheme_of(slug)
    act = request.form.get("act")
    wanted = list(dict.fromkeys(request.form.getlist("on_page" if act == "tell_page" else "firm")))[:ON_A_PAGE]
    takes_off = act == "untell"
    note = entries.printable(request.form.get("note", "")).strip()[:_LONGEST] or None
    try:
        done = _marked(slug, wanted, note, takes_off)
    except ConstraintError:  # somebody marked one of them at the same moment
        done = _marked(slug, wanted, note, takes_off)
    flash(_said(len(done), takes_off))
    query = request.query_string.decode()
    return redirect(f"{request.script_root}{request.path}{'?' if query else ''}{query}", 303)


def reach_centre(centre: str) -> None:
    """Go on only for a centre of the list whose firms the account may see or mark, as the page's action says."""
    if centre not in centres():
        abort(NOT_FOUND)
    reach(centre)


def _marked(slug: str, wanted: Sequence[str], note: str | None, takes_off: bool) -> Sequence[str]:
    """Mark or unmark those that are the own centre's to tell; the ids of those that it changed."""
    account = me()
    with session(engine()) as writing:
        standing = current(writing)
        known = districts_of(writing, int(standing.id or 0), slug, wanted) if standing else {}
        ours = {firm_id: account.centre for firm_id, district in known.items() if owner(district) == account.centre}
        if takes_off:
            done = unmark_told(writing, slug, list(ours))
            record_as = "outreach.untold"
        else:
            done = mark_told(writing, slug, ours, int(account.id or 0), note, now())
            record_as = "outreach.told"
        if done:
            record(writing, record_as, f"scheme {slug}", firms=list(done))
    return done


def asked_whom(centre: str, slug: str) -> Whom:
    """Which firms the filters in the address leave."""
    asked = request.args
    status = asked.get("status", "")
    return Whom(
        slug,
        districts(centre),
        _TOLD.get(asked.get("told", "")),
        status if status in POSITIVE else None,
        asked.get("q", "").strip()[:_LONGEST],
    )


def _rows(opened: Session, standing: Screening | None, whom: Whom, page: int) -> tuple[Sequence[Listed], int]:
    if standing is None:
        return (), 0
    return listed(opened, int(standing.id or 0), whom, (page - 1) * ON_A_PAGE, ON_A_PAGE)


def _said(count: int, takes_off: bool) -> str:
    lang = language.lang()
    if not count:
        return words.say("outreach.marked.none", lang)
    firms_ = words.count(lang, count, "outreach_firm")
    return words.say("outreach.unmarked" if takes_off else "outreach.marked", lang, firms=firms_)
