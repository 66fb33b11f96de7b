"""Made-up firms for lists, and the ways in which people write what they state into cells."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from matcher.firms.credit_code import check_character, organisation_check

Firm = dict[str, Any]

Value = str | bool | None

Cell = Any

"""What stands in a cell: (shown value, Excel's number format) or a plain value."""

EPOCH = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Column:
    """A column: its heading (one text, or two of a double heading), what it truly holds, and how its cells are written."""

    head: str | tuple[str, str]
    fact: str | None
    write: Callable[[Firm, int], Cell]


@dataclass(frozen=True)
class Layout:
    """How a list is laid out around its columns."""

    kind: str
    columns: Sequence[Column]
    above: Sequence[Sequence[str]] = ()
    below: Sequence[Sequence[Any]] = ()
    sums: str | None = None
    subtotals: str | None = None
    hidden: Sequence[int] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    unit_row: bool = False
    index_row: bool = False
    group_rows: bool = False
    merge_district: bool = False
    left: int = 0
    cover: bool = False
    firms: int = 8
    extra: dict[str, Any] = field(default_factory=dict)


_BRANDS = (
    "恒通",
    "瑞达",
    "华昌",
    "津海",
    "盛源",
    "嘉禾",
    "众诚",
    "博远",
    "天祥",
    "永兴",
    "泰和",
    "佳美",
    "宏业",
    "方圆",
)

_TRADES = ("机械制造", "商贸", "餐饮管理", "建材", "汽车零部件", "软件科技", "物流", "食品", "服装", "电子", "环保工程")

_DISTRICTS = {
    **{"heping": "和平", "hedong": "河东", "hexi": "河西", "nankai": "南开", "hongqiao": "红桥", "dongli": "东丽"},
    **{"xiqing": "西青", "jinnan": "津南", "beichen": "北辰", "wuqing": "武清"},
}

_INDUSTRIES = ("3484", "5169", "6210", "5264", "3670", "6510", "5430", "1491", "1819", "3962")


def firms(seed: int, count: int) -> list[Firm]:
    """Made-up firms with every value that a column may show, always the same ones."""
    draw = random.Random(seed)
    made = []
    for at in range(count):
        district, district_name = draw.choice(list(_DISTRICTS.items()))
        nine = "".join(draw.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
        body = f"9112010{draw.randint(1, 6)}MA{nine[:6]}"
        body += organisation_check(body)
        form = draw.choice(["company", "company", "company", "individual_business", "partnership"])
        ends = {"company": "有限公司", "individual_business": "经营部", "partnership": "合伙企业（有限合伙）"}
        staff = draw.randint(2, 290)
        made.append(
            {
                "name": f"天津市{_BRANDS[(seed + at * 3) % len(_BRANDS)]}{draw.choice(_TRADES)}{ends[form]}",
                "credit_code": body + check_character(body),
                "legal_form": form,
                "district": district,
                "district_name": district_name,
                "industry": draw.choice(_INDUSTRIES),
                "established_on": datetime.date(draw.randint(2001, 2024), draw.randint(1, 12), draw.randint(1, 28)),
                "employees": staff,
                "current_staff": max(1, staff + draw.randint(-5, 9)),
                "insured_employees": max(1, staff - draw.randint(0, 4)),
                "annual_revenue": Decimal(draw.randint(80, 9000) * 10_000 + draw.randint(0, 99) * 100),
                "total_assets": Decimal(draw.randint(60, 4500) * 10_000 + draw.randint(0, 99) * 100),
                "annual_taxable_income": Decimal(draw.randint(1, 290) * 10_000),
                "six_taxes_two_fees_payable": Decimal(draw.randint(100_000, 9_000_000)) / 100,
                "unemployment_premium_last_year": Decimal(draw.randint(100_000, 5_000_000)) / 100,
                "disability_fund_due": Decimal(draw.randint(1_000, 40_000)),
                "rd_expense": Decimal(draw.randint(10, 400) * 10_000),
                "loan_principal": Decimal(draw.randint(20, 900) * 10_000),
                "loan_annual_rate": Decimal(draw.randint(280, 720)) / 100,
                "loan_term": draw.choice([12, 24, 36]),
                "loan_granted_on": datetime.date(2026, draw.randint(1, 11), draw.randint(1, 28)),
                "layoff_rate_last_year": Decimal(draw.randint(0, 190)) / 10,
                "disabled_employees": draw.randint(0, 3),
                "target_youth_hires": draw.randint(0, 6),
                "vat_status": draw.choice(["general", "small_scale"]),
                "tax_credit_rating": draw.choice(["a", "b", "m"]),
                "size_class": draw.choice(["small", "micro", "medium"]),
                "srdi_title": draw.choice(["none", "innovative", "srdi"]),
                "ownership": draw.choice(["private", "private", "foreign"]),
                "loan_purpose": draw.choice(["working_capital", "fixed_asset"]),
                **{name: draw.random() < 0.5 for name in _YES_NO},
            }
        )
    return made


_YES_NO = (
    "is_audited_collection",
    "is_high_tech_enterprise",
    "is_tech_sme",
    "is_above_scale",
    "is_dishonest_debtor",
    "is_on_abnormal_list",
    "pays_unemployment_insurance",
    "has_wage_or_social_insurance_arrears",
    "loan_is_overdue_or_bad",
    "in_restricted_or_prohibited_industry",
    "has_exports",
    "is_in_ftz",
    "holds_export_credit_policy",
    "received_retention_training_allowance",
)


def told(fact: str, firm: Firm) -> Value:
    """What a row states of a fact, as a profile file would: sums and shares as decimal texts, days in ISO form."""
    value = firm[fact]
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if fact in ("loan_annual_rate", "layoff_rate_last_year"):
        return _plain(value / 100)
    return _plain(value) if isinstance(value, Decimal) else str(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text(fact: str) -> Callable[[Firm, int], Cell]:
    """As it is."""
    return lambda firm, _: str(firm[fact])


def count(fact: str, unit: str = "") -> Callable[[Firm, int], Cell]:
    """A number of people or months, perhaps with its unit in the cell."""
    return lambda firm, _: f"{firm[fact]}{unit}" if unit else firm[fact]


def sum_of(fact: str, unit: int = 1, shape: str = "number") -> Callable[[Firm, int], Cell]:
    """Money in units of so many yuan: a number, grouped, with a currency's format, or with its unit in the cell."""

    def write(firm: Firm, _: int) -> Cell:
        value = firm[fact] / unit
        if shape == "currency":
            return (float(value), "¥#,##0.00")
        if shape == "accounting":
            return (float(value), '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ')
        if shape == "grouped":
            return f"{value:,.2f}"
        if shape == "signed":
            return f"￥{value:,.2f}"
        if shape == "wan":
            return f"{_plain(firm[fact] / 10_000)}万"
        return float(value)

    return write


def day(fact: str, shape: str = "date") -> Callable[[Firm, int], Cell]:
    """A day: an Excel date, its bare serial number, or one of the ways in which people type it."""

    def write(firm: Firm, _: int) -> Cell:
        on: datetime.date = firm[fact]
        shapes: dict[str, Cell] = {
            "date": (on, "yyyy/m/d"),
            "chinese": (on, 'yyyy"年"m"月"d"日"'),
            "serial": (on - EPOCH).days,
            "dots": f"{on.year}.{on.month}.{on.day}",
            "slashes": f"{on.year}/{on.month}/{on.day}",
            "words": f"{on.year}年{on.month}月{on.day}日",
            "digits": int(on.strftime("%Y%m%d")),
            "moment": f"{on.isoformat()} 00:00:00",
            "iso": on.isoformat(),
        }
        return shapes[shape]

    return write


def rate(fact: str, shape: str = "percent") -> Callable[[Firm, int], Cell]:
    """A share: a cell formatted as per cent, a text with the sign, or points under a heading with the sign."""

    def write(firm: Firm, at: int) -> Cell:
        value = firm[fact]
        if shape == "percent":
            return (float(value / 100), "0.00%")
        if shape == "whole":
            return (float(value / 100), "0%")
        return f"{_plain(value)}%" if shape == "sign" else float(value)

    return write


def flag(fact: str, words: str = "是 否") -> Callable[[Firm, int], Cell]:
    """Yes or no in these two words."""
    yes, no = words.split()
    return lambda firm, _: yes if firm[fact] else no


def choice(fact: str, **words: str) -> Callable[[Firm, int], Cell]:
    """One of several values in these words."""
    return lambda firm, _: words[firm[fact]]


def district(end: str = "区") -> Callable[[Firm, int], Cell]:
    """The district by its short or full name."""
    return lambda firm, _: firm["district_name"] + end


def other(make: Callable[[int], Cell]) -> Callable[[Firm, int], Cell]:
    """Something that is no fact, by the row's number from 0."""
    return lambda _, at: make(at)
