"""Makes the workbook of results: a summary, firms × schemes, the sums one by one, what is missing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.engine import GroundedRecord, GroundRecord, ItemRecord, OutcomeRecord, foremost, last_day_of_rules
from matcher.rulebook import Rulebook
from matcher.text import AMOUNT, outputs_text

from . import words
from .book import Book, Worksheet, write_row
from .summary import NOTES, Summary
from .words import POSITIVE, spoken, sum_of, whose, yuan

# ---------------------------------------------------------------------------------------------------------------------
# The sheet of firms down and schemes across: each status in a word and a colour, with the sum.
# ---------------------------------------------------------------------------------------------------------------------


Firm = tuple[int, str, str]

"""The row of the list, the firm's name, its credit code."""

FIRM_HEAD = (("行", "企业名称", "统一社会信用代码"), ("row", "firm", "credit code"))

FIRM_WIDTHS = (6, 32, 22)

_LETTER = ("函件文号", "letter")


def write_firm(sheet: Worksheet, row: int, firm: Firm, style: Any) -> None:
    """Write the first three cells of a row."""
    sheet.write_number(row, 0, firm[0], style)
    sheet.write_string(row, 1, firm[1], style)
    sheet.write_string(row, 2, firm[2], style)


class Matrix:
    """Writes one row a firm."""

    def __init__(
        self,
        rulebook: Rulebook,
        book: Book,
        sheet: Worksheet,
        schemes: Sequence[str],
        lang: str,
        *,
        with_letters: bool = False,
    ) -> None:
        self.sheet, self.lang, self.row = sheet, lang, 0
        self.first_sum = len(FIRM_WIDTHS) + with_letters
        fixed = self.first_sum + len(words.CERTAIN)
        self.at = {slug: fixed + number for number, slug in enumerate(schemes)}
        self.fixed = fixed
        self.schemes, self.plain, self.money = rulebook.schemes, book.format(), book.format(num_format="#,##0.00")
        self.styles = {name: book.format(bg_color=colour, text_wrap=True) for name, colour in words.COLOURS.items()}
        letter = [_LETTER[lang == "en"]] if with_letters else []
        sums = [words.pick(head, lang) for head in words.CERTAIN.values()]
        for at, width in enumerate((*FIRM_WIDTHS, *(24 for _ in letter), *(18 for _ in (*sums, *schemes)))):
            sheet.set_column(at, at, width)
        sheet.set_row(0, 60)
        heads = [*FIRM_HEAD[lang == "en"], *letter, *sums, *(rulebook.schemes[slug].name.get(lang) for slug in schemes)]
        write_row(sheet, 0, heads, book.head())
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)

    def add(self, firm: Firm, decisions: Sequence[GroundedRecord], letter: str | None = None) -> None:
        """Write the row of a firm, with the number of its letter where it has one, and its certain money of a year."""
        self.row += 1
        write_firm(self.sheet, self.row, firm, self.plain)
        if letter:
            self.sheet.write_string(self.row, len(FIRM_WIDTHS), letter, self.plain)
        for at, number in enumerate(words.CERTAIN, start=self.first_sum):
            fen = words.certain_of(decisions, number)
            if fen is not None:
                self.sheet.write_number(self.row, at, yuan(fen), self.money)
        best = foremost(decisions)
        for slug, at in self.at.items():
            if slug in best:
                text = self._text([one for one in decisions if one["scheme"] == slug])
                self.sheet.write_string(self.row, at, text, self.styles[best[slug]["status"]])

    def _text(self, decisions: Sequence[OutcomeRecord]) -> str:
        """The status with the sum under it; of several loans, projects … each outcome behind those that have it."""
        items: dict[tuple[str, str], list[ItemRecord]] = defaultdict(list)
        for one in decisions:
            outcome = words.status(one["status"], self.lang), spoken(self.schemes[one["scheme"]], one, self.lang)
            items[outcome] += [one["item"]] if "item" in one else []
        return "\n".join(
            words.of_items(some, " ".join(filter(None, outcome)), self.lang)
            if some
            else "\n".join(filter(None, outcome))
            for outcome, some in items.items()
        )

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), self.fixed + len(self.at) - 1)


# ---------------------------------------------------------------------------------------------------------------------
# The sheet of sums: one row for each firm and scheme that it is entitled to, or of which a department decides.
# ---------------------------------------------------------------------------------------------------------------------


_AMOUNTS_HEAD = (
    ("政策", "政策编号", "哪一笔、哪个", "状态", "金额性质", "金额（元）", "最低（元）", "最高（元）", "归谁", "依据", "有效期至", "找谁",
     "金额是什么", "其他结果"),
    ("scheme", "scheme id", "of which", "status", "kind of sum", "sum (yuan)", "at least (yuan)", "at most (yuan)", "who gets it",
     "grounds", "in force until", "where", "what the sum is", "further results"),
)  # fmt: skip

