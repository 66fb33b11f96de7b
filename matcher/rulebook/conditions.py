"""The tree of a condition: all, any, not, and tests that each stand beside the phrase they encode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher.rulebook.files import Text
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node
from matcher.rulebook.language.types import BOOLEAN


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands: the instrument's number and the article, and how sure we are of it."""

    instrument: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One node of a condition tree.

    ``kind`` is all, any, not, test or concept. A test has ``expr``; a concept has one child and a ``label``. ``fails_on`` names the
    facts that are said to fail where the default (the facts on the left of the comparison) would name the wrong ones.
    """

    id: str
    kind: str
    expr: Node | None = None
    children: tuple[Condition, ...] = ()
    label: Text | None = None
    says: str | None = None
    ground: Text | None = None
    sources: tuple[Source, ...] = ()
    fails_on: tuple[str, ...] = ()
    from_: date | None = None
    until: date | None = None
    line: int = 0
    concept: str | None = None

    def walk(self) -> Iterator[Condition]:
        """The node and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


NOTHING = Condition("requires", "all")


def as_node(condition: Condition) -> Node:
    """The condition as one expression of the language, for use inside another."""
    if condition.expr is not None:
        return condition.expr
    parts = tuple(as_node(child) for child in condition.children)
    if condition.kind == "not":
        return nodes.Not(BOOLEAN, parts[0])
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return nodes.TRUE if condition.kind == "all" else nodes.Const(BOOLEAN, False)
    return nodes.Logic(BOOLEAN, "or" if condition.kind == "any" else "and", parts)


def expressions(condition: Condition) -> Iterator[Node]:
    """Every expression of the tree."""
    for part in condition.walk():
        if part.expr is not None:
            yield part.expr
