"""Days moved by days, months and years: the same day of the month, or its last day where there is none."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


def shift(day: int, amount: int, span: str) -> int:
    """The ordinal of ``day`` moved by ``amount`` days, months or years; 29 February + 1 year is 28 February."""
    if span == "days":
        return day + amount
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + amount * (12 if span == "years" else 1)
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        return _FIRST if year < date.min.year else _LAST
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def last_day_with(amount: int, span: str, bound: int, *, strict: bool) -> int:
    """The last day d for which d moved by ``amount`` is ≤ ``bound`` (< with ``strict``). Found by search: moving is monotone."""
    low, high = _FIRST, _LAST
    while low < high:
        middle = (low + high + 1) // 2
        moved = shift(middle, amount, span)
        if moved < bound or (moved == bound and not strict):
            low = middle
        else:
            high = middle - 1
    return low