_AMOUNTS_WIDTHS = (34, 26, 20, 14, 12, 18, 18, 18, 26, 48, 14, 36, 48, 48)

_MOST_GROUNDS = 3

# Whom a missing figure leaves waiting for one; a right, a service or others' money has none to wait for.
_PAID = ("firm_cash", "firm_price", "firm_deferral")


class Amounts:
    """Writes one row a positive decision."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, as_of: datetime.date, lang: str) -> None:
        self.rulebook, self.as_of = rulebook, as_of
        self.schemes, self.sheet, self.lang, self.row = rulebook.schemes, sheet, lang, 0
        self.plain, self.money = book.format(), book.format(num_format="#,##0.00")
        self.day = book.format(num_format="yyyy-mm-dd", align="left")
        self.styles = {name: book.format(bg_color=words.COLOURS[name]) for name in POSITIVE}
        for at, width in enumerate((*FIRM_WIDTHS, *_AMOUNTS_WIDTHS)):
            sheet.set_column(at, at, width)
        write_row(sheet, 0, (*FIRM_HEAD[lang == "en"], *_AMOUNTS_HEAD[lang == "en"]), book.head())
        sheet.freeze_panes(1, 2)

    def add(self, firm: Firm, decisions: Sequence[GroundedRecord]) -> None:
        """Write the rows of a firm."""
        for decision in decisions:
            if decision["status"] in POSITIVE:
                self.row += 1
                write_firm(self.sheet, self.row, firm, self.plain)
                self._write(decision)

    def _write(self, decision: GroundedRecord) -> None:
        scheme, found = self.schemes[decision["scheme"]], sum_of(decision)
        put = self.sheet.write_string
        put(self.row, 3, scheme.name.get(self.lang), self.plain)
        put(self.row, 4, scheme.slug, self.plain)
        if "item" in decision:
            put(self.row, 5, words.item(decision["item"], self.lang), self.plain)
        put(self.row, 6, words.status(decision["status"], self.lang), self.styles[decision["status"]])
        if found is not None:
            is_paid = scheme.kind == "support" and decision["recipient"] in _PAID
            is_none = found.kind == "none" and not is_paid
            kind = words.pick(words.NO_SUM, self.lang) if is_none else AMOUNT[found.kind].short.get(self.lang)
            put(self.row, 7, kind, self.plain)
            exact, has_ends = found.kind == "exact", found.kind in ("ceiling", "range")
            figures = ((8, found.high, exact), (9, found.low, found.kind == "range"), (10, found.high, has_ends))
            for at, fen, is_there in figures:
                if is_there:
                    self.sheet.write_number(self.row, at, yuan(fen), self.money)
            put(self.row, 11, whose(scheme, decision, self.lang), self.plain)
        put(self.row, 12, "；".join(grounds(decision)), self.plain)
        until = last_day_of_rules(decision)
        if until:
            self.sheet.write_datetime(self.row, 13, datetime.date.fromisoformat(until), self.day)
        else:
            put(self.row, 13, words.pick(("未定", "no end set"), self.lang), self.plain)
        put(self.row, 14, scheme.department.get(self.lang), self.plain)
        if found is not None and found.kind != "none":
            put(self.row, 15, scheme.amount_means.get(self.lang), self.plain)
        edition = self.rulebook.scheme_at(scheme.slug, self.as_of)
        given = outputs_text(edition, decision.get("extra") or {}, self.lang, tight=False)
        if given:
            colon, between = words.pick(("：", ": "), self.lang), words.pick(("；", "; "), self.lang)
            put(self.row, 16, between.join(f"{label}{colon}{value}" for label, value in given), self.plain)

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), len(FIRM_WIDTHS) + len(_AMOUNTS_WIDTHS) - 1)


def grounds(decision: GroundedRecord) -> list[str]:
    """The first articles that the conditions of a decision rest on; none without its reasons."""
    tree = decision.get("reasons")
    found = dict.fromkeys(_sources(tree)) if tree else {}
    return list(found)[:_MOST_GROUNDS]


def _sources(node: GroundRecord) -> Iterator[str]:
    source = node.get("source")
    if source and node["outcome"] is not False:
        yield " ".join(part for part in (source["instrument"], source["article"]) if part)
    for child in node["children"]:
        yield from _sources(child)


# ---------------------------------------------------------------------------------------------------------------------
# The sheet of what is missing: for each firm the facts that would settle most, and the schemes that wait for them.
# ---------------------------------------------------------------------------------------------------------------------


MOST = 10

"""Facts that are listed of each firm: those that settle most. Thousands of firms would fill more rows than a sheet has."""

_NAMED = 5

_MISSING_HEAD = (
    ("缺少的信息", "怎么问", "补上即可确定（项）", "共有几项在等", "哪些政策在等"),
    ("missing", "question", "settles alone", "schemes waiting", "which of them"),
)

_MISSING_WIDTHS = (40, 48, 16, 14, 70)


class Missing:
    """Writes up to `MOST` rows a firm."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, lang: str) -> None:
        self.rulebook, self.sheet, self.lang, self.row = rulebook, sheet, lang, 0
        self.plain = book.format()
        for at, width in enumerate((*FIRM_WIDTHS, *_MISSING_WIDTHS)):
            sheet.set_column(at, at, width)
        write_row(sheet, 0, (*FIRM_HEAD[lang == "en"], *_MISSING_HEAD[lang == "en"]), book.head())
        sheet.freeze_panes(1, 2)

    def add(self, firm: Firm, decisions: Sequence[OutcomeRecord]) -> None:
        """Write what a firm should tell next."""
        waiting: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        alone: dict[tuple[str, str], int] = defaultdict(int)
        for decision in decisions:
            if decision["status"] == "needs_information":
                for name in decision["missing"]:
                    key = name, self._whose(decision, name)
                    alone[key] += len(decision["missing"]) == 1 and decision["scheme"] not in waiting[key]
                    waiting[key][decision["scheme"]] = None
        for key in sorted(waiting, key=lambda key: (-alone[key], -len(waiting[key])))[:MOST]:
            self.row += 1
            write_firm(self.sheet, self.row, firm, self.plain)
            self._write(*key, alone[key], list(waiting[key]))

    def _whose(self, decision: OutcomeRecord, name: str) -> str:
        """Which loan, project … a fact is of that a decision waits for; empty for the firm's own."""
        told = decision.get("item")
        return "" if told is None or told["kind"] not in self.rulebook.facts[name].of else words.item(told, self.lang)

    def _write(self, name: str, item: str, alone: int, waiting: Sequence[str]) -> None:
        fact = self.rulebook.facts[name]
        label = fact.label.get(self.lang)
        if item:
            label = words.said_of(item, label, self.lang)
        names = [self.rulebook.schemes[slug].name.get(self.lang) for slug in waiting[:_NAMED]]
        listed = words.pick(("、".join(names), ", ".join(names)), self.lang)
        more = words.pick((" 等", " and more"), self.lang) if waiting[_NAMED:] else ""
        self.sheet.write_string(self.row, 3, label, self.plain)
        if fact.question is not None:
            self.sheet.write_string(self.row, 4, fact.question.get(self.lang), self.plain)
        self.sheet.write_number(self.row, 5, alone, self.plain)
        self.sheet.write_number(self.row, 6, len(waiting), self.plain)
        self.sheet.write_string(self.row, 7, listed + more, self.plain)

    def end(self) -> None:
        """Let the rows be filtered."""
        self.sheet.autofilter(0, 0, max(self.row, 1), len(FIRM_WIDTHS) + len(_MISSING_WIDTHS) - 1)


