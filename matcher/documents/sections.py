"""Divides a document into its forms by their official titles, and reads what a form's head says: period, unit, credit code."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from matcher.text import without_blanks

from .pages import Part, Row

Form = Literal["income_tax", "vat_general", "vat_small", "balance", "income", "licence"]

# Official titles as they stand after NFKC, without blanks. A consolidated statement (合并…) is of a group, not of this firm.
_TITLES: dict[Form, re.Pattern[str]] = {
    "income_tax": re.compile(r"(A100000)?(中华人民共和国)?企业所得税年度纳税申报表\(A类\)"),
    "vat_general": re.compile(r"增值税(及附加税费|纳税)申报表\((增值税)?一般纳税人适用\)"),
    "vat_small": re.compile(r"增值税(及附加税费|纳税)申报表\((增值税)?小规模纳税人适用\)"),
    "balance": re.compile(r"资产负债表(\([^()]*\))?"),
    "income": re.compile(r"(利润表|损益表)(\([^()]*\))?"),
    "licence": re.compile(r"营业执照(\([^()]*\))*"),
}

# Any other table's title; 会企01表 is the number of a form and stands under its title.
_OTHER = re.compile(r"(?!会.{0,3}\d\d表$)(A\d{6})?[^:\d]{2,40}(表|附列资料)(\([^()]*\))*|A\d{6}")

_HEAD_ROWS = 14

_DAY = r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?"

_RANGE = re.compile(_DAY + r"(?:至|到|—+|-|~|起至)" + _DAY)

_ONE_DAY = re.compile(_DAY)

_MONTH = re.compile(r"(\d{4})年(\d{1,2})月(?!\d{1,2}日)")

_YEAR = re.compile(r"(\d{4})年度")

# The day on which a form was filled in is no period.
_FILLED = re.compile(r"(填表|填报|申报|报送|打印|制表|受理|编制)(日期|时间)[:]?" + _DAY)

_UNIT = re.compile(r"(?<!编制)(?<!填报)(?<!申报)(?<!纳税)单 ?位 ?:? ?(?:人民币)?(元|千元|万元)(?![^\s,;()列至角分\d])")

_YUAN: dict[str, Decimal] = {"元": Decimal(1), "千元": Decimal(1_000), "万元": Decimal(10_000)}

_CODE = re.compile(r"(?:纳税人识别号|统一社会信用代码)[^0-9A-Z]{0,24}([0-9A-Z]{18})(?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a form is about; a balance sheet's is one day, first and last."""

    first: date
    last: date

    @property
    def is_year(self) -> bool:
        """Whether it runs to the end of the year in which it began, a month or more (a firm may begin within a year)."""
        return self.first.year == self.last.year and (self.last.month, self.last.day) == (12, 31) and self.is_long

    @property
    def is_long(self) -> bool:
        """Whether it is more than one quarter: an annual one by any reading."""
        return (self.last - self.first).days > 92


@dataclass(slots=True)
class Section:
    """One form of a document: its kind, its title as it stands, where, and its rows."""

    form: Form | None
    title: str
    sheet: str | None
    rows: list[Row] = field(default_factory=list)

    @property
    def head(self) -> str:
        """What stands above the lines and at their beginning, in one text."""
        return " ".join(without_blanks("".join(row.words)) for row in self.rows[:_HEAD_ROWS])

    def period(self) -> Period | None:
        """What the head says it is about; None where it says nothing, or two things."""
        head = _FILLED.sub(" ", self.head)
        ranges = {_between(one) for one in _RANGE.findall(head)}
        if ranges or self.form in ("income_tax", "vat_general", "vat_small"):
            return _only(ranges)
        days = {_between((*one, *one)) for one in _ONE_DAY.findall(head)}
        if days and self.form == "balance":
            return _only(days)
        months = {_months(int(year), int(month), int(month)) for year, month in _MONTH.findall(head)}
        if months or days:
            return _only(months) if not days else None
        return _only({_months(int(year), 1, 12) for year in _YEAR.findall(head)})

    def yuan(self) -> tuple[Decimal | None, bool]:
        """What one of the form's unit is worth in yuan, None where the head says two; and whether the form says a unit at all.

        A tax return is in yuan by its instructions.
        """
        words = " ".join(without_blanks(word) for row in self.rows[:_HEAD_ROWS] for word in row.words)
        found = {_YUAN[unit] for unit in _UNIT.findall(words)}
        if not found:
            return _YUAN["元"], self.form not in ("balance", "income")
        return (found.pop(), True) if len(found) == 1 else (None, True)


def _only(found: set[Period | None]) -> Period | None:
    return found.pop() if len(found) == 1 else None


def _between(told: Iterable[str]) -> Period | None:
    numbers = [int(one) for one in told]
    try:
        first, last = date(*numbers[:3]), date(*numbers[3:])
    except ValueError:
        return None
    return Period(first, last) if first <= last else None


def _months(year: int, first: int, last: int) -> Period | None:
    if not (1900 < year < 2200 and 1 <= first <= last <= 12):
        return None
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def title_of(text: str) -> Form | None:
    """The form that has this title (plain text)."""
    return next((form for form, title in _TITLES.items() if title.fullmatch(text)), None)


def sections(parts: Iterable[Part]) -> list[Section]:
    """The forms of a document that are known, in order. Another table's title ends a form; a page without a title goes on with it."""
    found: list[Section] = []
    for part in parts:
        name = without_blanks(part.sheet or "")
        here = Section(title_of(name), name, part.sheet)
        found.append(here)
        for at, row in enumerate(part.rows):
            text = without_blanks("".join(row.words))
            below = without_blanks("".join(part.rows[at + 1].words)) if at + 1 < len(part.rows) else ""
            whole = text + below if below.startswith("(") else text
            form = title_of(text) or title_of(whole)
            if form is not None and form == here.form and not here.rows:
                here.title = text  # the sheet is called as the form in it
            elif form is not None or (_OTHER.fullmatch(text) and not title_of(text + below)):
                if text == "A100000":
                    continue
                here = Section(form, text if title_of(text) else whole, part.sheet)
                found.append(here)
                continue
            here.rows.append(row)
    return [one for one in found if one.form is not None]


def codes(parts: Iterable[Part]) -> frozenset[str]:
    """The credit codes of the taxpayer or holder that a document names."""
    texts = (without_blanks(" ".join(row.words)) for part in parts for row in part.rows)
    return frozenset(code for text in texts for code in _CODE.findall(text))
