"""The rules as parsed, every date still in them: schemes with their bodies and routes, and figures over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher.rulebook.language import Const, Node, Param, walk

from .edition import Given, Sum
from .files import Body, Parameter, ParameterValue, Scheme
from .names import Condition, Names, Source, expressions
from .shapes import Text
from .terms import Recipient


class MissingFigure(Exception):
    """A parameter has no value on a day on which a rule needs it; the loader reports it, a loaded rulebook has none."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"the parameter {name!r} has no value on {day}")


@dataclass(frozen=True, slots=True)
class ParsedRoute:
    """A route as parsed."""

    id: str
    label: Text | None
    when: Condition | None
    requires: Condition
    benefit: Sum | None
    gives: tuple[Given, ...]
    recipient: Recipient | Node | None
    fails_on: tuple[str, ...]
    from_: date | None
    until: date | None
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ParsedBody:
    """A body as parsed."""

    body: Body
    requires: Condition
    routes: tuple[ParsedRoute, ...]
    benefit: Sum
    gives: tuple[Given, ...]
    recipient: Recipient | Node
    ask_first: tuple[Condition, ...] = ()

    def trees(self) -> Iterator[Condition]:
        """Every condition tree."""
        yield self.requires
        yield from self.ask_first
        for route in self.routes:
            yield from (tree for tree in (route.when, route.requires) if tree is not None)

    def expressions(self) -> Iterator[Node]:
        """Every expression, sums and outputs included."""
        for tree in self.trees():
            yield from expressions(tree)
        parts: list[ParsedBody | ParsedRoute] = [self, *self.routes]
        for part in parts:
            if part.benefit is not None:
                yield from part.benefit.ends()
            yield from (node for given in part.gives for node in given.expressions())
            if isinstance(part.recipient, Node):
                yield part.recipient


@dataclass(frozen=True, slots=True)
class ParsedScheme:
    """A scheme with its expressions parsed, and the names they use."""

    scheme: Scheme
    bodies: tuple[ParsedBody, ...]
    names: Names

    def parameters(self) -> set[str]:
        """The parameters that any of its expressions names, through concepts too."""
        parts = (part for body in self.bodies for node in body.expressions() for part in walk(node))
        return {part.id for part in parts if isinstance(part, Param)}


@dataclass(frozen=True, slots=True)
class ParameterHistory:
    """A parameter over time: each value with the constant and the sources it stands for."""

    parameter: Parameter
    values: tuple[tuple[ParameterValue, Const, tuple[Source, ...]], ...]

    def on(self, day: date) -> tuple[ParameterValue, Const, tuple[Source, ...]] | None:
        """What holds on ``day``."""
        return next((entry for entry in self.values if entry[0].holds(day)), None)
