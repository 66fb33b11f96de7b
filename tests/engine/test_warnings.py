"""What a decision is to be read with: figures to be confirmed again, unconfirmed ones, told facts that contradict each other."""

from __future__ import annotations

from datetime import date

from matcher.engine.amounts import NO_AMOUNT
from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.decision import Decision
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook


def decide(rulebook: Rulebook, slug: str, day: date, **facts: Scalar) -> Decision:
    """One decision."""
    (decision,) = check(rulebook, facts, day, [slug])
    return decision


def codes(decision: Decision) -> list[str]:
    """The codes of its warnings."""
    return [warning.code for warning in decision.warnings]


def test_a_figure_past_its_day_is_to_be_confirmed(rulebook: Rulebook) -> None:
    """The law of R&D has no end; a figure whose confirm-by date has passed carries a warning, before it does not."""
    before = decide(rulebook, "rd-super-deduction", date(2027, 12, 31))
    after = decide(rulebook, "rd-super-deduction", date(2028, 1, 1))
    assert "figure_to_confirm" not in codes(before)
    assert "figure_to_confirm" in codes(after)


def test_a_version_known_in_part_says_so(rulebook: Rulebook) -> None:
    """The refund of 2023 to August 2025 is known in part only, and whom to ask is named."""
    decision = decide(rulebook, "vat-credit-refund", date(2024, 5, 1))
    assert "version_in_part" in codes(decision)
    (warning,) = (one for one in decision.warnings if one.code == "version_in_part")
    assert "天津市税务局" in warning.text.zh


def test_the_caution_of_a_version_comes_with_every_decision_of_it(rulebook: Rulebook) -> None:
    """The round of 2026 rests on the national notice alone and says so; that of 2025 does not."""
    told = date(2026, 6, 18), date(2025, 12, 31)
    found = [[one.text.zh for one in decide(rulebook, "job-retention-rebate", day).warnings] for day in told]
    assert ["天津实施通知未见，以市（区）主管部门为准" in texts for texts in found] == [True, False]


def test_a_told_size_counts_and_the_contradiction_is_said(rulebook: Rulebook) -> None:
    """A factory that calls itself small but has the figures of a large one is taken at its word, with a warning."""
    told: dict[str, Scalar] = {
        "social_deferral_group": "other", "is_hit_by_epidemic": True, "size_class": "small", "industry": "3670",
        "employees": 5000, "annual_revenue": 10**12, "total_assets": 10**12,
    }  # fmt: skip
    decision = decide(rulebook, "social-insurance-deferral", date(2022, 9, 1), **told)
    assert decision.status == "eligible"
    (warning,) = (one for one in decision.warnings if one.code == "told_class_disagrees")
    assert "size_class" in warning.facts
    assert "大型" in warning.text.zh
    agreeing = decide(rulebook, "social-insurance-deferral", date(2022, 9, 1), **{**told, "size_class": "large"})
    assert "told_class_disagrees" not in codes(agreeing)


# --- "of which" figures ----------------------------------------------------------------------------------------------

SALES = ("period_sales", "period_real_estate_sales", "period_special_invoice_sales")


def small_scale(rulebook: Rulebook, *yuan: int, day: date = date(2024, 3, 31)) -> Decision:
    """The VAT relief of a quarter, told sales in all, of real estate, and on special invoices."""
    told: dict[str, Scalar] = {"vat_status": "small_scale", "tax_filing_cycle": "quarterly"}
    sales = {name: amount * 100 for name, amount in zip(SALES, yuan, strict=False)}
    return decide(rulebook, "small-scale-vat", day, **told, **sales)


def test_parts_above_their_total_are_said_and_count_as_told(rulebook: Rulebook) -> None:
    """Real estate and special invoices do not overlap: together they are at most the sales. One yuan more is told, with the
    facts named; the sum is still reckoned from what was told."""
    fits, above = small_scale(rulebook, 200000, 120000, 80000), small_scale(rulebook, 200000, 120000, 80001)
    assert "part_above_whole" not in codes(fits)
    (warning,) = (one for one in above.warnings if one.code == "part_above_whole")
    assert warning.facts == (SALES[1], SALES[2], SALES[0])
    assert "互相矛盾" in warning.text.zh
    assert "contradict each other" in warning.text.en
    assert above.amount is not None
    assert above.amount.to_json() == {"kind": "exact", "value": "7599.99"}


def test_a_total_that_is_not_told_contradicts_nothing(rulebook: Rulebook) -> None:
    """Parts alone, or a part that is nothing, are no contradiction; the part that is too great is named alone."""
    untold = decide(rulebook, "small-scale-vat", date(2024, 3, 31), **{SALES[1]: 10**7, SALES[2]: 10**7})
    assert "part_above_whole" not in codes(untold)
    (warning,) = (one for one in small_scale(rulebook, 1000, 0, 2000).warnings if one.code == "part_above_whole")
    assert warning.facts == (SALES[2], SALES[0])


def test_no_sum_is_below_zero(rulebook: Rulebook) -> None:
    """Where the contradiction would make the relief a charge there is no sum to state, on the quick reading as on the full one."""
    for day in (date(2019, 6, 30), date(2021, 6, 30), date(2022, 6, 30), date(2024, 3, 31)):
        decision = small_scale(rulebook, 10000, 0, 40000, day=day)
        assert (decision.status, decision.amount) == ("eligible", NO_AMOUNT)
        told = {
            "vat_status": "small_scale",
            "tax_filing_cycle": "quarterly",
            **dict(zip(SALES, (10**6, 0, 4 * 10**6), strict=True)),
        }
        assert decider(rulebook, day, "small-scale-vat")(told) == ("eligible", "none", 0, 0)


def test_every_part_has_its_total_in_the_vocabulary(rulebook: Rulebook) -> None:
    """What the vocabulary calls an "of which" is declared as one, so that the contradiction is found."""
    parts = {name: fact.part_of for name, fact in rulebook.facts.items() if fact.part_of is not None}
    assert {name for name, fact in rulebook.facts.items() if fact.label.zh.startswith("其中")} <= parts.keys()
    assert parts[SALES[1]] == parts[SALES[2]] == SALES[0]
