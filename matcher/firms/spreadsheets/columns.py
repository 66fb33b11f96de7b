"""Says which column of a list holds which fact: by its heading, or by a guess with its reason."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.rulebook import Fact, Rulebook, Text
from matcher.text import UNITS

# ---------------------------------------------------------------------------------------------------------------------
# Says which column of a list holds what, by the headings that people and programs give them.
# ---------------------------------------------------------------------------------------------------------------------


NEEDED = ("name", "credit_code")

OWN = ("id", "former_names", "parent_id")

"""Columns that are no facts."""

OWN_LABELS = {
    "id": Text(zh="编号", en="id"),
    "former_names": Text(zh="曾用名", en="former names"),
    "parent_id": Text(zh="总公司编号", en="parent id"),
}

_HEADINGS = {
    "id": "id 编号 企业编号",
    "name": "name 名称 企业名称 单位名称 公司名称 企业全称",
    "credit_code": "credit_code uscc 统一社会信用代码 社会信用代码 信用代码 纳税人识别号",
    "former_names": "former_names 曾用名 曾用名称 原名称",
    "parent_id": "parent_id 总公司编号 母公司编号 所属企业编号",
    "district": "district district_code 区 所在区 所属区 注册区 行政区划",
    "industry": "industry industry_code 行业 行业代码 国民经济行业代码",
    "legal_form": "legal_form 组织形式 企业类型 法律形式",
    "established_on": "established_on established 成立日期 注册日期 登记日期",
    "employees": "employees 从业人员 从业人数 职工人数 员工人数 上年末从业人员",
    "annual_revenue": "annual_revenue revenue_yuan 营业收入 年营业收入 上年营业收入",
    "total_assets": "total_assets assets_yuan 资产总额 总资产 上年末资产总额",
}

_UNIT = re.compile(r"\s*[(\[](?:单位[::]?\s*)?(人民币)?([^()\[\]]{1,8})[)\]]$")

_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]$")

_YUAN = {
    **{"元": 1, "千元": 1_000, "万元": 10_000, "万": 10_000, "十万元": 100_000, "百万元": 1_000_000},
    **{"千万元": 10_000_000, "亿元": 10**8, "亿": 10**8, "yuan": 1, "rmb": 1, "cny": 1, "10,000 yuan": 10_000},
}

_OTHER_UNITS = {"人": "integer", "名": "integer", "persons": "integer", "%": "rate", "％": "rate"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is compared: without its unit, ``yuan`` the yuan that one of it is, ``kind`` the type a unit calls for."""

    bare: str
    yuan: Decimal | None = None
    kind: str | None = None


def parse(heading: str) -> Heading:
    """Take a heading apart: `营业收入（万元）` is 营业收入 in units of 10,000 yuan."""
    written = plain_heading(heading)
    found = _UNIT.search(written)
    unit = found[2].strip() if found else ""
    if found and unit in _YUAN:
        return Heading(written[: found.start()], Decimal(_YUAN[unit]), "money")
    if found and unit in _OTHER_UNITS:
        return Heading(written[: found.start()], None, _OTHER_UNITS[unit])
    return Heading(written)


def plain_heading(heading: str) -> str:
    """A heading in half-width lower case without line breaks or the star of a field that must be filled."""
    narrow = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"\s+", " ", narrow).strip(" *:：")


