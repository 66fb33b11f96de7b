"""Finds the best set of offers that no limit forbids. Exact: what is dropped on the way can never become the best.

The offers are gone through one after the other. Of the partial sets that leave the same choices open, those that another
one is at least as good as in every respect are dropped, and so is what can no longer overtake a set already found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .ceilings import Ceilings, Partial, Problem, joined, union
from .offers import Bits, members

_QUICK = 8

MOST_OPEN = 5_000  # partial sets followed at once: seconds; fifteen offers need some hundred at the very most


class TooTangled(Exception):
    """So many offers bear on each other that the best set cannot be found in reasonable time."""

    def __init__(self, offers: int) -> None:
        super().__init__(f"{offers} offers bear on each other in too many ways; ask about fewer at once")


def best(problem: Problem, wanted: Bits | None = None) -> Bits | None:
    """The best set; with ``wanted`` the best that holds at least one of these, None where no set does. Raises TooTangled."""
    search = _Search(problem, wanted)
    quick = search.run(width=_QUICK)  # some good set, so that what is worse can be dropped from the beginning
    if not search.was_cut:  # nothing was left aside: that was the whole search
        return quick
    if quick is not None:
        search.found = problem.value(quick)
    return search.run()


class _Search:
    """One search. ``found``: the worth of the best set known so far. ``adds``: what an offer adds, its money under a
    ceiling aside. ``was_cut``: whether a width left partial sets aside."""

    def __init__(self, problem: Problem, wanted: Bits | None) -> None:
        self.problem, self.wanted = problem, wanted
        self.found: int | None = None
        self.was_cut = False
        self.ceilings = Ceilings(problem)
        limits = problem.limits
        self.counted = [one for one in limits if (one.most or 0) > 1 and one.members.bit_count() > (one.most or 0)]
        self.shut = union(one.members for one in limits if one.most == 0)
        under = self.ceilings.members
        self.adds = [
            problem.worth(index) + (0 if under >> index & 1 else problem.paid(*problem.own(index)))
            for index in range(len(problem.offers))
        ]
        self._gains: dict[Bits, int] = {}

    def run(self, width: int | None = None) -> Bits | None:
        """Go through all offers; the best of what is left at the end. With ``width`` only so many are followed at once."""
        partials = [Partial(0, self.ceilings.empty, 0, self.shut)]
        left = (1 << len(self.adds)) - 1
        for index in self._order():
            left &= ~(1 << index)
            partials += [self._take(one, index) for one in partials if self._may(one, index)]
            partials = [self.ceilings.pay_out(one, index, left) for one in partials]
            partials = self._undominated(self._hopeful(partials, left, width), left)
            if len(partials) > MOST_OPEN:
                raise TooTangled(len(self.adds))
        return max(partials).chosen if partials else None

    def _order(self) -> Iterator[int]:
        """The offers so that those which bear on each other follow one another, above all those under one ceiling."""
        ties = [one.members for one in self.problem.limits]
        for group in joined([1 << index for index in range(len(self.adds))] + ties):
            for one in self.ceilings.groups:
                yield from members(one & group)
            yield from members(group & ~self.ceilings.members)

    def _may(self, one: Partial, index: int) -> bool:
        if one.blocked >> index & 1:
            return False
        for limit in self.counted:
            if limit.members >> index & 1 and (one.chosen & limit.members).bit_count() >= (limit.most or 0):
                return False
        return True

    def _take(self, one: Partial, index: int) -> Partial:
        return Partial(
            one.worth + self.adds[index],
            self.ceilings.take(one.under, index),
            one.chosen | 1 << index,
            one.blocked | self.problem.conflicts[index],
        )

    def _hopeful(self, partials: list[Partial], left: Bits, width: int | None) -> list[Partial]:
        """Those that may still overtake the best set that is known."""
        if self.wanted is not None:
            partials = [one for one in partials if (one.chosen | left & ~one.blocked) & self.wanted]
        for one in partials:
            if self._complete(one):
                worth = one.worth + self.ceilings.now(one, left)
                self.found = worth if self.found is None else max(worth, self.found)
        hopes = [(self._hope(one, left & ~one.blocked, left), one) for one in partials]
        if width is not None:
            self.was_cut = self.was_cut or len(hopes) > width
            hopes = sorted(hopes, reverse=True)[:width]
        return [one for hope, one in hopes if self.found is None or hope >= self.found]

    def _complete(self, one: Partial) -> bool:
        return self.wanted is None or bool(one.chosen & self.wanted)

    def _hope(self, one: Partial, able: Bits, left: Bits) -> int:
        """No set that begins like this is worth more."""
        gain = self._gains.get(able)
        if gain is None:
            gain = self._gains[able] = sum(add for add in self.problem.compatible(able, self.adds) if add > 0)
        return one.worth + gain + self.ceilings.hope(one, able, left)

    def _undominated(self, partials: list[Partial], left: Bits) -> list[Partial]:
        """Of those that leave the same choices open, those that no other is at least as good as in every sum."""
        futures: dict[Any, list[Partial]] = {}
        for one in partials:
            futures.setdefault(self._future(one, left), []).append(one)
        return [one for group in futures.values() for one in _front(group)]

    def _future(self, one: Partial, left: Bits) -> tuple[Any, ...]:
        """What decides which offers may still be taken, and what they will add."""
        counts = [(one.chosen & limit.members).bit_count() for limit in self.counted if limit.members & left]
        inside = self.ceilings.remembered(one, left)
        return one.blocked & left, self._complete(one), tuple(counts), inside


def _front(partials: list[Partial]) -> list[Partial]:
    if len(partials) == 1:
        return partials
    kept: list[Partial] = []
    for one in sorted(partials, reverse=True):
        if not any(_covers(other.under, one.under) for other in kept):
            kept.append(one)
    return kept


def _covers(more: tuple[tuple[int, int], ...], less: tuple[tuple[int, int], ...]) -> bool:
    return all(a >= c and b >= d for (a, b), (c, d) in zip(more, less, strict=True))
