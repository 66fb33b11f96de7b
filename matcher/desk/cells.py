"""Writes lists as CSV and as workbooks whose cells no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from matcher.firms.workbook.book import Book, write_row

Cell = str | int | None

_BOM = "\ufeff"
# What a spreadsheet would work out instead of showing. The full-width signs are read as the plain ones by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_NAME = 31
_WIDEST = 50


def neutral(value: Cell) -> str:
    """A cell's text with an apostrophe before what a spreadsheet would take for a formula; empty for None."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows as CSV, line by line; a mark at the beginning lets spreadsheets read the Chinese as UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write(_BOM)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def workbook(title: str, made_on: date, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet, its first row standing while one scrolls; text stays text, whatever it begins with."""
    book = Book(title, made_on, streamed=True)
    sheet = book.sheet(title[:_LONGEST_NAME])
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
