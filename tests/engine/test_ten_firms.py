"""Ten made-up firms on three days: their sums by hand, and no advice and no offer that is none of their business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml

from matcher.engine.check import check
from matcher.engine.choose.profile import bundle
from matcher.engine.decision import Decision
from matcher.engine.firm_side import conditions, has_firm_side
from matcher.firms.profile import read_facts
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import ROOT
from tests.engine.firms import the_rulebook

FIRMS = yaml.safe_load((ROOT / "tests" / "fixtures" / "ten_firms.yaml").read_text(encoding="utf-8"))
NOTHING = (False, "none", "neither", 0)


@dataclass(frozen=True)
class Asked:
    """A firm on a day: what it told, and the decision on every scheme."""

    id: str
    day: date
    facts: dict[str, Any]
    decisions: tuple[Decision, ...]

    def of(self, scheme: str) -> Decision:
        """The decision on one scheme."""
        return next(one for one in self.decisions if one.scheme == scheme)


@cache
def asked(firm_id: str, day: date) -> Asked:
    """A firm of the fixture on one of its days."""
    book = the_rulebook()
    (firm,) = (one for one in FIRMS["firms"] if one["id"] == firm_id)
    facts, faults = read_facts(book, {**FIRMS["common"], **firm["facts"], **firm["days"][day]})
    assert not faults, (firm_id, faults)
    return Asked(firm_id, day, facts, check(book, facts, day))


DAYS = [(firm["id"], day) for firm in FIRMS["firms"] for day in firm["days"]]
everywhere = pytest.mark.parametrize(("firm_id", "day"), DAYS, ids=lambda value: str(value))

# Reckoned by hand from the policy notes, by firm and year of the day asked about; the formula stands beside the sum.
SUMS = {
    ("shop", 2022): {
        "six-taxes-two-fees": "163.20",  # 326.40 × 50 %
        "small-scale-vat": "4560.00",  # exempt: (158,000 − 6,000) × 3 %
        "individual-business-income-tax": "3950.00",  # (92,000 × 20 % − 10,500) × 50 %
        "social-insurance-deferral": "2244.48",  # 2,150.40 + 67.20 + 26.88
        "job-retention-rebate": "972.00",  # 1,080 × 90 %
    },
    ("shop", 2024): {"small-scale-vat": "6840.00"},  # over 300,000: 342,000 × 2 %
    ("shop", 2026): {
        "small-scale-vat": "6000.00",  # exactly 300,000 has reached the line: 300,000 × 2 %
        "job-retention-rebate": "648.00",  # 1,080 × 60 %
    },
    ("maker", 2022): {
        "manufacturing-tax-deferral": "107300.40",  # medium by sales: 214,600.80 × 50 %
        "rd-super-deduction": "3650000.00",  # a manufacturer's 100 %
        "high-tech-enterprise-income-tax": "412000.00",  # 4,120,000 × (25 % − 15 %)
        "job-retention-rebate": "119160.00",  # 132,400 × 90 %
        "retention-training-allowance": "90000.00",  # 180 × 500
        "disability-employment-fund-relief": "84100.00",  # 2 of 176 are over 1 %: 168,200 × 50 %
    },
    ("maker", 2024): {
        "advanced-manufacturing-vat-credit": "53000.00",  # 820,000 × 5 % + 12,000, below 96,000
        "smart-manufacturing-fund": "1230000.00",  # 12,300,000 × 10 %
        "skills-training-subsidy": "27216.00",  # 2,520 × 90 % × 12
    },
    ("maker", 2026): {"sme-loan-interest-subsidy": "270000.00"},  # 9,000,000 × 1.5 % × 24 ÷ 12
    ("exporter", 2022): {
        "small-low-profit-income-tax": "297000.00",  # 340,000 − (1,000,000 × 2.5 % + 360,000 × 5 %)
        "manufacturing-tax-deferral": "88214.15",  # small by sales: all of it
        "vat-credit-refund": "380000.00",  # all of the credit of a manufacturer
    },
    ("exporter", 2024): {
        "small-low-profit-income-tax": "272000.00",  # 1,360,000 × (25 % − 5 %)
        "disability-employment-fund-relief": "7900.00",  # none of 95: 79,000 × 10 %
    },
    ("software", 2022): {"small-low-profit-income-tax": "171000.00"},  # 760,000 × (25 % − 2.5 %)
    ("software", 2026): {
        "service-loan-interest-subsidy": "15000.00",  # 1,500,000 × 1 % × 12 ÷ 12
        "disability-employment-fund-relief": "31500.00",  # 26 staff: all of it
    },
    ("logistics", 2022): {
        "vat-credit-refund": "819000.00",  # 910,000 × 90 %
        "vehicle-purchase-tax-nev": "140800.00",  # 352,000 × 10 % × 4
    },
    ("logistics", 2026): {
        "vat-credit-refund": "286200.00",  # (910,000 − 380,000) × 60 % × 90 %
        "vehicle-purchase-tax-nev": "70400.00",  # 352,000 × 5 % × 4
        "equipment-renewal-loan-subsidy": "36000.00",  # 1,200,000 × 1.5 % × 24 ÷ 12
    },
    ("startup", 2024): {
        "small-scale-vat": "5480.00",  # 156,000 × 3 % + 40,000 × 2 %
        "startup-guarantee-loan": "10800.00",  # 300,000 × 3.6 % × 50 % × 24 ÷ 12
        "social-insurance-subsidy": "9360.00",  # what the firm paid itself
    },
    ("hospital-supplies", 2022): {
        "guarantee-fee-rebate": "10000.00",  # (6,000,000 − 4,000,000) × 0.5 %, to the guarantor
        "social-insurance-deferral": "18169.60",  # 17,408 + 544 + 217.60
    },
    ("hospital-supplies", 2026): {"sme-loan-interest-subsidy": "120000.00"},  # 6,000,000 × 1 % × 24 ÷ 12
    ("state-firm", 2022): {
        "national-first-set-insurance": "384000.00",  # 80 % × min(480,000, 3 % × 18,000,000)
        "job-retention-rebate": "690000.00",  # large: 1,380,000 × 50 %
        "disability-employment-fund-relief": "595000.00",  # 14 of 1,300: 1,190,000 × 50 %
    },
    ("state-firm", 2024): {
        "apprenticeship-subsidy": "266000.00",  # 2 × (20 × 5,000 + 6 × 5,500)
        "public-training-base": "160000.00",  # 640,000 × 25 %
    },
    ("state-firm", 2026): {"equipment-renewal-loan-subsidy": "1800000.00"},  # 60,000,000 × 1.5 % × 24 ÷ 12
    ("foreign-chemicals", 2024): {
        "low-carbon-upgrade": "3050000.00",  # 30,500,000 × 10 %
        "encouraged-foreign-project-duty-free": "318000.00",  # the duty
        "vat-credit-refund": "2522000.00",  # 2,600,000 × 97 %
    },
    ("training-school", 2024): {
        "skills-training-subsidy": "63840.00",  # 3,040 × 70 % × 30, to the institution
        "small-scale-vat": "26000.00",  # 1,300,000 × 2 %
        "disability-employment-fund-relief": "12050.00",  # no enterprise: 1 of 24, 24,100 × 50 %
    },
}  # fmt: skip


@pytest.mark.parametrize(("firm_id", "year"), SUMS, ids=lambda value: str(value))
def test_the_sums_are_those_of_the_notes(firm_id: str, year: int) -> None:
    """What a clerk works out with the notes at hand is what the engine says, to the fen."""
    (day,) = (day for one, day in DAYS if (one, day.year) == (firm_id, year))
    found = asked(firm_id, day)
    said = {scheme: found.of(scheme).to_json()["amount"]["value"] for scheme in SUMS[firm_id, year]}
    assert said == SUMS[firm_id, year]


def steps(found: Asked) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every change that a near miss of a firm advises, with its scheme and the near miss."""
    for decision in found.decisions:
        for miss in decision.near_miss:
            for change in miss["changes"]:
                yield decision.scheme, miss, change


