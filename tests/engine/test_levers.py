"""Near misses are lawful advice: only facts and directions of the vocabulary, one rung after the other, days to wait for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from matcher.engine.check import check
from matcher.engine.near_miss import day_reached, reach
from matcher.firms.profile import read_facts
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.engine.firms import Asked, asked, the_rulebook

TODAY = date(2026, 12, 1)


def test_every_fact_says_what_the_contract_lets_it_advise(rulebook: Rulebook, contract_dir: Path) -> None:
    """For every fact that is loaded, the direction is that of levers.yaml; a department's finding is never advised."""
    given = yaml.safe_load((contract_dir / "levers.yaml").read_text(encoding="utf-8"))
    for name, fact in rulebook.facts.items():
        advise: Any = fact.advise or "never"
        written = advise if isinstance(advise, str) else {"to": list(advise.to)}
        assert (name, written) == (name, given[name]["advise"])


@settings(max_examples=count(3000))
@given(asked(whole=True))
def test_a_near_miss_moves_only_what_may_be_moved(one: Asked) -> None:
    """Of any firm: every change goes to a value that its fact lets be advised, in its direction, and to none it has."""
    book = the_rulebook()
    (decision,) = check(book, one.facts, one.day, [one.slug])
    for miss in decision.near_miss:
        moved, faults = read_facts(book, {change["fact"]: change["to"] for change in miss["changes"]})
        assert not faults
        for name, to in moved.items():
            fact, before = book.facts[name], one.facts[name]
            assert to != before
            assert fact.stated_by == "firm"
            if fact.advise in ("up", "date"):
                assert to > before  # type: ignore[operator]
            elif fact.advise == "down":
                assert to < before  # type: ignore[operator]
            else:
                assert to in fact.advise.to  # type: ignore[union-attr]
            assert fact.advise != "date" or miss["on"]


def test_a_ladder_is_climbed_rung_by_rung(rulebook: Rulebook) -> None:
    """From no title the first is advised, from the first the second, and from the last nothing."""
    title = rulebook.facts["srdi_title"]
    assert reach(title, "none") == {"none", "innovative"}
    assert reach(title, "innovative") == {"innovative", "srdi"}
    assert reach(title, "little_giant") is None


def test_of_several_good_values_only_a_better_one_is_advised(rulebook: Rulebook) -> None:
    """A tax rating of B may become A, one of A nothing else."""
    rating = rulebook.facts["tax_credit_rating"]
    assert reach(rating, "d") == {"a", "b", "d"}
    assert reach(rating, "b") == {"a", "b"}
    assert reach(rating, "a") is None


@pytest.mark.parametrize(
    "name", ["employees", "insured_employees", "legal_form", "district", "established_on", "dept_guarantor_selected"]
)
def test_what_a_firm_is_and_whom_it_insures_is_never_advised(rulebook: Rulebook, name: str) -> None:
    """Identity, size, fewer insured people and findings stay as they are."""
    assert reach(rulebook.facts[name], 5) is None


def test_dismissing_staff_is_never_advised(rulebook: Rulebook) -> None:
    """A firm one person over the line of six taxes is refused without advice."""
    facts = {
        "vat_status": "general", "legal_form": "company", "is_before_first_settlement": True, "in_restricted_or_prohibited_industry": False,
        "employees_end_last_month": 301, "assets_end_last_month": 100_000_000,
    }  # fmt: skip
    (decision,) = check(rulebook, facts, date(2026, 11, 2), ["six-taxes-two-fees"])
    assert (decision.status, decision.near_miss) == ("not_eligible", [])


def test_of_several_good_values_the_least_demanding_is_advised(rulebook: Rulebook, given_cases: Path) -> None:
    """A firm rated C needs B for the refund of its VAT credit, not A."""
    firms = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    (firm,) = (one["facts"] for one in firms if one["id"] == "furniture-in-difficulty")
    facts, _ = read_facts(rulebook, {name: told for name, told in firm.items() if name in rulebook.facts})
    (decision,) = check(rulebook, facts, TODAY, ["vat-credit-refund"])
    assert [miss["changes"] for miss in decision.near_miss] == [[{"fact": "tax_credit_rating", "from": "c", "to": "b"}]]


def test_a_span_of_time_is_waited_for(rulebook: Rulebook) -> None:
    """Years of operation come with time: the advice names the day on which they are complete."""
    years = rulebook.facts["reit_operating_years"]
    assert day_reached(years, 2, 3, TODAY.toordinal()) == date(2027, 12, 1)


def test_a_duty_is_said_as_one_and_first(rulebook: Rulebook) -> None:
    """Arrears of wages are to be paid in any case: the vocabulary says so in both languages."""
    for name in ("has_wage_or_social_insurance_arrears", "is_dishonest_debtor", "pays_unemployment_insurance"):
        duty = rulebook.facts[name].duty
        assert duty is not None
        assert "义务" in duty.zh
        assert "duty" in duty.en
