"""Opens a list as rows of cells: text with separators in UTF-8 or GBK, or the sheets of an .xlsx, within stated sizes."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from matcher.firms import Numeral, plain, refuse

from .number_formats import NumberFormats
from .xlsx_limits import MAX_XLSX_BYTES, must_be_harmless

MAX_CSV_BYTES = 600_000_000

MAX_CELL = 1_000

MAX_COLUMNS = 500

MAX_SHEETS = 20

_TEXTS = (".csv", ".tsv", ".txt")

_SEPARATORS = (",", "\t", ";", "；")

_TRIED = 20_000  # characters at the beginning of a text, in which the sign between the cells is looked for

_ENDING = 2_000  # bytes at the end of a text, where notes stand

_KEPT_AS_TEXT = re.compile(r"""="([^"]*)"|['‘’`]([0-9A-Za-z]{6,20})""")

Source = Path | bytes

Cell = str | bool | datetime.date

"""A text (a Numeral where a sheet has a number), a yes or no, or a day; "" is an empty cell."""

Row = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Range:
    """Cells that were merged into one; rows count from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows that are not empty with their number (1: the first); ``name`` is None in a .csv.

    ``others`` are the names of the file's other sheets that are shown; ``counts_from_1904``: so does the workbook its days;
    ``ending`` are the last cells of a .csv, where notes stand.
    """

    name: str | None
    rows: Iterator[Row]
    merged: tuple[Range, ...] = ()
    others: tuple[str, ...] = ()
    counts_from_1904: bool = False
    ending: tuple[str, ...] = ()


def open_sheets(source: Source, name: str) -> Iterator[Sheet]:
    """Yield the visible sheets of a file called ``name``, or the one of a .csv. Raises Unreadable, also half-way."""
    suffix = Path(name).suffix.lower()
    try:
        with _opened(source) as file:
            start = file.read(4)
            if suffix == ".xls":
                raise refuse(None, "是旧版 .xls 表格；请另存为 .xlsx", "is an old .xls workbook: save it as .xlsx")
            if suffix not in (".xlsx", *_TEXTS) or (suffix in _TEXTS and start.startswith(b"PK")):
                raise refuse(None, "只接受 .csv 或 .xlsx 文件，请另存", "must be a .csv or .xlsx file: save it as one")
            if suffix == ".xlsx":
                yield from _workbook(start + file.read(MAX_XLSX_BYTES))
            else:
                encoding = _encoding(file, start)
                separator = _separator(source, encoding)
                yield Sheet(None, _csv(source, encoding, separator), ending=_ending(file, encoding, separator))
    except OSError as error:
        raise refuse(None, f"打不开文件（{error.strerror}）", f"cannot be opened: {error.strerror}") from None


def is_workbook(name: str) -> bool:
    """Whether a file is an .xlsx by its name."""
    return Path(name).suffix.lower() == ".xlsx"


def workbook_bytes(source: Source) -> bytes:
    """The content of a workbook, one byte more than it may have where it is too large. Raises Unreadable."""
    try:
        with _opened(source) as file:
            return file.read(MAX_XLSX_BYTES + 1)
    except OSError as error:
        raise refuse(None, f"打不开文件（{error.strerror}）", f"cannot be opened: {error.strerror}") from None


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _separator(source: Source, encoding: str) -> str:
    """The sign between the cells: of comma, semicolon and tab the one that deals most of the first lines alike."""
    with _opened(source) as file, io.TextIOWrapper(file, encoding, newline="", errors="replace") as text:
        start = text.read(_TRIED)
    tried = {}
    for sign in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in list(csv.reader(io.StringIO(start, newline=""), delimiter=sign))[:20])
        except csv.Error:
            continue
        tried[sign] = max(((times, width) for width, times in widths.items() if width > 1), default=(0, 0))
    return max(_SEPARATORS, key=lambda sign: tried.get(sign, (0, 0)))


