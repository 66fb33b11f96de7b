"""A firm that is not registered by the day that a question stands for: refused, nothing asked, from that day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.reasons import last_day
from matcher.engine.worlds import Band
from matcher.rulebook.rulebook import Rulebook
from tests.engine.firms import editions

QUARTER = ("six-taxes-two-fees", "small-scale-vat", "manufacturing-tax-deferral", "advanced-manufacturing-vat-credit")
YEAR = (
    "small-low-profit-income-tax", "individual-business-income-tax", "rd-super-deduction",
    "high-tech-enterprise-income-tax", "employment-tax-deduction",
)  # fmt: skip
BEFORE = (
    "illegal-fee-complaint", "foreign-project-taskforce", "foreign-negative-list", "licence-separation", "beijing-relocation",
)  # fmt: skip
SMALL = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 100_000}


def test_which_period_a_day_stands_for_is_as_the_contract_says(rulebook: Rulebook) -> None:
    """Quarter, month or year for the schemes that the contract names, and the day itself for all others."""
    named = {"quarter": QUARTER, "month": ("social-insurance-deferral",), "year": YEAR}
    for period, slugs in named.items():
        found = tuple(slug for slug in rulebook.schemes if rulebook.schemes[slug].period == period)
        assert sorted(found) == sorted(set(slugs) & rulebook.schemes.keys())
    assert sorted(slug for slug, one in rulebook.schemes.items() if one.before_registration) == sorted(BEFORE)


@pytest.mark.parametrize(
    ("slug", "day", "last"),
    [
        ("six-taxes-two-fees", date(2023, 10, 1), date(2023, 12, 31)),
        ("six-taxes-two-fees", date(2024, 2, 29), date(2024, 3, 31)),
        ("social-insurance-deferral", date(2022, 2, 1), date(2022, 2, 28)),
        ("rd-super-deduction", date(2023, 1, 1), date(2023, 12, 31)),
        ("equipment-deduction", date(2023, 1, 1), date(2023, 1, 1)),
        ("licence-separation", date(2023, 1, 1), None),
    ],
)
def test_the_last_day_of_the_period_counts(rulebook: Rulebook, slug: str, day: date, last: date | None) -> None:
    """A firm may be registered up to the last day of the quarter, month or year of the question."""
    assert last_day(rulebook.schemes[slug], day) == last


def test_every_scheme_refuses_a_firm_before_its_registration(rulebook: Rulebook) -> None:
    """Of any open edition: on the day it is as without the fact, a day later refused, with the day among what fails; by both
    readings, and for a firm that tells nothing else."""
    for slug, day, edition in editions(rulebook):
        last = last_day(edition.scheme, day) or day
        (plain,) = check(rulebook, {}, day, [slug])
        for registered in (last, last + timedelta(days=1)):
            facts = {"established_on": registered}
            (decision,) = check(rulebook, facts, day, [slug])
            refused = registered > last and not edition.scheme.before_registration
            if not refused:
                expected = plain.status
            else:
                expected = "does_not_apply" if edition.scheme.kind == "restriction" else "not_eligible"
                assert "established_on" in decision.failing
            assert (slug, day, decision.status) == (slug, day, expected)
            assert decider(rulebook, day, slug)(facts)[0] == expected
            assert not refused or (not decision.missing and decision.reasons["outcome"] is False)


def test_the_fact_is_never_asked_for(rulebook: Rulebook) -> None:
    """Untold, the day of registration is missing nowhere."""
    for day in (date(2022, 6, 1), date(2024, 6, 1), date(2026, 12, 1)):
        assert not any("established_on" in decision.missing for decision in check(rulebook, {}, day))


def test_other_failing_conditions_are_named_beside_it(rulebook: Rulebook) -> None:
    """What fails besides stands beside the day; what is untold is not named."""
    facts = {
        "established_on": date(2024, 5, 6),
        "legal_form": "company",
        "vat_status": "general",
        "is_high_tech_enterprise": False,
    }
    (decision,) = check(rulebook, facts, date(2023, 3, 1), ["individual-business-income-tax"])
    assert decision.status == "not_eligible"
    assert set(decision.failing) == {"established_on", "legal_form"}


def test_a_departments_finding_changes_nothing(rulebook: Rulebook) -> None:
    """Even a guarantor that the department has chosen has nothing before it exists."""
    facts = {"established_on": date(2023, 1, 2), "dept_guarantor_selected": True}
    (decision,) = check(rulebook, facts, date(2023, 1, 1), ["guarantee-fee-rebate"])
    assert (decision.status, decision.amount, decision.recipient) == ("not_eligible", None, None)


def test_a_near_miss_says_from_which_day_on(rulebook: Rulebook) -> None:
    """A firm of November 2023 has the relief from the day of its registration on; one that lacks more is told what."""
    facts = {**SMALL, "established_on": date(2023, 11, 6)}
    (decision,) = check(rulebook, facts, date(2022, 6, 15), ["six-taxes-two-fees"])
    assert decision.near_miss == [{"changes": [], "on": "2023-11-06", "reaches": "eligible", "within_reach": True}]
    (decision,) = check(rulebook, {"established_on": date(2023, 11, 6)}, date(2022, 6, 15), ["six-taxes-two-fees"])
    assert decision.near_miss == [
        {"changes": [], "on": "2023-11-06", "reaches": "needs_information", "within_reach": True}
    ]


def test_a_band_after_the_day_refuses_too(rulebook: Rulebook) -> None:
    """Told only by a band, the firm is there unless the whole band lies after the day."""
    for low, status in ((date(2022, 1, 1), "eligible"), (date(2022, 7, 1), "not_eligible")):
        bands = {"established_on": Band(low, None)}
        (decision,) = check(rulebook, SMALL, date(2022, 6, 15), ["six-taxes-two-fees"], bands)
        assert decision.status == status
        assert decision.reasons["outcome"] is (status == "eligible")
