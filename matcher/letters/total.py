"""Adds up what a letter's decisions surely bring the firm: its own money, of what excludes each other the best choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.engine.choose import Offer, TooTangled, choose
from matcher.engine.choose.profile import item_of, object_of, titles_held
from matcher.letters.values import FactValue, fen_of

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook

_SURE = {"exact": "value", "range": "low"}  # of a range the lower end is sure, of a ceiling nothing


def certain_total(
    rulebook: Rulebook, facts: Mapping[str, FactValue], decisions: Iterable[Mapping[str, Any]], as_of: date
) -> int | None:
    """The fen that the firm surely has by `decisions` (in their JSON form); None where there is no such sum.

    No part of it: deductions, what is put off or paid out sooner, what others are paid, ceilings, and whatever a
    department still decides. Of two reliefs that exclude each other the greater counts.
    """
    offers = [offer for one in decisions if (offer := _offer(rulebook, facts, one, as_of)) is not None]
    if not offers:
        return None
    try:
        return choose(offers, rulebook.relations, as_of, titles_held(facts)).total.exact or None
    except TooTangled:  # a sum that nobody can vouch for is not printed
        return None


def _offer(
    rulebook: Rulebook, facts: Mapping[str, FactValue], decision: Mapping[str, Any], as_of: date
) -> Offer | None:
    scheme, amount = rulebook.schemes[decision["scheme"]], decision.get("amount") or {"kind": "none"}
    figure = amount.get(_SURE.get(amount["kind"], ""))
    if decision["status"] != "eligible" or scheme.kind == "restriction" or figure is None:
        return None
    return Offer(
        scheme.slug,
        object_of(scheme, facts, as_of),
        item_of(scheme.slug, facts),
        recipient=decision.get("recipient"),
        figure=max(fen_of(figure), 0),
        exact=True,
    )
