"""Gives a list back with its bad cells marked, each with the reason, and a sheet that lists them all."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from matcher.firms.roster import CellFault, Table, open_table
from matcher.firms.roster.mapping import column_name
from matcher.firms.roster.sheets import Cell, Row, Source
from matcher.firms.workbook import words
from matcher.firms.workbook.book import Book, Worksheet, write_row
from matcher.rulebook import Rulebook

MOST_NOTES = 5_000
"""Cells that get a note with the reason; further ones are coloured only, since spreadsheets slow down under so many."""

_SHEETS = {"rows": ("企业", "Firms"), "faults": ("需要改正", "To correct")}
_HEAD = (
    ("行", "列", "列名", "填的内容", "问题和改法"),
    ("row", "column", "heading", "as written", "what is wrong, what to do"),
)
_WIDTHS = (8, 8, 30, 36, 90)
_WIDTH = 18


def marked(
    rulebook: Rulebook, source: Source, name: str, faults: Iterable[CellFault], made_on: datetime.date, lang: str = "zh"
) -> bytes:
    """Return an .xlsx of the sheet that was read of a file called ``name``: every cell as text where it stood, bad ones marked.

    It can be corrected and uploaded again. Raises Unreadable where the file itself cannot be read.
    """
    listed = sorted(faults, key=lambda one: (one.row, -1 if one.column is None else one.column))
    table = open_table(rulebook, source, name)
    book = Book(words.pick(("需要改正的行", "Rows to correct"), lang), made_on, streamed=True)
    _write_rows(book, book.sheet(words.pick(_SHEETS["rows"], lang), fits=False), table, listed, lang)
    _write_faults(book, book.sheet(words.pick(_SHEETS["faults"], lang), _WIDTHS), listed, lang)
    return book.bytes()


def _write_rows(book: Book, sheet: Worksheet, table: Table, faults: Sequence[CellFault], lang: str) -> None:
    wrong: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        wrong[fault.row][fault.column or 0].append(fault.reason.get(lang))
    sheet.set_column(0, max(len(table.headings) - 1, 0), _WIDTH)
    if table.ids:
        sheet.set_row(table.above[-1][0] - 1, None, None, {"hidden": True})
    bad = book.format(bg_color="#F8CBAD", border=1, border_color="#C00000")
    notes = 0
    for line, cells in _all_rows(table):
        style = book.head() if line == table.heading_row else book.format(num_format="@")
        for at, cell in enumerate(cells):
            if cell != "":
                sheet.write_string(line - 1, at, _text(cell), style)
        for at, reasons in wrong.get(line, {}).items():
            sheet.write_string(line - 1, at, _text(cells[at]) if at < len(cells) else "", bad)
            notes += 1
            if notes <= MOST_NOTES:
                _note(sheet, line - 1, at, "\n".join(reasons))
    sheet.freeze_panes(table.heading_row, 2)


def _all_rows(table: Table) -> Iterator[Row]:
    heading: Row = (table.heading_row, list(table.headings))
    yield from chain(table.above, (heading,), table.rows)


def _note(sheet: Worksheet, row: int, column: int, text: str) -> None:
    sheet.write_comment(row, column, text, {"x_scale": 2, "y_scale": min(1 + len(text) / 90, 5), "author": ""})


def _text(cell: Cell) -> str:
    """A cell as its writer would put it: a day in ISO form, yes and no as a spreadsheet writes them."""
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def _write_faults(book: Book, sheet: Worksheet, faults: Sequence[CellFault], lang: str) -> None:
    write_row(sheet, 0, _HEAD[lang == "en"], book.head())
    plain, wrapped = book.format(), book.format(text_wrap=True)
    for row, fault in enumerate(faults, start=1):
        column = "" if fault.column is None else column_name(fault.column)
        sheet.write_number(row, 0, fault.row, plain)
        for at, cell in enumerate((column, fault.heading, fault.value, fault.reason.get(lang)), start=1):
            sheet.write_string(row, at, cell, wrapped)
    sheet.autofilter(0, 0, max(len(faults), 1), len(_WIDTHS) - 1)
    sheet.freeze_panes(1, 0)
