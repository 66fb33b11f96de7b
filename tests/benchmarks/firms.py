"""Draws the firms that every engine decides: complete, seeded, three in ten within one unit of a bound."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

AS_OF = date(2023, 5, 1)
SLUG = "six-taxes-two-fees"
COUNT = 20_000

Facts = Mapping[str, bool | int | str]  # money is whole fen

VAT_STATUSES = ("general", "small_scale")
LEGAL_FORMS = (
    "company",
    "partnership",
    "sole_proprietorship",
    "individual_business",
    "farmers_cooperative",
    "branch",
    "public_institution",
    "social_organisation",
)
# The bounds of the rule, written out a second time on purpose: a peer must not take them from ours.
MOST_EMPLOYEES = 300
MOST_ASSETS = 5_000_000_000  # 50 million yuan, in fen
WITH_A_BRANCH_OF_CORPORATE_TAX = (
    "company",
    "farmers_cooperative",
    "public_institution",
    "social_organisation",
    "branch",
)


def draw(count: int = COUNT, seed: int = 20230501) -> list[dict[str, bool | int | str]]:
    """So many firms, each with all eight facts of the rule told; the same for the same seed."""
    dice = random.Random(seed)
    return [_firm(dice) for _ in range(count)]


def near_a_bound(firm: Facts) -> bool:
    """Whether staff and assets both stand at their bound, or one person or one fen beside it."""
    return (
        abs(int(firm["employees_end_last_month"]) - MOST_EMPLOYEES) <= 1
        and abs(int(firm["assets_end_last_month"]) - MOST_ASSETS) <= 1
    )


def _firm(dice: random.Random) -> dict[str, bool | int | str]:
    near = dice.random() < 0.3
    return {
        "vat_status": dice.choice(VAT_STATUSES),
        "legal_form": dice.choice(LEGAL_FORMS),
        "is_before_first_settlement": dice.random() < 0.5,
        "small_low_profit_per_settlement": dice.random() < 0.5,
        "in_restricted_or_prohibited_industry": dice.random() < 0.2,
        "employees_end_last_month": MOST_EMPLOYEES + dice.randint(-1, 1) if near else dice.randint(0, 1_000),
        "assets_end_last_month": MOST_ASSETS + dice.randint(-1, 1) if near else dice.randint(0, 4 * MOST_ASSETS),
        # From nothing to some millions of yuan, small sums more often, odd fen (that are rounded) half the time.
        "six_taxes_two_fees_payable": int(10 ** dice.uniform(0, 8.5)) - 1,
    }
