"""Which of a firm's facts a near miss may move, and how far: the ``advise`` of each fact in the vocabulary.

What is past, what the firm is, whom it insures and every finding of a department stay as they are. Of a ladder of titles only the
next rung is advised; a span of time is waited for, never told otherwise.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from matcher.engine.days import shift
from matcher.engine.forms import Interval
from matcher.engine.worlds import Domain
from matcher.rulebook import NUMBERS, Fact

_SPANS = {"days": "days", "months": "months", "years": "months"}


def reach(fact: Fact, told: Any) -> Domain | None:
    """The values that a firm may lawfully be advised to bring a told fact to, with the one it has; None where it stays."""
    if fact.advise in (None, "never"):
        return None
    if fact.advise in ("up", "down") or (fact.advise == "date" and comes_with_time(fact)):
        least, most = fact.bounds
        return Interval(least, told) if fact.advise == "down" else Interval(told, most)
    values = frozenset(_values(fact, told))
    return None if not values else values | {told}


def _values(fact: Fact, told: Any) -> tuple[Any, ...]:
    to = getattr(fact.advise, "to", ())
    if fact.ladder:
        above = to.index(told) + 1 if told in to else 0
        return tuple(to[above : above + 1])
    return (
        tuple(to[: to.index(told)]) if told in to else tuple(to)
    )  # what stands before is better than what stands after


def less_demanding(fact: Fact, to: Any) -> int:
    """How many of the advised values ask for less than this one: they stand after it, the better being named first."""
    values = getattr(fact.advise, "to", ())
    return 0 if fact.ladder or to not in values else len(values) - 1 - values.index(to)


def comes_with_time(fact: Fact) -> bool:
    """Whether a fact is a span that grows by itself, so that the day can be named on which it is long enough."""
    return fact.advise == "date" and fact.type in NUMBERS and fact.unit in _SPANS


def day_reached(fact: Fact, told: Any, wanted: Any, today: int) -> date:
    """The day on which a span that is ``told`` long today has become ``wanted`` long; whole months where it counts years."""
    rest = Fraction(wanted) - Fraction(told)
    count = ceil(rest * 12) if fact.unit == "years" else ceil(rest)
    return date.fromordinal(shift(today, count, _SPANS[str(fact.unit)]))
