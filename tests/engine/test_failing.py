"""Which facts are to blame where every condition may hold, but not all of them together."""

from __future__ import annotations

from datetime import date

from matcher.engine.check import check
from tests.engine.firms import the_rulebook


def test_conditions_that_clash_are_named_without_those_that_hold() -> None:
    """With a gap and outside the key fields no year of compensation passes; the set, the premium and the form hold."""
    facts = {
        "legal_form": "company",
        "first_set_ordinal": 2,
        "first_set_premium_paid": 150_000_000,
        "first_set_insured_without_gap": False,
        "first_set_in_key_field": False,
    }
    (decision,) = check(the_rulebook(), facts, date(2021, 5, 24), ["national-first-set-insurance"])
    assert decision.status == "not_eligible"
    assert set(decision.failing) == {"first_set_insured_without_gap", "first_set_in_key_field"}
