"""The tree of a condition, and what a name in an expression means: a fact, a concept of the rulebook, or a ``let`` of one scheme."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.rulebook.language import BOOLEAN, LanguageError, Node, Spec, fact_type, nodes, parse

from .files import Fact, Instrument, Name
from .reading import Place
from .shapes import Text

# ---------------------------------------------------------------------------------------------------------------------
# The tree of a condition: all, any, not, and tests that each stand beside the phrase they encode.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands: the instrument's number and the article, and how sure we are of it.

    ``is_link``: a decision that rests on it is no surer; in the rulebooks of 0.1.0 only figures and versions said that.
    """

    instrument: str
    article: str
    confidence: str
    is_link: bool = True


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
    override: str | None = None  # why the phrase reads otherwise than the test
    is_unread: bool = False  # the phrase is from memory: no text that holds it was seen, and it is no quotation

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


# ---------------------------------------------------------------------------------------------------------------------
# What a name in an expression means: a fact, a concept of the rulebook, or a ``let`` of one scheme.
# ---------------------------------------------------------------------------------------------------------------------


MAX_PARTS = 5_000

MAX_ALL_PARTS = 50_000

MAX_HINTS = 20

MakeCondition = Callable[[Any, "Names", Place, str], Condition]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A parsed name: its words, and the condition or the value it stands for."""

    id: str
    label: Text
    condition: Condition | None
    node: Node
    derives: bool


@dataclass(slots=True)
class Names:
    """The names that expressions may use. A concept is parsed when first asked for, so that order does not matter."""

    facts: Mapping[str, Fact]
    specs: Mapping[str, Spec]
    instruments: Mapping[str, Instrument]
    make_condition: (
        MakeCondition  # from what a file writes; handed in, since conditions are made with the names they use
    )
    defined: dict[str, tuple[Name, Place]] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    parsing: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    grown: int = 0

    def with_local(self, local: Mapping[str, tuple[Name, Place]]) -> Names:
        """The same names and the ``let`` names of a scheme besides."""
        clash = next((name for name in local if name in self.defined or name in self.facts), None)
        if clash:
            raise LanguageError(f"the name {clash!r} is a fact or a concept already")
        return Names(
            self.facts,
            self.specs,
            self.instruments,
            self.make_condition,
            {**self.defined, **local},
            dict(self.meanings),
            [],
            self.hints,
        )

    def parameter(self, name: str) -> Spec | None:
        """The kind of the parameter of this name."""
        return self.specs.get(name)

    def name(self, name: str) -> Node | None:
        """The node that a name stands for."""
        if (name in self.defined or name in self.meanings) and name not in self.parsing:
            meaning = self.meaning(name)
            if meaning.derives:
                return nodes.Derived(meaning.node.type, name, meaning.node, told=name in self.facts)
            return nodes.Named(meaning.node.type, name, meaning.node)
        if name in self.defined:
            raise LanguageError(f"{name!r} is defined by itself: {' → '.join([*self.parsing, name])}")
        fact = self.facts.get(name)
        if fact is None:
            return None
        return nodes.Fact(fact_type(fact.type, fact.unit, tuple(fact.values), fact.id), name, fact.is_finding)

    def meaning(self, name: str) -> Meaning:
        """The parsed definition. Raises LanguageError."""
        if name not in self.meanings:
            if self.grown > MAX_ALL_PARTS:
                raise LanguageError(f"the definitions together grow to more than {MAX_ALL_PARTS} parts")
            definition, place = self.defined[name]
            self.parsing.append(name)
            try:
                self.meanings[name] = self._parse(definition, place)
            finally:
                self.parsing.pop()
            self.grown += sum(1 for _ in nodes.walk(self.meanings[name].node))
        return self.meanings[name]

    def _parse(self, definition: Name, place: Place) -> Meaning:
        if definition.value is not None:
            node = _bounded(parse(definition.value, self))
            return Meaning(definition.id, definition.label, None, node, definition.derives)
        tree = self.make_condition(definition.condition, self, place / "condition", definition.id)
        node = _bounded(as_node(tree))
        return Meaning(definition.id, definition.label, tree, node, False)

    def parameters(self) -> set[str]:
        """The parameters that the parsed names use."""
        parts = (part for meaning in self.meanings.values() for part in nodes.walk(meaning.node))
        return {part.id for part in parts if isinstance(part, nodes.Param)}

    def excerpt(self, source: str) -> str:
        """The words we keep of ``instrument#article``; empty where we keep none."""
        slug, _, article = source.partition("#")
        instrument = self.instruments.get(slug)
        return instrument.excerpts.get(article, "") if instrument else ""

    def nearest(self, name: str) -> str | None:
        """A known name that looks like this one; after the first few of a load it is no longer looked for."""
        self.hints.append(name)
        if len(self.hints) > MAX_HINTS:
            return None
        close = difflib.get_close_matches(name, [*self.facts, *self.specs, *self.defined], n=1, cutoff=0.7)
        return close[0] if close else None


def _bounded(node: Node) -> Node:
    """The node, unless its definitions grow too large: ten names of ten names each of ten are a thousand parts."""
    if any(count >= MAX_PARTS for count, _ in enumerate(nodes.walk(node))):
        raise LanguageError(f"the definitions used here grow to more than {MAX_PARTS} parts")
    return node
