"""Which numbers of a workbook are shown in per cent: the reader of sheets gives 0.03 without the form that makes 3 % of it."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

_BUILT_IN_PERCENT = {"9", "10"}  # 0% and 0.00%: ECMA-376 part 1, 18.8.30

_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')

_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")

_PLACE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")

_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

Attributes = dict[str, str]


class NumberFormats:
    """The number formats of one .xlsx that was found harmless; a workbook whose formats cannot be read has none.

    ``counts_from_1904``: the workbook counts its days from 1904, as old spreadsheets of the Macintosh do.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.counts_from_1904 = False
        self._percent: frozenset[str] = frozenset()
        self._sheets: Mapping[str, str] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                book = packed.read("xl/workbook.xml")
                dates = [one.get("date1904", "") for one in _tags(book, b"workbookPr")]
                self.counts_from_1904 = any(told in ("1", "true", "on") for told in dates)
                self._percent = _percent_styles(packed.read("xl/styles.xml"))
                self._sheets = _parts(book, packed.read("xl/_rels/workbook.xml.rels")) if self._percent else {}
        except _BROKEN:
            return

    def percent_cells(self, sheet: str) -> Mapping[int, int]:
        """By row (1: the first) the columns (bit 0: the first) of a sheet whose numbers are shown in per cent."""
        part = self._sheets.get(sheet)
        if part is None:
            return {}
        found: dict[int, int] = defaultdict(int)
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as packed:
                for row, column in self._places(packed.read(part)):
                    found[row] |= 1 << column
        except _BROKEN:
            return {}
        return found

    def _places(self, part: bytes) -> Iterator[tuple[int, int]]:
        styles = {one.encode() for one in self._percent}
        for cell in _CELL.finditer(part):
            told = {name: double or single for name, double, single in _ATTRIBUTE.findall(cell[1])}
            place = _PLACE.fullmatch(told.get(b"r", b"")) if told.get(b"s") in styles else None
            if place is not None:
                yield int(place[2]), _column(place[1])


def _percent_styles(styles: bytes) -> frozenset[str]:
    """The indexes of the cell styles that show per cent."""
    custom = {
        one.get("numFmtId", "")
        for one in _tags(styles, b"numFmt")
        if "%" in _QUOTED.sub("", one.get("formatCode", "").split(";")[0])
    }
    cells = re.search(rb"<(?:\w+:)?cellXfs[\s>](.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    formats = [one.get("numFmtId", "") for one in _tags(cells[1], b"xf")] if cells else []
    return frozenset(str(at) for at, told in enumerate(formats) if told in custom | _BUILT_IN_PERCENT)


def _parts(book: bytes, relations: bytes) -> Mapping[str, str]:
    """The part of each sheet by its name."""
    targets = {one.get("Id", ""): one.get("Target", "") for one in _tags(relations, b"Relationship")}
    named = {}
    for one in _tags(book, b"sheet"):
        relation = next((told for name, told in one.items() if name.endswith(":id")), "")
        target = targets.get(relation, "")
        if target:
            named[one.get("name", "")] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
    return named


def _tags(content: bytes, name: bytes) -> Iterator[Attributes]:
    for tag in re.finditer(rb"<(?:\w+:)?" + name + rb"""((?:\s[^<>"']*(?:"[^"]*"|'[^']*'))*)\s*/?>""", content):
        yield {
            key.decode("utf-8", "replace"): html.unescape((double or single).decode("utf-8", "replace"))
            for key, double, single in _ATTRIBUTE.findall(tag[1])
        }


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
