"""Finds in a document what answers a fact exactly: the same thing, in the same unit, of the same period; all else is left out.

Left out on purpose, since no fact means the same: the averages of the basic information sheet (A000000) where the facts ask for the end
of the year, the sales lines of the VAT returns, of which each is a part of the period's sales, and the tax payable after relief.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from . import lines
from .licence import licence_values
from .pages import Part
from .sections import Period, Section, codes, sections


@dataclass(frozen=True, slots=True)
class Finding:
    """A value read: the fact, the value as a profile states it (yuan as a decimal, a day in ISO form), and where it stands.

    ``period`` is what the form says it is about (None: nothing, or no period applies); ``is_asked`` whether that is the period the fact
    means; ``has_unit`` whether the form says its unit of money; ``page`` counts from 1.
    """

    fact: str
    value: str
    title: str
    line: str
    page: int | None
    sheet: str | None
    period: Period | None
    is_asked: bool
    has_unit: bool = True


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read, one value a fact at most; ``codes`` are the credit codes named; ``forms`` the titles recognised.

    ``contradictory`` are the facts of which two values of one period stand in the document: neither is taken.
    """

    found: tuple[Finding, ...]
    codes: frozenset[str]
    forms: tuple[str, ...]
    contradictory: tuple[str, ...] = ()


def find(parts: Iterable[Part], as_of: date, districts: Mapping[str, str]) -> Findings:
    """What the rows of a document say, asked on this day; ``districts`` are the values of the fact by their Chinese names."""
    parts = tuple(parts)
    known = sections(parts)
    every: dict[str, list[Finding]] = {}
    for section in known:
        for one in _of_section(section, as_of, districts):
            every.setdefault(one.fact, []).append(one)
    taken, contradictory = list[Finding](), list[str]()
    for fact, found in every.items():
        fitting = [one for one in found if one.is_asked] or found
        if len({one.value for one in fitting}) == 1:
            taken.append(fitting[0])
        else:
            contradictory.append(fact)
    titles = tuple(dict.fromkeys(one.title for one in known))
    return Findings(tuple(taken), codes(parts), titles, tuple(contradictory))


def _of_section(section: Section, as_of: date, districts: Mapping[str, str]) -> Iterator[Finding]:
    if section.form == "licence":
        for fact, line, value, page in licence_values(section.rows, districts):
            yield Finding(fact, value, section.title, line, page, section.sheet, None, is_asked=True)
        return
    period = section.period()
    if section.form == "income_tax":
        is_annual = period is not None and period.first.year == period.last.year
        year = period.last.year if period is not None and is_annual else None
        yield from _money(section, "annual_taxable_income", lines.TAXABLE_INCOME, period, year == as_of.year)
        yield from _money(section, "annual_revenue", lines.REVENUE, period, year == as_of.year - 1)
    elif section.form in ("vat_general", "vat_small"):
        yield from _vat(section, period, as_of)
    elif section.form == "balance":
        yield from _assets(section, period, as_of)
    elif section.form == "income":
        yield from _revenue(section, period, as_of)


def _money(
    section: Section,
    fact: str,
    line: lines.Line,
    period: Period | None,
    is_asked: bool,
    column: int = 0,
    columns: int = 1,
) -> Iterator[Finding]:
    """The amount of a line: the one in this column, where the line has as many as it should."""
    yuan, has_unit = section.yuan()
    if yuan is None:
        return
    for found in lines.amounts(section.rows, line, columns):
        value = lines.in_yuan(found.numbers[column], yuan)
        if value is not None:
            yield Finding(fact, value, section.title, found.name, found.page, section.sheet, period, is_asked, has_unit)


def _vat(section: Section, period: Period | None, as_of: date) -> Iterator[Finding]:
    """Which kind of taxpayer uses the form, and the credit that is left; the tax period before the application is the last month."""
    last_month = as_of.replace(day=1) - timedelta(days=1)
    status = "general" if section.form == "vat_general" else "small_scale"
    is_recent = period is not None and timedelta(0) <= as_of - period.last <= timedelta(days=100)
    page = section.rows[0].page if section.rows else None
    yield Finding("vat_status", status, section.title, section.title, page, section.sheet, period, is_recent)
    if section.form == "vat_general":
        named = {
            date(2019, 3, 31): "credit_balance_2019_03",
            date(last_month.year - 1, 12, 31): "credit_balance_prior_year_end",
        }
        fact = named.get(period.last, "credit_balance_end") if period else "credit_balance_end"
        is_asked = period is not None and (period.last in named or period.last == last_month)
        yield from _money(section, fact, lines.VAT_CREDIT, period, is_asked, columns=0)


def _assets(section: Section, period: Period | None, as_of: date) -> Iterator[Finding]:
    """Total assets at the end of last year: of last year's sheet the end, of this year's the column 上年年末余额."""
    heads = lines.balance_columns(section.rows)
    if heads is None:
        return
    wanted = date(as_of.year - 1, 12, 31)
    if period is not None and period.last.year == as_of.year and "上年年末余额" in heads:
        column, period = heads.index("上年年末余额"), Period(wanted, wanted)
    else:
        column = heads.index("期末")
    is_asked = period is not None and period.last == wanted
    yield from _money(section, "total_assets", lines.TOTAL_ASSETS, period, is_asked, column, len(heads))


def _revenue(section: Section, period: Period | None, as_of: date) -> Iterator[Finding]:
    """Revenue of last year: the column 本年累计 of the statement to December, or the only period of an annual one."""
    heads = lines.income_columns(section.rows)
    if heads is None:
        return
    column = heads.index("累计") if "累计" in heads else heads.index("本期")
    if "累计" in heads and period is not None:
        period = Period(date(period.last.year, 1, 1), period.last)
    is_asked = period is not None and period.is_year and period.last.year == as_of.year - 1
    yield from _money(section, "annual_revenue", lines.REVENUE, period, is_asked, column, len(heads))
