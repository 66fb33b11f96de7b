"""What a firm has told so far in an interview, each scheme read by it, and which schemes wait for which answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from matcher.engine import (
    Band,
    Decision,
    Reading,
    decide_exactly,
    derive,
    derived_in,
    explained,
    most_useful_first,
    read,
    world_of,
)
from matcher.engine.choose import MONEY, Offer, choose, item_of, object_of
from matcher.rulebook import ORDERED, Gate, Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar

# ---------------------------------------------------------------------------------------------------------------------
# What a firm has told so far in an interview: exact answers, bands, and the questions it cannot answer.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """``facts``: exact answers. ``bands``: figures and days told by a band only. ``unsure``: 不清楚 to a fact or a gate, never
    asked again. ``gates``: the gate questions answered by anything but "no", so that what lies beneath is asked by itself;
    ``denied``: those answered "no". ``presumed``: of the facts those that nobody told, see ``presume``; ``moot``: what is not asked of
    a firm of this kind."""

    facts: Mapping[str, Scalar] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    gates: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    presumed: frozenset[str] = frozenset()
    moot: frozenset[str] = frozenset()

    def with_no(self, gate: Gate) -> Told:
        """The same after "no" to a gate: every fact beneath of which nothing was told yet is none."""
        answered = {*self.facts, *self.bands, *self.unsure}
        none = {name: value for name, value in gate.none.items() if name not in answered}
        upto = {name: Band(0, most) for name, most in gate.upto.items() if name not in answered}  # type: ignore[arg-type]
        bare = replace(self, gates=self.gates - {gate.id}, unsure=self.unsure - {gate.id})
        bands = {**self.bands, **upto}
        return replace(bare, facts={**self.facts, **none}, bands=bands, denied=self.denied | {gate.id})

    def passed(self, gate: Gate, *, unsure: bool = False) -> Told:
        """The same after "yes" or 不清楚 to a gate."""
        not_sure = self.unsure | {gate.id} if unsure else self.unsure - {gate.id}
        return replace(self, gates=self.gates | {gate.id}, unsure=not_sure, denied=self.denied - {gate.id})

    def reopened(self, gate: Gate) -> Told:
        """The same without an answer to a gate, and without what "no" says beneath it."""
        facts = {name: value for name, value in self.facts.items() if gate.none.get(name) != value}
        bands = {name: band for name, band in self.bands.items() if name not in gate.upto}
        one = {gate.id}
        return replace(
            self, facts=facts, bands=bands, gates=self.gates - one, unsure=self.unsure - one, denied=self.denied - one
        )

    def answered(self, fact: str, value: Scalar | Band | None) -> Told:
        """The same with one answer more (or another one): a value, a band, or None for 不清楚."""
        bare = self.without(fact)
        if value is None:
            kept = {fact: self.bands[fact]} if fact in self.bands else {}
            return replace(bare, bands={**bare.bands, **kept}, unsure=bare.unsure | {fact})
        if isinstance(value, Band):
            return replace(bare, bands={**bare.bands, fact: value})
        return replace(bare, facts={**bare.facts, fact: value})

    def without(self, fact: str) -> Told:
        """The same with the answer to one question taken back."""
        facts = {name: value for name, value in self.facts.items() if name != fact}
        bands = {name: band for name, band in self.bands.items() if name != fact}
        return replace(self, facts=facts, bands=bands, unsure=self.unsure - {fact})


# ---------------------------------------------------------------------------------------------------------------------
# One scheme read for the interview: its decision, the cells that are still open, and what it can come to; kept in
# memory.
# ---------------------------------------------------------------------------------------------------------------------


CLOSED = frozenset({"not_open", "unconfirmed"})


def read_all(
    rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None
) -> tuple[tuple[Decision, ...], tuple[Reading, ...]]:
    """The decisions, as ``engine.check`` gives them, and the readings of the schemes in force, both in catalogue order."""
    world = world_of(rulebook, told.facts, as_of, told.bands)
    decisions, readings = [], []
    for edition in _editions(rulebook, as_of, schemes):
        if not _is_asked_about(rulebook, edition):
            decisions.append(decide_exactly(rulebook, edition, told.facts, as_of, world))
            continue
        reading = read(edition, told.facts, as_of, world)
        decisions.append(explained(rulebook, reading, told.facts, as_of, world))
        readings.append(reading)
    return most_useful_first(decisions), tuple(readings)


def readings_of(
    rulebook: Rulebook, told: Told, as_of: date, schemes: Iterable[str] | None = None
) -> tuple[Reading, ...]:
    """The readings of the schemes in force alone."""
    world = world_of(rulebook, told.facts, as_of, told.bands)
    asked = (one for one in _editions(rulebook, as_of, schemes) if _is_asked_about(rulebook, one))
    return tuple(read(one, told.facts, as_of, world) for one in asked)


def _editions(rulebook: Rulebook, as_of: date, schemes: Iterable[str] | None) -> Iterator[SchemeEdition]:
    wanted = None if schemes is None else set(schemes)
    return (rulebook.scheme_at(slug, as_of) for slug in rulebook.parsed if wanted is None or slug in wanted)


def _is_asked_about(rulebook: Rulebook, edition: SchemeEdition) -> bool:
    """Whether it has rules that day; of several items nothing is asked one by one."""
    return edition.body is not None and edition.scheme.slug not in rulebook.quantified


# ---------------------------------------------------------------------------------------------------------------------
# Which open schemes wait for which answers, of those that may still be asked for.
# ---------------------------------------------------------------------------------------------------------------------


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


def beyond_telling(reading: Reading, unsure: Collection[str]) -> frozenset[str]:
    """The facts an open scheme lacks that the firm cannot tell; not a worked-out one whose figures it was not asked for yet."""
    derived = derived_in(reading.edition)
    found = set()
    for name in reading.decision.missing:
        if name in unsure:
            figures = derive.beneath(derived[name], reading.world) if name in derived else ()
            if not figures or any(one in unsure for one in figures):
                found.add(name)
    return frozenset(found)


def _is_figure(reading: Reading, name: str) -> bool:
    return reading.world.context.vocabulary[name].type in ORDERED


# ---------------------------------------------------------------------------------------------------------------------
# What a firm can come to in money: surely, at most, and where no end is known. The range only narrows as answers
# come.
# ---------------------------------------------------------------------------------------------------------------------


# Money that the firm has more of afterwards; what is put off or a right is no sum, and what others are paid is not the firm's.
TO_THE_FIRM = frozenset({"firm_cash", "firm_price"})


@dataclass(frozen=True, slots=True)
class Outlook:
    """``low``: fen that the firm surely has, which the fen of the schemes in ``sure`` add up to. ``high``: fen it has at most;
    None while a scheme in ``unbounded`` may bring any sum. ``high`` does not look at what excludes each other: the best set is
    chosen once all is told."""

    low: int
    high: int | None
    unbounded: tuple[str, ...] = ()
    sure: tuple[tuple[str, int], ...] = ()


def outlook(rulebook: Rulebook, told: Told, as_of: date, readings: Sequence[Reading]) -> Outlook:
    """The least and the most over all schemes, by what adds to a total at all."""
    apart = never_added(rulebook, as_of)
    highs = {reading.slug: 0 if reading.slug in apart else reach(reading)[1] for reading in readings}
    unbounded = tuple(slug for slug, high in highs.items() if high is None)
    high = None if unbounded else sum(high or 0 for high in highs.values())
    sure = _sure(rulebook, told, as_of, readings)
    return Outlook(sum(fen for _, fen in sure), high, unbounded, sure)


def never_added(rulebook: Rulebook, as_of: date) -> frozenset[str]:
    """The schemes whose figure is no part of a total whatever the firm answers: deductions, money put off or paid out sooner."""
    whole = (one for one in rulebook.relations if one.kind == "never_adds" and one.holds(as_of))
    return frozenset(slug for one in whole if not one.items and not one.recipient for slug in one.schemes)


def _sure(rulebook: Rulebook, told: Told, as_of: date, readings: Sequence[Reading]) -> tuple[tuple[str, int], ...]:
    """What the firm surely has, by scheme, as the best admissible sum: of two reliefs that exclude each other one counts."""
    offers = [
        Offer(
            reading.slug,
            object_of(reading.edition.scheme, told.facts, as_of),
            item_of(reading.slug, told.facts),
            recipient=None if reading.gain is None else reading.gain.recipient,
            figure=low,
            exact=True,
        )
        for reading in readings
        if (low := reach(reading)[0])
    ]
    if not offers:
        return ()
    best = choose(offers, rulebook.relations, as_of)
    counted = zip(best.chosen, best.lines, strict=True)
    return tuple((offer.scheme, fen) for offer, (line, fen) in counted if line == MONEY and fen)


def reach(reading: Reading) -> tuple[int, int | None]:
    """What one scheme surely and at most brings the firm, in fen; None: no end is known."""
    gain, kind = reading.gain, reading.edition.scheme.kind
    if gain is None or kind == "restriction" or gain.recipient not in (None, *TO_THE_FIRM):
        return 0, 0
    if gain.amount.kind == "none":
        return 0, None if _has_sum(reading) else 0
    sure = reading.decision.status == "eligible" and gain.recipient is not None and gain.amount.kind != "ceiling"
    return (max(gain.amount.low, 0) if sure else 0), max(gain.amount.high, 0)


def _has_sum(reading: Reading) -> bool:
    """Whether a sum stands in the rules at all, so that an unknown one may still become known."""
    body = reading.edition.body
    return body is not None and any(route.benefit.expr is not None for route in body.routes)
