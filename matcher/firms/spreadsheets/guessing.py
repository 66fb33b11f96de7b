"""Guesses which column of a list holds which fact, by its heading and by its cells, and says why; what is doubtful stays open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.firms import read_key
from matcher.rulebook import Rulebook, Text
from matcher.text import today

from .columns import (
    NEEDED,
    Columns,
    Heading,
    forms,
    parse,
    plain_heading,
    unit_of_heading,
    usual_words,
)
from .evidence import Evidence
from .periods import OF_LAST_YEAR, YEAR, of_year, period_of_title
from .sheets import Cell, Row
from .usual_headings import GENERIC, NO_FACT, QUALIFIERS

LEAST = 72.0  # of 100; below it a guess is more often wrong than right

APART = 4.0  # by which the best must lead the next

FITTING = 0.8  # of the cells that must read as a fact's where its heading is only like it

BEARABLE = 0.4  # where the heading is known exactly: the other cells are faults of their rows

TELLING = 3  # different cells at least that speak against a heading known exactly; fewer are faults of their rows

LONGEST = 100

_QUALIFIER = re.compile(QUALIFIERS)

_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")

_WHETHER = re.compile(r"^(?:是否|有无|是不是|有没有)|(?:吗|情况|信息|与否|标志|标识)$")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column (its index, from 0) probably holds: a fact or a column such as former_names; None for nothing known.

    ``score`` is out of 100, 100 where the heading is known exactly; ``reason`` says why, also why not.
    """

    column: int
    heading: str
    fact: str | None
    score: int
    reason: Text


def guess(
    headings: Sequence[str],
    rulebook: Rulebook,
    ids: Sequence[str | None] = (),
    cells: Sequence[Sequence[Cell]] = (),
    *,
    has_unit: bool = False,
    title: str = "",
    on: date | None = None,
) -> list[Guess]:
    """Return one guess a column, in their order, no fact twice: by the template's ids, exact headings, cells, then likeness.

    ``cells`` are the first values of each column, without empty ones; ``has_unit``: a unit of money stands above the whole
    table; ``title`` is what the list is called, which may say of when its figures are; ``on`` is the day that the list is for
    (else today): last year is the one before it.
    """
    last_year = (on or today()).year - 1
    return _Guesser(headings, Columns(rulebook), cells, last_year, has_unit, title).guesses(ids)


def columns_of(rows: Iterable[Row], width: int) -> list[list[Cell]]:
    """The values of each column of some rows, without the empty ones, as `guess` takes them."""
    found: list[list[Cell]] = [[] for _ in range(width)]
    for _, cells in rows:
        for held, cell in zip(found, cells, strict=False):
            if cell != "":
                held.append(cell)
    return found


