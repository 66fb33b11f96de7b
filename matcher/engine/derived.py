"""The values that an enumeration worked out from other facts can still have, kept for all firms that tell the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matcher.engine.cells import Cell, explore, turning
from matcher.engine.outcomes import UNPLACED
from matcher.engine.worlds import World
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import AsOf, Node, facts_in, walk

MOST_KEPT = 512
Evaluate = Callable[[Node, World], Any]


@dataclass(slots=True)
class Known:
    """What was worked out of an enumeration; the node is held so that its identity stays its own."""

    node: nodes.Derived
    cells: list[tuple[World, Any]]
    turns: list[tuple[Cell, Cell, frozenset[str]]] | None = None

    def apart(self) -> list[tuple[Cell, Cell, frozenset[str]]]:
        """What tells the cells apart, worked out when first asked for."""
        if self.turns is None:
            self.turns = turning(self.cells)
        return self.turns


def known(node: nodes.Derived, world: World, evaluate: Evaluate) -> Known:
    """Worked out once for all firms that tell the same of the facts it is made of; the oldest are forgotten."""
    kept = world.context.derived
    made_of = kept.get(id(node.body)) or kept.setdefault(
        id(node.body), (node, facts_in(node.body), any(isinstance(part, AsOf) for part in walk(node.body)))
    )
    told = tuple((name, world.facts[name]) for name in made_of[1] if name in world.facts)
    bands = tuple((name, world.context.bands[name]) for name in made_of[1] if name in world.context.bands)
    key = (id(node.body), told, bands, world.context.day if made_of[2] else 0)
    found: Known | None = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)))
        found = kept[key] = Known(node, explore(lambda here: evaluate(node.body, here), world.derivation()))
    return found


def possible(node: nodes.Derived, world: World, evaluate: Evaluate) -> frozenset[str]:
    """The values that the told facts leave possible; all of them where the facts cannot place the firm."""
    found: set[str] = set()
    for _, outcome in known(node, world, evaluate).cells:
        if isinstance(outcome, str):
            found.add(outcome)
        else:
            found.update(node.type.values if outcome is UNPLACED else outcome.domain)
    return frozenset(found)
