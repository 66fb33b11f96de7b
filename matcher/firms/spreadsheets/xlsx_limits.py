"""Looks into an .xlsx before it is opened: refuses what would take too much memory or time, whatever the file says of itself."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from matcher.firms import refuse

MAX_XLSX_BYTES = 50_000_000

MAX_UNPACKED_BYTES = 200_000_000

MAX_RATIO = 200  # how far a sheet is packed: numbers and names reach 20, a bomb a thousand

MAX_PARTS = 2_000

MAX_XLSX_ROWS = 100_000

MAX_XLSX_CELLS = 5_000_000  # empty ones too: the reader keeps a place for each

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # XFD1048576, the last cell of any sheet: ECMA-376 part 1, 18.3.1.73

_CHUNK = 1 << 20

_LONGEST_TAG = 64 * 1024

_ATTRIBUTES = rb"""((?:[^<>"']|"[^"]*"|'[^']*')*)"""

# As every program writes cells, and all that is not so: the first are most of a file and must be looked at quickly.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')

_TAG = re.compile(
    rb'<(?!c r="[A-Z]{1,3}[0-9]{1,7}")(?:[^\s<>/:]+:)?(row|c|si|dimension|mergeCell|f)(?=[\s/>])' + _ATTRIBUTES
)

# The exact name: `r` of a cell is not `hr` or `xr:r`. Blanks may stand around the sign of equality.
_ATTRIBUTE = re.compile(rb"""(?:^|(?<=[\s"']))(r|ref)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_PLACED = {b"row": b"r", b"c": b"r", b"dimension": b"ref", b"mergeCell": b"ref", b"f": b"ref"}

_CELL = re.compile(rb"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")

_ROW = re.compile(rb"[0-9]{1,7}")

_OLE = b"\xd0\xcf\x11\xe0"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def must_be_harmless(content: bytes) -> None:
    """Raise Unreadable for what is no .xlsx, has a password, unpacks to more than the stated sizes, or names cells that no sheet has."""
    _must_be_a_zip(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _part_must_be_small(packed, min(MAX_UNPACKED_BYTES, max(len(content), 10_000) * MAX_RATIO))
    except _BROKEN:
        raise _no_workbook() from None


def _must_be_a_zip(content: bytes) -> None:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise refuse(None, "文件设有密码；请取消密码后另存", "has a password: save it without one")
        raise refuse(None, "是旧版 .xls 表格；请另存为 .xlsx", "is an old .xls workbook: save it as .xlsx")
    if not content.startswith(b"PK"):
        raise _no_workbook()
    if len(content) > MAX_XLSX_BYTES or content.count(b"PK\1\2") > MAX_PARTS:
        most = MAX_XLSX_BYTES // 1_000_000
        raise refuse(
            None,
            f"超过 {most} MB 或所含部件太多；请分成几个文件或另存为 CSV",
            f"is larger than {most} MB or has too many parts: split it or save it as CSV",
        )


def _no_workbook() -> Exception:
    return refuse(None, "名为 .xlsx，但不是 Excel 表格，请重新另存", "is named .xlsx but is no workbook: save it again")


def _part_must_be_small(packed: zipfile.ZipFile, most: int) -> None:
    """Count what really unpacks, since the sizes that a file states may be false, and how far its cells lie apart."""
    stated = sum(part.file_size for part in packed.infolist())
    if stated > most:
        raise _too_large(stated)
    unpacked = cells = 0
    for part in packed.infolist():
        extent = _Extent()
        for chunk in _chunks(packed, part):
            unpacked += len(chunk)
            if unpacked > most:
                raise _too_large(unpacked)
            extent.add(chunk)
        extent.end()
        cells += extent.rows * extent.columns
        extent.must_be_fair(cells)


def _chunks(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    part.file_size = 1 << 40  # as many bytes as there are, not as many as the file says
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _too_large(unpacked: int) -> Exception:
    size = unpacked // 1_000_000
    return refuse(
        None,
        f"展开后有 {size} MB，太大或压缩异常；请另存为 CSV",
        f"unpacks to {size} MB, too large or oddly packed: save it as CSV",
    )


def _no_such_cell(reference: bytes) -> Exception:
    shown = reference[:20].decode("ascii", "replace")
    return refuse(
        None,
        f"写有表格里不可能有的单元格 {shown}（最后一格是 XFD1048576）；请用表格软件打开后另存",
        f"names a cell that no sheet has, {shown} (the last is XFD1048576): open it in a spreadsheet program and save it again",
    )


class _Extent:
    """The farthest row and column that the cells of one part reach, named in it or counted."""

    def __init__(self) -> None:
        self._rest = b""
        self._row = self._column = self._strings = 0
        self._rows_counted = self._in_row = self._widest = 0
        self._columns: set[bytes] = set()

    @property
    def rows(self) -> int:
        """Rows up to the last."""
        return max(self._row, self._rows_counted)

    @property
    def columns(self) -> int:
        """Columns up to the last of any row; a cell that names none stands after the one before it."""
        named, counted = max(map(_column, self._columns), default=0), max(self._widest, self._in_row)
        return max(named, counted, min(named + counted, LAST_COLUMN))

    def add(self, chunk: bytes) -> None:
        """Look through the next bytes. A tag that goes on in the next chunk is looked at then, with its beginning."""
        text = self._rest + chunk
        cut = text.rfind(b"<")
        if cut < 0 or len(text) - cut > _LONGEST_TAG:
            cut = len(text)
        self._rest = text[cut:]
        self._look_through(text[:cut])

    def end(self) -> None:
        """Look through what is left."""
        self._look_through(self._rest)
        self._rest = b""

    def must_be_fair(self, cells: int) -> None:
        """Raise Unreadable where this part, or all so far with their ``cells``, reach too far."""
        rows, columns = self.rows, self.columns
        if rows > MAX_XLSX_ROWS or max(rows * columns, cells, self._strings) > MAX_XLSX_CELLS:
            raise refuse(
                None,
                f"有 {rows} 行 {columns} 列，最多 {MAX_XLSX_ROWS} 行、{MAX_XLSX_CELLS} 格；"
                "请删去空白部分、分成几个文件或另存为 CSV",
                f"has {rows} rows and {columns} columns, at most {MAX_XLSX_ROWS} rows and {MAX_XLSX_CELLS} cells: "
                "delete what is blank, split it or save it as CSV",
            )

    def _look_through(self, text: bytes) -> None:
        cells = _PLAIN_CELL.findall(text)
        if cells:
            for digits in {digits for _, digits in cells}:
                self._place(b"row", digits)
            for letters in {letters for letters, _ in cells} - self._columns:
                self._place(b"c", letters + b"1")
        for tag, attributes in _TAG.findall(text):
            if tag == b"c":
                self._in_row += b"r" not in {name for name, *_ in _ATTRIBUTE.findall(attributes)}
            elif tag == b"row":
                self._rows_counted += 1
                self._widest, self._in_row = max(self._widest, self._in_row), 0
            elif tag == b"si":
                self._strings += 1
            for name, double, single in _ATTRIBUTE.findall(attributes) if tag in _PLACED else ():
                if name == _PLACED[tag]:
                    self._place(tag, double or single)

    def _place(self, tag: bytes, reference: bytes) -> None:
        """Take in where a cell, a row or a range lies. Raises Unreadable for what no sheet has.

        Anything that is not written as a reference is refused as well: what the reader would make of it is not known.
        """
        if tag == b"row":
            row = int(reference) if _ROW.fullmatch(reference) else 0
            if not 1 <= row <= LAST_ROW:
                raise _no_such_cell(reference)
            self._row = max(self._row, row)
            return
        for end in reference.split(b":"):
            cell = _CELL.fullmatch(end)
            letters = cell[1].upper() if cell else b""
            row = int(cell[2]) if cell else 0
            if not (1 <= row <= LAST_ROW and _column(letters) <= LAST_COLUMN):
                raise _no_such_cell(reference)
            if tag == b"c":
                self._row = max(self._row, row)
                self._columns.add(letters)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