class _Guesser:
    def __init__(
        self,
        headings: Sequence[str],
        columns: Columns,
        cells: Sequence[Sequence[Cell]],
        last_year: int,
        has_unit: bool,
        title: str,
    ) -> None:
        self.period, self.is_past = period_of_title(title, last_year)
        self.headings, self.columns = headings, columns
        self.evidence = [
            Evidence(columns.facts, cells[at] if at < len(cells) else (), unit_of_heading(heading))
            for at, heading in enumerate(headings)
        ]
        self.read_as = [of_year(heading, last_year, columns) for heading in headings]
        self.has_unit = has_unit
        self.speaks_in_10000 = any(unit_of_heading(heading) == _WAN for heading in headings) or any(
            columns.named(heading) in _LARGE and not unit_of_heading(heading) and evidence.is_small()
            for heading, evidence in zip(headings, self.evidence, strict=True)
        )
        self.made: dict[int, Guess] = {}
        self.taken: dict[str, int] = {}
        self.cores = {name: _core(name) for name in columns.names}

    def guesses(self, ids: Sequence[str | None]) -> list[Guess]:
        for at, told in enumerate(ids[: len(self.headings)]):
            if told is not None and self.columns.is_known(told):
                self._take(at, told, 100, Text(zh="模板的列", en="a column of the template"))
        for at in range(len(self.headings)):
            if at not in self.made:
                self._by_heading(at)
        for at in range(len(self.headings)):
            if at not in self.made:
                self._by_cells(at)
        for score, at, name in sorted(self._alike(), key=lambda one: (-one[0], one[1])):
            like = Text(zh=f"与“{name}”相近", en=f"like “{name}”")
            self._take(at, self.columns.names[name], int(score), like)
        return [self.made.get(at) or self._none(at) for at in range(len(self.headings))]

    def _by_heading(self, at: int) -> None:
        """Take a heading that is known exactly, unless its cells say something else."""
        heading, evidence = self.read_as[at], self.evidence[at]
        if heading is None:
            zh, en = "不是上一年度的数", "is not the figure of last year"
            self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))
            return
        plain = [parse(form).bare for form in forms(heading)]
        column = self.columns.named(heading)
        if column is None or any(form in GENERIC for form in plain):
            if any(form in NO_FACT for form in plain):
                zh, en = "不是政策要用的内容", "is nothing that a scheme asks for"
                self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))
            return
        if read_key(column):  # says which loan, project … it is of: nothing else is headed so
            self._take(at, column, 100, Text(zh="列名相符", en="a known heading"))
            return
        fits = evidence.fits(column)
        is_foreign = fits is not None and fits < BEARABLE and evidence.size >= TELLING
        if is_foreign or self._says_only_yes(at, column):
            label = self.columns.label(column)
            zh, en = f"列名像“{label.zh}”，内容却不像", f"is headed like {label.en}, but its cells are not like it"
            self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))
        elif self._is_of_other_period(at, column):
            zh = f"表名写的是{self.period}，不清楚是不是上一年度的数；请在列名写明年份"
            en = f"the list is called {self.period}: whether this is of last year is not clear; name the year in the heading"
            self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))
        elif not self._is_unit_clear(at, column):
            zh, en = (
                "数很小，不清楚是元还是万元；请在列名写明单位",
                "small sums: yuan or 10,000 yuan? Name the unit in the heading",
            )
            self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))
        else:
            self._take(at, column, 100, Text(zh="列名相符", en="a known heading"))

    def _by_cells(self, at: int) -> None:
        """Take a column whose cells can be of one fact only, where its heading does not speak against it."""
        heading, evidence = self.read_as[at] or "", self.evidence[at]
        bare = parse(forms(heading)[-1]).bare
        if _QUALIFIER.search(bare):
            return
        found = evidence.telling()
        if found is None and bare in GENERIC:
            found = evidence.choice()
        if found is None or not self._may_head(bare, found):
            return
        because = Text(zh="按单元格的内容判断", en="by what its cells hold")
        if found in self.taken:
            return
        self._take(at, found, 90 if bare else 75, because)

    def _may_head(self, bare: str, column: str) -> bool:
        """Whether a heading may stand over a column that its cells were recognised by: an empty one, a general one, a near one."""
        if not bare or bare in GENERIC:
            return True
        names = [self.cores[name] for name, named in self.columns.names.items() if named == column]
        if column == "name":
            return bool(re.search(r"企业|公司|单位|户|主体|纳税人|名称|name|firm|company", bare))
        return any(_shared(bare, name) for name in names)

    def _says_only_yes(self, at: int, column: str) -> bool:
        """Whether cells say yes where one of several values is asked for: which one is not known."""
        fact = self.columns.facts.get(column)
        return fact is not None and fact.type == "enum" and self.evidence[at].is_yes_no()

    def _is_of_other_period(self, at: int, column: str) -> bool:
        """Whether a fact of last year would be read from a list that is called by another year or by months of this one."""
        fact = self.columns.facts.get(column)
        if not self.period or fact is None or not OF_LAST_YEAR.search(fact.label.zh):
            return False
        heading = plain_heading(self.headings[at])
        return not YEAR.search(heading) and (self.is_past or not OF_LAST_YEAR.search(usual_words(heading)))

    def _is_unit_clear(self, at: int, column: str) -> bool:
        fact = self.columns.facts.get(column)
        if fact is None or fact.type != "money" or self.has_unit:
            return True
        if unit_of_heading(self.headings[at]) is not None:
            return True
        if column in _LARGE:
            return not self.evidence[at].is_small()
        return not (self.speaks_in_10000 and self.evidence[at].is_small(_WAN))

    def _take(self, at: int, column: str, score: int, reason: Text) -> None:
        first = self.taken.setdefault(column, at)
        if first == at:
            self.made[at] = Guess(at, self.headings[at], column, score, reason)
            return
        label = self.columns.label(column)
        if (
            score == self.made[first].score == 100
            and column not in NEEDED
            and self.evidence[first].differs(self.evidence[at])
        ):
            zh = f"第 {first + 1} 列和第 {at + 1} 列都是“{label.zh}”，内容不同；请选定一列"
            en = f"columns {first + 1} and {at + 1} are both {label.en} and differ; choose one of them"
            for one in (first, at):
                self.made[one] = Guess(one, self.headings[one], None, 0, Text(zh=zh, en=en))
            return
        zh, en = f"第 {first + 1} 列已是“{label.zh}”", f"column {first + 1} is {label.en} already"
        self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))

    def _alike(self) -> list[tuple[float, int, str]]:
        """For every heading that is not known, what it is most like, as (score, column, name)."""
        found = []
        for at in range(len(self.headings)):
            heading = self.read_as[at]
            if at in self.made or heading is None:
                continue
            best: dict[str, tuple[float, str]] = {}
            for form in forms(heading[:LONGEST]):
                for score, name in self._near(at, parse(form)):
                    column = self.columns.names[name]
                    if score > best.get(column, (0.0, ""))[0]:
                        best[column] = (score, name)
            ranked = sorted(best.values(), reverse=True)
            if not ranked:
                continue
            if ranked[1:] and ranked[0][0] - ranked[1][0] < APART:
                self._undecided(at, ranked[0][1], ranked[1][1])
            else:
                found.append((ranked[0][0], at, ranked[0][1]))
        return found

    def _near(self, at: int, heading: Heading) -> list[tuple[float, str]]:
        """The names that a heading is like, of facts whose cells could be these."""
        from rapidfuzz import fuzz  # only a list with other headings needs it: it would slow every start

        core = _core(heading.bare)
        if len(core) < 2 or core in GENERIC or heading.bare in NO_FACT:
            return []
        near = []
        for name, column in self.columns.names.items():
            if not self._may_be(at, heading, column):
                continue
            other = self.cores[name]
            if _differs(heading.bare, other):
                continue
            score = max(fuzz.ratio(heading.bare, name), fuzz.ratio(core, other))
            if (_is_more(core, other) or _is_more(other, core)) and not _is_slip(core, other):
                score = score if score >= _ALMOST else 0.0
            score = max(score, _contained(core, other))
            if score >= LEAST and self._fits(at, column):
                near.append((score, name))
        return near

    def _fits(self, at: int, column: str) -> bool:
        if column in self.taken:
            return False
        fits = self.evidence[at].fits(column)
        is_clear = self._is_unit_clear(at, column) and not self._is_of_other_period(at, column)
        return (fits is None or fits >= FITTING) and is_clear

    def _may_be(self, at: int, heading: Heading, column: str) -> bool:
        """A department's finding is taken for one only where its exact heading stands."""
        fact = self.columns.facts.get(column)
        if fact is not None and (fact.stated_by != "firm" or not _may_be_of_kind(heading.bare, fact.type)):
            return False
        return self.columns.allows(heading, column)

    def _undecided(self, at: int, one: str, other: str) -> None:
        reason = Text(zh=f"可能是“{one}”，也可能是“{other}”", en=f"may be “{one}” or “{other}”")
        self.made[at] = Guess(at, self.headings[at], None, 0, reason)

    def _none(self, at: int) -> Guess:
        if not self.headings[at]:
            return Guess(at, "", None, 0, Text(zh="没有列名", en="has no heading"))
        return Guess(at, self.headings[at], None, 0, Text(zh="没有相近的项目", en="nothing is like it"))


