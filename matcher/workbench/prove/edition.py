"""One edition as formulas: what all must meet, each way with the firms that come to it, and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import z3

from matcher.engine import REGISTERED_ON, last_day
from matcher.rulebook import Condition, ParsedBody, Path_, ResolvedBody, ResolvedRoute, Rulebook, Scheme, SchemeEdition
from matcher.rulebook.language import Node, Told

from .findings import Places
from .formula import Formula
from .solver import conjunction, disjunction, negation

# ---------------------------------------------------------------------------------------------------------------------
# One edition as formulas: what all must meet, each way with the firms that come to it, and every condition with its
# place.
# ---------------------------------------------------------------------------------------------------------------------


FIRST = date(2019, 1, 1)

_OPEN_ENDED = timedelta(days=3650)

_CEILING = re.compile(r"(^|[._])(cap|ceiling|most|prize|quota)$")


@dataclass(frozen=True, slots=True)
class Way:
    """A route as formulas: which firms come to it, and which of them pass. ``path`` is where it is written."""

    route: ResolvedRoute
    comes: Any
    passes: Any
    path: Path_


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition with the file it stands in. ``among``: it is one branch of an ``any``; ``beside``: what must hold with it."""

    condition: Condition
    file: str
    among: bool
    beside: Any


class EditionFormula:
    """The formulas of one edition of a scheme on the days of its span."""

    def __init__(self, rulebook: Rulebook, edition: SchemeEdition, days: tuple[date, date], places: Places) -> None:
        assert edition.body is not None
        self.rulebook, self.places, self.days = rulebook, places, days
        self.slug = edition.scheme.slug
        self.body: ResolvedBody = edition.body
        self.formula = Formula(rulebook, edition.body, days)
        self.formula.is_ceiling = self._is_ceiling
        number, self.written = self._written()
        self.path: Path_ = ("rules", number)
        self.common = conjunction([self._registered(), self.formula.condition(self.body.requires)])
        self.ways = list(self._ways())
        self.positive = disjunction([way.passes for way in self.ways])

    def _registered(self) -> Any:
        """That the firm is there by the last day of the period that the day asked about stands for, if it says when it was
        registered."""
        variables, scheme = self.formula.variables, self.rulebook.parsed[self.slug].scheme
        if scheme.before_registration or REGISTERED_ON not in self.rulebook.facts:
            return True
        last = self._last_day(scheme)
        return disjunction([negation(variables.perhaps_told(REGISTERED_ON)), variables.number(REGISTERED_ON) <= last])

    def _last_day(self, scheme: Scheme) -> Any:
        if scheme.period == "day":
            return self.formula.variables.as_of
        ends, day = [], self.days[0]
        while day <= self.days[1]:
            ends.append(last_day(scheme, day) or day)
            day = ends[-1] + timedelta(days=1)
        result: Any = ends[-1].toordinal()
        for end in reversed(ends[:-1]):
            result = z3.If(self.formula.variables.as_of <= end.toordinal(), end.toordinal(), result)
        return result

    def given(self) -> list[Any]:
        """What holds of every whole firm."""
        variables = self.formula.variables
        return [*variables.bounds, *variables.parts_within_wholes(), *variables.whole_firm]

    def _is_ceiling(self, name: str) -> bool:
        """Whether a figure is an upper end of a sum by its name: money, not money each."""
        history = self.rulebook.parameters.get(name)
        fact = self.rulebook.facts.get(name)
        money = (history is not None and history.parameter.type == "money" and not history.parameter.unit) or (
            fact is not None and fact.type == "money"
        )
        return money and bool(_CEILING.search(name))

    def _ways(self) -> Iterator[Way]:
        left: list[Any] = [self.common]
        for route in self.body.routes:
            with self.formula.under(*left):
                when = True if route.when is None else self.formula.condition(route.when)
            comes = conjunction([*left, when])
            with self.formula.under(comes):
                own = self.formula.condition(route.requires)
            index = next((i for i, one in enumerate(self.written.routes) if one.id == route.id), None)
            path = self.path if index is None else (*self.path, "routes", index)
            yield Way(route, comes, False if route.fails_on else conjunction([comes, own]), path)
            left.append(negation(when))

    def _written(self) -> tuple[int, ParsedBody]:
        """Which of the scheme's bodies this is, and the body as parsed."""
        bodies = self.rulebook.parsed[self.slug].bodies
        return next((index, one) for index, one in enumerate(bodies) if one.body.holds(self.days[0]))

    def line(self, path: Path_) -> tuple[str, int]:
        """File and line of a place in the scheme's file."""
        return self.places.scheme(self.slug, path)

    # --- conditions

    def conditions(self) -> Iterator[Placed]:
        """Every condition that is a test or a branch, where it stands."""
        own = self.line(())[0]
        yield from self._below(self.body.requires, own, self.positive)
        for way in self.ways:
            if way.route.when is not None:
                yield from self._below(way.route.when, own, way.comes)
            yield from self._below(way.route.requires, own, way.passes)

    def _below(self, condition: Condition, file: str, beside: Any) -> Iterator[Placed]:
        if condition.concept is not None:
            file = self.places.concept_file(condition.concept, self.slug)
        for child in condition.children:
            branch = condition.kind == "any" and beside is not None
            inner = None if condition.kind == "not" else beside
            if child.kind == "test" or branch:
                yield Placed(child, file, branch, beside)
            yield from self._below(child, file, inner)
        if condition.kind == "test" and condition.id in ("requires", *(way.route.id for way in self.ways)):
            yield Placed(condition, file, False, beside)


def spans(rulebook: Rulebook, slug: str) -> Iterator[tuple[date, date, SchemeEdition]]:
    """Every open edition since 2019 with its first and last day; an open end is taken for ten years."""
    starts = [FIRST, *(day for day in rulebook.turns(slug) if day > FIRST)]
    for index, start in enumerate(starts):
        edition = rulebook.scheme_at(slug, start)
        last = starts[index + 1] - timedelta(days=1) if index + 1 < len(starts) else start + _OPEN_ENDED
        if edition.body is not None:
            yield start, last, edition


def asks_only_for_telling(node: Node) -> bool:
    """Whether an expression only wants a fact told, which every whole firm does."""
    while hasattr(node, "body"):
        node = node.body
    return isinstance(node, Told)
