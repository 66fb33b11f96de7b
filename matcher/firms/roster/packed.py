"""Looks into an .xlsx before it is opened: refuses what would take too much memory or time, whatever the file says of itself."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from matcher.firms.documents import refuse

MAX_XLSX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 200  # how far a sheet is packed: numbers and names reach 20, a bomb a thousand
MAX_PARTS = 2_000
MAX_XLSX_ROWS = 100_000
MAX_XLSX_CELLS = 5_000_000  # empty ones too: the reader keeps a place for each
_CHUNK = 1 << 20
_OVERLAP = 64
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""", re.IGNORECASE)
_TAG = re.compile(rb"<(?:\w+:)?(row|c|si)(?=[\s/>])")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def must_be_harmless(content: bytes) -> None:
    """Raise Unreadable for what is no .xlsx, has a password, or unpacks to more than the stated sizes."""
    _must_be_a_zip(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _must_be_small(packed, min(MAX_UNPACKED_BYTES, max(len(content), 10_000) * MAX_RATIO))
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


def _must_be_small(packed: zipfile.ZipFile, most: int) -> None:
    """Count what really unpacks, since the sizes that a file states may be false, and how far its cells lie apart."""
    stated = sum(part.file_size for part in packed.infolist())
    if stated > most:
        raise _too_large(stated)
    unpacked = 0
    for part in packed.infolist():
        extent = _Extent()
        for chunk in _chunks(packed, part):
            unpacked += len(chunk)
            if unpacked > most:
                raise _too_large(unpacked)
            extent.add(chunk)
        extent.must_be_fair()


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


class _Extent:
    """The farthest row and column that the cells of one part reach, named in it or counted."""

    def __init__(self) -> None:
        self._before = b""
        self._row = self._column = self._strings = 0
        self._rows_counted = self._in_row = self._widest = 0
        self._columns: set[bytes] = set()

    def add(self, chunk: bytes) -> None:
        text = self._before + chunk
        for letters, digits in _REFERENCE.findall(text):
            self._row = max(self._row, int(digits))
            self._columns.add(letters.upper())
        for tag in _TAG.findall(text):
            if tag == b"c":
                self._in_row += 1
            elif tag == b"row":
                self._rows_counted += 1
                self._widest, self._in_row = max(self._widest, self._in_row), 0
            else:
                self._strings += 1
        self._before = chunk[-_OVERLAP:]

    def must_be_fair(self) -> None:
        rows = max(self._row, self._rows_counted)
        columns = max([self._widest, self._in_row, *map(_column, self._columns)])
        if rows > MAX_XLSX_ROWS or max(rows * columns, self._strings) > MAX_XLSX_CELLS:
            raise refuse(
                None,
                f"有 {rows} 行 {columns} 列，最多 {MAX_XLSX_ROWS} 行、{MAX_XLSX_CELLS} 格；"
                "请删去空白部分、分成几个文件或另存为 CSV",
                f"has {rows} rows and {columns} columns, at most {MAX_XLSX_ROWS} rows and {MAX_XLSX_CELLS} cells: "
                "delete what is blank, split it or save it as CSV",
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
