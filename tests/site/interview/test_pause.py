"""Tests of when the interview offers the results first: answers that settle nothing, told on two screens one after the other."""

from dataclasses import replace
from io import BytesIO

import pytest

from matcher.answers.answers import Answers
from matcher.answers.file import write
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.rulebook import Rulebook
from matcher.site.interview.visits import Visit, is_due
from tests.fixtures.pages import Visitor, words

START = Answers().with_answer("district", "heping", 1000).with_answer("industry", "3484", 1000)
FIRST = ("has_exports", "has_price_exposure")


@pytest.fixture
def book(rulebook: Rulebook) -> Catalogue:
    """The rules that the pages are made of."""
    return Catalogue(rulebook)


def unsure(answers: Answers, at: int, *facts: str) -> Answers:
    """The same after 不清楚 to these facts on one screen."""
    for fact in facts:
        answers = answers.with_unsure(fact, at)
    return answers


def test_two_screens_without_effect_are_enough(book: Catalogue) -> None:
    """After one such screen the interview goes on; after two the results come first."""
    one = unsure(START, 1010, *FIRST)
    assert not is_due(Visit(book, one))
    assert is_due(Visit(book, unsure(one, 1020, "vat_status")))


def test_an_answer_that_settles_something_starts_anew(book: Catalogue) -> None:
    """A screen that settled a scheme is followed by the next question."""
    one = unsure(START, 1010, *FIRST)
    assert not is_due(Visit(book, one.with_answer("legal_form", "individual_business", 1020)))


def test_no_after_a_gate_counts_as_its_screen(book: Catalogue) -> None:
    """What "no" told beneath a gate belongs to the screen of the gate."""
    gate = book.rulebook.gates["gate:regions"]
    one = unsure(START, 1010, *FIRST).with_gate(gate, "none", 1020)
    assert not is_due(Visit(book, one))
    assert is_due(Visit(book, unsure(unsure(one, 1030, "vat_status"), 1040, "is_in_ftz")))


def test_answers_of_one_time_are_no_screens(book: Catalogue) -> None:
    """What came from a file at once says nothing of screens."""
    one = unsure(START, 1000, *FIRST, "vat_status")
    assert not is_due(Visit(book, replace(one, told_at=dict.fromkeys(one.told_at, 1000))))


@pytest.mark.parametrize(("screens", "is_offered"), [(1, False), (2, True)])
def test_the_page_offers_the_results_first(
    visitor: Visitor, rulebook: Rulebook, screens: int, is_offered: bool
) -> None:
    """The results are the first button then, with how it stands, and the next question the second; both lead on."""
    answers = unsure(START, 1010, *FIRST)
    saved = write(rulebook, unsure(answers, 1020, "vat_status") if screens > 1 else answers)
    form = {"csrf_token": visitor.get("/save").value("csrf_token"), "file": (BytesIO(saved), "answers.json")}
    visitor.client.post("/open", data=form)
    page = visitor.get(visitor.client.get("/ask").headers["Location"])
    buttons = [(words(link), link.get("href")) for link in page.root.iter("a") if "button" in (link.get("class") or "")]
    assert buttons == ([("先看结果", "/result"), ("再答几题", "#ask")] if is_offered else [])
    assert ("再答下去多半定不了更多" in page.text) is is_offered
    assert ("多半定不了更多" in visitor.get("/result").text) is is_offered
