"""What an answer makes moot: after "no" to a thing, or where the firm cannot tell whether it is there, nothing more is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from matcher.engine.ask.gains import doubtful
from matcher.engine.ask.gates import moot
from matcher.engine.ask.readings import Told
from matcher.engine.ask.screens import Screen, series_of
from matcher.engine.ask.survey import Survey, survey
from tests.engine.firms import the_rulebook

TODAY = date(2026, 11, 29)
LOAN = ("loan_term", "financing_form", "lender_type", "loan_purpose", "loan_granted_on")


def asked(told: Told, *schemes: str) -> Iterator[tuple[str, Screen]]:
    """Every fact or gate that is asked from here, each answered 不清楚, with its screen."""
    now = look(told, *schemes)
    while now.screen is not None:
        for ask in now.screen.asks:
            gate = the_rulebook().gates.get(ask.fact)
            told = told.answered(ask.fact, None) if gate is None else told.passed(gate, unsure=True)
            yield ask.fact, now.screen
        now = look(told, *schemes)


def look(told: Told, *schemes: str) -> Survey:
    """A survey of today."""
    return survey(the_rulebook(), told, TODAY, schemes or None)


def all_no() -> Told:
    """A firm that says no to every gate of the interview."""
    told = Told({"district": "nankai", "industry": "3484"})
    for gate in the_rulebook().gates.values():
        told = told if gate.at_start else told.with_no(gate)
    return told


def test_after_no_nothing_more_is_asked_of_the_thing() -> None:
    """Who has no loan, no project, no REIT … is asked for no fact about one of them, whatever stays open for it."""
    rulebook, told = the_rulebook(), all_no()
    spared = {fact for gate in rulebook.gates.values() if not gate.at_start for fact in gate.moot}
    assert set(LOAN) <= spared
    assert spared.isdisjoint(fact for fact, _ in asked(told))


@pytest.mark.parametrize("id_", ["loans", "reits", "testing", "vat_credit", "first_sets", "projects", "vehicles"])
def test_who_cannot_tell_whether_a_thing_is_there_is_asked_nothing_more(id_: str) -> None:
    """不清楚 to a question about one thing spares its sub-conditions and its details."""
    gate = the_rulebook().gates[f"gate:{id_}"]
    told = Told({"district": "nankai"}).passed(gate, unsure=True)
    assert (gate.moot | gate.none.keys()).isdisjoint(fact for fact, _ in asked(told))


def test_a_yes_asks_on() -> None:
    """A firm with a loan is asked about it."""
    rulebook = the_rulebook()
    told = Told({"district": "nankai"}).passed(rulebook.gates["gate:loans"])
    assert not moot(rulebook, told)


@pytest.mark.parametrize("balance", [0, None])
def test_without_a_head_its_details_are_not_asked(balance: int | None) -> None:
    """A VAT credit that is nil or not known is not traced back to 2019."""
    told = Told({"district": "nankai", "vat_status": "general"}).passed(the_rulebook().gates["gate:vat_credit"])
    found = moot(the_rulebook(), told.answered("credit_balance_end", balance))
    assert {"credit_balance_2019_03", "credit_balance_prior_year_end"} <= found
    assert "credit_balance_2019_03" not in moot(the_rulebook(), told.answered("credit_balance_end", 5_000_00))


def test_what_is_moot_may_be_told_all_the_same() -> None:
    """A loan told later takes the "no" back in effect: its details are asked again, and a detail told counts."""
    rulebook = the_rulebook()
    told = Told().with_no(rulebook.gates["gate:loans"])
    assert set(LOAN) <= moot(rulebook, told)
    assert not set(LOAN) & moot(rulebook, told.answered("loan_principal", 300_000_00))
    detail = told.answered("loan_term", 12)
    assert look(detail).decisions != look(told).decisions or detail.facts["loan_term"] == 12


def test_who_is_not_registered_is_not_asked_for_the_past() -> None:
    """A founder is asked for no figure of last year, of the quarters or of a settlement; a firm is."""
    rulebook = the_rulebook()
    gate = rulebook.gates["gate:registered"]
    base = Told({"district": "heping", "industry": "6513", "legal_form": "company"})
    past = {"employees", "annual_revenue", "q1_start_employees", "annual_taxable_income", "established_on"}
    assert past <= gate.moot
    assert gate.moot.isdisjoint(fact for fact, _ in asked(base.with_no(gate)))
    assert {"employees", "annual_revenue"} & {fact for fact, _ in asked(base.passed(gate))}


def test_the_question_of_the_start_page_is_not_put_by_the_interview() -> None:
    """Whether the firm is registered is asked before, or not at all."""
    assert "gate:registered" not in {fact for fact, _ in asked(Told(), "small-low-profit-income-tax")}


def test_quarterly_figures_stand_on_one_screen_alone() -> None:
    """Staff and assets of all quarters are asked together, how many are counted first, and nothing else with them."""
    passed = frozenset({"gate:over_small_size"})  # it said that a quarter passed the bounds
    told = Told({"district": "heping", "legal_form": "company", "is_audited_collection": True}, gates=passed)
    screens = {screen for fact, screen in asked(told, "small-low-profit-income-tax") if series_of(the_rulebook(), fact)}
    assert len(screens) == 1
    (screen,) = screens
    facts = [ask.fact for ask in screen.asks]
    assert (screen.kind, len(facts), facts[0]) == ("quarters", 17, "quarters_counted")


def test_the_size_class_is_not_asked_where_the_figures_give_it() -> None:
    """A firm whose industry is known is asked for staff and revenue, which an owner knows; for its class
    only where it cannot tell one of them."""
    slug, told = "small-firm-quality-certification", Told({"district": "nankai", "industry": "3671"})
    facts = {"employees": 250, "annual_revenue": 200_000_000_00}
    found = []
    while (screen := look(told, slug).screen) is not None:
        found += [ask.fact for ask in screen.asks]
        told = told.answered(found[-1], facts[found[-1]])
    assert found[0] == "employees"
    assert set(found) <= facts.keys()
    assert look(told, slug).settled == (slug,)
    cannot_tell = look(Told({"district": "nankai", "industry": "3671"}).answered("employees", None), slug)
    assert cannot_tell.screen is not None
    assert "size_class" in {ask.fact for ask in cannot_tell.screen.asks}


def test_what_the_firm_has_is_reckoned_before_the_long_rest() -> None:
    """A shop that has the relief is asked what it pays while other schemes are still open, and marked so."""
    told = all_no().answered("vat_status", "small_scale").answered("legal_form", "individual_business")
    order = [(fact, screen.refines) for fact, screen in asked(told)]
    facts = [fact for fact, _ in order]
    place = facts.index("six_taxes_two_fees_payable")
    assert order[place][1]
    assert any(not refines for _, refines in order[place + 1 :])


def test_what_needs_similar_knowledge_is_doubted() -> None:
    """Each 不清楚 makes it less likely that the firm can answer the rest of the subject, each answer more likely."""
    told = Told().answered("negative_list_revenue_share", None)
    one = doubtful(the_rulebook(), told)
    two = doubtful(the_rulebook(), told.answered("quarters_counted", None))
    assert two["tax"] < one["tax"] < 1
    assert one["tax"] < doubtful(the_rulebook(), told.answered("vat_status", "general"))["tax"]
    assert "people" not in two
