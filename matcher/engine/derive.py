"""Enumerations that are worked out (size class, size sector): which values are still possible, and what would narrow them."""

from __future__ import annotations

from typing import Any

from matcher.engine.cells import Cell, explore, facts_of, turning
from matcher.engine.evaluate import UNPLACED, value
from matcher.engine.worlds import World
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import facts_in, walk

NUMBERS = frozenset({"integer", "number", "money", "rate"})


def cells_of(node: nodes.Derived, world: World) -> list[tuple[World, Any]]:
    """The cells of the enumeration's own expression, worked out once a decision."""
    known = world.context.derived
    if node.id not in known:
        known[node.id] = explore(lambda here: value(node.body, here), world.derivation())
    cells: list[tuple[World, Any]] = known[node.id]
    return cells


def _turns(node: nodes.Derived, world: World) -> list[tuple[Cell, Cell, frozenset[str]]]:
    """What tells the cells of the enumeration apart, worked out once a decision."""
    known = world.context.derived
    if (node.id, "turns") not in known:
        known[node.id, "turns"] = turning(cells_of(node, world))
    turns: list[tuple[Cell, Cell, frozenset[str]]] = known[node.id, "turns"]
    return turns


def possible(node: nodes.Derived, world: World) -> frozenset[str]:
    """The values that the told facts leave possible; all of them where the facts cannot place the firm."""
    found: set[str] = set()
    for _, outcome in cells_of(node, world):
        if isinstance(outcome, str):
            found.add(outcome)
        else:
            found.update(node.type.values if outcome is UNPLACED else outcome.domain)
    return frozenset(found)


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
    if any(outcome is UNPLACED for _, outcome in cells_of(node, world)):
        named |= {fact for part in walk(node.body) if isinstance(part, nodes.Classify) for fact in facts_in(part.code)}
    for (_, one), (_, other), facts in _turns(node, world):
        if (one in left and other in right) or (other in left and one in right):
            named |= facts
    return {name for name in named if name not in world.facts}
