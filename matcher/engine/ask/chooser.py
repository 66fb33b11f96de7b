"""Which question comes next: the one whose answer settles most, weighted by money; then the figures on which only an amount hangs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log10

from matcher.engine import open_in_sum
from matcher.rulebook import Fact, Rulebook

from . import gates
from .gains import Gain, doubtful, gain, known, summed_with
from .readings import TO_THE_FIRM, Reading, Told, Waiting, reach
from .screens import series_of

# ---------------------------------------------------------------------------------------------------------------------
# The figures on which only an amount hangs: what the firm has is reckoned before the long rest, all others at the
# end.
# ---------------------------------------------------------------------------------------------------------------------


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
        if name in known and not rulebook.facts[name].is_finding and name not in told.facts and name not in told.unsure
    )  # fmt: skip


def _least_money_last(reading: Reading) -> tuple[bool, bool, int]:
    high = reach(reading)[1]  # no end is more than any end
    paid = reading.gain is not None and reading.gain.recipient in TO_THE_FIRM
    return not paid, high is not None, -(high or 0)


# ---------------------------------------------------------------------------------------------------------------------
# Which question comes next: the one whose answer settles most, weighted by money; related ones share its screen.
# ---------------------------------------------------------------------------------------------------------------------


# A longer list is not read, a longer table not filled.
MOST = {"gate": 8, "tick": 12, "fill in": 8, "choose": 5}

# A question joins a screen if its answer is worth at least this share of the best one's, and if it is as likely as this that
# the answers before it on the screen do not make it needless.
WORTH_ADDING, STILL_NEEDED = 0.05, 0.6

# What a further answer on the same screen costs against turning to a screen.
FURTHER_ANSWER = 0.25

# How much more a scheme with the most money counts than one without any.
MONEY = 0.5

# A screen that is worth less than this waits until what the firm is entitled to is reckoned.
WORTH_MORE_THAN_A_SUM = 1.0

# What is answered by yes or no may stand in one list.
_LIST = {"gate": "list", "tick": "list"}


@dataclass(frozen=True, slots=True)
class Option:
    """A question that may be put: a fact or a gate, and the schemes that wait for its answer. ``known``: how likely the answer
    is one that says something; ``gains``: what such an answer does, by scheme; ``about``: the facts it answers or spares;
    ``unsure``: what the firm could not answer before."""

    name: str
    sort: str
    waiting: Sequence[Reading]
    known: float
    gains: Mapping[str, Gain]
    about: frozenset[str]
    unsure: frozenset[str]

    @property
    def worth(self) -> float:
        """What it does for each scheme that waits for it, the more the more money is in it; less where a firm hardly knows."""
        return self.known * sum(weight(reading) * self._value(reading) for reading in self.waiting)

    def _value(self, reading: Reading) -> float:
        """A scheme that waits for what the firm cannot tell comes no nearer to its answer; it is settled at once or not."""
        found = self.gains[reading.slug]
        return found.settles if self.unsure.intersection(reading.decision.missing) else found.value


@dataclass(frozen=True, slots=True)
class Best:
    """The facts, or the gates, to ask for on the next screen, the best first; ``worth``: what it does for the time it takes."""

    names: tuple[str, ...]
    worth: float


def next_questions(rulebook: Rulebook, waiting: Waiting, told: Told) -> Best | None:
    """What to ask for on the next screen; None where nothing is left to ask."""
    first = {one.name: one for one in _gates(rulebook, waiting, told)}
    later = gates.behind(rulebook, first, waiting)
    now = {name: readings for name, readings in waiting.items() if name not in later}
    options = first | {one.name: one for one in _facts(rulebook, now, told)}
    if not options:
        return None
    worth = {name: option.worth for name, option in options.items()}
    ranked = sorted(options.values(), key=lambda option: -worth[option.name])
    sheets = [_together(rulebook, best, ranked, worth, now) for best in _firsts(ranked)]
    best = max(sheets, key=lambda sheet: _worth_a_screen(sheet.values()))
    return Best(tuple(best), _worth_a_screen(best.values()))


def _facts(rulebook: Rulebook, waiting: Waiting, told: Told) -> Iterator[Option]:
    """The facts waited for, in the vocabulary's order."""
    doubts = doubtful(rulebook, told)
    for name, fact in rulebook.facts.items():
        if name in waiting:
            gains = {reading.slug: gain(reading, name, rulebook.likely) for reading in waiting[name]}
            likely = known(rulebook.likely, name, told) * doubts.get(fact.group, 1.0)
            yield Option(name, _sort(fact), waiting[name], likely, gains, frozenset((name,)), told.unsure)