_LARGE = frozenset(
    {"annual_revenue", "total_assets", "assets_end_last_month", "net_assets", "prior_year_vat_sales", "loan_principal"}
    | {"credit_line_total", "guarantee_amount", "upgrade_total_investment", "rd_expense"}
)

"""Sums that no firm has in hundreds of yuan: so small they are rather given in units of 10,000."""

_WAN = Decimal(10_000)


_KINDS = (
    (re.compile(r"率|比例|比重|占比|%"), frozenset({"rate"})),
    (re.compile(r"人数|个数|户数|件数|台数|月数|次数|数量"), frozenset({"integer", "number"})),
    (re.compile(r"日期|时间|年月|日$"), frozenset({"date"})),
    (re.compile(r"金额|总额|税额|收入|销售额|利润|资产|投资额|本金"), frozenset({"money"})),
    (re.compile(r"^是否|^有无|是否"), frozenset({"boolean"})),
)


def _may_be_of_kind(heading: str, kind: str) -> bool:
    """Whether a heading that names a share, a count, a day, a sum or a yes and no may stand over a fact of this type."""
    named = [kinds for pattern, kinds in _KINDS if pattern.search(heading)]
    return not named or kind == "boolean" or any(kind in kinds for kinds in named)


def _core(text: str) -> str:
    """What a heading or label is about, without brackets and without 是否."""
    bare = _IN_BRACKETS.sub("", plain_heading(text))
    return _WHETHER.sub("", bare).replace("是否", "") or bare


