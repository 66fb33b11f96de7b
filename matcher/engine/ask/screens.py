"""What is asked together: one question, a list of yes/no facts to tick, or a small table of quarterly figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.engine import Band, Interval, Reading, facts_of, open_in_sum, reaches, worlds
from matcher.engine.choose import only_moves_time
from matcher.rulebook import ORDERED, QuarterlySeries, Rulebook

from .gains import pieces, settled_by, summed_with
from .readings import reach

# ---------------------------------------------------------------------------------------------------------------------
# Quarterly figures: those that stand in a series are asked in one small table.
# ---------------------------------------------------------------------------------------------------------------------


# One row more than a question is a table.
FEWEST = 3


def series_of(rulebook: Rulebook, name: str) -> QuarterlySeries | None:
    """Where a question stands in the table of quarterly figures; None where it is none, a gate for example."""
    fact = rulebook.facts.get(name)
    return None if fact is None else fact.series


def is_quarterly(rulebook: Rulebook, name: str) -> bool:
    """Whether a question belongs to the table of quarterly figures, how many quarters are counted among them."""
    fact = rulebook.facts.get(name)
    return fact is not None and (fact.series is not None or fact.unit == "quarters")


def is_table(rulebook: Rulebook, names: Sequence[str]) -> bool:
    """Whether these are quarterly figures, enough of them for a table; how many quarters are counted may stand with them."""
    figures = [name for name in names if series_of(rulebook, name)]
    return len(figures) >= FEWEST and len(names) - len(figures) <= 1


# ---------------------------------------------------------------------------------------------------------------------
# What is asked together: one question, a list of yes/no facts to tick, or a small table of figures of one kind.
# ---------------------------------------------------------------------------------------------------------------------


MOST_BANDS = 5

SEVERAL, GATE = "several", "gate"

_FORMS = {"boolean": "yes_no", "enum": "choice", "text": "text", "date": "date"}


@dataclass(frozen=True)
class Price:
    """What 不清楚 costs: so many schemes stay open, worth up to so many fen (None: no end is known)."""

    schemes: int
    up_to: int | None


@dataclass(frozen=True)
class Ask:
    """One question, for a fact or (form ``gate``) a gate. ``form``: gate, choice, yes_no, figure, bands, date or text;
    ``bands`` only for bands, the lowest first. ``waiting``: the open schemes that need it, the most money first. ``refines``: no status
    hangs on it, only an amount."""

    fact: str
    form: str
    waiting: tuple[str, ...]
    price: Price
    bands: tuple[Band, ...] = ()
    refines: bool = False


@dataclass(frozen=True)
class Screen:
    """Questions shown together. ``kind``: gate (one or more of them), single, ticks (gates may be among them), table or
    quarters (quarterly figures);
    ``group``: the vocabulary's group of all, or ``several``.
    ``refines``: no status hangs on it, only an amount."""

    kind: str
    group: str
    asks: tuple[Ask, ...]
    refines: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is one question, which of these, that is answered by ticking."""
        return len(self.asks) > 1 and self.kind in (GATE, "ticks")


def screen_of(
    rulebook: Rulebook,
    facts: Sequence[str],
    waiting: Mapping[str, Sequence[Reading]],
    banded: frozenset[str],
    *,
    refines: bool = False,
    sums: frozenset[str] = frozenset(),
) -> Screen:
    """The screen that asks for these facts; ``banded``: those of which the band is told already; ``sums``: those on which only
    an amount hangs."""
    asks = tuple(
        _ask(rulebook, name, waiting.get(name, ()), exact=refines or name in banded, refines=refines or name in sums)
        for name in facts
    )
    gates = rulebook.gates
    beneath = [fact for name in facts for fact in (gates[name].none if name in gates else (name,))]
    groups = {rulebook.facts[fact].group for fact in beneath}
    return Screen(kind_of(rulebook, asks), groups.pop() if len(groups) == 1 else SEVERAL, asks, refines)


