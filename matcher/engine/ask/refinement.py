"""Which figures to ask for where only an amount hangs on them: the scheme with most money first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.engine import Reading
from matcher.rulebook import NUMBERS, Fact, Rulebook

from .readings import TO_THE_FIRM, Told
from .screens import in_sum, is_quarterly
from .stakes import Stakes

# Figures on one screen: a longer table is not filled in for a sum alone.
_MOST = 4

# Figures for a sum are asked for before the long rest: the money of what the firm has weighs so many times.
_SOON = 3.0

# What a further answer on the same screen costs against turning to a screen.
FURTHER_ANSWER = 0.5

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
            open_ = _cycle_first(open_)
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
        alike = list(_cycle_first(alike))
    value = _SOON * sum(worth[name] for name in alike) / (1 + FURTHER_ANSWER * (len(alike) - 1))
    return Refinement(tuple(alike), waiting, value, sum(money.values()))


def _by_cycle(reading: Reading, told: Told) -> bool:
    """Whether it hangs on how often the firm files what its sum of a period comes to in a year."""
    is_paid = (
        reading.decision.status == "eligible" and reading.gain is not None and reading.gain.recipient in TO_THE_FIRM
    )
    return is_paid and hangs_on_cycle(reading, told)


def hangs_on_cycle(reading: Reading, told: Told) -> bool:
    """Whether what a scheme comes to in a year hangs on how often the firm files, and it did not say that."""
    scheme = reading.edition.scheme
    is_open = CYCLE not in told.facts and CYCLE not in told.unsure
    return is_open and scheme.period == "quarter" and scheme.kind == "support"


def sums_of(rulebook: Rulebook, reading: Reading, told: Told, asked: Collection[str]) -> tuple[str, ...] | None:
    """The figures of a scheme's sum that may stand beside the questions on which its status hangs, but for those ``asked``; how often the
    firm files goes before the sum of a period. None where one of them is no plain figure."""
    names = [name for name in untold_in_sum(rulebook, reading, told) if name not in asked]
    facts = [rulebook.facts[name] for name in names if name != CYCLE]
    if any(fact.type not in NUMBERS or is_quarterly(rulebook, fact.id) for fact in facts):
        return None
    if names and hangs_on_cycle(reading, told) and CYCLE not in asked:
        return _cycle_first(names)
    return tuple(names)


def _cycle_first(names: Iterable[str]) -> tuple[str, ...]:
    """How often the firm files, then the other facts in their order."""
    return (CYCLE, *(name for name in names if name != CYCLE))


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
    return () if reading.decision.amount is None else untold_in_sum(rulebook, reading, told)


def untold_in_sum(rulebook: Rulebook, reading: Reading, told: Told) -> tuple[str, ...]:
    """The firm's untold facts in the sum that a scheme would come to."""
    if reading.edition.body is None or reading.edition.scheme.kind == "restriction":
        return ()
    known = in_sum(reading)
    return tuple(
        name for name in rulebook.facts
        if name in known and not rulebook.facts[name].is_finding and name not in told.facts and name not in told.unsure
    )  # fmt: skip
