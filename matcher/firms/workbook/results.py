"""Makes the workbook of results: a summary, firms × schemes, the sums one by one, what is missing, and how to read it.

Rows are written as they come, so that thousands of firms need little memory; the summary is filled at the end.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.firms.workbook import words
from matcher.firms.workbook.amounts import Amounts
from matcher.firms.workbook.book import Book
from matcher.firms.workbook.matrix import Matrix
from matcher.firms.workbook.missing import Missing
from matcher.firms.workbook.summary import NOTES, Summary
from matcher.rulebook import Rulebook

Json = Mapping[str, Any]
_SHEETS = {
    "summary": ("汇总", "Summary"),
    "matrix": ("企业×政策", "Firms by schemes"),
    "amounts": ("金额", "Sums"),
    "missing": ("缺少的信息", "Missing"),
    "notes": ("说明", "Notes"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One firm that was decided: the row of the list, what it told, and its decisions as `Decision.to_json` writes them.

    Without the reasons (`Decision.essence`) the legal grounds are left out, the rest is the same.
    """

    line: int
    name: str
    credit_code: str
    decisions: Sequence[Json]
    facts: Mapping[str, object] = field(default_factory=dict)


def results(
    rulebook: Rulebook,
    rows: Iterable[Checked],
    as_of: datetime.date,
    lang: str = "zh",
    *,
    schemes: Sequence[str] | None = None,
    left_out: int = 0,
) -> bytes:
    """Return the results for a day as .xlsx; ``rows`` is gone through once. The same input gives the same bytes.

    ``schemes`` are those that were asked for (all, unless named); ``left_out`` rows had faults and were not decided.
    Raises KeyError for a decision on another scheme.
    """
    book = Book(words.pick(("惠企政策匹配结果", "Schemes by firm"), lang), as_of, streamed=True)
    sheets = {key: book.sheet(words.pick(name, lang), fits=key != "matrix") for key, name in _SHEETS.items()}
    asked = list(rulebook.schemes if schemes is None else schemes)
    matrix = Matrix(rulebook, book, sheets["matrix"], asked, lang)
    amounts = Amounts(rulebook, book, sheets["amounts"], lang)
    missing = Missing(rulebook, book, sheets["missing"], lang)
    summary = Summary(rulebook, asked, lang)
    for row in rows:
        firm = (row.line, row.name, row.credit_code)
        matrix.add(firm, row.decisions)
        amounts.add(firm, row.decisions)
        missing.add(firm, row.decisions)
        summary.add(row.decisions)
    amounts.end()
    missing.end()
    matrix.end()
    summary.write(book, sheets["summary"], as_of, left_out)
    sheets["notes"].set_column(0, 0, 110)
    for at, line in enumerate(NOTES):
        sheets["notes"].write_string(at, 0, words.pick(line, lang), book.format(text_wrap=True, bold=at == 0))
    return book.bytes()
