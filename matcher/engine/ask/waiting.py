"""Which open schemes wait for which answers, of those that may still be asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from matcher.engine import derive
from matcher.engine.ask.readings import Reading
from matcher.engine.ask.told import Told
from matcher.engine.status import derived_in
from matcher.rulebook import ORDERED

Waiting = Mapping[str, Sequence[Reading]]


def waiting_for(
    readings: Iterable[Reading], told: Told, moot: Collection[str] = frozenset()
) -> dict[str, list[Reading]]:
    """For every question that may still be put to the firm, none that is ``moot``, the open schemes that wait for it."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.is_open:
            for name in askable(reading, told, moot):
                found.setdefault(name, []).append(reading)
    return found


def askable(reading: Reading, told: Told, moot: Collection[str] = frozenset()) -> tuple[str, ...]:
    """The facts an open scheme lacks that the firm may be asked for. For an enumeration that can be worked out stand the
    figures it is worked out from: where they place the firm, or where it cannot tell the class."""
    missing = dict.fromkeys(reading.decision.missing)
    derived = derived_in(reading.edition)
    for name in reading.decision.missing:
        if name not in derived:
            continue
        figures = sorted(derive.beneath(derived[name], reading.world))
        if name in told.unsure:
            missing.update(dict.fromkeys(figures))
        elif figures and all(
            _is_figure(reading, one) and one not in told.unsure and one not in moot for one in figures
        ):
            del missing[name]
            missing.update(dict.fromkeys(figures))
    return tuple(name for name in missing if name not in told.facts and name not in told.unsure and name not in moot)


def _is_figure(reading: Reading, name: str) -> bool:
    return reading.world.context.vocabulary[name].type in ORDERED
