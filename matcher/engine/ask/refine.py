"""The figures on which only an amount hangs: what the firm has is reckoned before the long rest, all others at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from matcher.engine.amounts import open_in_sum
from matcher.engine.ask.outlook import TO_THE_FIRM, reach
from matcher.engine.ask.readings import Reading
from matcher.engine.ask.told import Told
from matcher.rulebook import Rulebook

# Figures on one screen: a longer table is not filled in for a sum alone.
_MOST = 6


@dataclass(frozen=True)
class Refinement:
    """The facts to ask for, and for each the schemes whose amount hangs on it."""

    facts: tuple[str, ...]
    waiting: dict[str, list[Reading]]


def next_refinement(
    rulebook: Rulebook, told: Told, readings: Iterable[Reading], moot: Collection[str] = frozenset()
) -> Refinement | None:
    """What to ask for the sake of an amount, the scheme with most money first; None where nothing is left to reckon."""
    waiting: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=_least_money_last):
        for name in _open_amount(rulebook, reading, told):
            if name not in moot:
                waiting.setdefault(name, []).append(reading)
    if not waiting:
        return None
    first, kind = next(iter(waiting)), rulebook.facts[next(iter(waiting))]
    alike = [
        name for name, fact in ((name, rulebook.facts[name]) for name in waiting)
        if (fact.type, fact.unit, fact.group) == (kind.type, kind.unit, kind.group)
        and fact.type not in ("enum", "text", "date")
    ]  # fmt: skip
    return Refinement(tuple(alike[:_MOST]) or (first,), waiting)


def held(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The schemes that the firm has and that pay it: their sums are what it came for."""
    return tuple(
        one for one in readings
        if one.decision.status == "eligible" and one.gain is not None and one.gain.recipient in TO_THE_FIRM
    )  # fmt: skip


def unreckoned(rulebook: Rulebook, told: Told, readings: Iterable[Reading]) -> dict[str, tuple[str, ...]]:
    """The schemes that the firm has or may be granted without any figure yet, each with the answers that would give one."""
    every = replace(told, unsure=frozenset())
    unvalued = [one for one in readings if one.decision.amount is not None and one.decision.amount.kind == "none"]
    found = {reading.slug: _open_amount(rulebook, reading, every) for reading in unvalued}
    return {slug: facts for slug, facts in found.items() if facts}


def _open_amount(rulebook: Rulebook, reading: Reading, told: Told) -> tuple[str, ...]:
    """The firm's untold facts in the sum of a scheme that it has or may yet be granted."""
    body, settlement = reading.edition.body, reading.settlement
    if reading.decision.amount is None or body is None or reading.edition.scheme.kind == "restriction":
        return ()
    known = reading.notes.get("sum")
    if known is None:
        known = reading.notes["sum"] = open_in_sum(body, settlement.passing)
    return tuple(
        name for name in rulebook.facts
        if name in known and not name.startswith("dept_") and name not in told.facts and name not in told.unsure
    )  # fmt: skip


def _least_money_last(reading: Reading) -> tuple[bool, bool, int]:
    high = reach(reading)[1]  # no end is more than any end
    paid = reading.gain is not None and reading.gain.recipient in TO_THE_FIRM
    return not paid, high is not None, -(high or 0)
