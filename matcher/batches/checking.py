"""What is stored of each row of a list: the decisions of `matcher.engine.check`, cut to what the workbook of results shows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from matcher.engine import NO_ITEMS, POSITIVE, CertainRecord, Decision, GroundedRecord, GroundRecord, Items, check
from matcher.engine.choose import Headline, TooTangled, headline
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Scalar
from matcher.text import yuan

_MOST_ARTICLES = 3


def outcome(
    rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date, items: Items = NO_ITEMS
) -> list[GroundedRecord]:
    """The decisions on a firm as they are stored with its row, those that it is entitled to with what each adds to the certain
    sums of the firm, in yuan."""
    decisions = check(rulebook, facts, as_of, items=items)
    stored = [_stored(one) for one in decisions]
    with suppress(TooTangled):  # then no page has a sum of this firm
        money = headline(rulebook, facts, decisions, as_of, items)
        for decision, record in zip(decisions, stored, strict=True):
            if decision.status == "eligible":
                record["certain"] = _certain(money, decision)
    return stored


def _stored(decision: Decision) -> GroundedRecord:
    essence = decision.essence()
    stored: GroundedRecord = {
        "scheme": essence["scheme"],
        "status": essence["status"],
        "recipient": essence["recipient"],
        "amount": essence["amount"],
        "missing": essence["missing"],
        "version": essence["version"],
    }
    if "item" in essence:
        stored["item"] = essence["item"]
    if essence["extra"]:
        stored["extra"] = essence["extra"]
    if decision.status in POSITIVE:
        stored["reasons"] = _first_articles(decision)
    return stored


def _first_articles(decision: Decision) -> GroundRecord:
    """The first articles that a decision rests on, as a tree of one level."""
    leaves: list[GroundRecord] = [
        {"outcome": True, "source": source, "children": []} for source in decision.ground()[:_MOST_ARTICLES]
    ]
    return {"outcome": True, "source": None, "children": leaves}


def _certain(money: Headline, decision: Decision) -> CertainRecord | None:
    item = None if decision.item is None else decision.item.id
    found = [one for one in money.entries_of(decision.scheme, item) if one.standing == "certain"]
    return {"number": found[0].number, "yuan": yuan(sum(one.fen for one in found))} if found else None
