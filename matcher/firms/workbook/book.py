"""Makes workbooks whose cells no spreadsheet takes for formulas, the same bytes for the same content."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

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
