"""What is at stake for a firm in each scheme: by it the questions are ordered, and nothing is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from matcher.engine import Reading
from matcher.rulebook import Likely, Rulebook

from . import gates
from .estimate import Estimate
from .gains import chance, known
from .readings import TO_THE_FIRM, Told

# What the money that is at stake counts, all of it together, against a scheme without money.
MONEY = 4.0

# A scheme that pays somebody else, or binds without paying, is asked about last.
OF_OTHERS = 0.3

# Of what a department selects firms for most get nothing, however much the text promises; what the law gives comes.
SELECTED = 0.25

_FOR_THE_FIRM = frozenset({*TO_THE_FIRM, "firm_deferral", "firm_right"})


@dataclass(frozen=True, slots=True)
class Stakes:
    """What each scheme is worth asking for: ``weight`` one for a scheme without money, more by its share of all that is to be
    expected. ``open_fen``: how many fen a year of a scheme still hang on what is not told. ``most``: the most fen it may come to."""

    weight: Mapping[str, float]
    open_fen: Mapping[str, int]
    shares: Mapping[str, float]
    most: Mapping[str, int]

    @classmethod
    def of(cls, rulebook: Rulebook, told: Told, found: Estimate, readings: Iterable[Reading]) -> Stakes:
        """By what the firm may come to: money that few firms have weighs less than what this one has already.

        The shares are of square roots: one sum that may run to millions must not put off all others, of which some are certain.
        """
        every = {reading.slug: reading for reading in readings}
        expected: dict[str, float] = {}
        usual, having = rulebook.likely.of_trade(told.facts.get("industry")), gates.having(rulebook, told)
        for one in found.reaches:
            likely = _odds(usual, having, told, every[one.scheme]) * (1.0 if one.standing == "sure" else SELECTED)
            expected[one.scheme] = sqrt(one.high * likely)
        total = sum(expected.values()) or 1.0
        shares = {slug: part / total for slug, part in expected.items()}
        weight = {}
        for reading in every.values():
            own = reading.gain is None or reading.gain.recipient is None or reading.gain.recipient in _FOR_THE_FIRM
            weight[reading.slug] = (1.0 if own else OF_OTHERS) + MONEY * shares.get(reading.slug, 0.0)
        open_fen = {one.scheme: one.high - one.low for one in found.reaches}
        return cls(weight, open_fen, shares, {one.scheme: one.high for one in found.reaches})

    def money(self, scheme: str) -> float:
        """What the money of one scheme counts."""
        return MONEY * self.shares.get(scheme, 0.0)


def _odds(usual: Likely, having: Collection[str], told: Told, reading: Reading) -> float:
    """How likely the firm has a scheme in the end: it meets the conditions, and has the thing they are about. ``usual``: what is likely in
    its trade; ``having``: see ``gates.having``."""
    if not reading.is_open:
        return 1.0
    things = [1.0 if name in having else known(usual, name, told) for name in reading.decision.missing]
    return chance(reading, usual, having).passes * min(things, default=1.0)
