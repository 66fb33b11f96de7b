"""What an answer is worth to a firm: the money that hangs on it, so that what is worth most is asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.engine import Decision
from matcher.engine.choose import Headline
from matcher.rulebook import Likely, Rulebook


@dataclass(frozen=True, slots=True)
class Stake:
    """A fact that schemes wait for, and the fen that they may come to: what a firm could have, not what it will."""

    fact: str
    fen: int


def stakes(
    rulebook: Rulebook, decisions: Sequence[Decision], money: Headline, day: date, put_aside: Collection[str] = ()
) -> tuple[Stake, ...]:
    """The facts that open schemes wait for, those on which most money hangs first; ``put_aside`` are left out.

    The order weighs a scheme's money by how likely a firm of the city has the thing that it is about (a loan, a REIT), so that
    a shop is not asked about bonds first; the money itself is said whole. What no sum hangs on comes last, by how many
    schemes wait for it.
    """
    weights: dict[str, float] = defaultdict(float)
    fen: dict[str, int] = defaultdict(int)
    waiting: dict[str, int] = defaultdict(int)
    for decision in decisions:
        if decision.status != "needs_information":
            continue
        worth = sum(entry.fen for entry in money.entries_of(decision.scheme) if entry.standing == "open")
        share = min((_share(rulebook.likely, name) for name in decision.missing), default=1.0)
        for place, name in enumerate(decision.missing):
            weights[name] += worth * share / (len(decision.missing) + place)
            fen[name] += worth
            waiting[name] += 1
    asked = [name for name in weights if name in rulebook.facts and name not in put_aside]
    asked = [name for name in asked if rulebook.facts[name].stated_by == "firm"]
    asked.sort(key=lambda name: (-weights[name], -waiting[name] * _share(rulebook.likely, name)))
    return tuple(Stake(name, fen[name]) for name in asked)


def _share(likely: Likely, name: str) -> float:
    thing = likely.thing_of(name)
    return 1.0 if thing is None else thing.share