class Columns:
    """The columns that a list can have, by every exact heading that is known for them."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.facts = rulebook.facts
        self.names: dict[str, str] = dict(_usual())
        for lang in ("zh", "en"):
            for column in (*self.facts, *OWN):
                self.names.setdefault(plain_heading(self.label(column).get(lang)), column)
                self.names.setdefault(plain_heading(self.heading(column, lang)), column)
        self.names |= {column: column for column in (*self.facts, *OWN)}

    def named(self, heading: str) -> str | None:
        """Return the column or fact that a heading names, by its id, label or a usual name; None for others.

        A unit that does not go with the fact (人 beside a sum) makes it another heading.
        """
        whole = self.names.get(plain_heading(heading))
        if whole is not None:
            return whole
        parsed = parse(heading)
        column = self.names.get(parsed.bare)
        return column if column is not None and self.allows(parsed, column) else None

    def allows(self, heading: Heading, column: str) -> bool:
        """Whether the unit of a heading, if it has one, is one for this column."""
        if heading.kind is None:
            return True
        fact = self.facts.get(column)
        if fact is None:
            return False
        # People may be counted in parts: somebody of a severe degree of disability counts twice, one of half a year half.
        return fact.type == heading.kind or (heading.kind == "integer" and fact.unit == "persons")

    def is_known(self, column: str) -> bool:
        """Whether there is such a fact or column."""
        return column in self.facts or column in OWN

    def label(self, column: str) -> Text:
        """The label of a fact or of a column that is none."""
        fact = self.facts.get(column)
        return OWN_LABELS[column] if fact is None else fact.label

    def heading(self, column: str, lang: str) -> str:
        """The heading that the template gives a column: its label with its unit, 上年度营业收入（元）."""
        label, fact = self.label(column).get(lang), self.facts.get(column)
        unit = "" if fact is None else unit_of(fact, lang)
        stated = _BRACKETS.search(label)
        if not unit or (stated and stated[1] in unit):  # 贷款期限（月） says it itself
            return label
        return f"{label} ({unit})" if lang == "en" else f"{label}（{unit}）"


def unit_of(fact: Fact, lang: str) -> str:
    """The unit in which a column of the template states a fact; empty where it has none."""
    if fact.type == "money":
        return "yuan" if lang == "en" else "元"
    if fact.type == "rate":
        return "%"
    return UNITS.get(fact.unit or "", (fact.unit or "", fact.unit or ""))[lang == "en"]


@functools.cache
def _usual() -> Mapping[str, str]:
    return {heading: column for column, listed in _HEADINGS.items() for heading in listed.split()}


# ---------------------------------------------------------------------------------------------------------------------
# Guesses which column of a list holds which fact, and says why; a person may overrule every guess.
# ---------------------------------------------------------------------------------------------------------------------


LEAST = 72.0  # of 100; below it a guess is more often wrong than right

APART = 4.0  # by which the best must lead the next

LONGEST = 100


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


def guess(headings: Sequence[str], rulebook: Rulebook, ids: Sequence[str | None] = ()) -> list[Guess]:
    """Return one guess a column, in their order, no fact twice: by the template's ids, exact headings, then likeness."""
    return _Guesser(headings, Columns(rulebook)).guesses(ids)


class _Guesser:
    def __init__(self, headings: Sequence[str], columns: Columns) -> None:
        self.headings, self.columns = headings, columns
        self.made: dict[int, Guess] = {}
        self.taken: dict[str, int] = {}

    def guesses(self, ids: Sequence[str | None]) -> list[Guess]:
        for at, told in enumerate(ids[: len(self.headings)]):
            if told is not None and self.columns.is_known(told):
                self._take(at, told, 100, Text(zh="模板的列", en="a column of the template"))
        for at, heading in enumerate(self.headings):
            known = None if at in self.made else self.columns.named(heading)
            if known is not None:
                self._take(at, known, 100, Text(zh="列名相符", en="a known heading"))
        for score, at, name in sorted(self._alike(), key=lambda one: (-one[0], one[1])):
            like = Text(zh=f"与“{name}”相近", en=f"like “{name}”")
            self._take(at, self.columns.names[name], int(score), like)
        return [self.made.get(at) or self._none(at) for at in range(len(self.headings))]

    def _take(self, at: int, column: str, score: int, reason: Text) -> None:
        first = self.taken.setdefault(column, at)
        if first == at:
            self.made[at] = Guess(at, self.headings[at], column, score, reason)
            return
        label = self.columns.label(column)
        zh, en = f"第 {first + 1} 列已是“{label.zh}”", f"column {first + 1} is {label.en} already"
        self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))

    def _alike(self) -> list[tuple[float, int, str]]:
        """For every heading that is not known, what it is most like, as (score, column, name)."""
        from rapidfuzz import fuzz, process  # only a list with other headings needs it: it would slow every start

        found = []
        for at, heading in enumerate(self.headings):
            parsed = parse(heading[:LONGEST])
            if at in self.made or len(parsed.bare) < 2:
                continue
            names = [name for name, column in self.columns.names.items() if self._may_be(parsed, column)]
            best = process.extract(parsed.bare, names, scorer=fuzz.ratio, score_cutoff=LEAST, limit=10)
            open_ = [(score, name) for name, score, _ in best if self.columns.names[name] not in self.taken]
            if not open_:
                continue
            score, name = open_[0]
            others = [other for other in open_ if self.columns.names[other[1]] != self.columns.names[name]]
            if others and score - others[0][0] < APART:
                self._undecided(at, name, others[0][1])
            else:
                found.append((score, at, name))
        return found

    def _may_be(self, heading: Heading, column: str) -> bool:
        """A department's finding is taken for one only where its exact heading stands."""
        fact = self.columns.facts.get(column)
        return self.columns.allows(heading, column) and (fact is None or fact.stated_by == "firm")

    def _undecided(self, at: int, one: str, other: str) -> None:
        reason = Text(zh=f"可能是“{one}”，也可能是“{other}”", en=f"may be “{one}” or “{other}”")
        self.made[at] = Guess(at, self.headings[at], None, 0, reason)

    def _none(self, at: int) -> Guess:
        if not self.headings[at]:
            return Guess(at, "", None, 0, Text(zh="没有列名", en="has no heading"))
        return Guess(at, self.headings[at], None, 0, Text(zh="没有相近的项目", en="nothing is like it"))
