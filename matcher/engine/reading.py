"""One scheme read for one firm: its decision with the cells that it stands on, remembered for all firms that tell the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar

from .amounts import Prospect, Worth, worth
from .deadlines import due_records
from .decision import POSITIVE, Decision, warnings
from .explain import explanation, once
from .reasons import REGISTERED_ON, last_day
from .record import ArticleRecord, ExplanationRecord, ReasonRecord
from .status import Settlement, failing_facts, settle
from .worlds import World

# Readings remembered of each scheme's edition: firms that are asked at the same time mostly leave the same questions open.
MOST_KEPT = 96

_GROUND = "ground"  # the note of a reading that holds the articles it rests on


@dataclass(frozen=True)
class Reading:
    """One scheme in force. ``decision`` is without its explanation, which is each firm's own (see ``explained``). ``notes``
    keeps what is worked out from the reading once: what each answer would settle."""

    edition: SchemeEdition
    decision: Decision
    settlement: Settlement
    world: World
    notes: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def slug(self) -> str:
        """The scheme."""
        return self.edition.scheme.slug

    @property
    def is_open(self) -> bool:
        """Whether its status can still change by an answer of the firm."""
        return self.decision.status == "needs_information"

    @cached_property
    def gain(self) -> Worth | None:
        """What it comes to where all goes well, by the cells that may still pass; None where no cell does."""
        return None if self.decision.prospect is None else self.decision.prospect.worth


def read(edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, world: World) -> Reading:
    """One scheme that has rules on the day read by told ``facts``, whose world is ``world``; from memory where a firm told the
    same of all that its decision hangs on."""
    kept: dict[Hashable, Reading] = edition.cache.setdefault("readings", {})
    bands = world.context.bands
    names = bearing_on(edition)
    of_bands = (*map(bands.get, names), bands.get(REGISTERED_ON)) if bands else ()
    key = (as_of, _is_early(edition, facts, as_of), *map(facts.get, names), *of_bands)
    found = kept.pop(key, None)
    if found is None:
        settlement = settle(edition, world)
        found = Reading(edition, _decision(edition, as_of, world, settlement), settlement, world)
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
    kept[key] = found
    return found


def _is_early(edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date) -> bool | None:
    """Whether the firm is not registered yet on the last day that counts; None where it is untold. The day itself tells every firm
    from every other, and only this hangs on it unless the edition's own conditions read it."""
    registered = facts.get(REGISTERED_ON)
    if not isinstance(registered, date):
        return None
    last = last_day(edition.scheme, as_of)
    return last is not None and registered > last


def bearing_on(edition: SchemeEdition) -> tuple[str, ...]:
    """The facts on which anything of the edition's decision hangs, but for the day on which a firm was registered."""
    names: tuple[str, ...] | None = edition.cache.get("bearing_on")
    if names is None:
        routes = () if edition.body is None else edition.body.routes
        more = (name for route in routes for name in (*route.benefit.needs, route.benefit.exact_once) if name)
        names = edition.cache["bearing_on"] = tuple(dict.fromkeys((*edition.facts, *more)))
    return names


def explained(rulebook: Rulebook, reading: Reading, facts: Mapping[str, Scalar], as_of: date, world: World) -> Decision:
    """The decision of a reading with its explanation by all that this firm told: later versions may read some that this one
    does not."""
    gain = reading.gain if reading.decision.amount is not None else None
    explain = explanation(rulebook, reading.edition, world, reading.settlement, gain, facts, as_of)
    return replace(
        reading.decision,
        explain=explain,
        due=once(partial(due_records, reading.edition, facts, as_of)),
        ground=partial(_ground, reading, explain),
    )


def _ground(reading: Reading, explain: Callable[[], ExplanationRecord]) -> tuple[ArticleRecord, ...]:
    """The articles that the decision rests on: the same for every firm of the reading, so worked out for the first that is asked."""
    found: tuple[ArticleRecord, ...] | None = reading.notes.get(_GROUND)
    if found is None:
        tree = explain().get("reasons")
        named = {(one["instrument"], one["article"]): one for one in (_articles(tree) if tree else ())}
        found = reading.notes[_GROUND] = tuple(
            {"instrument": one["instrument"], "article": one["article"]} for one in named.values()
        )
    return found


def _articles(node: ReasonRecord) -> Iterator[ArticleRecord]:
    """The articles in a tree of reasons that hold or may hold, as they come."""
    if node["source"] and node["outcome"] is not False:
        yield node["source"]
    for child in node["children"]:
        yield from _articles(child)


def _decision(edition: SchemeEdition, as_of: date, world: World, settlement: Settlement) -> Decision:
    """The decision on a scheme in force whose status is settled or known to be open, without its explanation."""
    assert edition.body is not None
    status = settlement.status
    gain = worth(edition.body, settlement.passing) if status in POSITIVE else None
    failing = failing_facts(edition, world, settlement) if status in ("not_eligible", "does_not_apply") else ()
    extra = {} if gain is None else gain.extra
    if status in edition.scheme.gives_with and gain is None:
        extra = worth(edition.body, (*settlement.passing, *settlement.failing)).extra
    return Decision(
        status=status,
        recipient=None if gain is None else gain.recipient,
        amount=None if gain is None else gain.amount,
        extra=extra if status in edition.scheme.gives_with else {},
        missing=settlement.missing,
        failing=failing,
        warnings=warnings(edition, world, as_of),
        prospect=Prospect(edition.body, settlement.passing, gain) if settlement.passing else None,
        **identity(edition, as_of),
    )


def identity(edition: SchemeEdition, as_of: date) -> dict[str, Any]:
    """What every decision on an edition says of itself: scheme, day, version, articles and how sure its rules are."""
    version = edition.version
    return {
        "scheme": edition.scheme.slug,
        "as_of": as_of,
        "version": None if version is None else (version.from_, version.until),
        "clauses": edition.scheme.clauses,
        "confidence": edition.confidence(),
    }
