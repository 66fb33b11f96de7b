"""Which facts are to blame when a condition fails: told facts of failing conditions, of every failed alternative.

By default the facts on the left of the comparison that enter with a plus and not as a divisor; a yes/no names itself; a
picked branch names its own facts, never the picker. A rule file may say otherwise (``fails_on``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matcher.engine import derive
from matcher.engine.cells import explore
from matcher.engine.evaluate import holds, truth
from matcher.engine.registration import REGISTERED_ON, is_registered
from matcher.engine.status import FAIL, Settlement, route_holds, route_taken
from matcher.engine.worlds import Split, World
from matcher.rulebook.conditions import Condition
from matcher.rulebook.edition import ResolvedBody, SchemeEdition
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node, facts_in


def failing_facts(edition: SchemeEdition, world: World, settlement: Settlement) -> tuple[str, ...]:
    """The told facts of the failing conditions, in the order the rules read them."""
    body = edition.body
    assert body is not None
    cells = settlement.failing if all(result == FAIL for _, result in settlement.cells) else ()
    named = set(_alone(body, world)) or {fact for cell in cells for fact in _alone(body, cell)}
    if not is_registered(edition, world):
        named.add(REGISTERED_ON)
    named = {name for name in named if name in world.facts}
    order = [name for name in edition.facts if name in named]
    return (*order, *sorted(named - set(order)))


def _alone(body: ResolvedBody, world: World) -> Iterator[str]:
    """What fails whatever the untold facts are, each condition asked by itself."""
    yield from blame(body.requires, world)
    route = route_taken(body, world)
    if isinstance(route, Split):
        yield from _every_route(body, world)
    elif route is not None:
        yield from route.fails_on
        yield from blame(route.requires, world)


def _every_route(body: ResolvedBody, world: World) -> Iterator[str]:
    """While the route is open and each that it may be fails: what fails on every one of them."""
    cells = explore(lambda here: route_holds(body, here), world)
    if all(outcome is False for _, outcome in cells):
        for cell, _ in cells:
            yield from _alone(body, cell)


def blame(condition: Condition, world: World) -> Iterator[str]:
    """The facts named by a condition, if it fails in every completion of this world."""
    if not fails(condition, world):
        return
    if condition.fails_on:
        yield from condition.fails_on
    elif condition.expr is not None:
        yield from _named(condition.expr, world, wanted=True)
    elif condition.kind == "not":
        for child in condition.children:
            yield from (fact for expr in _expressions(child) for fact in facts_in(expr))
    elif condition.kind == "any" or any(fails(child, world) for child in condition.children):
        for child in condition.children:
            yield from blame(child, world)
    else:  # every child may hold, but not all together
        for child in _clash(condition, world):
            yield from child.fails_on or (
                fact for expr in _expressions(child) for fact in _named(expr, world, wanted=True)
            )


def _clash(condition: Condition, world: World) -> tuple[Condition, ...]:
    """Children that cannot hold together, each of them needed for that: what holds beside them is not to blame."""
    kept = condition.children
    for child in condition.children:
        rest = tuple(one for one in kept if one is not child)
        if fails(replace(condition, children=rest), world):
            kept = rest
    return kept


def _expressions(condition: Condition) -> Iterator[Node]:
    return (part.expr for part in condition.walk() if part.expr is not None)


def fails(condition: Condition, world: World) -> bool:
    """Whether the condition, asked by itself, is false in every completion."""
    result = holds(condition, world)
    if isinstance(result, Split) and not result.by_department:
        return all(outcome is False for _, outcome in explore(lambda here: holds(condition, here), world))
    return result is False


def _named(node: Node, world: World, *, wanted: bool) -> Iterator[str]:
    match node:
        case nodes.Fact():
            yield node.id
        case nodes.Derived():
            yield from (node.id,) if node.id in world.facts else derive.figures(node, world)
        case nodes.Named():
            yield from _named(node.body, world, wanted=wanted)
        case nodes.Not():
            yield from _named(node.arg, world, wanted=not wanted)
        case nodes.Logic():
            yield from _logic(node, world, wanted)
        case nodes.Member():
            yield from _named(node.item, world, wanted=wanted)
        case nodes.Compare():
            yield from list(_plus(node.left, world, 1)) or _plus(node.right, world, 1)
        case nodes.Choice():
            for branch in _branches(node, world):
                yield from _named(branch, world, wanted=wanted)


def _logic(node: nodes.Logic, world: World, wanted: bool) -> Iterator[str]:
    """Of an ``and`` that fails the parts that fail; of an ``or`` all parts."""
    wrong = [arg for arg in node.args if truth(arg, world) is (not wanted)]
    for arg in wrong or node.args:
        yield from _named(arg, world, wanted=wanted)


def _branches(node: nodes.Choice, world: World) -> tuple[Node, ...]:
    chosen = truth(node.condition, world)
    return (node.then, node.other) if isinstance(chosen, Split) else (node.then if chosen else node.other,)


def _plus(node: Node, world: World, sign: int) -> Iterator[str]:
    """The facts of a sum that enter it with a plus."""
    match node:
        case nodes.Fact() | nodes.Derived():
            if sign > 0:
                yield from _named(node, world, wanted=True)
        case nodes.Named():
            yield from _plus(node.body, world, sign)
        case nodes.Arith():
            yield from _plus(node.left, world, sign)
            if node.op != "/":
                yield from _plus(node.right, world, -sign if node.op == "-" else sign)
        case nodes.Extreme():
            for arg in node.args:
                yield from _plus(arg, world, sign)
        case nodes.Retyped() | nodes.Whole():
            yield from _plus(node.arg, world, sign)
        case nodes.Shift():
            yield from _plus(node.day, world, sign)
        case nodes.Choice():
            for branch in _branches(node, world):
                yield from _plus(branch, world, sign)
