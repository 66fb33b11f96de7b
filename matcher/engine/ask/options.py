"""A question that may be put next, and what its answer does for the schemes that wait for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.engine import Reading

from .gains import Gain
from .readings import beyond_telling
from .stakes import Stakes

# So many rows in all where figures for a sum stand with questions on which a status hangs; and the money that makes it worth while.
MOST_WITH_SUMS, WORTH_RECKONING = 7, 0.1

# A question joins a screen if it is as likely as this that the answers before it on the screen do not make it needless.
STILL_NEEDED = 0.5

# An answer that brings a scheme nearer, though it waits for what the firm cannot tell: another one may still rule it out.
NEARER_ALL_THE_SAME = 0.2


@dataclass(frozen=True, slots=True)
class Option:
    """A question that may be put: a fact or a gate, and the schemes that wait for its answer. ``known``: how likely the answer
    is one that says something; ``gains``: what such an answer does, by scheme; ``about``: the facts it answers or spares;
    ``unsure``: what the firm could not answer before."""

    name: str
    sort: str
    waiting: Sequence[Reading]
    known: float
    gains: Mapping[str, Gain]
    about: frozenset[str]
    unsure: frozenset[str]
    stakes: Stakes

    @property
    def worth(self) -> float:
        """What it does for each scheme that waits for it, the more the more money is in it; less where a firm hardly knows. For a sum
        every answer is wanted, so that each of them is a step: that counts beside what it settles."""
        return self.known * sum(
            self.stakes.weight[one.slug] * self._value(one) + self.stakes.money(one.slug) * self.gains[one.slug].nearer
            for one in self.waiting
        )

    def _value(self, reading: Reading) -> float:
        """A scheme that waits for what the firm cannot tell comes no nearer to its answer; it is settled at once or not."""
        found = self.gains[reading.slug]
        if not beyond_telling(reading, self.unsure):
            return found.value
        others = set(reading.decision.missing) - self.unsure - self.about
        return found.settles or (NEARER_ALL_THE_SAME * found.value if others else 0.0)
