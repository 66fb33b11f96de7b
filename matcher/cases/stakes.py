"""What an answer is worth to a firm: the money that hangs on it, so that what is worth most is asked first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matcher.engine.ask import Price, Survey
from matcher.rulebook import Likely, Rulebook

_NO_END = 2_000_000

"""Fen that an open scheme without an end to its sum counts for in the order: some thousands of yuan, as most come to."""


@dataclass(frozen=True, slots=True)
class Stake:
    """A fact that schemes wait for, and the fen that they may come to at most: what a firm could have, not what it will.

    ``fen`` is 0 where no end is known, or no sum hangs on it.
    """

    fact: str
    fen: int


def stakes(rulebook: Rulebook, asked: Survey, put_aside: Collection[str] = ()) -> tuple[Stake, ...]:
    """What a firm may be asked: the sums of what it is entitled to already, then what open schemes wait for, by their money.

    The order weighs the money by how likely a firm of the city has the thing that the question is about (a loan, a REIT), so
    that a shop is not asked about bonds first; the money itself is said whole. ``put_aside`` are left out, and so is what the
    firm's trade, size and kind rule out.
    """
    likely = rulebook.likely
    names = [name for name in asked.prices if name in rulebook.facts and name not in put_aside]
    names = [name for name in names if rulebook.facts[name].stated_by == "firm" and name not in asked.unasked.facts]
    names.sort(key=lambda name: -_weight(asked.prices[name]) * _share(likely, name))
    # What the firm has already and lacks only the sum of: the tax payable comes before all that it may have besides.
    sums = [name for facts in asked.unreckoned.values() for name in facts if name not in put_aside]
    first = [name for name in sums if name in rulebook.facts and rulebook.facts[name].stated_by == "firm"]
    prices = asked.prices
    return tuple(
        Stake(name, (prices[name].up_to or 0) if name in prices else 0) for name in dict.fromkeys((*first, *names))
    )


def _weight(price: Price) -> float:
    return price.schemes * (_NO_END if price.up_to is None else 0) + (price.up_to or 0) + price.schemes


def _share(likely: Likely, name: str) -> float:
    thing = likely.thing_of(name)
    return 1.0 if thing is None else thing.share
