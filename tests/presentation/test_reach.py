"""Tests of what speaks for a firm."""

from typing import Any

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.reasons import is_carried
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def tree(*met: tuple[str, str, Any], kind: str = "all") -> dict[str, Any]:
    """A reasons tree of conditions that hold: fact, operator, the firm's value."""
    bare = {"outcome": True, "fact": None, "value": None, "op": None, "children": []}
    leaves = [{**bare, "kind": "test", "fact": fact, "op": op, "value": value} for fact, op, value in met]
    return {**bare, "kind": kind, "children": leaves}


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
        ([("makes_the_product", "==", True)], False),
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
