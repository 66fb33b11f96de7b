"""The sheet of what is missing: for each firm the facts that would settle most, and the schemes that wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.firms.workbook import words
from matcher.firms.workbook.book import Book, Worksheet, write_row
from matcher.firms.workbook.matrix import FIRM_HEAD, FIRM_WIDTHS, Firm, write_firm
from matcher.rulebook import Rulebook

MOST = 10
"""Facts that are listed of each firm: those that settle most. Thousands of firms would fill more rows than a sheet has."""

_NAMED = 5
_HEAD = (
    ("缺少的信息", "怎么问", "补上即可确定（项）", "共有几项在等", "哪些政策在等"),
    ("missing", "question", "settles alone", "schemes waiting", "which of them"),
)
_WIDTHS = (40, 48, 16, 14, 70)


class Missing:
    """Writes up to `MOST` rows a firm."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, lang: str) -> None:
        self.rulebook, self.sheet, self.lang, self.row = rulebook, sheet, lang, 0
        self.plain = book.format()
        for at, width in enumerate((*FIRM_WIDTHS, *_WIDTHS)):
            sheet.set_column(at, at, width)
        write_row(sheet, 0, (*FIRM_HEAD[lang == "en"], *_HEAD[lang == "en"]), book.head())
        sheet.freeze_panes(1, 2)

    def add(self, firm: Firm, decisions: Sequence[Mapping[str, Any]]) -> None:
        """Write what a firm should tell next."""
        waiting: dict[str, list[str]] = defaultdict(list)
        alone: dict[str, int] = defaultdict(int)
        for decision in decisions:
            if decision["status"] == "needs_information":
                for name in decision["missing"]:
                    waiting[name].append(decision["scheme"])
                    alone[name] += len(decision["missing"]) == 1
        for name in sorted(waiting, key=lambda name: (-alone[name], -len(waiting[name])))[:MOST]:
            self.row += 1
            write_firm(self.sheet, self.row, firm, self.plain)
            self._write(name, alone[name], waiting[name])

    def _write(self, name: str, alone: int, waiting: Sequence[str]) -> None:
        fact = self.rulebook.facts[name]
        names = [self.rulebook.schemes[slug].name.get(self.lang) for slug in waiting[:_NAMED]]
        listed = words.pick(("、".join(names), ", ".join(names)), self.lang)
        more = words.pick((" 等", " and more"), self.lang) if waiting[_NAMED:] else ""
        self.sheet.write_string(self.row, 3, fact.label.get(self.lang), self.plain)
        if fact.question is not None:
            self.sheet.write_string(self.row, 4, fact.question.get(self.lang), self.plain)
        self.sheet.write_number(self.row, 5, alone, self.plain)
        self.sheet.write_number(self.row, 6, len(waiting), self.plain)
        self.sheet.write_string(self.row, 7, listed + more, self.plain)

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), len(FIRM_WIDTHS) + len(_WIDTHS) - 1)
