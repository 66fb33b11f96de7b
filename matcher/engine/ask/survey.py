"""A survey: what is settled by what a firm told so far, what it can come to, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from matcher.engine import Decision, Reading
from matcher.engine.choose import headline
from matcher.rulebook import Rulebook, Text

from . import gates
from .chooser import is_of_figures, next_questions
from .estimate import Estimate, estimate
from .options import MOST_WITH_SUMS
from .presumed import holding, presume
from .readings import Outlook, Told, Waiting, outlook, read_all, readings_of, waiting_for
from .refinement import Refinement, next_refinement, unreckoned
from .screens import Price, Screen, screen_of
from .screens import price_of as _price_of
from .stakes import Stakes

# What five taps tell: by it a first figure is estimated, and whole subjects fall away. Asked before anything else.
FIRST = ("industry", "district", "legal_form", "vat_status", "employees")

# What the estimate gets narrowest by, and the size of the firm is read from; who owns it and which of the named lines it is in, on which
# much hangs in every firm; and what it earns, which stands beside the revenue in the year's tax return.
THEN = ("annual_revenue", "ownership", "line_of_business", "annual_taxable_income", "business_taxable_income")

# Going on is no use once no status hangs on an answer and less than this share of the money does.
_WORTH_GOING_ON = 0.01


@dataclass(frozen=True)
class Unasked:
    """What is not asked, since hardly any firm of the trade, size and kind has it, and what stays open for that alone.

    ``facts``: those that nobody told; ``schemes``: each with why it is not asked about.
    """

    facts: frozenset[str] = frozenset()
    schemes: Mapping[str, Text] = field(default_factory=dict)

    def to_ask(self, missing: Sequence[str]) -> tuple[str, ...]:
        """Of what a scheme lacks what is worth asking: all of it where there is nothing else."""
        return tuple(name for name in missing if name not in self.facts) or tuple(missing)


ALL_ASKED = Unasked()


@dataclass(frozen=True)
class Survey:
    """``decisions``: as ``engine.check`` gives them, by what was told alone. ``settled``: slugs, of those ``in_force`` that day, whose
    status no further answer changes. ``screen``: what to ask next; None where no answer changes anything any more. ``waits``: the facts
    on which a status still hangs, of those that may be asked; ``prices``: what it costs not to know each of them. ``unreckoned``:
    the schemes held without any figure, each with the answers that would give one. ``estimate``: what the firm may come to in a
    year; ``open_money``: fen a year of it that hang on amounts still to be told. ``unasked``: what the firm's trade, size and kind
    spare it; what is presumed so spares questions and decides nothing."""

    decisions: tuple[Decision, ...]
    settled: tuple[str, ...]
    in_force: tuple[str, ...]
    outlook: Outlook
    screen: Screen | None
    waits: frozenset[str]
    unreckoned: Mapping[str, tuple[str, ...]]
    estimate: Estimate
    prices: Mapping[str, Price] = field(default_factory=dict)
    unasked: Unasked = ALL_ASKED
    open_money: int = 0

    @property
    def offers_to_stop(self) -> bool:
        """Whether going on would change no status and hardly any of the money, so that the result is as good now."""
        if self.screen is None:
            return True
        return self.is_through and self.open_money < _WORTH_GOING_ON * self.estimate.high

    @property
    def is_through(self) -> bool:
        """Whether no status hangs on an answer any more, so that what may still be asked makes only amounts exact."""
        return not self.waits


def survey(rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None) -> Survey:
    """Survey every scheme (or those named) for what a firm told, on a day."""
    stated, told = told, presume(rulebook, told)
    decisions, plain = read_all(rulebook, stated, as_of, schemes)
    readings = plain if told.facts == stated.facts else readings_of(rulebook, told, as_of, schemes)
    if schemes is None:
        told = replace(told, moot=told.moot | rulebook.likely.only_by_name)
    moot = gates.moot(rulebook, told)
    waiting = waiting_for(readings, told, moot)
    found = estimate(rulebook, told, as_of, readings, headline(rulebook, stated.facts, decisions, as_of))
    stakes = Stakes.of(rulebook, told, found, readings)
    refinement = next_refinement(rulebook, told, readings, stakes, moot)
    screen = _first_screen(rulebook, told, readings, moot) if schemes is None else None
    screen = screen or _next_screen(rulebook, told, waiting, stakes, refinement, moot)
    if screen is None:
        # No number leaves out what is presumed: it is asked in the end where one hangs on it, whatever else stays open.
        refinement = next_refinement(rulebook, stated, plain, stakes, moot)
        screen = _next_screen(rulebook, told, waiting, stakes, refinement, moot)
    if screen is None:
        found = found.as_told()
    return Survey(
        decisions=decisions,
        settled=tuple(reading.slug for reading in readings if not reading.is_open),
        in_force=tuple(reading.slug for reading in readings),
        outlook=outlook(rulebook, told, as_of, readings),
        screen=screen,
        waits=frozenset(waiting),
        unreckoned=unreckoned(rulebook, told, readings),
        estimate=found,
        prices={name: _price_of(open_) for name, open_ in waiting.items()},
        unasked=Unasked(told.presumed, dict(_unasked(rulebook, stated, plain, readings))),
        open_money=0 if refinement is None else refinement.money,
    )


def _unasked(
    rulebook: Rulebook, told: Told, plain: Iterable[Reading], presumed: Iterable[Reading]
) -> Iterator[tuple[str, Text]]:
    """The schemes that only what is presumed settles, each with why nothing is asked for it."""
    closed = {one.slug for one in presumed if not one.is_open}
    held = holding(rulebook, told)
    for reading in plain:
        if reading.is_open and reading.slug in closed:
            missing = {*reading.decision.missing}
            why = next((one.because for one in held if not missing.isdisjoint(one.none)), None)
            if why is not None:
                yield reading.slug, why


def _first_screen(rulebook: Rulebook, told: Told, readings: tuple[Reading, ...], moot: frozenset[str]) -> Screen | None:
    """The five taps, then turnover, owner, line and income; None once they are answered, or where something else was asked already."""
    first = [name for name in _first(told, readings) if name not in moot]
    if first and not _is_under_way(told):
        return screen_of(rulebook, first, _read_by(first, readings), frozenset({*told.bands, *FIRST}))
    answered = {*told.facts, *told.bands, *told.unsure, *moot}
    then = tuple(name for name in THEN if name not in answered and _reads(name, readings))
    if not first and THEN[0] in then:
        return screen_of(rulebook, then, _read_by(then, readings), frozenset({*told.bands, *THEN}))
    return None


def _next_screen(
    rulebook: Rulebook,
    told: Told,
    waiting: Waiting,
    stakes: Stakes,
    refinement: Refinement | None,
    moot: frozenset[str],
) -> Screen | None:
    """What is worth most for the time it takes, the money it decides before all: a status or a sum."""
    banded = frozenset(told.bands)
    best = next_questions(rulebook, waiting, told, stakes, moot)
    if refinement is not None and (best is None or best.worth < refinement.worth):
        if best is not None and len(refinement.facts) == 1 and is_of_figures(rulebook, best.names):
            # One figure alone is not worth a screen: it stands with those that would come next.
            names = [name for name in best.names if name not in refinement.facts][: MOST_WITH_SUMS - 1]
            asked_by = {**waiting, **refinement.waiting}
            return screen_of(rulebook, (*names, *refinement.facts), asked_by, banded, sums=frozenset(refinement.facts))
        return screen_of(rulebook, refinement.facts, refinement.waiting, banded, refines=True)
    if best is None:
        return None
    asked_by = {**best.sums, **_asked_by(rulebook, best.names, waiting, told)}
    return screen_of(rulebook, (*best.names, *best.sums), asked_by, banded, sums=frozenset(best.sums))


def _first(told: Told, readings: Iterable[Reading]) -> list[str]:
    """Those of the five that are not answered yet and that a scheme still reads."""
    answered = {*told.facts, *told.bands, *told.unsure}
    return [name for name in FIRST if name not in answered and _reads(name, readings)]


def _read_by(names: Iterable[str], readings: Iterable[Reading]) -> Waiting:
    """For each of the facts the open schemes that read it."""
    every = tuple(readings)
    return {name: [one for one in every if one.is_open and name in one.edition.facts] for name in names}


def _reads(name: str, readings: Iterable[Reading]) -> bool:
    """Whether an open scheme reads a fact."""
    return any(reading.is_open and name in reading.edition.facts for reading in readings)


def _is_under_way(told: Told) -> bool:
    """Whether something else was asked already: then the five are asked where they matter."""
    answered = {*told.facts, *told.bands, *told.unsure} - told.presumed
    return bool(told.gates) or len(answered - {*FIRST}) > len(FIRST)


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
    rest = presume(rulebook, rest)
    asked = rulebook.gates[fact].none if fact in rulebook.gates else (fact,)
    for name in rest.presumed.intersection(asked):  # who turns to a question that nobody put is asked all the same
        rest = rest.without(name)
    readings = readings_of(rulebook, rest, as_of, schemes)
    return _asked_by(rulebook, (fact,), waiting_for(readings, rest), rest)
