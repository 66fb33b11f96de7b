"""What an evaluation can come to besides a plain value, and how yes, no and open questions combine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.engine.worlds import Split

Truth = bool | Split


@dataclass(frozen=True, slots=True)
class Open:
    """An untold enumeration: its variable, its facts, and the values it can still have."""

    name: str
    domain: frozenset[str]


@dataclass(frozen=True, slots=True)
class Moved:
    """An untold day moved by a span: compared through the last day that still meets a bound."""

    name: str
    amount: int
    span: str


UNPLACED = object()  # an enumeration that the told facts cannot place at all (an industry outside the standard)


class RuleError(Exception):
    """A rule came to something it cannot decide (a divisor that may be zero, a look-up without a row)."""


def both(results: Iterable[Truth]) -> Truth:
    """All of them. Any false child decides, so all are looked at before a question is asked; the firm is asked first."""
    question: Split | None = None
    for result in results:
        if result is False:
            return False
        if isinstance(result, Split) and (question is None or (question.by_department and not result.by_department)):
            question = result
    return True if question is None else question


def either(results: Iterable[Truth]) -> Truth:
    """Any of them."""
    return negation(both(negation(result) for result in results))


def negation(result: Truth) -> Truth:
    """The opposite; a question stays the same question."""
    return result if isinstance(result, Split) else not result
