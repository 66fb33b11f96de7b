"""What a firm may come to in a year, before it told its figures: the same rules over the bands it told and the figures that are usual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from matcher.engine import Band, Reading, reaches, read, world_of
from matcher.engine.choose import (
    CREDIT,
    DEDUCTION,
    MONEY,
    Headline,
    IncomeTax,
    Offer,
    choose,
    is_confirmed,
    item_of,
    line_of,
    object_of,
    only_moves_time,
)
from matcher.rulebook import Rulebook, Scheme
from matcher.rulebook.language import Scalar
from matcher.text import half_up, yuan

from .presumed import holding
from .readings import Told

# ---------------------------------------------------------------------------------------------------------------------
# One scheme's reach for a year: by law, or only where somebody grants it.
# ---------------------------------------------------------------------------------------------------------------------


Standing = Literal["sure", "may"]
"""``sure``: who meets the conditions has it by law; ``may``: a department, a bank or a round of applications decides."""

_PAID = frozenset({"firm_cash", "firm_price"})

_COUNTED = frozenset({MONEY, CREDIT, DEDUCTION})


@dataclass(frozen=True, slots=True)
class Reach:
    """What one scheme comes to for the firm, from ``low`` to ``high`` fen a year."""

    scheme: str
    standing: Standing
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """``low`` and ``high``: fen a year, all schemes together. ``reaches``: by scheme, the most first. ``headline``: the three numbers
    of what is told. ``surprises``: told figures that lie outside what is usual, so that the range moved instead of narrowing.
    ``is_told``: nothing usual is in it any more."""

    low: int
    high: int
    reaches: tuple[Reach, ...]
    headline: Headline
    surprises: tuple[str, ...]
    is_told: bool

    def as_told(self) -> Estimate:
        """The three numbers alone, once nothing is left to ask: nothing usual stands in for what is not known."""
        low = self.headline.cash + self.headline.less
        return replace(self, low=low, high=low + self.headline.possible, is_told=True)

    def to_json(self) -> dict[str, Any]:
        """``{estimate: {low, high}, sure: {cash, less}, possible, unsaid, surprises}``, yuan a year as decimal strings."""
        told = self.headline.to_json()
        del told["entries"]
        return {"estimate": {"low": yuan(self.low), "high": yuan(self.high)}, **told, "surprises": list(self.surprises)}

    def between(self, standing: Standing) -> tuple[int, int]:
        """The least and the most of one standing."""
        some = [one for one in self.reaches if one.standing == standing]
        return sum(one.low for one in some), sum(one.high for one in some)

    def share_of(self, scheme: str) -> float:
        """How much of all that may come a scheme is; 0 for one without money."""
        high = next((one.high for one in self.reaches if one.scheme == scheme), 0)
        return high / self.high if self.high else 0.0


def estimate(rulebook: Rulebook, told: Told, as_of: date, readings: Sequence[Reading], found: Headline) -> Estimate:
    """The range for what a firm told, or is presumed to have; ``readings`` are of that, ``found`` the numbers of what it told alone."""
    usual = with_usual(rulebook, told)
    world = world_of(rulebook, usual.facts, as_of, usual.bands)
    assumed = [read(one.edition, usual.facts, as_of, world) for one in readings if _has_money(one)]
    tax = IncomeTax.of(rulebook, usual.facts, [one.decision for one in assumed], as_of)
    rates = (tax.rate if tax.is_known else Fraction(0), tax.rate)
    parts = [part for one in assumed if (part := _part(rulebook, one, usual.facts, as_of, rates)) is not None]
    sure = found.cash + found.less
    low = max(sure, _best(rulebook, parts, as_of, "low"))
    possible = _usually_possible(found, parts)
    high = max(low, sure + possible, _best(rulebook, parts, as_of, "high"))
    is_told = all(part.low == part.high or part.is_ceiling for part in parts) and not _waits(readings, parts)
    # Else a usual figure still stands in for one that the law's limit hangs on.
    is_told = is_told and possible == found.possible
    if is_told:
        low, high = sure, sure + found.possible
    reached = sorted((part.reach for part in parts), key=lambda one: (-one.high, one.scheme))
    return Estimate(low, high, tuple(reached), found, surprises(rulebook, told), is_told)


def _usually_possible(found: Headline, parts: Iterable[_Part]) -> int:
    """The third number with each of its sums up to what is usual: where the figure that it is reckoned from is untold, it stands at the
    law's limit, and the range would get wider by an answer that contradicts nothing."""
    most = {part.offer.scheme: part.reach.high for part in parts}
    certain: dict[str, int] = {}
    more: dict[str, int] = {}
    for one in found.entries:
        sums = certain if one.standing == "certain" else more
        sums[one.scheme] = sums.get(one.scheme, 0) + one.fen
    return sum(min(fen, max(most.get(slug, fen) - certain.get(slug, 0), 0)) for slug, fen in more.items())


def _waits(readings: Iterable[Reading], parts: Iterable[_Part]) -> bool:
    """Whether the status of a scheme with money is open."""
    money = {part.offer.scheme for part in parts}
    return any(one.is_open for one in readings if one.slug in money)


def with_usual(rulebook: Rulebook, told: Told) -> Told:
    """The same with the usual span of every figure that is not told, within the band that was."""
    bands = dict(told.bands)
    for name, (low, high) in rulebook.typical.spans(told.facts, _spans(told)).items():
        bands[name] = _narrowed(told.bands.get(name), low, high)
    return replace(told, bands=bands)


