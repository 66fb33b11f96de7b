"""Checks thousands of firms against the whole catalogue for one day: what bears on a scheme is often told the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from matcher.engine import (
    POSITIVE,
    REGISTERED_ON,
    Decision,
    ExplanationRecord,
    GroundedRecord,
    GroundRecord,
    ReasonRecord,
    SourceRecord,
    World,
    check,
    decide_exactly,
    last_day,
    most_useful_first,
    world_of,
)
from matcher.firms import ReadItems
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar

_REMEMBERED = 500

"""Decisions that are remembered of one scheme: where every firm tells another sum, remembering more helps no one."""

_MOST_SOURCES = 3

_Decided = tuple[Decision, GroundRecord | None]
"""A decision without its explanation, and the articles that it rests on where it grants something."""


class Checker:
    """Decides every scheme for one firm after the other, exactly as `matcher.engine.check` does."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self._rulebook, self._as_of = rulebook, as_of
        editions = (rulebook.scheme_at(slug, as_of) for slug in rulebook.parsed)
        self._deciders = [_Decider(rulebook, edition, as_of) for edition in editions]

    def decisions(self, facts: Mapping[str, Scalar]) -> tuple[Decision, ...]:
        """One decision a scheme, in the catalogue's order."""
        return most_useful_first(decision for decision, _ in self._decided(facts))

    def outcome(self, facts: Mapping[str, Scalar]) -> list[GroundedRecord]:
        """The decisions as they are kept of a row: what the workbook of results shows, and no more."""
        decided = self._decided(facts)
        ordered = most_useful_first(decision for decision, _ in decided)
        return [_kept(one, ground) for one, (_, ground) in zip(ordered, decided, strict=True)]

    def outcome_over(self, told: ReadItems) -> list[GroundedRecord]:
        """The same of a firm with several loans, projects …: of each scheme the decision on the one that has most of it."""
        found: dict[str, Decision] = {}
        for one in check(self._rulebook, told.firm, self._as_of, items=told.items):
            had = found.get(one.scheme)
            if had is None or _standing(one) > _standing(had):
                found[one.scheme] = one
        return [
            _kept(one, _sources_only(one.reasons) if one.status in POSITIVE else None)
            for one in most_useful_first(found.values())
        ]

    def _decided(self, facts: Mapping[str, Scalar]) -> list[_Decided]:
        made: list[World] = []

        def world() -> World:
            if not made:
                made.append(world_of(self._rulebook, facts, self._as_of))
            return made[0]

        return [decide(facts, world) for decide in self._deciders]


def _standing(decision: Decision) -> tuple[int, int]:
    order = ("not_eligible", "needs_information", "needs_decision", "eligible")
    amount = decision.amount
    return order.index(decision.status) if decision.status in order else -1, 0 if amount is None else amount.high


class _Decider:
    """Decides one scheme, and remembers by the facts that bear on it."""

    def __init__(self, rulebook: Rulebook, edition: SchemeEdition, as_of: date) -> None:
        self._rulebook, self._edition, self._as_of = rulebook, edition, as_of
        self._relevant = _relevant(edition)
        self._last = last_day(edition.scheme, as_of)
        self._known: dict[tuple[object, ...], _Decided] = {}

    def __call__(self, facts: Mapping[str, Scalar], world: Callable[[], World]) -> _Decided:
        key = (self._is_early(facts), *map(facts.get, self._relevant))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            made = decide_exactly(self._rulebook, self._edition, facts, self._as_of, world())
            # The explanation holds all that the firm told: only what the workbook shows of it is remembered.
            ground = _sources_only(made.reasons) if made.status in POSITIVE else None
            found = self._known[key] = replace(made, explain=ExplanationRecord), ground
        return found

    def _is_early(self, facts: Mapping[str, Scalar]) -> bool:
        """Whether the firm is not registered yet; the day itself is remembered of no firm, since every one has another."""
        registered = facts.get(REGISTERED_ON)
        return self._last is not None and isinstance(registered, date) and registered > self._last


def _relevant(edition: SchemeEdition) -> tuple[str, ...]:
    if edition.body is None:
        return ()
    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    return tuple(dict.fromkeys((*edition.facts, *needed)))


def _kept(decision: Decision, ground: GroundRecord | None) -> GroundedRecord:
    essence = decision.essence()
    kept: GroundedRecord = {
        "scheme": essence["scheme"],
        "status": essence["status"],
        "recipient": essence["recipient"],
        "amount": essence["amount"],
        "missing": essence["missing"],
        "version": essence["version"],
    }
    if essence["extra"]:
        kept["extra"] = essence["extra"]
    if ground is not None:
        kept["reasons"] = ground
    return kept


def _sources_only(tree: ReasonRecord | None) -> GroundRecord | None:
    """The first articles in a tree of reasons that hold or may hold, as a tree of one level."""
    if tree is None:
        return None
    found = dict.fromkeys((one["instrument"], one["article"]) for one in _sources(tree))
    leaves: list[GroundRecord] = [
        {"outcome": True, "source": {"instrument": instrument, "article": article}, "children": []}
        for instrument, article in list(found)[:_MOST_SOURCES]
    ]
    return {"outcome": True, "source": None, "children": leaves}


def _sources(node: ReasonRecord) -> Iterator[SourceRecord]:
    if node["source"] and node["outcome"] is not False:
        yield node["source"]
    for child in node["children"]:
        yield from _sources(child)
