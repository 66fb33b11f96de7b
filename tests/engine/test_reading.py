"""What is remembered of one firm is said of another only where the two tell the same of all that the decision hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.engine.check import check
from matcher.engine.items import Item, Items
from matcher.engine.reading import MOST_KEPT
from matcher.engine.record import DecisionRecord, EssenceRecord
from matcher.rulebook.language.types import Scalar
from tests.conftest import count
from tests.engine.firms import Asked, asked, the_rulebook, told_facts, values


def said(one: Asked, facts: Mapping[str, Scalar]) -> DecisionRecord:
    """All that is said of a firm, its explanation with it."""
    (decision,) = check(the_rulebook(), facts, one.day, [one.slug])
    return decision.to_json()


@settings(max_examples=count(2000))
@given(asked(), st.data())
def test_another_firm_before_changes_nothing_that_is_said(one: Asked, data: st.DataObject) -> None:
    """After a firm that differs in one fact, of the scheme or of any other, the same is said as where nothing is remembered."""
    name = data.draw(st.sampled_from([*told_facts(one.slug, one.day), *the_rulebook().facts]))
    other = {
        **one.facts,
        name: data.draw(values(the_rulebook().facts[name], [Fraction(0), Fraction(1), Fraction(300)])),
    }
    one.edition.cache.pop("readings", None)
    alone = said(one, one.facts)
    one.edition.cache.pop("readings", None)
    said(one, other)
    assert said(one, one.facts) == alone
    assert said(one, one.facts) == alone


def test_another_firm_before_changes_nothing_of_an_item() -> None:
    """With items, without, and with what they are for: each way is read after the others as it is read alone."""
    loan = Item("loan", "loan-1", {"loan_principal": 90_000_000, "loan_term": 24})
    machine = Item("equipment", "equipment-1", {"equipment_unit_price": 10_000_000})
    project = Item("project", "project-1", {"reit_operating_years": Fraction(5)})
    ways = [
        Items(),
        Items((loan, replace(loan, id="loan-2", name="乙", facts={"loan_term": 3}))),
        Items((loan, machine)),
        Items((project, replace(machine, owner="project-1"), replace(loan, owner="project-1"))),
        Items((project,)),
    ]
    rulebook, day, firm = the_rulebook(), date(2026, 11, 24), {"employees": 30, "annual_revenue": 500_000_000}

    def decided(items: Items) -> list[EssenceRecord]:
        return [one.essence() for one in check(rulebook, firm, day, items=items)]

    alone = []
    for items in ways:
        for slug in rulebook.parsed:
            rulebook.scheme_at(slug, day).cache.pop("readings", None)
        alone.append(decided(items))
    assert [decided(items) for items in ways] == alone


def test_firms_that_differ_in_the_day_of_registration_share_what_is_remembered() -> None:
    """Whether a firm is there yet is told apart; the day itself is not, unless the conditions read it."""
    slug, day = "small-low-profit-income-tax", date(2024, 6, 1)
    edition = the_rulebook().scheme_at(slug, day)
    edition.cache.pop("readings", None)
    facts = {"annual_taxable_income": 90_000_000}
    for registered in (date(2019, 3, 4), date(2020, 5, 6), date(2024, 12, 31)):
        (old,) = check(the_rulebook(), {**facts, "established_on": registered}, day, [slug])
        assert old.status != "not_eligible"
    assert len(edition.cache["readings"]) == 1
    (not_yet,) = check(the_rulebook(), {**facts, "established_on": date(2025, 1, 1)}, day, [slug])
    assert not_yet.status == "not_eligible"
    check(the_rulebook(), facts, day, [slug])
    assert len(edition.cache["readings"]) == 3


def test_what_is_remembered_stays_bounded() -> None:
    """Of each edition a number of readings is kept, the last that were asked for."""
    slug, day = "small-low-profit-income-tax", date(2024, 6, 1)
    for income in range(MOST_KEPT + 20):
        check(the_rulebook(), {"annual_taxable_income": income}, day, [slug])
    assert len(the_rulebook().scheme_at(slug, day).cache["readings"]) == MOST_KEPT