def surprises(rulebook: Rulebook, told: Told) -> tuple[str, ...]:
    """The told figures that lie outside what is usual for the firm's staff, trade and revenue, and the answers, 不清楚 among them, that
    take back what was presumed of it."""
    answered = told.facts.keys() | told.unsure
    presumed = {name: value for one in holding(rulebook, told) for name, value in one.none.items()}
    against = (name for name in presumed.keys() & answered - told.presumed if told.facts.get(name) != presumed[name])
    return (*rulebook.typical.surprises(told.facts, _spans(told)), *sorted(against))


def _spans(told: Told) -> dict[str, tuple[Fraction, Fraction]]:
    """Where the figures lie that were told by a band with two ends."""
    return {
        name: (Fraction(band.low), Fraction(band.high))
        for name, band in told.bands.items()
        if isinstance(band.low, int | Fraction) and isinstance(band.high, int | Fraction)
    }


def _narrowed(band: Band | None, low: Fraction, high: Fraction) -> Band:
    """The usual span within a told band; where the two contradict each other, the told one."""
    if band is None:
        return Band(low, high)
    ends = [end for end in (band.low, low) if isinstance(end, int | Fraction)]
    tops = [end for end in (band.high, high) if isinstance(end, int | Fraction)]
    least, most = max(ends), min(tops)
    return Band(least, most) if least <= most else band


def _has_money(reading: Reading) -> bool:
    """Whether a sum for the firm stands in the scheme's rules, and the firm may have it."""
    body = reading.edition.body
    if reading.edition.scheme.kind != "support" or body is None or reading.decision.status == "not_eligible":
        return False
    return any(route.benefit.expr is not None for route in body.routes)


@dataclass(frozen=True, slots=True)
class _Part:
    """One scheme as an offer, with the least and the most fen of its period. ``rates``: what share of them counts."""

    offer: Offer
    line: str
    standing: Standing
    low: int
    high: int
    times: int
    rates: tuple[Fraction, Fraction]
    is_ceiling: bool

    @property
    def reach(self) -> Reach:
        """The same for a year."""
        return Reach(self.offer.scheme, self.standing, self.counted("low", self.low), self.counted("high", self.high))

    def counted(self, end: Literal["low", "high"], fen: int) -> int:
        """What so many fen of its period count in a year."""
        return half_up(fen * self.times * self.rates[end == "high"])


def _part(
    rulebook: Rulebook, reading: Reading, facts: Mapping[str, Scalar], as_of: date, rates: tuple[Fraction, Fraction]
) -> _Part | None:
    """What a scheme comes to; None where it is nothing of the firm's."""
    scheme, body = reading.edition.scheme, reading.edition.body
    assert body is not None
    known = reading.notes.get("reaches")
    if known is None:
        known = reading.notes["reaches"] = reaches(body, reading.settlement.passing)
    relations = [one for one in rulebook.relations if one.holds(as_of)]
    paid = [(who or scheme.recipient, low, high) for who, low, high in known]
    line = {who: line_of(Offer(scheme.slug, "", recipient=str(who)), relations) for who, _, _ in paid}
    ours = [(who, low, high) for who, low, high in paid if who in _PAID and line[who] in _COUNTED]
    most = max((high or 0 for _, _, high in ours), default=0)
    if not most or only_moves_time(scheme.slug):
        return None
    is_ceiling = any(route.benefit.kind == "ceiling" for route in body.routes)
    certain = reading.decision.status == "eligible" and len(ours) == len(paid) and not is_ceiling
    certain = certain and is_confirmed(rulebook, reading.decision)
    who = ours[0][0]
    return _Part(
        offer=Offer(
            scheme.slug,
            object_of(scheme, facts, as_of),
            item_of(scheme.slug, facts),
            recipient=who,
            figure=most,
            exact=True,
        ),
        line=line[who],
        standing=standing_of(scheme),
        low=min(low for _, low, _ in ours) if certain else 0,
        high=most,
        times=periods(scheme, facts),
        rates=rates if line[who] == DEDUCTION else (Fraction(1), Fraction(1)),
        is_ceiling=is_ceiling,
    )


def _best(rulebook: Rulebook, parts: Sequence[_Part], as_of: date, end: Literal["low", "high"]) -> int:
    """What the best admissible set of all comes to in a year."""
    fen = {part.offer.key: part.low if end == "low" else part.high for part in parts}
    by_key = {part.offer.key: part for part in parts}
    best = choose([replace(part.offer, figure=fen[part.offer.key]) for part in parts], rulebook.relations, as_of)
    counted = zip(best.chosen, best.lines, strict=True)
    return sum(by_key[offer.key].counted(end, paid or 0) for offer, (line, paid) in counted if line in _COUNTED)


def standing_of(scheme: Scheme) -> Standing:
    """By law, or by somebody's decision."""
    return "sure" if scheme.award == "by_law" else "may"


def periods(scheme: Scheme, facts: Mapping[str, Scalar]) -> int:
    """How many of the scheme's periods make a year, as the three numbers count them."""
    if scheme.period == "month":
        return 12
    if scheme.period == "quarter":
        return 12 if facts.get("tax_filing_cycle") == "monthly" else 4
    return 1
