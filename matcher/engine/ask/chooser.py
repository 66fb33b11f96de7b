"""Which question comes next: the one whose answer settles most, weighted by money; then the figures on which only an amount hangs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.engine import Reading
from matcher.rulebook import NUMBERS, Fact, Rulebook

from . import gates
from .gains import Gain, doubtful, gain, known, summed_with
from .readings import TO_THE_FIRM, Told, Waiting, beyond_telling
from .screens import in_sum, series_of
from .stakes import Stakes

# ---------------------------------------------------------------------------------------------------------------------
# The figures on which only an amount hangs: what the firm has is reckoned before the long rest, all others at the
# end.
# ---------------------------------------------------------------------------------------------------------------------


# Figures on one screen: a longer table is not filled in for a sum alone.
_MOST = 4

# Figures for a sum are asked for before the long rest: the money of what the firm has weighs so many times.
_SOON = 3.0

# How often the firm files: the sum of a quarter counts four times a year, of a month twelve times.
CYCLE = "tax_filing_cycle"


@dataclass(frozen=True)
class Refinement:
    """The facts to ask for, and for each the schemes whose amount hangs on it. ``worth``: what they do for the time they take;
    ``money``: fen a year that hang on all that may be asked for a sum."""

    facts: tuple[str, ...]
    waiting: dict[str, list[Reading]]
    worth: float
    money: int


def next_refinement(
    rulebook: Rulebook, told: Told, readings: Iterable[Reading], stakes: Stakes, moot: Collection[str] = frozenset()
) -> Refinement | None:
    """What to ask for the sake of an amount, the scheme with most money first; None where nothing is left to reckon."""
    waiting: dict[str, list[Reading]] = {}
    worth: dict[str, float] = {}
    money: dict[str, int] = {}
    for reading in readings:
        if reading.is_open:
            continue
        amount, fen = reading.decision.amount, stakes.open_fen.get(reading.slug, 0)
        is_unsaid = amount is not None and amount.kind in (
            "none",
            "range",
        )  # the usual may give a figure where what is told gives none
        if is_unsaid or _by_cycle(reading, told):  # all of it hangs on what is not told
            fen = fen or stakes.most.get(reading.slug, 0)
        open_ = _open_amount(rulebook, reading, told) if fen else ()
        if _by_cycle(reading, told):
            open_ = (CYCLE, *(name for name in open_ if name != CYCLE))
        asked = [name for name in open_ if name not in moot]
        for name in asked:
            waiting.setdefault(name, []).append(reading)
            worth[name] = worth.get(name, 0.0) + stakes.money(reading.slug) / len(asked)
        if asked:
            money[reading.slug] = fen
    if not waiting:
        return None
    first = max(worth, key=lambda name: worth[name])
    kind = rulebook.facts[first]
    # The sum of a period says nothing before it is known how long one is: that stands first on its screen.
    alike = [
        name for name in sorted(worth, key=lambda name: (name != first, -worth[name]))
        if _with(rulebook.facts[name], kind) or name == first or _of_one_sum(rulebook, waiting, name, first)
    ][:_MOST]  # fmt: skip
    by_cycle = {reading.slug for reading in waiting.get(CYCLE, ())}
    if any(reading.slug in by_cycle for name in alike for reading in waiting[name]):
        alike = [CYCLE, *(name for name in alike if name != CYCLE)]
    value = _SOON * sum(worth[name] for name in alike) / (1 + FURTHER_ANSWER * (len(alike) - 1))
    return Refinement(tuple(alike), waiting, value, sum(money.values()))


def _by_cycle(reading: Reading, told: Told) -> bool:
    """Whether it hangs on how often the firm files what its sum of a period comes to in a year."""
    scheme = reading.edition.scheme
    is_paid = (
        reading.decision.status == "eligible" and reading.gain is not None and reading.gain.recipient in TO_THE_FIRM
    )
    is_open = CYCLE not in told.facts and CYCLE not in told.unsure
    return is_open and is_paid and scheme.period == "quarter" and scheme.kind == "support"


def _of_one_sum(rulebook: Rulebook, waiting: Mapping[str, Sequence[Reading]], one: str, other: str) -> bool:
    """Whether two figures, of whatever type, are reckoned together; with how often the firm files go the sums of its period."""
    if any(name != CYCLE and rulebook.facts[name].type not in NUMBERS for name in (one, other)):
        return False
    return bool({reading.slug for reading in waiting[one]} & {reading.slug for reading in waiting[other]})


def _with(one: Fact, other: Fact) -> bool:
    """Whether two figures may stand in one table: sums of money, or figures of one kind and group."""
    kind = (one.type, one.unit) == (other.type, other.unit) and (one.type == "money" or one.group == other.group)
    return kind and one.type not in ("enum", "text", "date")


def unreckoned(rulebook: Rulebook, told: Told, readings: Iterable[Reading]) -> dict[str, tuple[str, ...]]:
    """The schemes that the firm has or may be granted without any figure yet, each with the answers that would give one."""
    every = replace(told, unsure=frozenset())
    unvalued = [one for one in readings if one.decision.amount is not None and one.decision.amount.kind == "none"]
    found = {reading.slug: _open_amount(rulebook, reading, every) for reading in unvalued}
    return {slug: facts for slug, facts in found.items() if facts}


def _open_amount(rulebook: Rulebook, reading: Reading, told: Told) -> tuple[str, ...]:
    """The firm's untold facts in the sum of a scheme that it has or may yet be granted."""
    return () if reading.decision.amount is None else _in_sum(rulebook, reading, told)


