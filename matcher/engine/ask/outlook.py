"""What a firm can come to in money: surely, at most, and where no end is known. The range only narrows as answers come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.engine.ask.readings import Reading
from matcher.engine.ask.told import Told
from matcher.engine.choose import Offer, choose
from matcher.engine.choose.offers import MONEY
from matcher.engine.choose.profile import item_of, object_of
from matcher.rulebook import Rulebook

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
