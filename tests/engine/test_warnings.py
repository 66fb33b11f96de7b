"""What a decision is to be read with: figures to be confirmed again, unconfirmed ones, a told size that the figures contradict."""

from __future__ import annotations

from datetime import date

from matcher.engine import Decision, check
from matcher.rulebook import Rulebook, Scalar


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