def _in_sum(rulebook: Rulebook, reading: Reading, told: Told) -> tuple[str, ...]:
    """The firm's untold facts in the sum that a scheme would come to."""
    if reading.edition.body is None or reading.edition.scheme.kind == "restriction":
        return ()
    known = in_sum(reading)
    return tuple(
        name for name in rulebook.facts
        if name in known and not rulebook.facts[name].is_finding and name not in told.facts and name not in told.unsure
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# Which question comes next: the one whose answer settles most, weighted by money; related ones share its screen.
# ---------------------------------------------------------------------------------------------------------------------


# A longer list is not read on a phone, a longer table not filled; choices take more room than figures.
MOST = {"gate": 7, "tick": 7, "fill in": 7, "choose": 5}

# So many rows in all where figures for a sum stand with questions on which a status hangs; and the money that makes it worth while.
MOST_WITH_SUMS, WORTH_RECKONING = 7, 0.1

# What there is at all is asked before anything about it: a list of gates weighs so many times.
SUBJECTS_FIRST = 3.0

# A question joins a screen if its answer is worth at least this share of the best one's, and if it is as likely as this that
# the answers before it on the screen do not make it needless.
WORTH_ADDING, STILL_NEEDED = 0.02, 0.5

# What is forbidden or shameful and brings nobody money is asked last, where it was not denied as a whole.
DECLARED_LAST = 0.01

# An answer that brings a scheme nearer, though it waits for what the firm cannot tell: another one may still rule it out.
NEARER_ALL_THE_SAME = 0.2

# What a further answer on the same screen costs against turning to a screen.
FURTHER_ANSWER, FURTHER_LINE = 0.5, 0.05


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
    stakes: Stakes

    @property
    def worth(self) -> float:
        """What it does for each scheme that waits for it, the more the more money is in it; less where a firm hardly knows. For a sum
        every answer is wanted, so that each of them is a step: that counts beside what it settles."""
        return self.known * sum(
            self.stakes.weight[one.slug] * self._value(one) + self.stakes.money(one.slug) * self.gains[one.slug].nearer
            for one in self.waiting
        )

    def _value(self, reading: Reading) -> float:
        """A scheme that waits for what the firm cannot tell comes no nearer to its answer; it is settled at once or not."""
        found = self.gains[reading.slug]
        if not beyond_telling(reading, self.unsure):
            return found.value
        others = set(reading.decision.missing) - self.unsure - self.about
        return found.settles or (NEARER_ALL_THE_SAME * found.value if others else 0.0)


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
    if options[next(iter(best))].sort not in ("fill in", "choose") or any(
        _is_quarterly(rulebook, name) for name in best
    ):
        return Best(tuple(best), value, {})
    return Best(tuple(best), value, _sums_with(rulebook, best, options, told, moot))


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
        names = [name for name in _in_sum(rulebook, reading, told) if name not in moot and name not in sheet]
        is_plain = all(rulebook.facts[name].type in NUMBERS and not _is_quarterly(rulebook, name) for name in names)
        if is_plain and len({*sheet, *found, *names}) <= MOST_WITH_SUMS:
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
    doubts = doubtful(rulebook, told)
    for name, fact in rulebook.facts.items():
        if name in waiting:
            gains = {reading.slug: gain(reading, name, rulebook.likely) for reading in waiting[name]}
            likely = known(rulebook.likely, name, told) * doubts.get(fact.group, 1.0)
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
    if _is_quarterly(rulebook, first.name) != _is_quarterly(rulebook, other.name):
        return False
    if "choose" in (first.sort, other.sort):
        return True
    one, another = rulebook.facts[first.name], rulebook.facts[other.name]
    return one.group == another.group or (first.sort == "fill in" and one.type == another.type)


def _is_quarterly(rulebook: Rulebook, name: str) -> bool:
    """Whether a question belongs to the table of quarterly figures, how many quarters are counted among them."""
    return series_of(rulebook, name) is not None or rulebook.facts[name].unit == "quarters"


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
