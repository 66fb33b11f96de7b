"""What holds on one day: every figure resolved, every date gone. An edition is immutable and has a hash of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from matcher.rulebook.language import AsOf, Const, Node, Rows, facts_in, nodes, walk

from .files import Instrument, ParameterValue, Scheme
from .names import Condition, Names, Source, as_node
from .shapes import Text, least
from .terms import AmountKind, Recipient
from .versions import Version

# ---------------------------------------------------------------------------------------------------------------------
# What holds on one day: every figure resolved, every date gone. An edition is immutable and knows of no other day.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it stands on the day: what a decision that uses it rests on."""

    id: str
    label: Text
    value: ParameterValue
    sources: tuple[Source, ...]

    def is_read(self, instruments: Mapping[str, Instrument]) -> bool:
        """Whether one of its texts was seen at the issuer's or in a copy, and not only as others tell it or from memory."""
        texts = (instruments.get(source.partition("#")[0]) for source in self.value.source)
        return any(text is not None and text.seen in ("issuer", "copy") for text in texts)


@dataclass(frozen=True, slots=True)
class Sum:
    """The benefit: ``kind`` is exact, ceiling, range or none; the sum is untold (no range given) without the facts of ``needs``.

    ``expr`` is the sum, the ceiling, or the upper end of a range that the law gives, whose lower end is ``least``.
    """

    kind: AmountKind
    expr: Node | None = None
    needs: tuple[str, ...] = ()
    exact_once: str | None = None
    least: Node | None = None

    def ends(self) -> Iterator[Node]:
        """The expressions of the sum, the lower end of a range first."""
        yield from (node for node in (self.least, self.expr) if node is not None)


@dataclass(frozen=True, slots=True)
class Given:
    """A further output; left out once what is told makes ``unless`` true. ``words`` are the labels of values that are words."""

    id: str
    label: Text
    expr: Node
    decimals: int | None
    unless: Node | None = None
    words: Mapping[str, Text] = field(default_factory=dict, hash=False)

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
    recipient: Recipient | Node
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

    def outputs(self) -> dict[str, Given]:
        """What its rules give besides the sum, by id: of an output that several routes give, the first one's label and type
        (`matcher rules check` sees to it that they agree)."""
        found: dict[str, Given] = {}
        for route in self.body.routes if self.body is not None else ():
            for given in route.gives:
                found.setdefault(given.id, given)
        return found

    def confidence(self) -> str:
        """The weakest link from the texts to a decision: the version, its figures and its conditions, each with how its text was seen."""
        if "confidence" not in self.cache:
            self.cache["confidence"] = least(self._links())
        found: str = self.cache["confidence"]
        return found

    def _links(self) -> Iterator[str]:
        if self.version is not None and self.version.confidence:
            yield self.version.confidence
        sources = [source for figure in self.figures for source in figure.sources]
        yield from (figure.value.confidence for figure in self.figures)
        if self.body is not None:
            parts = (part for tree in self.body.conditions() for part in tree.walk())
            sources += [source for part in parts for source in part.sources]
        yield from (source.confidence for source in sources if source.is_link)

    def cited(self, condition: Condition) -> tuple[Source, ...]:
        """The sources of a condition that this scheme may cite, the version's own first.

        A condition outlives the notice that first stated it, and a concept that several subjects share names a source of each:
        of several those count that the version names, else those that an earlier or later version of the scheme names. Where none
        is, a quotation keeps its sources; a ground that several subjects share is cited by none of the others.
        """
        sources = condition.sources
        if len(sources) < 2:
            return sources
        own = (self.version.instrument if self.version else None) or ""
        every = "；".join(one.instrument or "" for one in self.scheme.versions)
        for names in (own, every):
            found = tuple(one for one in sources if one.instrument in names) or tuple(
                one for one in sources if _stem(one.instrument) in names
            )
            if found:
                return found
        return sources if condition.says else ()


def _stem(number: str) -> str:
    """The name of an instrument without the year or edition in brackets behind it."""
    return number.partition("（")[0] or number


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


# ---------------------------------------------------------------------------------------------------------------------
# Takes the dates out: replaces every parameter by its figure of a day and drops what does not hold on it.
# ---------------------------------------------------------------------------------------------------------------------


class Resolver:
    """Resolves trees for one day. ``constant`` gives the figure of a parameter on the day."""

    def __init__(self, names: Names, day: date, constant: Callable[[str], Const]) -> None:
        self.names = names
        self.day = day
        self.constant = constant
        self.done: dict[str, Node] = {}

    def holds(self, condition: Condition) -> bool:
        """Whether the condition is in force on the day."""
        return (condition.from_ is None or condition.from_ <= self.day) and (
            condition.until is None or self.day <= condition.until
        )

    def condition(self, condition: Condition) -> Condition:
        """The tree of the day."""
        children = tuple(self.condition(child) for child in condition.children if self.holds(child))
        expr = None if condition.expr is None else self.node(condition.expr)
        return replace(condition, children=children, expr=expr)

    def node(self, node: Node) -> Node:
        """The expression of the day."""
        match node:
            case nodes.Param():
                return self.constant(node.id)
            case nodes.Named() | nodes.Derived():
                return replace(node, body=self._named(node.id))
            case nodes.Arith() | nodes.Compare():
                return replace(node, left=self.node(node.left), right=self.node(node.right))
            case nodes.Retyped() | nodes.Whole() | nodes.Not() | nodes.Told():
                return replace(node, arg=self.node(node.arg))
            case nodes.Quantified():
                return replace(node, body=self.node(node.body))
            case nodes.Extreme() | nodes.Logic():
                return replace(node, args=tuple(self.node(arg) for arg in node.args))
            case nodes.Choice():
                condition, then, other = (self.node(part) for part in node.parts)
                return replace(node, condition=condition, then=then, other=other)
            case nodes.Lookup():
                table = self.node(node.table)
                if isinstance(table, Const) and not isinstance(table.value, Rows):
                    return table  # one figure whatever the keys: nothing is looked up
                return replace(node, table=table, keys=tuple(self.node(key) for key in node.keys))
            case nodes.Classify():
                return replace(node, code=self.node(node.code), table=self.node(node.table))
            case nodes.Progressive():
                return replace(node, amount=self.node(node.amount), scale=self.node(node.scale))
            case nodes.Shift():
                return replace(node, day=self.node(node.day), amount=self.node(node.amount))
            case nodes.Calendar():
                return replace(node, day=self.node(node.day))
            case nodes.Member():
                return replace(node, item=self.node(node.item), collection=self.node(node.collection))
            case _:
                return node

    def _named(self, name: str) -> Node:
        if name not in self.done:
            meaning = self.names.meaning(name)
            self.done[name] = (
                as_node(self.condition(meaning.condition)) if meaning.condition else self.node(meaning.node)
            )
        return self.done[name]
