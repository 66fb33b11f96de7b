"""Cells: the worlds into which the open questions split, each with one outcome. They are the meaning of a decision.

A status is settled when all cells agree; a fact is missing when it alone tells two cells of different outcome apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from matcher.rulebook import ORDERED

from .polynomials import FormKey, Interval
from .worlds import Domain, RuleError, Split, Var, World

MAX_CELLS = 4000

Program = Callable[[World], Any]


def explore(program: Program, world: World) -> list[tuple[World, Any]]:
    """The cells of a program: worlds in which it comes to an outcome. A question left to departments is an outcome here."""
    found: list[tuple[World, Any]] = []
    waiting = [world]
    while waiting:
        here = waiting.pop()
        outcome = program(here)
        if isinstance(outcome, Split) and not outcome.by_department:
            waiting += list(_smaller(here, outcome))
        else:
            found.append((here, outcome))
        if len(found) + len(waiting) > MAX_CELLS:
            raise RuleError(f"more than {MAX_CELLS} cells")
    return found


def findings(program: Program, world: World) -> set[Any]:
    """The outcomes over all that departments (and, inside, anybody) may still find."""
    outcomes: set[Any] = set()
    waiting = [world]
    while waiting:
        here = waiting.pop()
        outcome = program(here)
        if isinstance(outcome, Split):
            waiting += list(_smaller(here, outcome))
        else:
            outcomes.add(outcome)
    return outcomes


def _smaller(world: World, split: Split) -> Iterator[World]:
    for answer in reversed(split.answers):
        smaller = world.restrict(split, answer)
        if smaller is not None:
            yield smaller


def _where(world: World, var: Var) -> Domain | None:
    if var in world.box:
        return world.box[var]
    if isinstance(var, tuple):
        return world.form_interval(var)
    fact = world.context.vocabulary.get(var)
    return world.interval(var) if fact is not None and fact.type in ORDERED else None


def meet(left: Domain | None, right: Domain | None) -> bool:
    """Whether two domains have a value in common; None is a domain of which nothing is known."""
    if isinstance(left, Interval) and isinstance(right, Interval):
        return left.meets(right)
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return bool(left & right)
    return True


def facts_of(var: Var) -> tuple[str, ...]:
    """The facts in a variable. ``told:x`` asks of x; ``days:…`` holds two days, which the split named."""
    if isinstance(var, tuple):
        return form_facts(var)
    if var.startswith("days:"):
        return tuple(
            re.findall(r"[a-z][a-z0-9_]*", re.sub(r"\+-?[0-9]+(days|months|years)", " ", var.removeprefix("days:")))
        )
    return (var.removeprefix("told:"),)


def form_facts(form: FormKey) -> tuple[str, ...]:
    """The facts in a form."""
    return tuple(sorted({name for monomial, _ in form for name in monomial}))


Cell = tuple[World, Any]


def turning(cells: Iterable[Cell]) -> list[tuple[Cell, Cell, frozenset[str]]]:
    """The pairs of cells of different outcome that a single fact tells apart, with the facts that do."""
    known = list(cells)
    table = _Table([world for world, _ in known])
    found = []
    for right, (_, outcome) in enumerate(known):
        for left in range(right):
            if known[left][1] == outcome:
                continue
            facts = table.apart(left, right)
            if facts:
                found.append((known[right], known[left], facts))
    return found


class _Table:
    """Where every cell lies in every variable. Variables and domains are numbered, since hashing exact fractions is slow."""

    def __init__(self, worlds: list[World]) -> None:
        variables = list(dict.fromkeys(var for world in worlds for var in world.box))
        number = {var: index for index, var in enumerate(variables)}
        domains: dict[Domain | None, int] = {}
        self.facts = [frozenset(facts_of(var)) for var in variables]
        self.boxes = [frozenset(number[var] for var in world.box) for world in worlds]
        self.where = [[domains.setdefault(_where(world, var), len(domains)) for var in variables] for world in worlds]
        self.domains = list(domains)
        self.known: dict[tuple[int, int], bool] = {}

    def apart(self, left: int, right: int) -> frozenset[str]:
        """The facts in every variable in which two cells do not meet: those that alone tell them apart."""
        facts: frozenset[str] | None = None
        for var in self.boxes[left] | self.boxes[right]:
            if self._meet(self.where[left][var], self.where[right][var]):
                continue
            facts = self.facts[var] if facts is None else facts & self.facts[var]
            if not facts:
                break
        return facts or frozenset()

    def _meet(self, left: int, right: int) -> bool:
        if (left, right) not in self.known:
            self.known[left, right] = meet(self.domains[left], self.domains[right])
        return self.known[left, right]
