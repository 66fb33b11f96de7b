"""The first sheet: how many firms and decisions, sums by who gets them (never added to each other), and counts by scheme."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.engine import GroundedRecord, foremost
from matcher.rulebook import RECIPIENTS, STATUSES, Rulebook
from matcher.text import fen_of

from . import words
from .book import Book, Worksheet, write_row
from .words import POSITIVE, Sum, sum_of, yuan

_SUMS_HEAD: tuple[words.Pair, ...] = (
    ("归谁", "who gets it"),
    ("状态", "status"),
    ("项数", "decisions"),
    ("确数合计（元）", "exact, total (yuan)"),
    ("有上限的项数", "with a ceiling"),
    ("上限合计（元）", "ceilings, total (yuan)"),
    ("区间项数", "ranges"),
    ("区间下限合计（元）", "lower ends, total (yuan)"),
    ("区间上限合计（元）", "upper ends, total (yuan)"),
    ("没有金额数字的项数", "without a figure"),
)

_WIDTHS = (40, 34, *(20 for _ in range(10)))

NOTES: tuple[words.Pair, ...] = (
    ("怎么看这份结果", "How to read these results"),
    (
        "可享受：按所填情况符合全部条件。待部门决定：企业这边的条件已满足，由主管部门评审或核定。还缺信息：补上“缺少的信息”里的各项才能判断。",
        "entitled: all conditions hold by what was told. department decides: the firm's part holds, a department decides. "
        "information missing: tell what the sheet Missing lists.",
    ),
    (
        "不符合：至少一个条件不满足。不在执行期：当天没有执行或没有开放申报。未核实：当天的规定未经核实，请问主管部门。",
        "not entitled: a condition fails. not in force: no rules or no open round on that day. unconfirmed: the rules of "
        "that day are not confirmed, ask the department.",
    ),
    (
        "金额按归谁分开列出，互不相加：付给企业的、企业少缴的、缓缴的（到期仍要缴）、付给机构或职工的，性质不同。",
        "Sums stand apart by who gets them and are never added to each other: paid to the firm, paid less by it, paid later "
        "(but paid), paid to institutions or workers.",
    ),
    (
        "“一年确定”的两个数与网页、函件上说的是同一个：互斥的只算最好的一组，按月、按季的折成一年；它不等于“金额”表各行之和。",
        "The two certain sums of a year are those that pages and letters say: of what excludes each other the best set alone, "
        "what comes monthly or quarterly for a year. They are not the total of the rows in the sheet Sums.",
    ),
    (
        "有几笔贷款、几个项目的企业，逐个判断，“金额”表里一个一行；按政策数企业时，一家只数一次，取其中最好的结果。",
        "Of a firm with several loans or projects each is decided for itself, a row each in the sheet Sums; where firms are counted "
        "by scheme a firm counts once, by the best of them.",
    ),
    (
        "“最高”是上限，不是应得数；各表中的合计未剔除互斥的政策，也不含金额未定的项目。",
        "A ceiling is no claim to it; totals take no account of schemes that exclude each other, nor of those without a figure.",
    ),
    (
        "“金额”表只列可享受、待部门决定和受限制的项目；“缺少的信息”每家企业最多列 10 项，最管用的在前。",
        "The sheet Sums lists positive decisions only; the sheet Missing at most ten facts a firm, the most useful first.",
    ),
    (
        "判断以企业所填为准，未经核实；没有填的按“不清楚”处理。最终以主管部门审核为准。",
        "Decided by what the firms told, unverified; what was not told is not known. The departments have the last word.",
    ),
)


@dataclass(slots=True)
class _Total:
    """Sums of one recipient in one status, in fen, each kind by itself."""

    number: int = 0
    exacts: int = 0
    exact: int = 0
    ceilings: int = 0
    ceiling: int = 0
    ranges: int = 0
    low: int = 0
    high: int = 0
    without: int = 0

    def add(self, found: Sum | None) -> None:
        self.number += 1
        if found is None or found.kind == "none":
            self.without += 1
        elif found.kind == "exact":
            self.exacts, self.exact = self.exacts + 1, self.exact + found.high
        elif found.kind == "ceiling":
            self.ceilings, self.ceiling = self.ceilings + 1, self.ceiling + found.high
        else:
            self.ranges, self.low, self.high = self.ranges + 1, self.low + found.low, self.high + found.high

    def figures(self) -> tuple[int | Decimal | None, ...]:
        """The cells of its row: numbers of decisions, and sums in yuan where there are any."""
        exact, ceiling = (yuan(self.exact) if self.exacts else None, yuan(self.ceiling) if self.ceilings else None)
        low, high = (yuan(self.low), yuan(self.high)) if self.ranges else (None, None)
        return (self.number, exact, self.ceilings, ceiling, self.ranges, low, high, self.without)


class Summary:
    """Counts while the firms go by, and writes at the end. Sums in whole fen."""

    def __init__(self, rulebook: Rulebook, schemes: Sequence[str], lang: str) -> None:
        self.rulebook, self.schemes, self.lang = rulebook, schemes, lang
        self.firms = 0
        self.by_scheme: dict[str, Counter[str]] = defaultdict(Counter)
        self.totals: dict[tuple[str, str], _Total] = defaultdict(_Total)
        self.certain: dict[tuple[str, str], int] = defaultdict(int)
        self.is_reckoned = True

    def add(self, decisions: Sequence[GroundedRecord]) -> None:
        """Count the decisions of one firm, and what they certainly give it in a year."""
        self.firms += 1
        self.is_reckoned = self.is_reckoned and words.certain_of(decisions, "cash") is not None
        for one in decisions:
            found = one.get("certain")
            if found is not None:
                self.certain[one["scheme"], found["number"]] += fen_of(found["yuan"])
        for slug, one in foremost(decisions).items():
            self.by_scheme[slug][one["status"]] += 1
        for decision in decisions:
            if decision["status"] in POSITIVE and decision["status"] != "applies":
                self.totals[decision["recipient"] or "", decision["status"]].add(sum_of(decision))

    def write(self, book: Book, sheet: Worksheet, as_of: datetime.date, left_out: int) -> None:
        """Write the sheet from the top down."""
        for at, width in enumerate(_WIDTHS):
            sheet.set_column(at, at, width)
        sheet.write_string(
            0, 0, self._pick("惠企政策匹配结果", "Schemes by firm"), book.format(bold=True, font_size=14)
        )
        facts = (
            (self._pick("按哪一天", "as of"), as_of.isoformat()),
            (self._pick("规则版本", "rulebook"), self.rulebook.hash[:12]),
            (self._pick("已判断的企业", "firms decided"), self.firms),
            (self._pick("有误、未判断的行", "rows with faults, not decided"), left_out),
        )
        for row, (label, value) in enumerate(facts, start=1):
            sheet.write_string(row, 0, label, book.format())
            put = sheet.write_number if isinstance(value, int) else sheet.write_string
            put(row, 1, value, book.format(align="left"))
        row = len(facts) + 1
        for number, head in words.CERTAIN.items() if self.is_reckoned else ():
            total = sum(fen for (_, kind), fen in self.certain.items() if kind == number)
            sheet.write_string(row, 0, words.pick(head, self.lang), book.format())
            sheet.write_number(row, 1, yuan(total), book.format(num_format="#,##0.00", align="left"))
            row += 1
        row = self._write_sums(book, sheet, row + 1)
        self._write_schemes(book, sheet, row + 2)

    def _write_sums(self, book: Book, sheet: Worksheet, row: int) -> int:
        title = self._pick("金额（按归谁分开，互不相加）", "Sums, by who gets them, never added to each other")
        sheet.write_string(row, 0, title, book.format(bold=True))
        write_row(sheet, row + 1, [words.pick(head, self.lang) for head in _SUMS_HEAD], book.head())
        plain, money = book.format(), book.format(num_format="#,##0.00")
        row += 1
        for name in (*RECIPIENTS, None):
            for status in ("eligible", "needs_decision"):
                total = self.totals.get((name or "", status))
                if total is None:
                    continue
                row += 1
                sheet.write_string(row, 0, words.recipient(name, self.lang), plain)
                sheet.write_string(row, 1, words.status(status, self.lang), book.format(bg_color=words.COLOURS[status]))
                for at, figure in enumerate(total.figures(), start=2):
                    if figure is not None:
                        sheet.write_number(row, at, figure, plain if isinstance(figure, int) else money)
        return row

    def _write_schemes(self, book: Book, sheet: Worksheet, row: int) -> None:
        title = self._pick("各项政策的企业数", "Firms by scheme and status")
        sheet.write_string(row, 0, title, book.format(bold=True))
        heads = [self._pick("政策", "scheme"), self._pick("政策编号", "scheme id")]
        sums = words.CERTAIN if self.is_reckoned else {}
        heads += [words.status(one, self.lang) for one in STATUSES]
        write_row(sheet, row + 1, [*heads, *(words.pick(head, self.lang) for head in sums.values())], book.head())
        money = book.format(num_format="#,##0.00")
        for at, slug in enumerate(self.schemes, start=row + 2):
            sheet.write_string(at, 0, self.rulebook.schemes[slug].name.get(self.lang), book.format())
            sheet.write_string(at, 1, slug, book.format())
            for column, status in enumerate(STATUSES, start=2):
                number = self.by_scheme[slug][status]
                style = book.format(bg_color=words.COLOURS[status]) if number else book.format(font_color="#A6A6A6")
                sheet.write_number(at, column, number, style)
            for column, kind in enumerate(sums, start=2 + len(STATUSES)):
                if self.certain[slug, kind]:
                    sheet.write_number(at, column, yuan(self.certain[slug, kind]), money)

    def _pick(self, zh: str, en: str) -> str:
        return words.pick((zh, en), self.lang)
