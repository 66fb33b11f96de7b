"""Makes workbooks whose cells no spreadsheet takes for formulas, and gives a list back with its bad cells marked."""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from matcher.firms.spreadsheets import Cell, CellFault, Row, Source, Table, column_name, link_text, open_table
from matcher.rulebook import Rulebook

from . import words

# ---------------------------------------------------------------------------------------------------------------------
# Makes workbooks whose cells no spreadsheet takes for formulas, the same bytes for the same content.
# ---------------------------------------------------------------------------------------------------------------------


Format = Any

Worksheet = Any

FONT = "Microsoft YaHei"


class Book:
    """A workbook in the making. ``made_on`` stands in it as the day it was made, since the clock would change its bytes.

    ``streamed``: rows must be written from the top down in each sheet, and little is kept in memory.
    """

    def __init__(self, title: str, made_on: datetime.date, *, streamed: bool = False) -> None:
        self._out = io.BytesIO()
        options = {
            "constant_memory": streamed,
            "in_memory": not streamed,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        }
        self._book = xlsxwriter.Workbook(self._out, options)
        day = datetime.datetime.combine(made_on, datetime.time(), datetime.UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "created": day})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def sheet(self, name: str, widths: Sequence[int] = (), *, fits: bool = True) -> Worksheet:
        """Add a sheet with columns of these widths, in characters; it prints on A4 across, as wide as one page if it ``fits``."""
        made = self._book.add_worksheet(name)
        made.set_paper(9)
        made.set_landscape()
        if fits:
            made.fit_to_pages(1, 0)
        for at, width in enumerate(widths):
            made.set_column(at, at, width)
        return made

    def format(self, **properties: Any) -> Format:
        """A format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 10, "valign": "top", **properties}
            )
        return self._formats[key]

    def head(self) -> Format:
        """The format of headings."""
        return self.format(bold=True, text_wrap=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1)

    def bytes(self) -> bytes:
        """Close the workbook and return it."""
        self._book.close()
        return self._out.getvalue()


def write_row(sheet: Worksheet, row: int, cells: Sequence[str], style: Format | None = None) -> None:
    """Write texts from the first column on; empty ones are left out."""
    for at, cell in enumerate(cells):
        if cell:
            sheet.write_string(row, at, cell, style)


# ---------------------------------------------------------------------------------------------------------------------
# Writes lists as CSV and as workbooks whose cells no spreadsheet takes for formulas.
# ---------------------------------------------------------------------------------------------------------------------


CellValue = str | int | None

_BOM = "\ufeff"

# What a spreadsheet would work out instead of showing. The full-width signs are read as the plain ones by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_LONGEST_SHEET_NAME = 31

_WIDEST = 50


def neutral(value: CellValue) -> str:
    """A cell's text with an apostrophe before what a spreadsheet would take for a formula; empty for None."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value


