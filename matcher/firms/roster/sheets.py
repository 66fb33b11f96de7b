"""Opens a list as rows of text: .csv in UTF-8 or GBK, or the first sheet of an .xlsx, within stated sizes."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from matcher.firms.documents import refuse

MAX_CSV_BYTES = 600_000_000
MAX_XLSX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 200  # how far a sheet is packed: numbers and names reach 20, a bomb a thousand
MAX_XLSX_ROWS = 100_000
MAX_XLSX_CELLS = 5_000_000  # empty ones too: the reader keeps a place for each
MAX_CELL = 1_000
MAX_COLUMNS = 500
_CHUNK = 1 << 20
_LONGEST_REFERENCE = 32
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""", re.IGNORECASE)
Row = tuple[int, list[str]]


def open_rows(path: Path) -> Iterator[Row]:
    """Yield the rows that are not empty with their line (1: the first). Raises Unreadable, also half-way."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if path.suffix.lower() == ".xlsx":
                return _xlsx(path)
            if path.suffix.lower() != ".csv" or start.startswith(b"PK"):
                raise refuse(None, "只接受 .csv 或 .xlsx 文件，请另存", "must be a .csv or .xlsx file: save it as one")
        return _csv(path, _encoding(path))
    except OSError as error:
        raise refuse(None, f"打不开文件（{error.strerror}）", f"cannot be opened: {error.strerror}") from None


def _csv(path: Path, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            for cells in lines:
                if any(cells):
                    _must_be_small(lines.line_num, cells)
                    yield lines.line_num, [cell.strip() for cell in cells]
        except csv.Error as error:
            raise refuse(lines.line_num, f"不是有效的 CSV（{error}）", f"is no comma-separated text: {error}") from None


def _encoding(path: Path) -> str:
    """Return the encoding that the whole file can be read in, UTF-8 before GBK."""
    if path.stat().st_size > MAX_CSV_BYTES:
        raise refuse(None, "超过 600 MB，请分成几个文件", "is larger than 600 MB: split it")
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while part := file.read(io.DEFAULT_BUFFER_SIZE * 16):
                    if b"\0" in part:
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


def _xlsx(path: Path) -> Iterator[Row]:
    _must_unpack_to_little(path)
    _must_be_of_fair_size(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            first = (sheet.start or (0, 0))[0] + 1
            rows = enumerate(sheet.to_python(skip_empty_area=True), start=first)
            found = [(line, [_text(value) for value in values]) for line, values in rows if any(values)]
    except (CalamineError, OSError) as error:
        raise refuse(None, f"不是能打开的 .xlsx 表格（{error}）", f"is no .xlsx workbook that opens: {error}") from None
    for line, cells in found:
        _must_be_small(line, cells)
    return iter(found)


def _must_unpack_to_little(path: Path) -> None:
    """Refuse what is no zip file, or one that would unpack to far more than it looks."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise refuse(
            None, "名为 .xlsx，但不是 Excel 表格，请重新另存", "is named .xlsx but is no workbook: save it again"
        ) from None
    if size > MAX_XLSX_BYTES or unpacked > min(MAX_UNPACKED_BYTES, max(size, 10_000) * MAX_RATIO):
        raise refuse(
            None,
            f"展开后有 {unpacked // 1_000_000} MB，太大或压缩异常；请另存为 CSV",
            f"unpacks to {unpacked // 1_000_000} MB, too large or oddly packed: save it as CSV",
        )


def _must_be_of_fair_size(path: Path) -> None:
    """Refuse a sheet whose cells lie too far apart, before it is opened: two of them may claim all the memory there is."""
    with zipfile.ZipFile(path) as packed:
        for part in packed.namelist():
            rows, columns = _extent(packed, part) if part.startswith("xl/worksheets/") else (0, 0)
            if rows > MAX_XLSX_ROWS or rows * columns > MAX_XLSX_CELLS:
                zh = f"有 {rows} 行 {columns} 列，最多 {MAX_XLSX_ROWS} 行、{MAX_XLSX_CELLS} 格；请删去空白部分、分成几个文件或另存为 CSV"
                en = (
                    f"has {rows} rows and {columns} columns, at most {MAX_XLSX_ROWS} rows and {MAX_XLSX_CELLS} cells: "
                    "delete what is blank, split it or save it as CSV"
                )
                raise refuse(None, zh, en)


def _extent(packed: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """Return the farthest row and column that a cell of the sheet names."""
    rows, columns = {0}, {b""}
    with packed.open(part) as file:
        before = b""
        while chunk := file.read(_CHUNK):
            for letters, digits in _REFERENCE.findall(before + chunk):
                rows.add(int(digits))
                columns.add(letters.upper())
            before = chunk[-_LONGEST_REFERENCE:]
    return max(rows), max(map(_column, columns))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(value: object) -> str:
    """Return a cell's value as text; the formula behind it is never seen."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip()


def _must_be_small(line: int, cells: list[str]) -> None:
    if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
        raise refuse(
            line,
            f"列数超过 {MAX_COLUMNS} 或单元格超过 {MAX_CELL} 字",
            f"has more than {MAX_COLUMNS} columns or a cell of more than {MAX_CELL} characters",
        )
