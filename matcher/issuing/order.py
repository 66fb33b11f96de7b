"""Says what a letter is to be, and drafts it: all of it but its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from matcher.engine import Decision, FactValue, check
from matcher.engine.decision import POSITIVE
from matcher.issuing.refusal import Refusal
from matcher.letters.letter import StatedBy
from matcher.letters.proof import Centre
from matcher.letters.values import clean
from matcher.rulebook import Rulebook
from matcher.store.tables import Origin
from matcher.tianjin import day_of

VALID_DAYS = 90
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued: a letter of a centre on a firm's facts, checked for a day.

    ``valid_days`` is counted from the day the letter is written; ``supersedes`` is the number of the letter it replaces.
    ``by`` says of facts who they come from, where it is not whom the vocabulary names.
    """

    centre: Centre
    facts: Mapping[str, FactValue]
    as_of: date
    schemes: tuple[str, ...] | None = None
    kind: Literal["eligibility", "missing"] = "eligibility"
    lang: Literal["zh", "en", "both"] = "zh"
    valid_days: int = VALID_DAYS
    supersedes: str | None = None
    origin: Origin = "cli"
    by: Mapping[str, StatedBy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a letter but its number."""

    order: Order
    decisions: tuple[Decision, ...]
    stated: list[dict[str, Any]]
    addressee: str | None
    at: datetime
    written_on: date
    valid_until: date


def valid_until(decisions: Iterable[Decision], written_on: date, days: int) -> date:
    """The last day on which a letter may be relied on: the term, or the end of a version that it rests on if earlier.

    A version that ended before the letter was written is asked about the past, which does not change any more.
    """
    ends = (one.version[1] for one in decisions if one.version and one.status in POSITIVE)
    return min([written_on + timedelta(days=days), *(end for end in ends if end and end >= written_on)])


def draft_of(rulebook: Rulebook, order: Order, at: datetime) -> Draft:
    """What an order comes to at a moment (aware). Raises Refusal when there is nothing to say."""
    if not 1 <= order.valid_days <= LONGEST_DAYS:
        raise Refusal(
            f"有效期应为1至{LONGEST_DAYS}天。",
            f"A letter is valid for 1 to {LONGEST_DAYS} days, not {order.valid_days}.",
        )
    decisions = _decide(rulebook, order)
    name = order.facts.get("name")
    written_on = day_of(at)
    return Draft(
        order,
        decisions,
        [one.to_json() for one in decisions],
        clean(name) if isinstance(name, str) else None,
        at,
        written_on,
        valid_until(decisions, written_on, order.valid_days),
    )


def _decide(rulebook: Rulebook, order: Order) -> tuple[Decision, ...]:
    """The decisions that the letter speaks of; a notice of what is missing has only those that wait for facts."""
    decisions = check(rulebook, order.facts, order.as_of, order.schemes)
    if order.kind == "missing":
        waiting = [one.scheme for one in decisions if one.status == "needs_information"]
        # Decided anew without the others, as whoever verifies the letter will do.
        decisions = check(rulebook, order.facts, order.as_of, waiting)
    if not decisions:
        raise Refusal(
            "没有可写入函件的政策，未签发。", "There is no scheme for this letter to speak of; nothing was issued."
        )
    return decisions
