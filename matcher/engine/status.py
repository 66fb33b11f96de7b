"""The status of one scheme for one firm on one day, exactly: settled only when every completion gives it; and which facts fail it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from matcher.rulebook import Condition, ResolvedBody, ResolvedRoute, SchemeEdition, Status
from matcher.rulebook.language import Derived, Node, facts_in, nodes, walk

from . import derive
from .cells import explore, findings, turning
from .evaluate import holds, truth
from .reasons import REGISTERED_ON, is_registered
from .worlds import Split, Truth, World, both

# ---------------------------------------------------------------------------------------------------------------------
# The status of one scheme for one firm on one day, exactly: settled only when every completion of the untold facts
# gives it.
# ---------------------------------------------------------------------------------------------------------------------


PASS, OPEN, FAIL = "pass", "open", "fail"

_STATUS: Mapping[str, Status] = {PASS: "eligible", OPEN: "needs_decision", FAIL: "not_eligible"}

_RESTRICTION: Mapping[str, Status] = {PASS: "applies", OPEN: "applies", FAIL: "does_not_apply"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """The status, the untold facts that can still turn it, the cells in which the firm's part holds, and all cells with
    their outcomes."""

    status: Status
    missing: tuple[str, ...]
    passing: tuple[World, ...]
    failing: tuple[World, ...]
    cells: tuple[tuple[World, str], ...] = ()


def route_taken(body: ResolvedBody, world: World) -> ResolvedRoute | Split | None:
    """The first route whose ``when`` holds; a Split while that is open; None where no route is left."""
    for route in body.routes:
        if route.when is None:
            return route
        chosen = holds(route.when, world)
        if isinstance(chosen, Split):
            return chosen
        if chosen:
            return route
    return None


def route_holds(body: ResolvedBody, world: World) -> Truth:
    """Whether the conditions of the firm's own route hold; the next question while the route is open."""
    route = route_taken(body, world)
    if isinstance(route, Split):
        return route
    if route is None or route.fails_on:
        return False
    return holds(route.requires, world)


def outcome(body: ResolvedBody, world: World) -> str | Split:
    """pass, open (a department decides) or fail in this world, or the next question for the firm."""

    def program(here: World) -> Truth:
        common = holds(body.requires, here)
        return False if common is False else both((common, route_holds(body, here)))

    result = program(world)
    if isinstance(result, Split) and not result.by_department:
        return result
    if isinstance(result, Split):
        found = findings(program, world)
        result = True if found == {True} else False if found == {False} else result
    if isinstance(result, Split) or (result and _chosen_freely(body, world)):
        return OPEN
    return PASS if result else FAIL


def _chosen_freely(body: ResolvedBody, world: World) -> bool:
    """Whether a department decides even where all holds: on every way, or on the one taken."""
    route = None if body.undecided else route_taken(body, world)
    return body.undecided or (isinstance(route, ResolvedRoute) and route.undecided)


def settle(edition: SchemeEdition, world: World) -> Settlement:
    """Decide the status by cells."""
    body = edition.body
    assert body is not None
    cells = explore(lambda here: outcome(body, here), world)
    found = {result for _, result in cells}
    passing = tuple(cell for cell, result in cells if result != FAIL)
    failing = tuple(cell for cell, result in cells if result == FAIL)
    names = _RESTRICTION if edition.scheme.kind == "restriction" else _STATUS
    if not is_registered(edition, world):  # whatever else holds: nothing untold is asked for, no finding changes it
        return Settlement(names[FAIL], (), (), tuple(cell for cell, _ in cells), tuple(cells))
    first = _asked_first(edition, world) if found != {FAIL} else None
    if first is not None:
        return Settlement("needs_information", first, passing, failing, tuple(cells))
    if len({names[result] for result in found}) == 1:
        return Settlement(names[found.pop()], (), passing, failing, tuple(cells))
    return Settlement("needs_information", missing(edition, cells), passing, failing, tuple(cells))


def _asked_first(edition: SchemeEdition, world: World) -> tuple[str, ...] | None:
    """What must be known before anything of the branches is asked: the first such fact or condition that is still open,
    and what the common conditions lack."""
    body = edition.body
    assert body is not None
    for condition in body.ask_first:
        here, open_ = condition, holds(condition, world)
        if isinstance(open_, Split):
            own = missing(edition, explore(lambda inner, here=here: holds(here, inner), world))  # type: ignore[misc]
            common = missing(edition, explore(lambda inner: holds(body.requires, inner), world))
            return tuple(dict.fromkeys((*common, *own)))
    return None


def missing(edition: SchemeEdition, cells: list[tuple[World, Any]]) -> tuple[str, ...]:
    """The untold facts that alone tell two cells of different status apart, in the order the rules read them."""
    derived = derived_in(edition)
    named: set[str] = set()
    for (left, _), (right, _), facts in turning(cells):
        for fact in facts:
            if fact in derived and fact not in left.facts:
                named |= derive.narrowing(
                    derived[fact], left, _values(derived[fact], left), _values(derived[fact], right)
                )
            else:
                named.add(fact)
    order = [name for name in edition.facts if name in named]
    return tuple(name for name in (*order, *sorted(named - set(order))) if not cells[0][0].context.is_finding(name))


def _values(node: Derived, world: World) -> frozenset[str]:
    return world.domain(node.id, derive.possible(node, world))


def derived_in(edition: SchemeEdition) -> Mapping[str, Derived]:
    """The derived enumerations that the rules read, by name."""
    found: Mapping[str, Derived] | None = edition.cache.get("derived")
    if found is None:
        assert edition.body is not None
        parts = (part for expression in edition.body.expressions() for part in walk(expression))
        found = edition.cache["derived"] = {part.id: part for part in parts if isinstance(part, Derived)}
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Which facts are to blame when a condition fails: told facts of failing conditions, of every failed alternative.
#
# By default the facts on the left of the comparison that enter with a plus and not as a divisor; a yes/no names
# itself; a picked branch names its own facts, never the picker. A rule file may say otherwise (``fails_on``).
# ---------------------------------------------------------------------------------------------------------------------


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