def _ending(file: BinaryIO, encoding: str, separator: str) -> tuple[str, ...]:
    """The cells of the last lines of a text."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _ENDING) & ~1)
    text = file.read(_ENDING + 1).decode(encoding.replace("utf-16", "utf-16-le"), "ignore")
    return tuple(cell.strip(' "') for line in text.splitlines()[1:] for cell in line.split(separator))


def _typed(cell: str) -> str:
    """A cell as it was meant: programs keep a long number from being one by `="911…"` or an apostrophe."""
    text = cell.strip()
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return text if kept is None else kept[1] or kept[2]


def _csv(source: Source, encoding: str, separator: str) -> Iterator[Row]:
    with _opened(source) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        lines = csv.reader(text, delimiter=separator, strict=True)
        try:
            for number, cells in enumerate(lines, start=1):
                if any(cells):
                    stripped: list[Cell] = [_typed(cell) for cell in cells]
                    _must_be_small(number, stripped)
                    yield number, stripped
        except csv.Error as error:
            raise refuse(lines.line_num, f"不是有效的 CSV（{error}）", f"is no comma-separated text: {error}") from None


def _encoding(file: BinaryIO, start: bytes) -> str:
    """Return the encoding that the whole file can be read in: UTF-16 where it says so ("Unicode text" of Excel), UTF-8 before GBK."""
    if file.seek(0, io.SEEK_END) > MAX_CSV_BYTES:
        raise refuse(None, "超过 600 MB，请分成几个文件", "is larger than 600 MB: split it")
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while part := file.read(io.DEFAULT_BUFFER_SIZE * 16):
                if b"\0" in part and not is_wide:
                    break
                decoder.decode(part)
            else:
                decoder.decode(b"", True)
                return encoding
        except UnicodeDecodeError:
            continue
    raise refuse(
        None, "不是 UTF-8 或 GBK 编码的文本，请另存为 CSV UTF-8", "is no text in UTF-8 or GBK: save as CSV UTF-8"
    )


def _workbook(content: bytes) -> Iterator[Sheet]:
    must_be_harmless(content)
    formats = NumberFormats(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [one.name for one in book.sheets_metadata if _is_shown(one)]
            for name in shown[:MAX_SHEETS]:
                sheet = book.get_sheet_by_name(name)
                merged = tuple(Range(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
                others = tuple(one for one in shown if one != name)
                rows = _rows(sheet, formats.percent_cells(name))
                yield Sheet(name, rows, merged, others, formats.counts_from_1904)
    except CalamineError as error:
        raise refuse(None, f"不是能打开的 .xlsx 表格（{error}）", f"is no .xlsx workbook that opens: {error}") from None


def _is_shown(sheet: Any) -> bool:
    return bool(sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible)


def _rows(sheet: CalamineSheet, percent: Mapping[int, int]) -> Iterator[Row]:
    """The rows that hold anything; ``percent``: by row the columns, as bits, whose numbers are shown in per cent."""
    left: list[Cell] = [""] * (sheet.start or (0, 0))[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = left + [_cell(value) for value in values]
        shown = percent.get(number, 0)
        if shown:
            cells = [_in_percent(cell) if shown >> at & 1 else cell for at, cell in enumerate(cells)]
        if any(cell != "" for cell in cells):
            while cells[-1] == "":
                cells.pop()
            _must_be_small(number, cells)
            yield number, cells


def _cell(value: object) -> Cell:
    """Return a cell's value; the formula behind it is never seen. A number has the 15 digits that a spreadsheet shows."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        plain = format(Decimal(format(value, ".15g")), "f")
        return Numeral(plain if plain != "-0" else "0")
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else str(value).strip()


def _in_percent(cell: Cell) -> Cell:
    """What a number is shown as in per cent, 3% for 0.03; so it is typed, too."""
    return f"{plain(Decimal(cell) * 100)}%" if isinstance(cell, Numeral) else cell


def _must_be_small(number: int, cells: list[Cell]) -> None:
    if len(cells) > MAX_COLUMNS or any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        raise refuse(
            number,
            f"列数超过 {MAX_COLUMNS} 或单元格超过 {MAX_CELL} 字",
            f"has more than {MAX_COLUMNS} columns or a cell of more than {MAX_CELL} characters",
        )
