"""Prepares the bars: what each scheme is worth to the firm; and places figures and days along a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.engine import AmountRecord, DecisionRecord, ends_of
from matcher.engine.choose import FIRMS_LINES, Offer, line_of
from matcher.text import STATUS, amount_text

from .catalogue import Catalogue

# ---------------------------------------------------------------------------------------------------------------------
# Places figures and days along a line, as percentages of its width, so that a drawing stretches with the page.
# ---------------------------------------------------------------------------------------------------------------------


# Room at both ends, so that a mark at an end is not cut off.
_MARGIN = 3


@dataclass(frozen=True)
class Scale:
    """A linear scale from `low` to `high`."""

    low: Decimal
    high: Decimal

    def at(self, value: Decimal) -> str:
        """Where a value stands, in per cent with one decimal; beyond an end: at the end."""
        span = self.high - self.low
        share = (value - self.low) / span if span else Decimal(0)
        return f"{_MARGIN + (100 - 2 * _MARGIN) * float(min(max(share, Decimal(0)), Decimal(1))):.1f}%"

    def between(self, low: Decimal, high: Decimal) -> str:
        """How wide the stretch between two values is, in per cent."""
        start, end = (float(self.at(value).rstrip("%")) for value in (low, high))
        return f"{end - start:.1f}%"


def as_number(text: str) -> Decimal:
    """A figure or an ISO day, as a decision's JSON states it, as a number. Raises ValueError for anything else."""
    if is_day(text):
        return Decimal(date.fromisoformat(text).toordinal())
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(text) from error


def is_day(text: str) -> bool:
    """Whether a text is an ISO day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text[1:]


# ---------------------------------------------------------------------------------------------------------------------
# Prepares the bars: what each scheme is worth to the firm, money to keep apart from what never adds to it.
# ---------------------------------------------------------------------------------------------------------------------


# Status → its mark and colour; the word for it is the heading of its group of results.
_STANDINGS = {
    "eligible": ("●", "held"),
    "needs_decision": ("◐", "department"),
    "needs_information": ("◔", "open"),
}


@dataclass(frozen=True)
class Bar:
    """One scheme: a solid stretch for what is certain, a hatched one up to what it is at most, in per cent of the width."""

    slug: str
    name: str
    amount: str
    standing: str
    mark: str
    tone: str
    start: str
    solid: str
    hatched_from: str
    hatched: str


@dataclass(frozen=True)
class Chart:
    """Bars on one scale, the longest first; `has_ceiling`: something in it is hatched.

    `kind` is the line of the total in which they stand: money, deduction, released_credit or deferral. What never adds
    to money (a payment put off is still owed) never stands in one chart with it.
    """

    kind: str
    bars: tuple[Bar, ...]
    has_ceiling: bool


def charts(catalogue: Catalogue, stated: Iterable[DecisionRecord], lang: str) -> tuple[Chart, ...]:
    """The charts that are not empty, from the decisions' JSON."""
    worth = [
        (decision, amount)
        for decision in stated
        if decision["status"] in _STANDINGS and (amount := _sum(decision)) is not None
    ]
    found = ((kind, [one for one in worth if _line(catalogue, one[0]) == kind]) for kind in FIRMS_LINES)
    return tuple(_chart(catalogue, kind, some, lang) for kind, some in found if some)


def _line(catalogue: Catalogue, decision: DecisionRecord) -> str:
    return line_of(Offer(decision["scheme"], "", recipient=decision["recipient"]), catalogue.rulebook.relations)


_Worth = tuple[DecisionRecord, AmountRecord]
"""A decision that gives a figure, and the figure."""


def _sum(decision: DecisionRecord) -> AmountRecord | None:
    amount = decision["amount"]
    return amount if amount is not None and amount["kind"] != "none" and _ends(amount)[1] > 0 else None


def _ends(amount: AmountRecord) -> tuple[int, int]:
    """What is certain and what is the most, in fen."""
    low, high = ends_of(amount)
    return 0 if amount["kind"] == "ceiling" else low, high


def _chart(catalogue: Catalogue, kind: str, worth: list[_Worth], lang: str) -> Chart:
    ordered = sorted(worth, key=lambda one: -_ends(one[1])[1])
    scale = Scale(Decimal(0), Decimal(_ends(ordered[0][1])[1]))
    bars = tuple(_bar(catalogue, one, scale, lang) for one in ordered)
    return Chart(kind, bars, any(amount["kind"] != "exact" for _, amount in ordered))


def _bar(catalogue: Catalogue, one: _Worth, scale: Scale, lang: str) -> Bar:
    decision, amount = one
    scheme = catalogue.scheme(decision["scheme"])
    low, high = map(Decimal, _ends(amount))
    mark, tone = _STANDINGS[decision["status"]]
    return Bar(
        slug=scheme.slug,
        name=scheme.name.get(lang),
        amount=_said(amount, lang),
        standing=STATUS[decision["status"]].heading.get(lang),
        mark=mark,
        tone=tone,
        start=scale.at(Decimal(0)),
        solid=scale.between(Decimal(0), low),
        hatched_from=scale.at(low),
        hatched=scale.between(low, high),
    )


def _said(amount: AmountRecord, lang: str) -> str:
    low, high = _ends(amount)
    return amount_text(amount["kind"], low, high, lang)
