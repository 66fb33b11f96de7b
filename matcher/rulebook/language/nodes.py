"""The typed tree of an expression: what the parser makes, what every reading walks.

A tree is immutable. ``Param`` stands for a dated figure and is replaced by ``Const`` when an edition is made, so that no
reading knows of dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from .item_kinds import ItemKind
from .types import BOOLEAN, DATE, Type


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression; ``type`` is what it yields."""

    type: Type

    @property
    def parts(self) -> tuple[Node, ...]:
        """The expressions directly inside."""
        return ()


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A figure, a word, a day (as its ordinal), a set of words or of code prefixes; ``name`` is the parameter it came from."""

    value: Any
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A fact of the profile. ``by_department``: a department states it, a firm is never asked."""

    id: str
    by_department: bool = False


@dataclass(frozen=True, slots=True)
class Told(Node):
    """Whether a fact is told at all: for facts that must be known although they turn nothing by themselves."""

    arg: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A dated parameter, table or set, not yet resolved for a day."""

    id: str


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The day asked about."""


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A concept or ``let`` name, with the expression it stands for."""

    id: str
    body: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(frozen=True, slots=True)
class Derived(Node):
    """An enumeration worked out from other facts (size class); where the fact of that name is told, the told value counts."""

    id: str
    body: Node
    told: bool  # whether a fact of this name exists and may be told

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.body,)


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """``+ - * /`` of two numbers."""

    op: str
    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Retyped(Node):
    """The same value counted without its unit: ``count(quarters)``."""

    arg: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    """``min``/``max`` of numbers or days; ``lower``/``higher`` of ordered enumerations."""

    op: str
    args: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.args


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """``then if condition else other``."""

    condition: Node
    then: Node
    other: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.condition, self.then, self.other)


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """A row of a table by one or more keys, most significant first."""

    table: Node
    keys: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.table, *self.keys)


@dataclass(frozen=True, slots=True)
class Classify(Node):
    """The value under whose code ranges an industry code falls; undetermined where the code is too short or outside."""

    code: Node
    table: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.code, self.table)


@dataclass(frozen=True, slots=True)
class Progressive(Node):
    """A sum by a progressive scale: each slice at its own rate."""

    amount: Node
    scale: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.amount, self.scale)


@dataclass(frozen=True, slots=True)
class Whole(Node):
    """Rounded down to a whole number."""

    arg: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Shift(Node):
    """A day moved by days, months or years (the same day of the month, or its last day where there is none)."""

    day: Node
    amount: Node
    span: str
    sign: int

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.day, self.amount)


@dataclass(frozen=True, slots=True)
class Calendar(Node):
    """``month(day)`` or ``year(day)``."""

    op: str
    day: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.day,)


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``< <= > >= == !=``."""

    op: str
    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Member(Node):
    """``item in set``: words of an enumeration, or an industry code under any of the given prefixes and ranges."""

    item: Node
    collection: Node
    negated: bool

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.item, self.collection)


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and``/``or`` of two or more; ``chain`` marks a chained comparison, which is one condition in words."""

    op: str
    args: tuple[Node, ...]
    chain: bool = False

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.args


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not x``."""

    arg: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.arg,)


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``any``, ``all``, ``sum`` or ``count`` of ``body`` over all items of a kind that the firm has: ``any(loan: …)``.

    No reading decides by it: an edition is written out for the items of a firm first (``matcher.engine.quantifiers``).
    """

    op: str
    kind: ItemKind
    body: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.body,)


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with ``change`` of each part in place of the part; the same node where nothing changes."""
    changed: dict[str, Any] = {}
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(value, Node):
            new: Any = change(value)
        elif isinstance(value, tuple) and value and all(isinstance(part, Node) for part in value):
            new = tuple(change(part) for part in value)
            new = value if all(a is b for a, b in zip(new, value, strict=True)) else new
        else:
            continue
        if new is not value:
            changed[one.name] = new
    return replace(node, **changed) if changed else node


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it."""
    yield node
    for part in node.parts:
        yield from walk(part)


def facts_in(node: Node) -> tuple[str, ...]:
    """The ids of the facts read, each once, in the order they stand. A derived enumeration that may be told counts as one."""
    found: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, Fact) or (isinstance(part, Derived) and part.told):
            found[part.id] = None
    return tuple(found)


TRUE = Const(BOOLEAN, True)

AS_OF = AsOf(DATE)