# ---------------------------------------------------------------------------------------------------------------------
# Makes the workbook of results: a summary, firms × schemes, the sums one by one, what is missing, and how to read
# it.
#
# Rows are written as they come, so that thousands of firms need little memory; the summary is filled at the end.
# ---------------------------------------------------------------------------------------------------------------------


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

    ``letter`` is the number of the letter that the row was given.

    Without the reasons (`Decision.essence`) the legal grounds are left out, the rest is the same.
    """

    line: int
    name: str
    credit_code: str
    decisions: Sequence[GroundedRecord]
    facts: Mapping[str, object] = field(default_factory=dict)
    letter: str | None = None


def results(
    rulebook: Rulebook,
    rows: Iterable[Checked],
    as_of: datetime.date,
    lang: str = "zh",
    *,
    schemes: Sequence[str] | None = None,
    left_out: int = 0,
    with_letters: bool = False,
) -> bytes:
    """Return the results for a day as .xlsx; ``rows`` is gone through once. The same input gives the same bytes.

    ``schemes`` are those that were asked for (all, unless named); ``left_out`` rows had faults and were not decided;
    ``with_letters`` adds a column with the number of each firm's letter.
    Raises KeyError for a decision on another scheme.
    """
    book = Book(words.pick(("惠企政策匹配结果", "Schemes by firm"), lang), as_of, streamed=True)
    sheets = {key: book.sheet(words.pick(name, lang), fits=key != "matrix") for key, name in _SHEETS.items()}
    asked = list(rulebook.schemes if schemes is None else schemes)
    matrix = Matrix(rulebook, book, sheets["matrix"], asked, lang, with_letters=with_letters)
    amounts = Amounts(rulebook, book, sheets["amounts"], as_of, lang)
    missing = Missing(rulebook, book, sheets["missing"], lang)
    summary = Summary(rulebook, asked, lang)
    for row in rows:
        firm = (row.line, row.name, row.credit_code)
        matrix.add(firm, row.decisions, row.letter)
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