def _gates(rulebook: Rulebook, waiting: Waiting, told: Told) -> Iterator[Option]:
    """The gates whose "no" would settle something; any other answer says nothing by itself."""
    for id_, readings in gates.offered(rulebook, waiting, told).items():
        gate = rulebook.gates[id_]
        names = gates.beneath(gate, waiting, told)
        gains = {reading.slug: gates.denial(reading, gate, names) for reading in readings}
        about = gate.moot.union(gate.none)
        yield Option(id_, "gate", readings, gates.refusal(rulebook, gate, names), gains, about, told.unsure)


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


def _firsts(ranked: Sequence[Option]) -> tuple[Option, ...]:
    """The best question of each sort."""
    sorts: dict[str, Option] = {}
    for option in ranked:
        sorts.setdefault(option.sort, option)
    return tuple(sorts.values())


def _sort(fact: Fact) -> str:
    """Facts to tick, figures to fill in, words to choose."""
    return "tick" if fact.type == "boolean" else "choose" if fact.type in ("enum", "text") else "fill in"


def _alike(rulebook: Rulebook, first: Option, other: Option) -> bool:
    """Whether two questions may share a screen: any to tick, gates among them; figures of one group or one type, but none with
    quarterly ones; choices of one group."""
    if first.about & other.about or _LIST.get(first.sort, first.sort) != _LIST.get(other.sort, other.sort):
        return False
    if first.sort in _LIST:
        return True
    if bool(series_of(rulebook, first.name)) != bool(series_of(rulebook, other.name)):
        return False
    one, another = rulebook.facts[first.name], rulebook.facts[other.name]
    return one.group == another.group or (first.sort == "fill in" and one.type == another.type)


def _together(
    rulebook: Rulebook, best: Option, ranked: Sequence[Option], worth: Mapping[str, float], waiting: Waiting
) -> dict[str, float]:
    """The questions of a screen that begins with this one, and what each is worth there: it may turn out to be needless."""
    if best.sort != "gate":
        summed = _quarterly(rulebook, best.name, waiting) or _summed(rulebook, best.name, waiting)
        if len(summed) > 1:
            return {name: worth[name] for name in summed}
    alike = [option for option in ranked if _alike(rulebook, best, option)]
    if best.sort != "gate":
        alike.sort(key=lambda option: _group(rulebook, option) != _group(rulebook, best))
    chosen: dict[str, float] = {}
    about: set[str] = set()
    open_: dict[str, float] = {}  # schemes that wait for one of the chosen: the likelihood that they are open after it
    for option in (best, *alike):
        if not about.isdisjoint(option.about):
            continue  # a gate and a fact beneath it ask the same
        need = max(open_.get(reading.slug, 1.0) for reading in option.waiting)
        if need * worth[option.name] >= WORTH_ADDING * worth[best.name] and need >= STILL_NEEDED:
            chosen[option.name] = need * worth[option.name]
            about |= option.about
            for slug, found in option.gains.items():
                open_[slug] = open_.get(slug, 1.0) * (1 - option.known * found.settles)
        if len(chosen) == MOST[best.sort]:
            break
    return chosen


def _group(rulebook: Rulebook, option: Option) -> str:
    """The vocabulary's group of a question; a gate has none."""
    return rulebook.facts[option.name].group if option.name in rulebook.facts else ""


def _quarterly(rulebook: Rulebook, best: str, waiting: Waiting) -> tuple[str, ...]:
    """All quarterly figures waited for, of every kind, where this is one of them: they stand in the same books; how many
    quarters are counted comes first."""
    if not series_of(rulebook, best):
        return ()
    counted = [name for name in waiting if rulebook.facts[name].unit == "quarters"]
    return (*counted[:1], *(name for name in waiting if series_of(rulebook, name)))


def _summed(rulebook: Rulebook, best: str, waiting: Waiting) -> tuple[str, ...]:
    """The figures of one kind (persons, or money) that an open scheme reads in one sum with this one."""
    fact = rulebook.facts[best]
    together = {best}.union(*(summed_with(reading, best) for reading in waiting[best]))
    return tuple(
        name for name, other in rulebook.facts.items()
        if name in together and name in waiting and (other.type, other.unit) == (fact.type, fact.unit)
    )  # fmt: skip
