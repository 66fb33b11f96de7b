"""Says which column of a list holds what, by the headings that people and programs give them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from matcher.engine.format import UNITS
from matcher.rulebook import Fact, Rulebook, Text

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
        fact = self.facts.get(column)
        return heading.kind is None or (fact is not None and fact.type == heading.kind)

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
