"""Which question comes next: the one whose answer settles most, weighted by money; related ones share its screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.engine import Reading
from matcher.rulebook import Fact, Rulebook

from . import gates
from .chains import Chain, chains
from .gains import doubtful, gain, known, summed_with
from .options import MOST_WITH_SUMS, STILL_NEEDED, WORTH_RECKONING, Option
from .readings import TO_THE_FIRM, Told, Waiting
from .refinement import FURTHER_ANSWER, sums_of
from .screens import is_quarterly, series_of
from .stakes import Stakes

# A longer list is not read on a phone, a longer table not filled; choices take more room than figures.
MOST = {"gate": 7, "tick": 7, "fill in": 7, "choose": 5}

# What there is at all is asked before anything about it: a list of gates weighs so many times.
SUBJECTS_FIRST = 3.0

# A question joins a screen if its answer is worth at least this share of the best one's.
WORTH_ADDING = 0.02

# What is forbidden or shameful and brings nobody money is asked last, where it was not denied as a whole.
DECLARED_LAST = 0.01

# Once so few schemes are open, figures for a sum stand in a short table: what else stood in it would hold back the sum, and no longer
# settles much.
FEW_LEFT, MOST_BESIDE_SUMS = 14, 5

# What a further line of a list costs against turning to a screen; a further answer costs FURTHER_ANSWER.
FURTHER_LINE = 0.05


@dataclass(frozen=True, slots=True)
class Best:
    """The facts, or the gates, to ask for on the next screen, the best first; ``worth``: what it does for the time it takes. ``sums``: the
    figures that stand with them for the sum of a scheme that these answers may settle, each with the schemes."""

    names: tuple[str, ...]
    worth: float
    sums: Mapping[str, list[Reading]]


def next_questions(
    rulebook: Rulebook,
    waiting: Waiting,
    told: Told,
    stakes: Stakes,
    moot: Collection[str] = frozenset(),
) -> Best | None:
    """What to ask for on the next screen; None where nothing is left to ask."""
    first = {one.name: one for one in _gates(rulebook, waiting, told, stakes) if one.worth > 0}
    later = gates.behind(rulebook, first, waiting)
    now = {name: readings for name, readings in waiting.items() if name not in later}
    options = first | {one.name: one for one in _facts(rulebook, now, told, stakes)}
    worth = {name: option.worth for name, option in options.items()}
    for name in {*worth} & rulebook.likely.declarations:
        if not any(stakes.money(reading.slug) for reading in options[name].waiting):
            worth[name] *= DECLARED_LAST
    options = {name: option for name, option in options.items() if worth[name] > 0}
    if not options:
        return None
    ranked = sorted(options.values(), key=lambda option: -worth[option.name])
    sheets = [_together(rulebook, best, ranked, worth, now) for best in _firsts(ranked)]
    best = max(sheets, key=lambda sheet: _value_of(options, sheet))
    value = _value_of(options, best)
    spared = frozenset().union(*(rulebook.gates[name].moot.union(rulebook.gates[name].beneath) for name in first))
    every = {reading.slug: reading for readings in waiting.values() for reading in readings}.values()
    chain = max(chains(rulebook, every, options, spared, told, moot), key=lambda one: one.worth, default=None)
    if chain is not None and chain.worth > value:
        names = (*chain.names, *_beside(rulebook, chain, ranked, told, moot))
        return Best(names, chain.worth, {name: [chain.reading] for name in chain.sums})
    if options[next(iter(best))].sort not in ("fill in", "choose") or any(
        is_quarterly(rulebook, name) for name in best
    ):
        return Best(tuple(best), value, {})
    sums = _sums_with(rulebook, best, options, told, moot)
    sheet = _short(best, sums) if sums and len(every) <= FEW_LEFT else [*best]
    return Best(tuple(sheet), value, sums)


def _short(sheet: Collection[str], sums: Mapping[str, list[Reading]]) -> list[str]:
    """The questions that stand with figures for a sum: those of its schemes, and others while the table is short."""
    own = {name for readings in sums.values() for reading in readings for name in reading.decision.missing}
    room = MOST_BESIDE_SUMS - len(sums) - len(own & {*sheet})
    others = [name for name in sheet if name not in own][: max(room, 0)]
    return [name for name in sheet if name in own or name in others]


def is_of_figures(rulebook: Rulebook, names: Collection[str]) -> bool:
    """Whether they are figures to fill in or words to choose, none of the quarters."""
    return all(
        name in rulebook.facts and _sort(rulebook.facts[name]) != "tick" and not is_quarterly(rulebook, name)
        for name in names
    )


def _beside(
    rulebook: Rulebook, chain: Chain, ranked: Sequence[Option], told: Told, moot: Collection[str]
) -> tuple[str, ...]:
    """What fills up the screen of a chain: the figures that settle most other schemes, none that would ask for those of a sum next."""
    shameful, own = _declarations(rulebook), {chain.reading.slug}
    options = {option.name: option for option in ranked}
    more = [
        option for option in ranked
        if is_of_figures(rulebook, (option.name,)) and option.name not in shameful and option.name not in chain.names
        and {reading.slug for reading in option.waiting} - own
        and not _sums_with(rulebook, (option.name,), options, told, moot)
    ]  # fmt: skip
    more.sort(key=lambda option: -option.known * sum(one.settles for one in option.gains.values()))
    room = MOST_WITH_SUMS - len(chain.names) - len(chain.sums)
    return tuple(option.name for option in more[:room])


def _sums_with(
    rulebook: Rulebook, sheet: Collection[str], options: Mapping[str, Option], told: Told, moot: Collection[str]
) -> dict[str, list[Reading]]:
    """What a scheme's sum is reckoned from, beside the last questions on which its status hangs: one screen less to turn to."""
    first = options[next(iter(sheet))]
    waiting = {reading.slug: reading for name in sheet for reading in options[name].waiting}
    found: dict[str, list[Reading]] = {}
    for reading in sorted(waiting.values(), key=lambda reading: -first.stakes.money(reading.slug)):
        is_last = {*reading.decision.missing} - told.unsure <= {*sheet}
        if not is_last or first.stakes.money(reading.slug) < WORTH_RECKONING or not _pays(reading):
            continue
        names = sums_of(rulebook, reading, told, {*moot, *sheet})
        if names is not None and len({*sheet, *found, *names}) <= MOST_WITH_SUMS:
            for name in names:
                found.setdefault(name, []).append(reading)
    return found


