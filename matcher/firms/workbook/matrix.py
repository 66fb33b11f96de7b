"""The sheet of firms down and schemes across: each status in a word and a colour, with the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.firms.workbook import words
from matcher.firms.workbook.book import Book, Worksheet, write_row
from matcher.firms.workbook.sums import spoken
from matcher.rulebook import Rulebook

Firm = tuple[int, str, str]
"""The row of the list, the firm's name, its credit code."""

FIRM_HEAD = (("行", "企业名称", "统一社会信用代码"), ("row", "firm", "credit code"))
FIRM_WIDTHS = (6, 32, 22)


def write_firm(sheet: Worksheet, row: int, firm: Firm, style: Any) -> None:
    """Write the first three cells of a row."""
    sheet.write_number(row, 0, firm[0], style)
    sheet.write_string(row, 1, firm[1], style)
    sheet.write_string(row, 2, firm[2], style)


class Matrix:
    """Writes one row a firm."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, schemes: Sequence[str], lang: str) -> None:
        self.sheet, self.lang, self.row = sheet, lang, 0
        self.at = {slug: len(FIRM_WIDTHS) + number for number, slug in enumerate(schemes)}
        self.schemes, self.plain = rulebook.schemes, book.format()
        self.styles = {name: book.format(bg_color=colour, text_wrap=True) for name, colour in words.COLOURS.items()}
        for at, width in enumerate((*FIRM_WIDTHS, *(18 for _ in schemes))):
            sheet.set_column(at, at, width)
        sheet.set_row(0, 60)
        heads = [*FIRM_HEAD[lang == "en"], *(rulebook.schemes[slug].name.get(lang) for slug in schemes)]
        write_row(sheet, 0, heads, book.head())
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)

    def add(self, firm: Firm, decisions: Sequence[Mapping[str, Any]]) -> None:
        """Write the row of a firm."""
        self.row += 1
        write_firm(self.sheet, self.row, firm, self.plain)
        for decision in sorted(decisions, key=lambda one: self.at[one["scheme"]]):
            status = decision["status"]
            parts = (words.status(status, self.lang), spoken(self.schemes[decision["scheme"]], decision, self.lang))
            text = "\n".join(part for part in parts if part)
            self.sheet.write_string(self.row, self.at[decision["scheme"]], text, self.styles[status])

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), len(FIRM_WIDTHS) + len(self.at) - 1)
