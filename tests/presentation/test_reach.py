"""Tests of what lies within a firm's reach, and of what speaks for it."""

from typing import Any

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.reasons import begun, is_carried, is_near
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def near(fact: str, old: Any, new: Any) -> dict[str, Any]:
    """A near miss of one change."""
    return {"changes": [{"fact": fact, "from": old, "to": new}], "on": None, "reaches": "eligible"}


def tree(*met: tuple[str, str, Any], kind: str = "all") -> dict[str, Any]:
    """A reasons tree of conditions that hold: fact, operator, the firm's value."""
    bare = {"outcome": True, "fact": None, "value": None, "op": None, "children": []}
    leaves = [{**bare, "kind": "test", "fact": fact, "op": op, "value": value} for fact, op, value in met]
    return {**bare, "kind": kind, "children": leaves}


@pytest.mark.parametrize(
    ("change", "is_step"),
    [
        (("employees", "27", "30"), True),
        (("employees", "27", "54"), True),
        (("employees", "27", "55"), False),
        (("eligible_new_hires", "0", "1"), False),
        (("insured_employees", "120", "30"), False),
        (("has_foreign_investor", False, True), False),
        (("district", "outside_tianjin", "baodi"), False),
        (("invests_in_lanbai_zone", False, True), False),
        (("has_exports", False, True), False),
        (("green_factory_title", "none", "municipal"), False),
        (("is_on_abnormal_list", True, False), True),
        (("authorises_credit_data", False, True), True),
        (("tax_credit_rating", "c", "a"), True),
    ],
)
def test_a_step_is_no_other_firm_and_none_from_nothing(
    book: Catalogue, change: tuple[str, Any, Any], is_step: bool
) -> None:
    """Figures may double or halve; what a firm is, and what it has nothing of, is out of reach."""
    assert is_near(book, near(*change), frozenset()) is is_step


def test_waiting_is_within_reach(book: Catalogue) -> None:
    """A day that will come needs nothing done."""
    assert is_near(book, {"changes": [], "on": "2026-12-01", "reaches": "eligible"}, frozenset())


def test_who_has_begun_can_take_the_next_step(book: Catalogue) -> None:
    """An exporter can insure its exports; a firm that sells nothing abroad has nothing to insure."""
    policy = near("holds_export_credit_policy", False, True)
    exporter, shop = (begun(book, [{"reasons": tree(("has_exports", "==", value))}]) for value in (True, False))
    assert is_near(book, policy, exporter)
    assert not is_near(book, policy, shop)


@pytest.mark.parametrize(
    ("met", "speaks"),
    [
        ([], False),
        ([("district", "!=", "heping")], False),
        ([("is_dishonest_debtor", "==", False)], False),
        ([("legal_form", "in", "company")], False),
        ([("dept_quality_award_result", "==", "award")], False),
        ([("legal_form", "==", "individual_business")], True),
        ([("district", "!=", "heping"), ("authorises_credit_data", "==", True)], True),
        ([("training_capacity", ">=", "160")], True),
    ],
)
def test_only_what_the_firm_told_of_itself_speaks_for_it(
    book: Catalogue, met: list[tuple[str, str, Any]], speaks: bool
) -> None:
    """A condition that shuts others out, or that a department answers, speaks for nobody."""
    decision = {"scheme": "tianjin-quality-award", "reasons": tree(*met)}
    assert is_carried(book, decision) is speaks


def test_what_is_denied_speaks_for_nobody(book: Catalogue) -> None:
    """A condition beneath a denial shuts out, whatever it says."""
    denied = {"scheme": "tianjin-quality-award", "reasons": tree(("has_exports", "==", True), kind="not")}
    assert not is_carried(book, denied)


def test_the_law_needs_no_advocate(book: Catalogue) -> None:
    """What the law gives to whoever meets it is never taken for a selection."""
    assert is_carried(book, {"scheme": "six-taxes-two-fees", "reasons": None})
