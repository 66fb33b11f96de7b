"""The order of choice: which of two sets of offers is better, by the nine criteria in the header of rules/interplay.yaml.

The order is one integer: each criterion has a field of its own, an earlier one above a later one, so that adding two sets
adds their fields and comparing them compares criterion by criterion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matcher.engine.choose.limits import Bits, Limit, members, shares
from matcher.engine.choose.offers import CREDIT, DEDUCTION, DEFERRAL, MONEY, Offer, figure_in_line

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
