"""All that one relief hangs on, on one screen: who may have its money tells what it asks for at one go, from the same papers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from matcher.engine import Reading
from matcher.rulebook import Rulebook

from . import gates
from .gains import chance, gain
from .options import MOST_WITH_SUMS, STILL_NEEDED, WORTH_RECKONING, Option
from .readings import TO_THE_FIRM, Told, askable
from .refinement import FURTHER_ANSWER, sums_of
from .screens import is_quarterly

# Money that a screen finds for certain weighs so many times what it would if each of its questions were only one step more.
FINDING = 6.0


@dataclass(frozen=True, slots=True)
class Chain:
    """The facts on which a scheme's status hangs, those first that most often end the matter, then ``sums``, on which only its amount
    does. ``worth``: what they do for the time they take."""

    reading: Reading
    names: tuple[str, ...]
    sums: tuple[str, ...]
    worth: float


def chains(
    rulebook: Rulebook,
    readings: Collection[Reading],
    options: Mapping[str, Option],
    spared: frozenset[str],
    told: Told,
    moot: Collection[str],
) -> Iterator[Chain]:
    """The schemes about a thing that the firm said it has, whose money is worth a screen of its own. ``options``: what may be asked now;
    ``spared``: what a gate that is not answered yet may spare."""
    likely = rulebook.likely.of_trade(told.facts.get("industry"))
    having = gates.having(rulebook, told)
    for reading in readings:
        if not _pays(reading) or having.isdisjoint(reading.decision.missing):
            continue
        open_ = askable(reading, told, moot)
        if not open_ or not spared.isdisjoint(open_) or not rulebook.likely.declarations.isdisjoint(open_):
            continue
        stakes = next((options[name].stakes for name in open_ if name in options), None)
        if stakes is None or stakes.money(reading.slug) < WORTH_RECKONING:
            continue
        needed = chance(reading, likely, having).needed
        names = [name for name in open_ if needed.get(name, 1.0) >= STILL_NEEDED]
        sums = sums_of(rulebook, reading, told, {*moot, *open_})
        if sums is None or not _fits_a_screen(rulebook, names, sums):
            continue
        heads = {head for gate in rulebook.gates.values() for head in gate.details}
        gains = {name: gain(reading, name, likely) for name in names}
        names.sort(key=lambda name: (name not in heads, -gains[name].settles))
        # What else these answers do: for the other schemes each counts by itself.
        others = sum(
            options[name].known * stakes.weight[one.slug] * options[name].gains[one.slug].value
            for name in names if name in options
            for one in options[name].waiting if one.slug != reading.slug
        )  # fmt: skip
        known = min((options[name].known for name in names if name in options), default=1.0)
        worth = known * (stakes.weight[reading.slug] + FINDING * stakes.money(reading.slug)) + others
        yield Chain(reading, tuple(names), sums, worth / (1 + FURTHER_ANSWER * (len(names) + len(sums) - 1)))


def _pays(reading: Reading) -> bool:
    """Whether it is money to the firm, as far as its conditions are met."""
    return reading.is_open and reading.gain is not None and reading.gain.recipient in TO_THE_FIRM


def _fits_a_screen(rulebook: Rulebook, names: Collection[str], sums: Collection[str]) -> bool:
    """More than one question, no longer than a table that is filled in, and no quarterly figures among them."""
    every = (*names, *sums)
    return 1 < len(every) <= MOST_WITH_SUMS and bool(names) and not any(is_quarterly(rulebook, name) for name in every)
