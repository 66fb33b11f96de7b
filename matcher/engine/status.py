"""The status of one scheme for one firm on one day, exactly: settled only when every completion of the untold facts gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.engine import derive
from matcher.engine.cells import explore, findings, turning
from matcher.engine.evaluate import holds
from matcher.engine.outcomes import Truth, both
from matcher.engine.registration import is_registered
from matcher.engine.worlds import Split, World
from matcher.rulebook.edition import ResolvedBody, ResolvedRoute, SchemeEdition
from matcher.rulebook.language.nodes import Derived, walk

PASS, OPEN, FAIL = "pass", "open", "fail"
_STATUS = {PASS: "eligible", OPEN: "needs_decision", FAIL: "not_eligible"}
_RESTRICTION = {PASS: "applies", OPEN: "applies", FAIL: "does_not_apply"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """The status, the untold facts that can still turn it, the cells in which the firm's part holds, and all cells with
    their outcomes."""

    status: str
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
    return tuple(name for name in (*order, *sorted(named - set(order))) if not name.startswith("dept_"))


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