def csv_lines(rows: Iterable[Sequence[CellValue]]) -> Iterator[str]:
    """The rows as CSV, line by line; a mark at the beginning lets spreadsheets read the Chinese as UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write(_BOM)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def workbook(title: str, made_on: date, head: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """A workbook of one sheet, its first row standing while one scrolls; text stays text, whatever it begins with."""
    book = Book(title, made_on, streamed=True)
    sheet = book.sheet(title[:_LONGEST_SHEET_NAME])
    write_row(sheet, 0, head, book.head())
    sheet.freeze_panes(1, 0)
    widths = [2 * len(word) for word in head]
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell, book.format())
            elif cell:
                sheet.write_string(line, column, neutral(cell), book.format())
            widths[column] = max(widths[column], 2 * len(str(cell or "")))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(_WIDEST, 4 + width))
    return book.bytes()


# ---------------------------------------------------------------------------------------------------------------------
# Gives a list back with its bad cells marked, each with the reason, and a sheet that lists them all.
# ---------------------------------------------------------------------------------------------------------------------


MOST_NOTES = 5_000

"""Cells that get a note with the reason; further ones are coloured only, since spreadsheets slow down under so many."""

_SHEETS = {"rows": ("企业", "Firms"), "faults": ("需要改正", "To correct")}

_HEAD = (
    ("行", "列", "列名", "填的内容", "问题和改法"),
    ("row", "column", "heading", "as written", "what is wrong, what to do"),
)

_WIDTHS = (8, 8, 30, 36, 90)

_WIDTH = 18

_CODE_LENGTH = 18


def marked(
    rulebook: Rulebook, source: Source, name: str, faults: Iterable[CellFault], made_on: datetime.date, lang: str = "zh"
) -> bytes:
    """Return an .xlsx of the bad rows alone of the sheet that was read of a file called ``name``: every cell as text, bad ones marked.

    It can be corrected and uploaded again: the good rows are not in it, since they would be taken up twice. What the faults
    say of a row is by its number in the file itself, which the second sheet lists. Raises Unreadable where the file cannot be read.
    """
    listed = sorted(faults, key=lambda one: (one.sheet, one.row, -1 if one.column is None else one.column))
    table = open_table(rulebook, source, name)
    book = Book(words.pick(("需要改正的行", "Rows to correct"), lang), made_on, streamed=True)
    sheets = [("", table, list(table.rows)), *((one.table.sheet or "", one.table, one.rows) for one in table.items)]
    wrong = {(one.sheet, one.row) for one in listed}
    # Of a firm with a fault all is given back, whichever sheet it stands on: it is read again as a whole.
    codes = {
        code for sheet, _, rows in sheets for line, cells in rows if (sheet, line) in wrong for code in _codes(cells)
    }
    for sheet, one, rows in sheets:
        own = [fault for fault in listed if fault.sheet == sheet]
        bad = [
            row for row in rows if (sheet, row[0]) in wrong or (table.items and not codes.isdisjoint(_codes(row[1])))
        ]
        _write_rows(book, book.sheet(sheet or words.pick(_SHEETS["rows"], lang), fits=False), one, bad, own, lang)
    _write_faults(book, book.sheet(words.pick(_SHEETS["faults"], lang), _WIDTHS), listed, lang)
    return book.bytes()


def _codes(cells: Sequence[Cell]) -> list[str]:
    """What may be a credit code among the cells of a row, as codes are compared."""
    return [link_text(str(cell)) for cell in cells if isinstance(cell, str) and len(cell.strip()) == _CODE_LENGTH]


def _write_rows(
    book: Book, sheet: Worksheet, table: Table, rows: Iterable[Row], faults: Sequence[CellFault], lang: str
) -> None:
    wrong: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        wrong[fault.row][fault.column or 0].append(fault.reason.get(lang))
    sheet.set_column(0, max(len(table.headings) - 1, 0), _WIDTH)
    bad, plain = book.format(bg_color="#F8CBAD", border=1, border_color="#C00000"), book.format(num_format="@")
    at_row = notes = 0
    if table.ids:
        write_row(sheet, at_row, [told or "" for told in table.ids], plain)
        sheet.set_row(at_row, None, None, {"hidden": True})
        at_row += 1
    if table.yuan is not None:
        sheet.write_string(at_row, 0, _unit_line(table.yuan), plain)
        at_row += 1
    write_row(sheet, at_row, table.headings, book.head())
    sheet.freeze_panes(at_row + 1, 2)
    for line, cells in rows:
        at_row += 1
        for at, cell in enumerate(cells):
            if cell != "":
                sheet.write_string(at_row, at, _text(cell), plain)
        for at, reasons in wrong.get(line, {}).items():
            sheet.write_string(at_row, at, _text(cells[at]) if at < len(cells) else "", bad)
            notes += 1
            if notes <= MOST_NOTES:
                _note(sheet, at_row, at, "\n".join(reasons))


def _unit_line(yuan: Decimal) -> str:
    """What stood above the whole table of its unit, as it is read again: 单位：万元."""
    return f"单位：{'万元' if yuan == 10_000 else '千元' if yuan == 1_000 else '亿元' if yuan == 10**8 else '元'}"


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
        column = f"{fault.sheet} {column}".strip()
        sheet.write_number(row, 0, fault.row, plain)
        for at, cell in enumerate((column, fault.heading, fault.value, fault.reason.get(lang)), start=1):
            sheet.write_string(row, at, cell, wrapped)
    sheet.autofilter(0, 0, max(len(faults), 1), len(_WIDTHS) - 1)
    sheet.freeze_panes(1, 0)
