"""A survey: what is settled by what a firm told so far, what it can come to, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matcher.engine.ask.chooser import next_facts, waiting_for
from matcher.engine.ask.outlook import Outlook, outlook
from matcher.engine.ask.readings import Reading, read_all
from matcher.engine.ask.refine import next_refinement
from matcher.engine.ask.screens import Price, Screen, screen_of
from matcher.engine.ask.screens import price_of as _price_of
from matcher.engine.ask.told import Told
from matcher.engine.decision import Decision
from matcher.rulebook import Rulebook


@dataclass(frozen=True)
class Survey:
    """``decisions``: as ``engine.check`` gives them. ``settled``: slugs, of those ``in_force`` that day, whose status no
    further answer changes. ``screen``: what to ask next; None where no answer changes anything any more."""

    decisions: tuple[Decision, ...]
    settled: tuple[str, ...]
    in_force: tuple[str, ...]
    outlook: Outlook
    screen: Screen | None


def survey(rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None) -> Survey:
    """Survey every scheme (or those named) for what a firm told, on a day."""
    decisions, readings = read_all(rulebook, told, as_of, schemes)
    return Survey(
        decisions=decisions,
        settled=tuple(reading.slug for reading in readings if not reading.is_open),
        in_force=tuple(reading.slug for reading in readings),
        outlook=outlook(rulebook, told, as_of, readings),
        screen=_next_screen(rulebook, told, readings),
    )


def _next_screen(rulebook: Rulebook, told: Told, readings: tuple[Reading, ...]) -> Screen | None:
    banded = frozenset(told.bands)
    waiting = waiting_for(readings, told)
    facts = next_facts(rulebook, waiting, told)
    if facts:
        return screen_of(rulebook, facts, waiting, banded)
    amounts = next_refinement(rulebook, told, readings)
    return screen_of(rulebook, amounts.facts, amounts.waiting, banded, refines=True) if amounts else None


def price_of(rulebook: Rulebook, told: Told, as_of: date, fact: str, schemes: Iterable[str] | None = None) -> Price:
    """What it costs not to know a fact: the schemes that then stay open. An answer given to it is left aside."""
    _, readings = read_all(rulebook, told.without(fact), as_of, schemes)
    return _price_of(waiting_for(readings, told.without(fact)).get(fact, ()))


def screen_for(rulebook: Rulebook, told: Told, as_of: date, fact: str, schemes: Iterable[str] | None = None) -> Screen:
    """The screen that asks for one fact again, whatever was answered to it; the other answers stay."""
    rest = told.without(fact)
    _, readings = read_all(rulebook, rest, as_of, schemes)
    return screen_of(rulebook, (fact,), waiting_for(readings, rest), frozenset())
