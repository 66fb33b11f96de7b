"""What a letter adds up: money that surely comes to the firm, and of what excludes each other the best choice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.engine.check import check
from matcher.engine.choose.profile import best_of
from matcher.letters.compose.compose import certain_total
from matcher.rulebook.rulebook import Rulebook

AS_OF = date(2026, 3, 31)


def decided(scheme: str, yuan: str, recipient: str = "firm_cash", status: str = "eligible", **amount: str) -> Any:
    """A decision as a receipt has it."""
    told = amount or {"kind": "exact", "value": yuan}
    return {"scheme": scheme, "status": status, "recipient": recipient, "amount": told}


SURE = decided("six-taxes-two-fees", "155.00", "firm_price")


def test_money_to_the_firm_adds_up(rulebook: Rulebook) -> None:
    """Two sums that the firm surely has make one; of a range its lower end is sure."""
    other = decided("smart-manufacturing-supplier", "", kind="range", low="1000.00", high="5000.00")
    assert certain_total(rulebook, {}, [SURE, other], AS_OF) == 115_500


@pytest.mark.parametrize(
    "apart",
    [
        decided("rd-super-deduction", "3000000.00", "firm_price"),
        decided("equipment-deduction", "3000000.00", "firm_price"),
        decided("vat-credit-refund", "3000000.00"),
        decided("manufacturing-tax-deferral", "3000000.00", "firm_deferral"),
        decided("master-apprentice-allowance", "3000.00", "worker"),
        decided("guarantee-fee-rebate", "3000.00", "institution"),
        decided("smart-manufacturing-supplier", "3000.00", status="needs_decision"),
        decided("smart-manufacturing-supplier", "", kind="ceiling", value="3000.00"),
        decided("smart-manufacturing-supplier", "", kind="none"),
        {**decided("smart-manufacturing-supplier", ""), "amount": None, "status": "not_eligible"},
    ],
    ids=lambda one: f"{one['scheme']}-{one['status']}",
)
def test_what_is_no_part_of_it(rulebook: Rulebook, apart: Any) -> None:
    """Deductions, credit paid sooner, deferrals, others' money, what is undecided, and ceilings change nothing."""
    assert certain_total(rulebook, {}, [SURE, apart], AS_OF) == 15_500
    assert certain_total(rulebook, {}, [apart], AS_OF) is None


def test_of_two_that_exclude_each_other_the_greater(rulebook: Rulebook) -> None:
    """A firm is not told the sum of two reliefs of which it can have one."""
    both = [
        decided("individual-business-income-tax", "700.00", "firm_price"),
        decided("small-low-profit-income-tax", "900.00", "firm_price"),
    ]
    assert certain_total(rulebook, {}, [*both, SURE], AS_OF) == 105_500


def test_as_the_site_adds_up(rulebook: Rulebook) -> None:
    """For a firm whose every sum is decided, it is the certain total of the site's own choice."""
    facts: dict[str, Any] = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 31_000}
    decisions = check(rulebook, facts, AS_OF)
    certain = [one for one in decisions if one.status == "eligible" and one.amount and one.amount.kind == "exact"]
    assert certain
    expected = best_of(rulebook, facts, certain, AS_OF).total.exact
    assert certain_total(rulebook, facts, [one.to_json() for one in decisions], AS_OF) == expected
