"""Says which column of a list holds what, by the headings that people and programs give them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

from matcher.firms.reference import read_table
from matcher.places import rules_dir
from matcher.rulebook import Rulebook

NEEDED = ("name", "credit_code")
OWN = ("id", "former_names", "parent_id")
"""Columns that are no facts."""

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
_FORMS = {
    "有限责任公司": "company",
    "有限公司": "company",
    "股份有限公司": "company",
    "公司": "company",
    "合伙企业": "partnership",
    "个人独资企业": "sole_proprietorship",
    "个体工商户": "individual_business",
    "个体户": "individual_business",
    "农民专业合作社": "farmers_cooperative",
    "分支机构": "branch",
    "分公司": "branch",
}
_UNIT = re.compile(r"\((人|元|名)\)$")
_DISTRICTS = ("kind", "code", "name_zh", "name_en", "district_code", "aliases", "status", "value")


def column_of(heading: str, rulebook: Rulebook) -> str | None:
    """Return the column or fact that a heading names, by its id, its Chinese label or a usual name; None for others."""
    written = _UNIT.sub("", unicodedata.normalize("NFKC", heading).strip().casefold())
    known = _headings().get(written)
    if known or written in rulebook.facts:
        return known or written
    return next((fact.id for fact in rulebook.facts.values() if fact.label.zh == written), None)


def value_of(column: str, told: str) -> str:
    """Return a cell as the fact has it: 120104 and 南开区 are nankai, 有限责任公司 is company; others as they stand."""
    if column == "district":
        return _districts().get(told, told)
    if column == "legal_form":
        return _FORMS.get(told, told)
    return told


@functools.cache
def _headings() -> Mapping[str, str]:
    return {heading: column for column, listed in _HEADINGS.items() for heading in listed.split()}


@functools.cache
def _districts() -> Mapping[str, str]:
    rows = [row for _, row in read_table(rules_dir(), "reference/districts.csv", _DISTRICTS)]
    by_name = {name: row["value"] for row in rows for name in (row["name_zh"], *row["aliases"].split("|")) if name}
    by_short = {row["name_zh"].rstrip("区"): row["value"] for row in rows if row["kind"] == "district"}
    return by_short | by_name | {row["code"]: row["value"] for row in rows if row["code"]}
