"""Checks thousands of firms against the whole catalogue for one day: what bears on a scheme is often told the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache, partial

from matcher.engine import (
    NO_ITEMS,
    POSITIVE,
    REGISTERED_ON,
    CertainRecord,
    Decision,
    ExplanationRecord,
    GroundedRecord,
    GroundRecord,
    Item,
    Items,
    ReasonRecord,
    SourceRecord,
    World,
    bearing_on,
    check,
    decide_exactly,
    last_day,
    most_useful_first,
    world_of,
)
from matcher.engine.choose import Headline, TooTangled, headline
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import ItemKind, Scalar, kind_of
from matcher.text import yuan

_REMEMBERED = 500

"""Decisions that are remembered of one scheme: where every firm tells another sum, remembering more helps no one."""

_MOST_SOURCES = 3

_Decided = tuple[Decision, GroundRecord | None]
"""A decision without its explanation, and the articles that it rests on where it grants something."""

_Subject = tuple[Item | None, Mapping[str, Scalar], Callable[[], World]]
"""What is decided for: the item, or None for the firm, what is known there, and its world, made once it is wanted."""


class Checker:
    """Decides every scheme for one firm after the other, exactly as `matcher.engine.check` does."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self._rulebook, self._as_of = rulebook, as_of
        editions = (rulebook.scheme_at(slug, as_of) for slug in rulebook.parsed)
        self._deciders = [_Decider(rulebook, edition, as_of) for edition in editions]

    def decisions(self, facts: Mapping[str, Scalar], items: Items = NO_ITEMS) -> tuple[Decision, ...]:
        """One decision a scheme, in the catalogue's order; of one about something of which ``items`` are told one for each."""
        return most_useful_first(decision for decision, _ in self._decided(facts, items))

    def outcome(self, facts: Mapping[str, Scalar], items: Items = NO_ITEMS) -> list[GroundedRecord]:
        """The decisions as they are kept of a row: what the workbook of results shows, and no more."""
        decided = self._decided(facts, items)
        ordered = most_useful_first(decision for decision, _ in decided)
        kept = [_kept(one, ground) for one, (_, ground) in zip(ordered, decided, strict=True)]
        with suppress(TooTangled):  # then no page has a sum of this firm
            # What is possible besides would need each explanation, which is not remembered; what is certain does not.
            money = headline(self._rulebook, facts, ordered, self._as_of, items)
            for decision, record in zip(ordered, kept, strict=True):
                if decision.status == "eligible":
                    record["certain"] = _certain(money, decision)
        return kept

    def _decided(self, facts: Mapping[str, Scalar], items: Items) -> list[_Decided]:
        made: dict[ItemKind | None, list[_Subject]] = {None: [(None, *self._known(facts))]}
        found: list[_Decided] = []
        for decide in self._deciders:
            slug, kind = decide.scheme.slug, kind_of(decide.scheme.object)
            if (items.all or items.complete) and slug in self._rulebook.quantified:
                found += self._over_all(slug, facts, items)
                continue
            if kind not in made:
                made[kind] = list(self._subjects(facts, items, kind)) or made[None]
            for item, known, world in made[kind]:
                decision, ground = decide(known, world)
                found.append((decision if item is None else replace(decision, item=item), ground))
        return found

    def _subjects(self, facts: Mapping[str, Scalar], items: Items, kind: ItemKind | None) -> Iterator[_Subject]:
        """What schemes about a kind are decided for: each item of it; nothing where that is the firm as it is."""
        for item in items.of(kind):
            yield item, *self._known(items.facts_of(facts, item))
        flat = items.facts_without(facts, kind)
        if not items.of(kind) and flat is not facts:
            yield None, *self._known(flat)

    def _known(self, facts: Mapping[str, Scalar]) -> tuple[Mapping[str, Scalar], Callable[[], World]]:
        return facts, cache(partial(world_of, self._rulebook, facts, self._as_of))

    def _over_all(self, slug: str, facts: Mapping[str, Scalar], items: Items) -> Iterator[_Decided]:
        """A scheme that speaks of several items is decided of each firm anew."""
        for one in check(self._rulebook, facts, self._as_of, [slug], items=items):
            yield one, _sources_only(one.reasons) if one.status in POSITIVE else None


class _Decider:
    """Decides one scheme, and remembers by the facts that bear on it."""

    def __init__(self, rulebook: Rulebook, edition: SchemeEdition, as_of: date) -> None:
        self._rulebook, self._edition, self._as_of = rulebook, edition, as_of
        self.scheme = edition.scheme
        self._relevant = bearing_on(edition)
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
    if "item" in essence:
        kept["item"] = essence["item"]
    if essence["extra"]:
        kept["extra"] = essence["extra"]
    if ground is not None:
        kept["reasons"] = ground
    return kept


def _certain(money: Headline, decision: Decision) -> CertainRecord | None:
    item = None if decision.item is None else decision.item.id
    found = [one for one in money.entries_of(decision.scheme, item) if one.standing == "certain"]
    return {"number": found[0].number, "yuan": yuan(sum(one.fen for one in found))} if found else None


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
