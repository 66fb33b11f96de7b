"""Which question comes next: the one whose answer settles most, weighted by money; related ones share its screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log10

from matcher.engine import derive
from matcher.engine.ask.gains import gain
from matcher.engine.ask.likely import known
from matcher.engine.ask.outlook import reach
from matcher.engine.ask.pieces import summed_with
from matcher.engine.ask.readings import Reading
from matcher.engine.ask.told import Told
from matcher.engine.status import derived_in
from matcher.rulebook import Fact, Rulebook

# A longer list is not read, a longer table not filled.
MOST = {"tick": 12, "fill in": 8, "choose": 5}
# A question joins a screen if its answer is worth at least this share of the best one's, and if it is as likely as this that
# the answers before it on the screen do not make it needless.
WORTH_ADDING, STILL_NEEDED = 0.05, 0.6
# What a further answer on the same screen costs against turning to a screen.
FURTHER_ANSWER = 0.25
# How much more a scheme with the most money counts than one without any.
MONEY = 0.5

Waiting = Mapping[str, Sequence[Reading]]


def waiting_for(readings: Iterable[Reading], told: Told) -> dict[str, list[Reading]]:
    """For every question that may still be put to the firm the open schemes that wait for its answer."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.is_open:
            for name in askable(reading, told):
                found.setdefault(name, []).append(reading)
    return found


def askable(reading: Reading, told: Told) -> tuple[str, ...]:
    """The facts an open scheme lacks that the firm was not asked for; where it cannot tell an enumeration that can be worked
    out, what it is worked out from."""
    missing = dict.fromkeys(reading.decision.missing)
    derived = derived_in(reading.edition)
    for name in reading.decision.missing:
        if name in told.unsure and name in derived:
            missing.update(dict.fromkeys(sorted(derive.beneath(derived[name], reading.world))))
    return tuple(name for name in missing if name not in told.facts and name not in told.unsure)


def next_facts(rulebook: Rulebook, waiting: Waiting, told: Told) -> tuple[str, ...]:
    """The facts to ask for on the next screen, the best first; none where nothing is left to ask."""
    if not waiting:
        return ()
    place = {name: number for number, name in enumerate(rulebook.facts)}
    worth = {name: value_of(name, readings, told) for name, readings in waiting.items()}
    ranked = sorted(waiting, key=lambda name: (-worth[name], place[name]))
    sheets = [_together(rulebook, best, ranked, worth, waiting, told) for best in _firsts(rulebook, ranked)]
    names = max(sheets, key=lambda sheet: _worth_a_screen(sheet.values()))
    return tuple(names)


def value_of(name: str, readings: Sequence[Reading], told: Told) -> float:
    """What an answer is worth: what it does for each scheme that waits for it, the more the more money is in it; less where
    a firm hardly knows it."""
    return known(name, told) * sum(weight(reading) * gain(reading, name).value for reading in readings)


def weight(reading: Reading) -> float:
    """One for a scheme without money, more for one that may bring a hundred million yuan or any sum."""
    found: float | None = reading.notes.get("weight")
    if found is None:
        high = reach(reading)[1]
        found = reading.notes["weight"] = 1 + MONEY * (1.0 if high is None else min(log10(1 + high / 100) / 8, 1.0))
    return found


def _worth_a_screen(worths: Collection[float]) -> float:
    """What a screen is worth for the time it takes: turning to it, and each further answer."""
    return sum(worths) / (1 + FURTHER_ANSWER * (len(worths) - 1))


def _firsts(rulebook: Rulebook, ranked: Sequence[str]) -> tuple[str, ...]:
    """The best question of each sort."""
    sorts: dict[str, str] = {}
    for name in ranked:
        sorts.setdefault(_sort(rulebook.facts[name]), name)
    return tuple(sorts.values())


def _sort(fact: Fact) -> str:
    """Facts to tick, figures to fill in, words to choose."""
    return "tick" if fact.type == "boolean" else "choose" if fact.type in ("enum", "text") else "fill in"


def _alike(first: Fact, other: Fact) -> bool:
    """Whether two questions may share a screen: any to tick; figures of one group or one type; choices of one group."""
    sort, same_group = _sort(first), first.group == other.group
    if sort != _sort(other):
        return False
    return sort == "tick" or same_group or (sort == "fill in" and first.type == other.type)


def _together(
    rulebook: Rulebook, best: str, ranked: Sequence[str], worth: Mapping[str, float], waiting: Waiting, told: Told
) -> dict[str, float]:
    """The questions of a screen that begins with this one, and what each is worth there: it may turn out to be needless."""
    first = rulebook.facts[best]
    summed = _summed(rulebook, best, waiting)
    if len(summed) > 1:
        return {name: worth[name] for name in summed}
    alike = [name for name in ranked if name != best and _alike(first, rulebook.facts[name])]
    alike.sort(key=lambda name: rulebook.facts[name].group != first.group)
    chosen: dict[str, float] = {}
    open_: dict[str, float] = {}  # schemes that wait for one of the chosen: the likelihood that they are open after it
    for name in (best, *alike):
        need = max(open_.get(reading.slug, 1.0) for reading in waiting[name])
        if need * worth[name] >= WORTH_ADDING * worth[best] and need >= STILL_NEEDED:
            chosen[name] = need * worth[name]
            for reading in waiting[name]:
                left = 1 - known(name, told) * gain(reading, name).settles
                open_[reading.slug] = open_.get(reading.slug, 1.0) * left
        if len(chosen) == MOST[_sort(first)]:
            break
    return chosen


def _summed(rulebook: Rulebook, best: str, waiting: Waiting) -> tuple[str, ...]:
    """The figures of one kind (persons, or money) that an open scheme reads in one sum with this one."""
    fact = rulebook.facts[best]
    together = {best}.union(*(summed_with(reading, best) for reading in waiting[best]))
    return tuple(
        name for name, other in rulebook.facts.items()
        if name in together and name in waiting and (other.type, other.unit) == (fact.type, fact.unit)
    )  # fmt: skip
