"""Enumerations that are worked out (size class, size sector): which values are still possible, and what would narrow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.engine.cells import Cell, explore, facts_of, turning
from matcher.engine.evaluate import UNPLACED, value
from matcher.engine.worlds import Context, World
from matcher.engine.worlds import told as told_as_kept
from matcher.rulebook import Rulebook, Scalar
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import AsOf, facts_in, walk

MOST_KEPT = 512
NUMBERS = frozenset({"integer", "number", "money", "rate"})


@dataclass(slots=True)
class _Known:
    """What was worked out of an enumeration; the node is held so that its identity stays its own."""

    node: nodes.Derived
    cells: list[tuple[World, Any]]
    turns: list[tuple[Cell, Cell, frozenset[str]]] | None = None


def _known(node: nodes.Derived, world: World) -> _Known:
    """Worked out once for all firms that tell the same of the facts it is made of; the oldest are forgotten."""
    kept = world.context.derived
    made_of = kept.get(id(node.body)) or kept.setdefault(
        id(node.body), (node, facts_in(node.body), any(isinstance(part, AsOf) for part in walk(node.body)))
    )
    told = tuple((name, world.facts[name]) for name in made_of[1] if name in world.facts)
    key = (id(node.body), told, world.context.day if made_of[2] else 0)
    found: _Known | None = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)))
        found = kept[key] = _Known(node, explore(lambda here: value(node.body, here), world.derivation()))
    return found


def cells_of(node: nodes.Derived, world: World) -> list[tuple[World, Any]]:
    """The cells of the enumeration's own expression."""
    return _known(node, world).cells


def _turns(node: nodes.Derived, world: World) -> list[tuple[Cell, Cell, frozenset[str]]]:
    """What tells the cells of the enumeration apart, worked out when first asked for."""
    known = _known(node, world)
    if known.turns is None:
        known.turns = turning(known.cells)
    return known.turns


def possible(node: nodes.Derived, world: World) -> frozenset[str]:
    """The values that the told facts leave possible; all of them where the facts cannot place the firm."""
    found: set[str] = set()
    for _, outcome in cells_of(node, world):
        if isinstance(outcome, str):
            found.add(outcome)
        else:
            found.update(node.type.values if outcome is UNPLACED else outcome.domain)
    return frozenset(found)


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
    if any(outcome is UNPLACED for _, outcome in cells_of(node, world)):
        named |= {fact for part in walk(node.body) if isinstance(part, nodes.Classify) for fact in facts_in(part.code)}
    for (_, one), (_, other), facts in _turns(node, world):
        if (one in left and other in right) or (other in left and one in right):
            named |= facts
    return {name for name in named if name not in world.facts}
