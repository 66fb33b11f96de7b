"""The best admissible set of offers, why each other offer is left out, how the total is reached, and the runner-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.rulebook import Relation

from .ceilings import Problem
from .offers import APART, MONEY, OPEN, Bits, Held, Limit, Offer, Received, barred_by, limits_of, line_of, members
from .search import best


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An offer that is not chosen. ``because``: a relation's id, ``status`` or ``adds_nothing``; ``instead``: the chosen
    scheme in its way; ``first``: the title that must be held before, with its level."""

    offer: Offer
    because: str
    instead: str | None = None
    first: str | None = None
    first_item: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """Worth to the firm, in fen: certain, and up to so much more."""

    exact: int
    up_to: int

    @property
    def money(self) -> int:
        """Both together."""
        return self.exact + self.up_to


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best set with an offer that an exclusion or a count left out, and the first criterion in which it loses."""

    chosen: tuple[Offer, ...]
    total: Total
    less_by: int
    loses_by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The recommended set and all that is said beside it. ``lines``: for each chosen offer the line it stands in and the
    fen counted there (None: no figure). ``notes``: relations to tell, nothing is shut out by them."""

    chosen: tuple[Offer, ...]
    lines: tuple[tuple[str, int | None], ...]
    left_out: tuple[LeftOut, ...]
    total: Total
    runner_up: RunnerUp | None
    notes: tuple[Relation, ...]

    def sum_of(self, line: str) -> int:
        """The sum of one line, in fen."""
        return sum(fen or 0 for name, fen in self.lines if name == line)

    @property
    def apart(self) -> tuple[Offer, ...]:
        """What is paid to others."""
        return tuple(one for one, (line, _) in zip(self.chosen, self.lines, strict=True) if line == APART)


def choose(
    offers: Sequence[Offer],
    relations: Sequence[Relation],
    as_of: date,
    held: Sequence[Held] = (),
    received: Received | None = None,
) -> Choice:
    """Choose among decided offers by the relations in force on a day. No two offers have the same key.

    Raises TooTangled where far more offers than a firm ever has bear on each other.
    """
    named = {one.scheme for one in offers}
    # What binds none of the offers says nothing about them: most relations, where few schemes are asked for.
    in_force = [one for one in relations if not named.isdisjoint(one.subjects) and one.holds(as_of)]
    ordered = sorted(offers, key=lambda one: one.key)
    shut = {one.key: LeftOut(one, "status") for one in ordered if one.status not in OPEN}
    for offer in ordered:
        relation = barred_by(offer, in_force, held)
        if relation is not None and offer.key not in shut:
            shut[offer.key] = LeftOut(offer, relation.id, first=relation.from_scheme, first_item=relation.from_item)
    able = [one for one in ordered if one.key not in shut]
    limits = limits_of(able, in_force, received or Received())
    problem = Problem(able, [line_of(one, in_force) for one in able], limits)
    return _answer(problem, shut, in_force)


def _answer(problem: Problem, shut: Mapping[tuple[str, str, str], LeftOut], relations: Sequence[Relation]) -> Choice:
    chosen = best(problem) or 0
    reasons: dict[int, tuple[LeftOut, bool]] = {
        index: _reason(problem, chosen, index) for index in range(len(problem.offers)) if not chosen >> index & 1
    }
    rivals = sum(1 << index for index, (_, rival) in reasons.items() if rival)
    other = best(problem, rivals) if rivals else None
    left_out = [*shut.values(), *(one for one, _ in reasons.values())]
    return Choice(
        chosen=_offers(problem, chosen),
        lines=tuple(_lines(problem, chosen)),
        left_out=tuple(sorted(left_out, key=lambda one: one.offer.key)),
        total=_total(problem, chosen),
        runner_up=None if other is None else _runner_up(problem, chosen, other),
        notes=tuple(_notes(_offers(problem, chosen), relations)),
    )


def _offers(problem: Problem, chosen: Bits) -> tuple[Offer, ...]:
    return tuple(problem.offers[index] for index in members(chosen))


def _total(problem: Problem, chosen: Bits) -> Total:
    money, exact = problem.sums(chosen)
    return Total(exact, money - exact)


def _lines(problem: Problem, chosen: Bits) -> Iterator[tuple[str, int | None]]:
    paid = problem.shares(chosen)
    for index in members(chosen):
        line = problem.lines[index]
        yield line, paid.get(index, problem.figures[index] if line != MONEY else None)


def _runner_up(problem: Problem, chosen: Bits, other: Bits) -> RunnerUp:
    total = _total(problem, other)
    less_by = _total(problem, chosen).money - total.money
    return RunnerUp(_offers(problem, other), total, less_by, problem.loses_by(chosen, other))


def _reason(problem: Problem, chosen: Bits, index: int) -> tuple[LeftOut, bool]:
    """Why an open offer is left out, and whether an exclusion or a count is the reason."""
    offer = problem.offers[index]
    under = [one for one in problem.limits if one.members >> index & 1]
    stands = next((one for one in under if _is_full(problem, chosen, one, index)), None)
    money = problem.own(index)[0]
    if stands is None and money:  # ceilings that share offers: the set is worth less with it
        stands = next((one for one in under if one.cap is not None), None)
    if stands is None:
        return LeftOut(offer, "adds_nothing"), False
    inside = stands.members & chosen & (problem.money if stands.cap is not None else -1)
    schemes = [problem.offers[one].scheme for one in members(inside)]
    return LeftOut(offer, stands.relation.id, instead=min(schemes, default=None)), stands.most is not None


def _is_full(problem: Problem, chosen: Bits, limit: Limit, index: int) -> bool:
    """Whether one offer more would break the limit, or find nothing left under it."""
    if limit.most is not None:
        return (limit.members & chosen).bit_count() >= limit.most
    paid = problem.shares(chosen)
    spent = sum(paid.get(one, 0) for one in members(limit.members & chosen))
    return problem.own(index)[0] > 0 and spent >= (limit.cap or 0)


def _notes(chosen: Sequence[Offer], relations: Sequence[Relation]) -> Iterator[Relation]:
    """Relations that bear on the set without shutting anything out: with things outside, orders, what stacks."""
    for relation in relations:
        bound = [one for one in chosen if relation.covers(one.scheme, one.item, one.recipient)]
        if relation.outside is not None:
            told = bool(bound)
        elif relation.kind == "precedes":
            told = bool(bound) and not relation.strict
        else:
            told = relation.kind == "stacks" and _meet(bound, relation)
        if told:
            yield relation


def _meet(bound: Sequence[Offer], relation: Relation) -> bool:
    schemes: dict[str, set[str]] = {}
    for offer in bound:
        schemes.setdefault("" if relation.scope == "firm" else offer.place(relation.scope), set()).add(offer.scheme)
    return any(len(group) > 1 for group in schemes.values())
