"""The firms that a scheme is for: who was told, marking them, taking the list along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, people, reach, record, require
from matcher.answers import this_page
from matcher.db import ConstraintError, reading, session
from matcher.engine import said_days
from matcher.firms.workbook import CellValue, csv_lines, workbook
from matcher.letters import centres
from matcher.presentation import catalogue, entries
from matcher.text import STATUS, day_of, desk_labels, sentences, today, yuan
from matcher.web import download, engine, language, last_page, now, page_number

from .listing import POSITIVE, Listed, Whom, all_listed, districts_of, listed
from .models import Screening
from .service import districts, mark_told, unmark_told
from .views import (
    NOT_FOUND,
    ON_A_PAGE,
    current,
    district_name,
    due,
    owner,
    pages,
    scheme_name,
    scheme_of,
    yuan_text,
)

# ---------------------------------------------------------------------------------------------------------------------
# The firms that a scheme is for: who was told, marking them, taking the list along.
# ---------------------------------------------------------------------------------------------------------------------


_LONGEST = 200

_TOLD = {"yes": True, "no": False}


@pages.get("/desk/outreach/<centre>/<slug>")
@require("outreach.see")
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
        yuan=yuan_text,
        days=said_days(due(catalogue().rulebook, slug, today()), today(), language.lang()),
    )


@pages.post("/desk/outreach/<centre>/<slug>")
@require("outreach.mark")
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
    return redirect(f"{this_page()}{'?' if query else ''}{query}", 303)


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
    return listed(opened, standing, whom, (page - 1) * ON_A_PAGE, ON_A_PAGE)


def _said(count: int, takes_off: bool) -> str:
    lang = language.lang()
    if not count:
        return sentences.say("没有可变更的企业：请先勾选本中心的企业。", lang)
    firms_ = sentences.count(lang, count, "outreach_firm")
    return sentences.say("已取消{firms}的标记。" if takes_off else "已标记{firms}。", lang, firms=firms_)


# ---------------------------------------------------------------------------------------------------------------------
# Takes the list of firms that a scheme is for along, as CSV or as a workbook.
# ---------------------------------------------------------------------------------------------------------------------


_KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_COLUMNS = ("name", "code", "district", "status", "yuan", "told_on", "told_by", "note")

_NOT_IN_A_SHEETS_NAME = str.maketrans("[]:*?/\\'", "（）：＊？／＼’")


@pages.get("/desk/outreach/<centre>/<slug>/list.<kind>")
@require("outreach.see")
def export(centre: str, slug: str, kind: str) -> FlaskResponse:
    """The list that the filters leave, as CSV or as a workbook."""
    reach_centre(centre)
    scheme_of(slug)
    if kind not in _KINDS:
        abort(NOT_FOUND)
    whom = asked_whom(centre, slug)
    with session(engine()) as writing:
        standing = current(writing)
        record(writing, "outreach.exported", f"scheme {slug}", centre)
    head = [sentences.say(desk_labels.OUTREACH_COLUMN[name], language.lang()) for name in _COLUMNS]
    rows = _cells(standing, whom)
    content = csv_lines(_with_head(head, rows)) if kind == "csv" else _workbook(slug, head, rows)
    return download(content, _KINDS[kind], f"{slug}-{centre}-{today():%Y%m%d}.{kind}")


def _cells(standing: Screening | None, whom: Whom) -> Iterator[tuple[CellValue, ...]]:
    if standing is None:
        return
    lang, names = language.lang(), _Names()
    with reading(engine()) as opened:
        for row in all_listed(opened, int(standing.id or 0), whom):
            told = row.told
            yield (
                row.name,
                row.credit_code,
                district_name(row.district),
                STATUS[row.status].short.get(lang),
                None if row.fen is None else yuan(row.fen),
                day_of(told.told_at).isoformat() if told else None,
                names.of(opened, told.account_id) if told else None,
                told.note if told else None,
            )


class _Names(dict[int, str]):
    """The names of those who told firms, each looked up once."""

    def of(self, opened: Session, account_id: int) -> str:
        if account_id not in self:
            self[account_id] = people(opened, [account_id]).of(account_id)
        return self[account_id]


def _workbook(slug: str, head: Sequence[str], rows: Iterator[Sequence[CellValue]]) -> bytes:
    return workbook(scheme_name(slug).translate(_NOT_IN_A_SHEETS_NAME), today(), head, rows)


def _with_head(head: Sequence[CellValue], rows: Iterator[tuple[CellValue, ...]]) -> Iterator[Sequence[CellValue]]:
    yield head
    yield from rows
