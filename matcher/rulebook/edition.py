"""What holds on one day: every figure resolved, every date gone. An edition is immutable and knows of no other day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.rulebook.conditions import Condition, Source
from matcher.rulebook.files import ParameterValue, Scheme, Text, Version
from matcher.rulebook.language.nodes import AsOf, Const, Node, facts_in, walk


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it stands on the day: what a decision that uses it rests on."""

    id: str
    label: Text
    value: ParameterValue
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The benefit: ``kind`` is exact, ceiling, range or none; the sum is untold (no range given) without the facts of ``needs``.

    ``expr`` is the sum, the ceiling, or the upper end of a range that the law gives, whose lower end is ``least``.
    """

    kind: str
    expr: Node | None = None
    needs: tuple[str, ...] = ()
    exact_once: str | None = None
    least: Node | None = None

    def ends(self) -> Iterator[Node]:
        """The expressions of the sum, the lower end of a range first."""
        yield from (node for node in (self.least, self.expr) if node is not None)


@dataclass(frozen=True, slots=True)
class Given:
    """A further output; left out once what is told makes ``unless`` true."""

    id: str
    label: Text
    expr: Node
    decimals: int | None
    unless: Node | None = None

    def expressions(self) -> Iterator[Node]:
        """The output's own expression and the condition that leaves it out."""
        yield from (node for node in (self.expr, self.unless) if node is not None)


@dataclass(frozen=True, slots=True)
class ResolvedRoute:
    """One way to the scheme; ``when`` None is the way that is left. ``undecided``: even then a department chooses freely."""

    id: str
    label: Text | None
    when: Condition | None
    requires: Condition
    benefit: Sum
    gives: tuple[Given, ...]
    recipient: str | Node
    fails_on: tuple[str, ...] = ()
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ResolvedBody:
    """The rules on the day: what all must meet, and the routes. ``undecided``: even then a department chooses freely."""

    requires: Condition
    routes: tuple[ResolvedRoute, ...]
    undecided: bool
    ask_first: tuple[Condition, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        """Every condition tree of the body."""
        yield self.requires
        yield from self.ask_first
        for route in self.routes:
            if route.when is not None:
                yield route.when
            yield route.requires

    def expressions(self) -> Iterator[Node]:
        """Every expression of the body, sums and outputs included."""
        for condition in self.conditions():
            for part in condition.walk():
                if part.expr is not None:
                    yield part.expr
        for route in self.routes:
            yield from route.benefit.ends()
            yield from (node for given in route.gives for node in given.expressions())
            if isinstance(route.recipient, Node):
                yield route.recipient


@dataclass(frozen=True, slots=True)
class SchemeEdition:
    """One scheme on one day. ``state``: open, not_yet, unconfirmed, ended or no_open_round; only an open one has a body."""

    scheme: Scheme
    version: Version | None
    state: str
    body: ResolvedBody | None = None
    figures: tuple[Figure, ...] = ()
    facts: tuple[str, ...] = ()
    depends_on_day: bool = False
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def confidence(self) -> str:
        """The least sure of the version and the figures it rests on."""
        marks = [figure.value.confidence for figure in self.figures]
        if self.version is not None and self.version.confidence:
            marks.append(self.version.confidence)
        return next((mark for mark in ("low", "medium") if mark in marks), "high")


@dataclass(frozen=True, slots=True)
class Edition:
    """The rulebook on one day."""

    day: date
    schemes: Mapping[str, SchemeEdition]


def reads(body: ResolvedBody) -> tuple[str, ...]:
    """The facts a body reads, each once, in the order they stand."""
    found: dict[str, None] = {}
    for expression in body.expressions():
        found.update(dict.fromkeys(facts_in(expression)))
    return tuple(found)


def uses_day(body: ResolvedBody) -> bool:
    """Whether the day asked about itself stands in the rules, so that two days of one edition may differ."""
    return any(isinstance(part, AsOf) for expression in body.expressions() for part in walk(expression))


def figures_used(body: ResolvedBody) -> set[str]:
    """The names of the parameters that the body's constants came from."""
    parts = (part for expression in body.expressions() for part in walk(expression))
    return {part.name for part in parts if isinstance(part, Const) and part.name}