def _pays(reading: Reading) -> bool:
    """Whether it is money to the firm, as far as its conditions are met."""
    return reading.gain is not None and reading.gain.recipient in TO_THE_FIRM


def _value_of(options: Mapping[str, Option], sheet: Mapping[str, float]) -> float:
    first = options[next(iter(sheet))]
    worth = _worth_a_screen(sheet.values(), is_list=first.sort in ("gate", "tick"))
    return SUBJECTS_FIRST * worth if first.sort == "gate" else worth


def _facts(rulebook: Rulebook, waiting: Waiting, told: Told, stakes: Stakes) -> Iterator[Option]:
    """The facts waited for, in the vocabulary's order."""
    usual = rulebook.likely.of_trade(told.facts.get("industry"))
    doubts = doubtful(rulebook, told)
    for name, fact in rulebook.facts.items():
        if name in waiting:
            gains = {reading.slug: gain(reading, name, usual) for reading in waiting[name]}
            likely = known(usual, name, told) * doubts.get(fact.group, 1.0)
            yield Option(
                name,
                _sort(fact),
                waiting[name],
                likely,
                gains,
                frozenset((name,)),
                told.unsure | told.moot,
                stakes,
            )


def _gates(rulebook: Rulebook, waiting: Waiting, told: Told, stakes: Stakes) -> Iterator[Option]:
    """The gates whose "no" would settle something; any other answer says nothing by itself."""
    for id_, readings in gates.offered(rulebook, waiting, told).items():
        gate = rulebook.gates[id_]
        names = gates.beneath(gate, waiting, told)
        gains = {reading.slug: gates.denial(reading, gate, names) for reading in readings}
        about = gate.moot.union(gate.beneath)
        yield Option(
            id_,
            "gate",
            readings,
            gates.refusal(rulebook, gate, names),
            gains,
            about,
            told.unsure | told.moot,
            stakes,
        )


def _worth_a_screen(worths: Collection[float], *, is_list: bool = False) -> float:
    """What a screen is worth for the time it takes: turning to it, and each further answer; a line of a list is soon read."""
    return sum(worths) / (1 + (FURTHER_LINE if is_list else FURTHER_ANSWER) * (len(worths) - 1))


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
    """Whether two questions may share a screen: anything to tick with gates, without them what is of one subject; figures of one group
    or one type, but none with quarterly ones; choices with each other and with figures."""
    shameful = _declarations(rulebook)
    if (first.name in shameful) != (other.name in shameful) or (first.sort == "gate" and first.name in shameful):
        return False
    if first.about & other.about:
        return False
    if first.sort == "gate":
        return other.sort in ("gate", "tick")
    if other.sort == "gate":
        return False
    if "tick" in (first.sort, other.sort):
        return first.sort == other.sort and _subject(rulebook, first.name) == _subject(rulebook, other.name)
    if is_quarterly(rulebook, first.name) != is_quarterly(rulebook, other.name):
        return False
    if "choose" in (first.sort, other.sort):
        return True
    one, another = rulebook.facts[first.name], rulebook.facts[other.name]
    return one.group == another.group or (first.sort == "fill in" and one.type == another.type)


def _subject(rulebook: Rulebook, name: str) -> str:
    """The first group of the subject that a fact belongs to."""
    group = rulebook.facts[name].group
    subject = rulebook.likely.subject_of(group)
    return group if subject is None else subject.groups[0]


def _declarations(rulebook: Rulebook) -> frozenset[str]:
    """The questions about what is forbidden or shameful: each is asked by itself."""
    return rulebook.likely.declarations.union(gate.id for gate in rulebook.gates.values() if gate.is_declaration)


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
