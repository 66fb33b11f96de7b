"""One scheme read for the interview: its decision, the cells that are still open, and what it can come to; kept in memory."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from matcher.engine.amounts import Worth, worth
from matcher.engine.ask.told import Told
from matcher.engine.check import decide_exactly, decision_on, most_useful_first, world_of
from matcher.engine.decision import Decision
from matcher.engine.explain import explanation
from matcher.engine.registration import REGISTERED_ON
from matcher.engine.status import Settlement, settle
from matcher.engine.worlds import World
from matcher.rulebook import Rulebook, SchemeEdition

# Readings kept for each scheme's edition: firms that are asked at the same time mostly leave the same questions open.
MOST_KEPT = 96
CLOSED = frozenset({"not_open", "unconfirmed"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One scheme in force. ``gain``: what it comes to where all goes well, by the cells that may still pass; None where
    no cell does. ``notes`` keeps what is worked out from it once: what each answer would settle."""

    edition: SchemeEdition
    decision: Decision
    settlement: Settlement
    world: World
    gain: Worth | None
    notes: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def slug(self) -> str:
        """The scheme."""
        return self.edition.scheme.slug

    @property
    def is_open(self) -> bool:
        """Whether its status can still change by an answer of the firm."""
        return self.decision.status == "needs_information"


def read_all(
    rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None
) -> tuple[tuple[Decision, ...], tuple[Reading, ...]]:
    """The decisions, as ``engine.check`` gives them, and the readings of the schemes in force, both in catalogue order."""
    wanted = None if schemes is None else set(schemes)
    world = world_of(rulebook, told.facts, as_of, told.bands)
    decisions, readings = [], []
    for slug in rulebook.parsed:
        if wanted is not None and slug not in wanted:
            continue
        edition = rulebook.scheme_at(slug, as_of)
        if edition.body is None:
            decisions.append(decide_exactly(rulebook, edition, told.facts, as_of, world))
            continue
        reading = read(rulebook, edition, told, as_of, world)
        decisions.append(_explained_by(rulebook, reading, told, as_of, world))
        readings.append(reading)
    return most_useful_first(decisions), tuple(readings)


def read(rulebook: Rulebook, edition: SchemeEdition, told: Told, as_of: date, world: World) -> Reading:
    """One scheme read, from memory where a firm told the same of what its rules read."""
    kept: dict[Hashable, Reading] = edition.cache.setdefault("ask", {})
    key = (as_of, *((told.facts.get(name), world.context.bands.get(name)) for name in _read_by(edition)))
    found = kept.pop(key, None)
    if found is None:
        found = _read(rulebook, edition, told, as_of, world)
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
    kept[key] = found
    return found


def _read(rulebook: Rulebook, edition: SchemeEdition, told: Told, as_of: date, world: World) -> Reading:
    assert edition.body is not None
    settlement = settle(edition, world)
    gain = worth(edition.body, settlement.passing) if settlement.passing else None
    decision = decision_on(rulebook, edition, told.facts, as_of, world, settlement, gain)
    return Reading(edition, decision, settlement, world, gain)


def _explained_by(rulebook: Rulebook, reading: Reading, told: Told, as_of: date, world: World) -> Decision:
    """The decision explained by this firm's facts: later versions may read some that this one does not."""
    gain = reading.gain if reading.decision.amount is not None else None
    explain = explanation(rulebook, reading.edition, world, reading.settlement, gain, told.facts, as_of)
    return replace(reading.decision, explain=explain)


def _read_by(edition: SchemeEdition) -> tuple[str, ...]:
    """The facts on which anything of the edition's decision hangs."""
    names: tuple[str, ...] | None = edition.cache.get("ask_reads")
    if names is None:
        assert edition.body is not None
        more = (
            name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
        )
        names = edition.cache["ask_reads"] = tuple(dict.fromkeys((*edition.facts, *more, REGISTERED_ON)))
    return names
