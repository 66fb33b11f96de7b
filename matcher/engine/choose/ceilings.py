"""The order of choice between two sets of offers, and money under ceilings while a set is built."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

from .offers import CREDIT, DEDUCTION, DEFERRAL, MONEY, Bits, Limit, Offer, figure_in_line, members, shares

# ---------------------------------------------------------------------------------------------------------------------
# The order of choice: which of two sets of offers is better, by the nine criteria in the header of
# rules/interplay.yaml.
#
# The order is one integer: each criterion has a field of its own, an earlier one above a later one, so that adding
# two sets adds their fields and comparing them compares criterion by criterion.
# ---------------------------------------------------------------------------------------------------------------------


SUMS = ("money", "exact", "deductions", "released_credit", "deferrals")

COUNTS = ("without_money", "applications", "by_department")

CRITERIA = (*SUMS, *COUNTS, "alphabet")

_SUM_BITS, _COUNT_BITS = 80, 20  # wide enough for a hundred thousand offers of 15 digits each

_FIELD = {DEDUCTION: "deductions", CREDIT: "released_credit", DEFERRAL: "deferrals"}


@dataclass(slots=True)
class Problem:
    """The offers (in the order of the alphabet), the line of each, and the limits on them."""

    offers: Sequence[Offer]
    lines: Sequence[str]
    limits: Sequence[Limit]
    figures: list[int | None] = field(init=False)
    money: Bits = field(init=False, default=0)
    exact: Bits = field(init=False, default=0)
    _shift: dict[str, int] = field(init=False)
    _money_at: int = field(init=False)
    _exact_at: int = field(init=False)
    monies: list[int] = field(init=False)
    conflicts: list[Bits] = field(init=False)

    def __post_init__(self) -> None:
        self.figures = [figure_in_line(one, line) for one, line in zip(self.offers, self.lines, strict=True)]
        for index, offer in enumerate(self.offers):
            if self.lines[index] == MONEY and self.figures[index] is not None:
                self.money |= 1 << index
                self.exact |= offer.exact << index
        widths = {**dict.fromkeys(SUMS, _SUM_BITS), **dict.fromkeys(COUNTS, _COUNT_BITS)}
        at, self._shift = len(self.offers) + 1, {"alphabet": 0}
        for name in reversed((*SUMS, *COUNTS)):
            self._shift[name] = at
            at += widths[name]
        self._money_at, self._exact_at = self._shift["money"], self._shift["exact"]
        self.monies = [(fen or 0) if self.money >> index & 1 else 0 for index, fen in enumerate(self.figures)]
        self.conflicts = [self._conflicts(index) for index in range(len(self.offers))]

    def put(self, **values: int) -> int:
        """The integer that holds these values in the fields of their criteria."""
        return sum(value << self._shift[name] for name, value in values.items())

    def paid(self, money: int, exact: int) -> int:
        """The worth of a sum of money (fen), ``exact`` of it certain."""
        return money << self._money_at | exact << self._exact_at

    def worth(self, index: int) -> int:
        """What an offer adds to a set besides its money."""
        offer, line, figure = self.offers[index], self.lines[index], self.figures[index]
        sums = {} if figure is None or line not in _FIELD else {_FIELD[line]: figure}
        return self.put(
            **sums,
            without_money=figure is None,
            applications=-(figure is not None),
            by_department=-offer.by_department,
            alphabet=1 << (len(self.offers) - 1 - index),
        )

    def alphabet(self, chosen: Bits) -> int:
        """The places in the alphabet of a set alone."""
        return sum(1 << (len(self.offers) - 1 - index) for index in members(chosen))

    def own(self, index: int) -> tuple[int, int]:
        """The money of an offer by itself, and how much of it is exact."""
        return self.monies[index], self.monies[index] if self.exact >> index & 1 else 0

    def _conflicts(self, index: int) -> Bits:
        """The offers that exclude this one."""
        found = 0
        for limit in self.limits:
            if limit.most == 1 and limit.members >> index & 1:
                found |= limit.members
        return found & ~(1 << index)

    def compatible(self, group: Bits, values: Sequence[int]) -> list[int]:
        """Values of which the first k are at least the sum of any k offers of the group that do not exclude each other.

        The offers are dealt into circles in which each excludes each; of a circle only the greatest can be had.
        """
        found: list[int] = []
        circles: list[Bits] = []
        for index in sorted(members(group), key=lambda index: -values[index]):
            conflicts = self.conflicts[index]
            home = next((place for place, circle in enumerate(circles) if not circle & ~conflicts), None)
            if home is None:
                circles.append(1 << index)
                found.append(values[index])
            else:
                circles[home] |= 1 << index
        return found

    def shares(self, chosen: Bits, limits: Sequence[Limit] | None = None) -> dict[int, int]:
        """What each chosen offer with money is paid under the ceilings, in fen."""
        return shares(self.figures, self.exact, chosen & self.money, self.limits if limits is None else limits)

    def sums(self, chosen: Bits, limits: Sequence[Limit] | None = None) -> tuple[int, int]:
        """The money of a set under the ceilings, and how much of it is exact."""
        paid = self.shares(chosen, limits)
        return sum(paid.values()), sum(fen for index, fen in paid.items() if self.exact >> index & 1)

    def value(self, chosen: Bits) -> int:
        """The place of a whole set in the order: more is better."""
        return self.paid(*self.sums(chosen)) + sum(self.worth(index) for index in members(chosen))

    def loses_by(self, better: Bits, worse: Bits) -> str:
        """The first criterion in which two sets differ."""
        difference = self.value(better) - self.value(worse)
        return next((name for name in CRITERIA[:-1] if difference >= 1 << (self._shift[name] - 1)), CRITERIA[-1])


# ---------------------------------------------------------------------------------------------------------------------
# Money under ceilings while a set is built: what stands under each, what it pays, and the most it can still come to.
# ---------------------------------------------------------------------------------------------------------------------


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
