"""Enumerations that are worked out (size class, size sector): what they were worked out from, and what would narrow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from matcher.rulebook import NUMBERS, Rulebook
from matcher.rulebook.language import Scalar, facts_in, nodes, walk

from . import evaluate
from .cells import explore, facts_of
from .evaluate import value
from .worlds import UNPLACED, Context, World
from .worlds import told as told_as_kept


def possible(node: nodes.Derived, world: World) -> frozenset[str]:
    """The values that the told facts leave possible."""
    return evaluate.possible(node, world, value)


def worked_out(rulebook: Rulebook, name: str, facts: Mapping[str, Scalar], day: date) -> frozenset[str]:
    """The values of a derived enumeration (``size_class``) that the told facts leave possible on a day."""
    node = rulebook.concept_at(name, day)
    assert isinstance(node, nodes.Derived)
    return possible(node, World(Context.of(rulebook, day.toordinal()), told_as_kept(facts)))


def worked_out_from(node: nodes.Derived, world: World) -> tuple[str, ...]:
    """The told facts from which the value was worked out."""
    return tuple(name for name in facts_in(node.body) if name in world.facts)


def figures(node: nodes.Derived, world: World) -> tuple[str, ...]:
    """The told figures that count for a firm of this kind: what the enumeration would ask of it if no figure were told."""
    kind = {name: value_ for name, value_ in world.facts.items() if world.context.vocabulary[name].type not in NUMBERS}
    cells = explore(lambda here: value(node.body, here), World(world.context, kind, None, True))
    asked = {fact for cell, _ in cells for var in cell.box for fact in facts_of(var)}
    return tuple(name for name in worked_out_from(node, world) if name in asked)


def narrowing(node: nodes.Derived, world: World, left: frozenset[str], right: frozenset[str]) -> set[str]:
    """What to ask so as to tell a value in ``left`` from one in ``right``: the facts one floor down that can.

    The enumeration itself is named where it may be told; where nothing of it is told, it alone.
    """
    named = {node.id} if node.told else set()
    if node.told and not worked_out_from(node, world):
        return named
    known = evaluate.known(node, world, value)
    named |= _placing(node, known)
    for (_, one), (_, other), facts in known.apart():
        if (one in left and other in right) or (other in left and one in right):
            named |= facts
    return {name for name in named if name not in world.facts}


def made_of(node: nodes.Derived) -> tuple[str, ...]:
    """The facts from which the enumeration can be worked out."""
    return facts_in(node.body)


def beneath(node: nodes.Derived, world: World) -> set[str]:
    """The untold facts one floor down, any of which may narrow the enumeration: what to ask of who cannot tell it."""
    known = evaluate.known(node, world, value)
    named = _placing(node, known).union(*(facts for _, _, facts in known.apart()))
    return {name for name in named if name not in world.facts}


def _placing(node: nodes.Derived, known: evaluate.Known) -> set[str]:
    """The code to ask for where the told facts cannot place the firm at all."""
    if all(outcome is not UNPLACED for _, outcome in known.cells):
        return set()
    return {fact for part in walk(node.body) if isinstance(part, nodes.Classify) for fact in facts_in(part.code)}