def kind_of(rulebook: Rulebook, asks: Sequence[Ask]) -> str:
    """The kind of a screen that asks these together."""
    if all(ask.form == GATE for ask in asks):
        return GATE
    if is_table(rulebook, [ask.fact for ask in asks]):
        return "quarters"
    return "single" if len(asks) == 1 else "ticks" if all(ask.form in ("yes_no", GATE) for ask in asks) else "table"


def price_of(waiting: Sequence[Reading]) -> Price:
    """What it costs not to know what these schemes wait for; a deduction that is only taken sooner brings nothing."""
    highs = [0 if only_moves_time(reading.slug) else reach(reading)[1] for reading in waiting]
    return Price(len(highs), None if None in highs else sum(high or 0 for high in highs))


def _ask(rulebook: Rulebook, name: str, waiting: Sequence[Reading], *, exact: bool, refines: bool) -> Ask:
    ordered = sorted(waiting, key=_most_money_first)
    slugs, price = tuple(reading.slug for reading in ordered), price_of(ordered)
    if name in rulebook.gates:
        return Ask(name, GATE, slugs, price)
    fact = rulebook.facts[name]
    offered = () if exact or refines or fact.type not in ORDERED else bands_of(rulebook, name, ordered)
    if offered:
        return Ask(name, "bands", slugs, price, offered)
    return Ask(name, _FORMS.get(fact.type, "figure"), slugs, price, refines=refines)


def in_sum(reading: Reading) -> frozenset[str]:
    """The untold facts on which a scheme's sum hangs: those it is reckoned from, and those that choose among ways of different sums."""
    known: frozenset[str] | None = reading.notes.get("sum")
    if known is None:
        body, cells = reading.edition.body, reading.settlement.passing
        assert body is not None
        found = set(open_in_sum(body, cells))
        if len(cells) > 1 and len({tuple(reaches(body, (cell,))) for cell in cells}) > 1:
            for var in {var for cell in cells for var in cell.box}:
                if len({cell.box.get(var) for cell in cells}) > 1:
                    found.update(facts_of(var))
        known = reading.notes["sum"] = frozenset(found)
    return known


def _most_money_first(reading: Reading) -> tuple[bool, int]:
    high = reach(reading)[1]  # no end is more than any end
    return high is not None, -(high or 0)


def bands_of(rulebook: Rulebook, name: str, waiting: Sequence[Reading]) -> tuple[Band, ...]:
    """The bands by whose bounds the open schemes tell the figure apart; none where there are too many, or where a band
    settles nothing."""
    if not waiting or any(summed_with(reading, name) for reading in waiting):
        return ()
    if any(name in in_sum(reading) for reading in waiting if reading.edition.body is not None):
        return ()  # a band would settle a status, and the figure itself would be asked for the sum afterwards
    found = [pieces(reading, name) for reading in waiting]
    if not any(settled_by(reading, piece) for reading, own in zip(waiting, found, strict=True) for piece in own):
        return ()
    world = waiting[0].world
    intervals = [piece.domain for own in found for piece in own if isinstance(piece.domain, Interval)]
    made = _cut(world.interval(name), intervals, whole=world.whole(name))
    return tuple(worlds.of(rulebook.facts[name], one) for one in made) if 2 <= len(made) <= MOST_BANDS else ()


def _cut(rest: Interval, parts: Sequence[Interval], *, whole: bool) -> list[Interval]:
    """An interval cut wherever one of its parts begins."""
    made = []
    starts = {(part.low, part.low_open) for part in parts if part.low is not None}
    for bound, above in sorted(starts):
        below, beyond = rest.cut("<=" if above else "<", bound, whole), rest.cut(">" if above else ">=", bound, whole)
        if not below.empty and not beyond.empty:
            made.append(below)
            rest = beyond
    return [*made, rest]
