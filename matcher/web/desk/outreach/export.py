"""Takes the list of firms that a scheme is for along, as CSV or as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, abort
from sqlmodel import Session

from matcher.desk.cells import Cell, csv_lines, workbook
from matcher.engine.amounts import yuan
from matcher.store import reading, session
from matcher.store.desk import Screening
from matcher.store.desk.outreach_list import Whom, all_listed
from matcher.tianjin import day_of, today
from matcher.web import language, words
from matcher.web.desk.gate import allow, record
from matcher.web.desk.outreach.blueprint import NOT_FOUND, current, district_name, pages, scheme_name, scheme_of
from matcher.web.desk.outreach.scheme import asked_whom, reach_centre
from matcher.web.desk.people import people
from matcher.web.downloads import download
from matcher.web.keep.database import engine

_KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_COLUMNS = ("name", "code", "district", "status", "yuan", "told_on", "told_by", "note")
_NOT_IN_A_SHEETS_NAME = str.maketrans("[]:*?/\\'", "（）：＊？／＼’")


@pages.get("/desk/outreach/<centre>/<slug>/list.<kind>")
@allow("outreach.see")
def export(centre: str, slug: str, kind: str) -> Response:
    """The list that the filters leave, as CSV or as a workbook."""
    reach_centre(centre)
    scheme_of(slug)
    if kind not in _KINDS:
        abort(NOT_FOUND)
    whom = asked_whom(centre, slug)
    with session(engine()) as writing:
        standing = current(writing)
        record(writing, "outreach.exported", f"scheme {slug}", centre)
    head = [words.say(f"outreach.column.{name}", language.lang()) for name in _COLUMNS]
    rows = _cells(standing, whom)
    content = csv_lines(_with_head(head, rows)) if kind == "csv" else _workbook(slug, head, rows)
    return download(content, _KINDS[kind], f"{slug}-{centre}-{today():%Y%m%d}.{kind}")


def _cells(standing: Screening | None, whom: Whom) -> Iterator[tuple[Cell, ...]]:
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
                words.say(f"outreach.status.{row.status}", lang),
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


def _workbook(slug: str, head: Sequence[str], rows: Iterator[Sequence[Cell]]) -> bytes:
    return workbook(scheme_name(slug).translate(_NOT_IN_A_SHEETS_NAME), today(), head, rows)


def _with_head(head: Sequence[Cell], rows: Iterator[tuple[Cell, ...]]) -> Iterator[Sequence[Cell]]:
    yield head
    yield from rows
