"""Money under ceilings while a set is built: what stands under each, what it pays, and the most it can still come to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from matcher.engine.choose.limits import Bits, Limit, members
from matcher.engine.choose.problem import Problem

Sums = tuple[int, int]  # money, and how much of it is exact


class Partial(NamedTuple):
    """A set of the offers gone through: its worth without what stands under open ceilings, these sums, the set itself,
    and the offers that it shuts out."""

    worth: int
    under: tuple[Sums, ...]
    chosen: Bits
    blocked: Bits


@dataclass(frozen=True, slots=True)
class _Able:
    """What the offers that can still be taken under a ceiling come to: the greatest sums of 0, 1, 2 … of them, the exact
    and the others apart; and their places in the alphabet."""

    exact: list[int]
    up_to: list[int]
    alphabet: int

    def fewest(self, money: int, exact: int) -> int:
        """How many of them it takes at least for so much money, so much of it exact. They do come to that much."""
        found = len(self.exact) + len(self.up_to)
        for taken in range(bisect_left(self.exact, exact), len(self.exact)):
            rest = bisect_left(self.up_to, money - self.exact[taken])
            if rest < len(self.up_to):
                found = min(found, taken + rest)
            if not rest:
                break
        return found


class Ceilings:
    """The ceilings of a problem that could cut something. ``capped``: those that share no offer, each followed by two
    sums; ``tangled``: those that do, of which the offers themselves must be remembered."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        ceilings = _binding(problem)
        inside = [
            (group, [one for one in ceilings if one.members & group])
            for group in joined(one.members for one in ceilings)
        ]
        self.capped = [(group, ones[0].cap or 0) for group, ones in inside if len(ones) == 1]
        self.tangled = [(group, ones) for group, ones in inside if len(ones) > 1]
        self.groups = [group for group, _ in inside]
        self.members = union(self.groups)
        self.empty: tuple[Sums, ...] = ((0, 0),) * len(self.capped)
        self._ables: dict[Bits, _Able] = {}
        self._one_more = problem.put(applications=-1)

    def take(self, under: tuple[Sums, ...], index: int) -> tuple[Sums, ...]:
        """The sums with one offer more."""
        if not self.members >> index & 1:
            return under
        money, exact = self.problem.own(index)
        return tuple(
            (min(sums[0] + money, cap), min(sums[1] + exact, cap)) if group >> index & 1 else sums
            for sums, (group, cap) in zip(under, self.capped, strict=True)
        )

    def pay_out(self, one: Partial, index: int, left: Bits) -> Partial:
        """Add what the ceilings pay of which this was the last offer."""
        worth, under = one.worth, one.under
        for place, (group, _) in enumerate(self.capped):
            if group >> index & 1 and not group & left:
                worth += self.problem.paid(*under[place])
                under = (*under[:place], (0, 0), *under[place + 1 :])
        for group, limits in self.tangled:
            if group >> index & 1 and not group & left:
                worth += self.problem.paid(*self.problem.sums(one.chosen & group, limits))
        return one if worth == one.worth and under is one.under else one._replace(worth=worth, under=under)

    def now(self, one: Partial, left: Bits) -> int:
        """The worth of what stands under open ceilings if nothing more is taken."""
        worth = 0
        for sums in one.under:
            worth += self.problem.paid(*sums)
        for group, limits in self.tangled:
            if group & left:
                worth += self.problem.paid(*self.problem.sums(one.chosen & group, limits))
        return worth

    def hope(self, one: Partial, able: Bits, left: Bits) -> int:
        """The most that the open ceilings can still add to the worth, with the fewest applications it takes."""
        hope = 0
        for (money, exact), (group, cap) in zip(one.under, self.capped, strict=True):
            if group & left:
                hope += self._hope(money, exact, cap, self._able(able & group))
        for group, limits in self.tangled:
            if group & left:
                for part, cap in _parts(limits):
                    money, exact = self._own(one.chosen & part)
                    hope += self._hope(min(money, cap), min(exact, cap), cap, self._able(able & part))
        return hope

    def _hope(self, money: int, exact: int, cap: int, able: _Able) -> int:
        certain = min(exact + able.exact[-1], cap)
        most = min(money + able.exact[-1] + able.up_to[-1], cap)
        fewest = able.fewest(most - money, certain - exact)
        more = fewest * self._one_more + able.alphabet if fewest else 0
        return self.problem.paid(most, certain) + more

    def _able(self, group: Bits) -> _Able:
        found = self._ables.get(group)
        if found is None:
            found = self._ables[group] = _Able(
                self._greatest(group & self.problem.exact),
                self._greatest(group & self.problem.money & ~self.problem.exact),
                self.problem.alphabet(group),
            )
        return found

    def _greatest(self, group: Bits) -> list[int]:
        return list(accumulate(self.problem.compatible(group, self.problem.monies), initial=0))

    def _own(self, group: Bits) -> Sums:
        own = [self.problem.own(index) for index in members(group)]
        return sum(money for money, _ in own), sum(exact for _, exact in own)

    def remembered(self, one: Partial, left: Bits) -> tuple[Bits, ...]:
        """The offers taken under open ceilings that share offers."""
        return tuple(one.chosen & group for group, _ in self.tangled if group & left)


def _binding(problem: Problem) -> list[Limit]:
    """The ceilings that could cut something, each with the offers alone that bring money."""
    earning = union(1 << index for index, money in enumerate(problem.monies) if money)
    narrowed = [replace(one, members=one.members & earning) for one in problem.limits if one.cap is not None]
    return [one for one in narrowed if sum(problem.monies[index] for index in members(one.members)) > (one.cap or 0)]


def _parts(limits: Iterable[Limit]) -> Iterator[tuple[Bits, int]]:
    """Each offer under the first of its ceilings alone: they then pay no less than they do together."""
    before = 0
    for limit in limits:
        yield limit.members & ~before, limit.cap or 0
        before |= limit.members


def joined(groups: Iterable[Bits]) -> list[Bits]:
    """The groups, those that share a member made one."""
    found: list[Bits] = []
    for group in groups:
        apart = [one for one in found if not one & group]
        found = [*apart, union([group, *(one for one in found if one & group)])]
    return found


def union(groups: Iterable[Bits]) -> Bits:
    """All members of the groups."""
    found = 0
    for group in groups:
        found |= group
    return found
