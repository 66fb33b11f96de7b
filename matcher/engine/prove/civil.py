"""Days as year, month and day inside the solver, for spans of months and years: between 1901 and 2099."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

FIRST_YEAR, LAST_YEAR = 1901, 2099
_BEFORE = date(FIRST_YEAR - 1, 12, 31).toordinal()
_CUMULATED = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Civil:
    """A day in parts."""

    year: Any
    month: Any
    day: Any


def leap(year: Any) -> Any:
    """Whether the year has a 29 February: between 1901 and 2099 every fourth."""
    return year % 4 == 0


def length(year: Any, month: Any) -> Any:
    """How many days the month has."""
    return _by_month(month, _LENGTHS) + z3.If(z3.And(month == 2, leap(year)), 1, 0)


def ordinal(parts: Civil) -> Any:
    """The day's number, as Python's date.toordinal counts."""
    since = parts.year - FIRST_YEAR
    extra = z3.If(z3.And(parts.month > 2, leap(parts.year)), 1, 0)
    return _BEFORE + 365 * since + since / 4 + _by_month(parts.month, _CUMULATED) + extra + parts.day


def split(day: Any, name: str) -> tuple[Civil, list[Any]]:
    """The parts of a day, and what makes them so."""
    parts = Civil(*(z3.Int(f"{name}.{part}") for part in ("year", "month", "day")))
    return parts, [
        parts.year >= FIRST_YEAR, parts.year <= LAST_YEAR, parts.month >= 1, parts.month <= 12,
        parts.day >= 1, parts.day <= length(parts.year, parts.month), ordinal(parts) == day,
    ]  # fmt: skip


def moved(parts: Civil, months: Any) -> Any:
    """The day moved by months: the same day of the month, or its last where there is none."""
    counted = parts.year * 12 + parts.month - 1 + months
    year, month = counted / 12, counted % 12 + 1
    last = length(year, month)
    return ordinal(Civil(year, month, z3.If(parts.day <= last, parts.day, last)))


def _by_month(month: Any, values: tuple[int, ...]) -> Any:
    result: Any = z3.IntVal(values[-1])
    for index in range(10, -1, -1):
        result = z3.If(month == index + 1, values[index], result)
    return result
