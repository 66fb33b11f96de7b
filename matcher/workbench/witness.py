"""A firm that an amendment lets in or shuts out: found in the cells that two editions share, proved by deciding both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from matcher.engine import (
    FAIL,
    POSITIVE,
    Context,
    Decision,
    RuleError,
    Split,
    World,
    decide_exactly,
    derived_in,
    explore,
    outcome,
    point,
    usual_of,
    value,
)
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar

MOST_STEPS = 6000

_FILLED = 6

_WAYS = 3

_UNUSABLE = (RuleError, ZeroDivisionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two editions of a scheme: where it is from, and the day it is asked about."""

    rulebook: Rulebook
    edition: SchemeEdition
    day: date

    def outcome(self, world: World) -> str | Split:
        """What the firm's part comes to in a world; where no rules are in force, nobody has it."""
        return FAIL if self.edition.body is None else outcome(self.edition.body, world)

    def decide(self, facts: dict[str, Scalar]) -> Decision:
        """The decision on the side's own day."""
        known = {name: value for name, value in facts.items() if name in self.rulebook.facts}
        return decide_exactly(self.rulebook, self.edition, known, self.day)


@dataclass(frozen=True, slots=True)
class Witness:
    """A firm whose status differs, with both decisions. ``gains``: it has the scheme only after the change."""

    gains: bool
    facts: dict[str, Scalar]
    before: Decision
    after: Decision


@dataclass(slots=True)
class Search:
    """The firms found: at most one that gains and one that loses. ``complete``: every cell was seen, so that where none was
    found the change lets nobody in and shuts nobody out."""

    firms: tuple[Witness, ...] = ()
    complete: bool = True


def witnesses(before: Side, after: Side) -> Search:
    """A firm that gains and a firm that loses, as far as such firms exist and are found within a bounded search."""
    search = Search()
    found: dict[bool, Witness] = {}
    for world, (old, new) in _cells(before, after, search):
        gains = old == FAIL
        if gains == (new == FAIL) or gains in found:
            continue
        proved = _proved(before, after, world)
        if proved is None or proved.gains != gains:
            search.complete = False
            continue
        found[gains] = proved
        if len(found) == 2:
            break
    search.firms = tuple(found[gains] for gains in sorted(found, reverse=True))
    return search


def _cells(before: Side, after: Side, search: Search) -> Iterator[tuple[World, tuple[str, str]]]:
    """The worlds in which both editions come to an outcome, both asked on the later side's day: what passes with time alone
    is no change of the rules."""
    vocabulary = {**before.rulebook.facts, **after.rulebook.facts}
    classes = before.rulebook.industry_classes | after.rulebook.industry_classes
    blank = World(Context(vocabulary, classes, after.day.toordinal(), {}), {})
    yield from _below(before, after, blank, search)
    for start in _placed_apart(before, after, blank):
        search.complete = False  # a few firms of each class stand for all
        yield from _below(before, after, start, search)


def _below(before: Side, after: Side, start: World, search: Search) -> Iterator[tuple[World, tuple[str, str]]]:
    waiting, steps = [start], 0
    while waiting and steps < MOST_STEPS:
        here, steps = waiting.pop(), steps + 1
        found = _together(before, after, here)
        if isinstance(found, Split):
            smaller = (here.restrict(found, answer) for answer in reversed(found.answers))
            waiting += [world for world in smaller if world is not None]
        elif found is not None:
            yield here, found
        else:
            search.complete = False
    search.complete = search.complete and not waiting


def _together(before: Side, after: Side, world: World) -> tuple[str, str] | Split | None:
    """Both outcomes, the next question, or None where the rules cannot be worked out in this world."""
    try:
        old = before.outcome(world)
        if isinstance(old, Split):
            return old
        new = after.outcome(world)
        return new if isinstance(new, Split) else (old, new)
    except _UNUSABLE:
        return None


def _placed_apart(before: Side, after: Side, blank: World) -> Iterator[World]:
    """Firms that the two editions put into different classes (of size, say), where the classes themselves were changed."""
    if before.edition.body is None or after.edition.body is None:
        return
    old, new = derived_in(before.edition), derived_in(after.edition)
    for name in old.keys() & new.keys():
        if old[name].body == new[name].body:
            continue
        for cell, placed in explore(lambda here, name=name: value(old[name].body, here), blank):  # type: ignore[misc]
            within = World(cell.context, {}, cell.box)
            for inner, other in explore(lambda here, name=name: value(new[name].body, here), within):  # type: ignore[misc]
                facts = point(inner) if other != placed else None
                if facts is not None:
                    yield World(blank.context, facts)


def _proved(before: Side, after: Side, world: World) -> Witness | None:
    """The firm of a world, decided by both sides."""
    values = point(world)
    if values is None:
        return None
    firms = (_filled(before, after, {**values, **more}, world) for more in _placements(before, after, world))
    return next((firm for firm in firms if firm is not None), None)


def _filled(before: Side, after: Side, values: dict[str, Any], world: World) -> Witness | None:
    """The firm with these values as both sides decide it; what must merely be told is filled in."""
    for _ in range(_FILLED):
        facts = _scalars(values, world)
        try:
            old, new = before.decide(facts), after.decide(facts)
        except _UNUSABLE:
            return None
        missing = [name for one in (old, new) for name in one.missing if name not in values]
        if not missing:
            has = (old.status in POSITIVE, new.status in POSITIVE)
            settled = "needs_information" not in (old.status, new.status)
            return Witness(has[1], facts, old, new) if settled and has[0] != has[1] else None
        values = {**values, **{name: usual_of(world, name) for name in missing}}
    return None


def _placements(before: Side, after: Side, world: World) -> Iterator[dict[str, Any]]:
    """Facts that put the firm into the class that the box wants, where the class itself cannot be told; a few of the ways."""
    bodies = [side.edition for side in (before, after) if side.edition.body is not None]
    untold = {name: node for edition in bodies for name, node in derived_in(edition).items() if not node.told}
    wanted = [(node, world.box[name]) for name, node in untold.items() if name in world.box]
    if not wanted:
        yield {}
        return
    node, domain = wanted[0]  # no scheme asks for two such classes
    assert isinstance(domain, frozenset)
    cells = explore(lambda here: value(node.body, here), World(world.context, world.facts))
    ways = (point(cell) for cell, placed in cells if isinstance(placed, str) and placed in domain)
    yield from islice((way for way in ways if way is not None), _WAYS)


def _scalars(values: dict[str, Any], world: World) -> dict[str, Scalar]:
    """The values as a profile tells them: days as dates, exact fractions, whole numbers."""
    kinds = {name: fact.type for name, fact in world.context.vocabulary.items()}
    made: dict[str, Scalar] = {}
    for name, found in values.items():
        if kinds[name] == "date":
            made[name] = date.fromordinal(int(found))
        elif kinds[name] in ("number", "rate"):
            made[name] = Fraction(found)
        else:
            made[name] = int(found) if kinds[name] in ("integer", "money") else found
    return made
