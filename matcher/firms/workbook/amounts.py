"""The sheet of sums: one row for each firm and scheme that it is entitled to, or of which a department decides."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.firms.workbook import words
from matcher.firms.workbook.book import Book, Worksheet, write_row
from matcher.firms.workbook.matrix import FIRM_HEAD, FIRM_WIDTHS, Firm, write_firm
from matcher.firms.workbook.sums import POSITIVE, sum_of, whose, yuan
from matcher.rulebook import Rulebook

Json = Mapping[str, Any]
_HEAD = (
    ("政策", "政策编号", "状态", "金额性质", "金额（元）", "最低（元）", "最高（元）", "归谁", "依据", "有效期至", "找谁", "金额是什么"),
    ("scheme", "scheme id", "status", "kind of sum", "sum (yuan)", "at least (yuan)", "at most (yuan)", "who gets it",
     "grounds", "in force until", "where", "what the sum is"),
)  # fmt: skip
_WIDTHS = (34, 26, 14, 12, 18, 18, 18, 26, 48, 14, 36, 48)
_MOST_GROUNDS = 3
# Whom a missing figure leaves waiting for one; a right, a service or others' money has none to wait for.
_PAID = ("firm_cash", "firm_price", "firm_deferral")


class Amounts:
    """Writes one row a positive decision."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, lang: str) -> None:
        self.schemes, self.sheet, self.lang, self.row = rulebook.schemes, sheet, lang, 0
        self.plain, self.money = book.format(), book.format(num_format="#,##0.00")
        self.day = book.format(num_format="yyyy-mm-dd", align="left")
        self.styles = {name: book.format(bg_color=words.COLOURS[name]) for name in POSITIVE}
        for at, width in enumerate((*FIRM_WIDTHS, *_WIDTHS)):
            sheet.set_column(at, at, width)
        write_row(sheet, 0, (*FIRM_HEAD[lang == "en"], *_HEAD[lang == "en"]), book.head())
        sheet.freeze_panes(1, 2)

    def add(self, firm: Firm, decisions: Sequence[Json]) -> None:
        """Write the rows of a firm."""
        for decision in decisions:
            if decision["status"] in POSITIVE:
                self.row += 1
                write_firm(self.sheet, self.row, firm, self.plain)
                self._write(decision)

    def _write(self, decision: Json) -> None:
        scheme, found = self.schemes[decision["scheme"]], sum_of(decision)
        put = self.sheet.write_string
        put(self.row, 3, scheme.name.get(self.lang), self.plain)
        put(self.row, 4, scheme.slug, self.plain)
        put(self.row, 5, words.status(decision["status"], self.lang), self.styles[decision["status"]])
        if found is not None:
            is_paid = scheme.kind == "support" and decision["recipient"] in _PAID
            kind = found.kind if found.kind != "none" or is_paid else "no_sum"
            put(self.row, 6, words.pick(words.AMOUNT[kind], self.lang), self.plain)
            exact, has_ends = found.kind == "exact", found.kind in ("ceiling", "range")
            figures = ((7, found.high, exact), (8, found.low, found.kind == "range"), (9, found.high, has_ends))
            for at, fen, is_there in figures:
                if is_there:
                    self.sheet.write_number(self.row, at, yuan(fen), self.money)
            put(self.row, 10, whose(scheme, decision, self.lang), self.plain)
        put(self.row, 11, "；".join(grounds(decision)), self.plain)
        until = (decision["version"] or {}).get("until")
        if until:
            self.sheet.write_datetime(self.row, 12, datetime.date.fromisoformat(until), self.day)
        else:
            put(self.row, 12, words.pick(("未定", "no end set"), self.lang), self.plain)
        put(self.row, 13, scheme.department.get(self.lang), self.plain)
        if found is not None and found.kind != "none":
            put(self.row, 14, scheme.amount_means.get(self.lang), self.plain)

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), len(FIRM_WIDTHS) + len(_WIDTHS) - 1)


def grounds(decision: Json) -> list[str]:
    """The first articles that the conditions of a decision rest on; none without its reasons."""
    tree = decision.get("reasons")
    found = dict.fromkeys(_sources(tree)) if tree else {}
    return list(found)[:_MOST_GROUNDS]


def _sources(node: Json) -> Iterator[str]:
    source = node.get("source")
    if source and node["outcome"] is not False:
        yield " ".join(part for part in (source["instrument"], source["article"]) if part)
    for child in node["children"]:
        yield from _sources(child)
