"""Decides six-taxes-two-fees as a good programmer would write it for this one rule: three-valued, nothing assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CORPORATE = frozenset({"company", "farmers_cooperative", "public_institution", "social_organisation", "branch"})
MOST_EMPLOYEES = 300
MOST_ASSETS = 5_000_000_000

Answer = tuple[str, int | None]


def decide(facts: Mapping[str, Any]) -> Answer:
    """The status, and the amount in fen: None where it is not eligible, or the payable is not told.

    A fact that is absent or None is unknown. It is written flat, as fast as plain Python allows, because it is the
    yardstick.
    """
    get = facts.get
    vat_status = get("vat_status")
    legal_form = get("legal_form")
    if vat_status == "small_scale" or legal_form == "individual_business":
        payable = get("six_taxes_two_fees_payable")
        return "eligible", None if payable is None else (payable + 1) // 2  # half, rounded half up
    if legal_form is None:
        return "needs_information", None

    route: bool | None = False
    if legal_form in CORPORATE:
        is_new = get("is_before_first_settlement")
        if is_new:
            route = _new_firm(get)
        else:
            route = get("small_low_profit_per_settlement")
            # Where it is not told which route counts, both must agree.
            if is_new is None and _new_firm(get) is not route:
                route = None
    if route:
        payable = get("six_taxes_two_fees_payable")
        return "eligible", None if payable is None else (payable + 1) // 2
    # A taxpayer whose VAT status is not told may still be small-scale.
    return ("needs_information" if route is None or vat_status is None else "not_eligible"), None


def _new_firm(get: Any) -> bool | None:
    restricted = get("in_restricted_or_prohibited_industry")
    employees = get("employees_end_last_month")
    assets = get("assets_end_last_month")
    if (
        restricted
        or (employees is not None and employees > MOST_EMPLOYEES)
        or (assets is not None and assets > MOST_ASSETS)
    ):
        return False
    return None if restricted is None or employees is None or assets is None else True