def _differs(heading: str, name: str) -> bool:
    """Whether a heading has a word that makes another thing of it, or says when it is and the name says something else."""
    if re.search(r"20\d\d", name) and not re.search(r"20\d\d", heading):
        return True
    extra = set(_QUALIFIER.findall(heading)) - set(_QUALIFIER.findall(name))
    return bool(extra) or not set(_WHEN.findall(heading)) <= set(_WHEN.findall(name))


_WHEN = re.compile(
    r"上月|本月|当月|本季|当季|本期|上期|期初|年初|季度|一季|二季|三季|四季|一个月|缓缴|增量|上年|去年|当年|本年"
)

_NEUTRAL = re.compile(
    r"企业|公司|单位|本市|我|贵|现在|目前|金额|数额|情况|合计|总|约|登记|数|人数|人员|额|是|否|有|无|为|已|的|者|人|名|元|税款|应缴|应纳|[()（）\[\]:：/、\s]"
)

_ALMOST = 90.0  # of 100: what a heading with other characters than the name's must reach, a slip of the pen


def _is_more(core: str, name: str) -> bool:
    """Whether a heading has characters, beside those that mean little, that the name has not: 负债总额 is no 资产总额."""
    rest = Counter(_NEUTRAL.sub("", core))
    rest.subtract(Counter(name))
    return any(count > 0 for count in rest.values())


def _is_slip(core: str, name: str) -> bool:
    """Whether a heading is a name with one character taken for another: 营业收人 for 营业收入; a numeral is none."""
    if len(core) != len(name) or len(name) < _LONG_ENOUGH:
        return False
    wrong = [pair for pair in zip(core, name, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and not any(char.isnumeric() for char in wrong[0])


_LONG_ENOUGH = 5  # characters: in a shorter one another character makes another word


def _contained(core: str, name: str) -> float:
    """How near a heading is to a name that holds it, or that it holds beside words that mean little.

    A heading that says less than the name is no guess: 所得税 is no 应纳税所得额, 固定资产 no investment in a renewal, 销售额 no
    month's. Only words that mean little may be missing from it.
    """
    if len(min(core, name, key=len)) < 3:
        return 0.0
    if name in core:
        return 92.0 if not _NEUTRAL.sub("", core.replace(name, "", 1)) else 0.0
    if core not in name or len(core) / len(name) < 0.25 or _NEUTRAL.sub("", name.replace(core, "", 1)):
        return 0.0
    return 72 + 25 * len(core) / len(name)


def _shared(one: str, other: str) -> bool:
    """Whether two words have two characters in a row in common, or are one character of the other."""
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return bool(pairs & {other[at : at + 2] for at in range(len(other) - 1)}) or (len(one) == 1 and one in other)
