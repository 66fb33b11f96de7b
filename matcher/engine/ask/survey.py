"""A survey: what is settled by what a firm told so far, what it can come to, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.engine import Decision
from matcher.rulebook import Rulebook

from . import gates
from .chooser import WORTH_MORE_THAN_A_SUM, held, next_questions, next_refinement, unreckoned
from .readings import Outlook, Reading, Told, Waiting, outlook, read_all, waiting_for
from .screens import Price, Screen, screen_of
from .screens import price_of as _price_of


@dataclass(frozen=True)
class Survey:
    """``decisions``: as ``engine.check`` gives them. ``settled``: slugs, of those ``in_force`` that day, whose status no
    further answer changes. ``screen``: what to ask next; None where no answer changes anything any more. ``waits``: the facts
    on which a status still hangs, of those that may be asked. ``unreckoned``: the schemes held without any figure, each with
    the answers that would give one."""

    decisions: tuple[Decision, ...]
    settled: tuple[str, ...]
    in_force: tuple[str, ...]
    outlook: Outlook
    screen: Screen | None
    waits: frozenset[str]
    unreckoned: Mapping[str, tuple[str, ...]]

    @property
    def is_through(self) -> bool:
        """Whether no status hangs on an answer any more, so that what may still be asked makes only amounts exact."""
        return not self.waits


def survey(rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None) -> Survey:
    """Survey every scheme (or those named) for what a firm told, on a day."""
    decisions, readings = read_all(rulebook, told, as_of, schemes)
    moot = gates.moot(rulebook, told)
    waiting = waiting_for(readings, told, moot)
    return Survey(
        decisions=decisions,
        settled=tuple(reading.slug for reading in readings if not reading.is_open),
        in_force=tuple(reading.slug for reading in readings),
        outlook=outlook(rulebook, told, as_of, readings),
        screen=_next_screen(rulebook, told, readings, waiting, moot),
        waits=frozenset(waiting),
        unreckoned=unreckoned(rulebook, told, readings),
    )


def _next_screen(
    rulebook: Rulebook, told: Told, readings: tuple[Reading, ...], waiting: Waiting, moot: frozenset[str]
) -> Screen | None:
    """What settles most comes first; what the firm is entitled to is reckoned before the long rest, all other sums after it."""
    banded, best = frozenset(told.bands), next_questions(rulebook, waiting, told)
    if best is None or best.worth < WORTH_MORE_THAN_A_SUM:
        amounts = next_refinement(rulebook, told, held(readings) if best else readings, moot)
        if amounts is not None:
            return screen_of(rulebook, amounts.facts, amounts.waiting, banded, refines=True)
    if best is None:
        return None
    return screen_of(rulebook, best.names, _asked_by(rulebook, best.names, waiting, told), banded)


def _asked_by(rulebook: Rulebook, names: Iterable[str], waiting: Waiting, told: Told) -> Waiting:
    """For each of the facts and gates the open schemes that wait for its answer."""
    beneath = {name: gates.beneath(rulebook.gates[name], waiting, told) for name in names if name in rulebook.gates}
    return {**waiting, **{id_: gates.waiting_beneath(facts, waiting) for id_, facts in beneath.items()}}


def price_of(rulebook: Rulebook, told: Told, as_of: date, fact: str, schemes: Iterable[str] | None = None) -> Price:
    """What it costs not to know a fact: the schemes that then stay open. An answer given to it is left aside."""
    return _price_of(_again(rulebook, told, as_of, fact, schemes).get(fact, ()))


def screen_for(rulebook: Rulebook, told: Told, as_of: date, fact: str, schemes: Iterable[str] | None = None) -> Screen:
    """The screen that asks for one fact, or one gate, again, whatever was answered to it; the other answers stay."""
    return screen_of(rulebook, (fact,), _again(rulebook, told, as_of, fact, schemes), frozenset())


def _again(rulebook: Rulebook, told: Told, as_of: date, fact: str, schemes: Iterable[str] | None) -> Waiting:
    """The open schemes that wait for each answer, once one question is open again."""
    rest = told.reopened(rulebook.gates[fact]) if fact in rulebook.gates else told.without(fact)
    _, readings = read_all(rulebook, rest, as_of, schemes)
    return _asked_by(rulebook, (fact,), waiting_for(readings, rest), rest)
