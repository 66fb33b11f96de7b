"""A figure or a day of which only the band is told in which it lies: enough to decide by where no bound lies inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from matcher.engine.forms import Interval, Number
from matcher.rulebook import Fact

End = int | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Band:
    """The values between two ends; None is a side without end, ``*_open`` leaves the end itself out. Money in fen."""

    low: End = None
    high: End = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: int | Fraction | date) -> bool:
        """Whether a value lies in the band."""
        number = _number(value)
        return number is not None and _interval(self).meets(Interval(number, number))


def of(fact: Fact, interval: Interval) -> Band:
    """The band of an interval as the engine keeps it: a day's ordinal becomes a day."""
    if fact.type != "date":
        return Band(interval.low, interval.high, interval.low_open, interval.high_open)
    low, high = (None if end is None else date.fromordinal(int(end)) for end in (interval.low, interval.high))
    return Band(low, high, interval.low_open, interval.high_open)


def intervals(vocabulary: Mapping[str, Fact], bands: Mapping[str, Band]) -> dict[str, Interval]:
    """Where the banded facts lie, within the bounds of the vocabulary too; an empty band is left out."""
    found = {name: within(vocabulary[name], band) for name, band in bands.items() if name in vocabulary}
    return {name: interval for name, interval in found.items() if not interval.empty}


def within(fact: Fact, band: Band) -> Interval:
    """The part of a fact's domain that lies in the band."""
    told, whole = _interval(band), fact.type in ("integer", "money", "date")
    least, most = fact.bounds
    interval = Interval(least, most)
    if told.low is not None:
        interval = interval.cut(">" if told.low_open else ">=", told.low, whole)
    if told.high is not None:
        interval = interval.cut("<" if told.high_open else "<=", told.high, whole)
    return interval


def _interval(band: Band) -> Interval:
    return Interval(_number(band.low), _number(band.high), band.low_open, band.high_open)


def _number(end: End) -> Number | None:
    return end.toordinal() if isinstance(end, date) else end