@everywhere
def test_advice_moves_what_the_firm_told_in_a_lawful_direction(firm_id: str, day: date, rulebook: Rulebook) -> None:
    """Only facts that the firm told are moved, upwards, downwards or to the words that their lever names."""
    for scheme, miss, change in steps(asked(firm_id, day)):
        fact = rulebook.facts[change["fact"]]
        assert fact.stated_by == "firm", scheme
        assert change["fact"] in asked(firm_id, day).facts, scheme
        moved, _ = read_facts(rulebook, {fact.id: change["to"]})
        to, before = moved[fact.id], asked(firm_id, day).facts[fact.id]
        if fact.advise in ("up", "date"):
            assert to > before, scheme  # type: ignore[operator]
        elif fact.advise == "down":
            assert to < before, scheme  # type: ignore[operator]
        else:
            assert to in fact.advise.to, (scheme, fact.id)  # type: ignore[union-attr]
        assert fact.advise != "date" or miss["on"], scheme


@everywhere
def test_no_firm_is_advised_to_begin_with_what_is_none_of_its_business(
    firm_id: str, day: date, rulebook: Rulebook
) -> None:
    """A subject is advised on only to whoever has something of it, a selection only where something told speaks for the firm."""
    found = asked(firm_id, day)
    for scheme, miss, change in steps(found):
        fact, told = rulebook.facts[change["fact"]], found.facts
        if told[fact.id] in NOTHING and fact.advise_if:
            assert any(told.get(name, 0) not in NOTHING for name in fact.advise_if), (scheme, fact.id)
        elif told[fact.id] in NOTHING:
            for gate in (one for one in rulebook.gates.values() if fact.id in one.none):
                assert any(told.get(name, 0) not in NOTHING for name in gate.none), (scheme, fact.id, gate.id)
        if miss["reaches"] == "needs_decision" and not (fact.consent or fact.duty):
            assert has_firm_side(rulebook, scheme, found.of(scheme).reasons), (scheme, fact.id)


