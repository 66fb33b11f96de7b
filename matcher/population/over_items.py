"""Firms with several loans, projects, machines …: each scheme decided for each of them, and what a line says of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.engine import Decision, Items, check, has_firm_side
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Scalar

from .exact import BEYOND, Line

_BEST_FIRST = ("eligible", "applies", "needs_decision")


@dataclass(frozen=True, slots=True)
class FirmWithItems:
    """What such a firm tells of itself, and of each item."""

    facts: Mapping[str, Scalar]
    items: Items

    def decide(self, rulebook: Rulebook, day: date, schemes: Iterable[str]) -> dict[str, list[Decision]]:
        """By scheme the decisions, one for each item that it is about."""
        found: dict[str, list[Decision]] = {}
        for one in check(rulebook, self.facts, day, schemes, items=self.items):
            found.setdefault(one.scheme, []).append(one)
        return found


def line_of_all(rulebook: Rulebook, decisions: Sequence[Decision]) -> Line:
    """What decisions on one scheme for several items come to: the best status that any has, and the sum of those that have it. The sum is
    exact where each of them is; where nothing is said of one, it counts for nothing and the sum is a range."""
    status = min((one.status for one in decisions), key=lambda one: _BEST_FIRST.index(one) if one in _BEST_FIRST else 9)
    if status not in _BEST_FIRST:
        return status, None, None, None, None, False
    held = [one for one in decisions if one.status == status]
    sums = [one.amount for one in held if one.amount is not None and one.amount.kind != "none"]
    own = any(has_firm_side(rulebook, one.scheme, one.reasons) for one in held)
    if not sums:
        return status, "none", None, None, held[0].recipient, own
    kinds = {one.kind for one in sums} if len(sums) == len(held) else {"range"}
    kind = kinds.pop() if len(kinds) == 1 else "range"
    low = sum(one.low for one in sums if kind != "range" or one.kind != "ceiling")
    high = sum(one.high for one in sums)
    ends = (low, high) if high < BEYOND else (None, None)
    return status, kind, *ends, held[0].recipient, own