# Subjects that only these firms have anything to do with; for all others they are neither offered nor advised.
ONLY_FOR = {
    "infrastructure-reits": set(),
    "five-g-network": set(),
    "first-set-soe-appraisal": {"state-firm"},
    "national-first-set-insurance": {"state-firm"},
    "tianjin-first-set-award": {"state-firm"},
    "chain-leader-enterprise": {"state-firm"},
    "foreign-project-taskforce": {"foreign-chemicals"},
    "encouraged-foreign-project-duty-free": {"foreign-chemicals"},
    "petrochemical-cluster": {"foreign-chemicals"},
    "new-trade-formats": {"exporter"},
    "guarantee-fee-rebate": {"hospital-supplies"},
    "private-investment-guarantee-plan": {"hospital-supplies"},
    "equipment-renewal-loan-subsidy": {"logistics", "state-firm"},
    "intelligent-factory": {"maker", "state-firm"},
    "high-tech-enterprise-income-tax": {"maker", "software", "state-firm", "foreign-chemicals"},
}


@everywhere
def test_what_is_another_firms_is_not_offered(firm_id: str, day: date) -> None:
    """A noodle shop reads nothing of REITs, 5G stations or first sets, a private firm nothing of points for state firms' heads."""
    found = asked(firm_id, day)
    for scheme, firms in ONLY_FOR.items():
        decision = found.of(scheme)
        is_there = any(not miss["on"] for miss in decision.near_miss)
        is_had = decision.status in ("eligible", "needs_decision")
        assert firm_id in firms or not (is_had or is_there), (scheme, decision.status, decision.near_miss)


@everywhere
def test_what_awaits_a_department_and_is_counted_rests_on_the_firms_own_word(
    firm_id: str, day: date, rulebook: Rulebook
) -> None:
    """Each offer that a department must decide and a total counts has a condition that the firm's own answer meets."""
    found = asked(firm_id, day)
    counted = {one["scheme"] for one in bundle(rulebook, found.facts, found.decisions, day)["chosen"]}
    for decision in found.decisions:
        if decision.status == "needs_decision" and decision.scheme in counted and decision.amount is not None:
            met = [node for node in conditions(decision.reasons) if node["outcome"] is True and node["fact"]]
            own = [node for node in met if rulebook.facts[node["fact"]].stated_by == "firm"]
            assert decision.amount.kind == "none" or own, decision.scheme


def test_a_firm_of_later_has_nothing_before_its_day() -> None:
    """The graduate's company of July 2023 has no relief in June 2022, and is told from which day on."""
    found = asked("startup", date(2022, 6, 1))
    had = {one.scheme for one in found.decisions if one.status in ("eligible", "needs_decision")}
    assert had == {"illegal-fee-complaint"}
    assert {miss["on"] for one in found.decisions for miss in one.near_miss} == {"2023-07-03"}
