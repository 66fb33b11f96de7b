"""Tests of when the interview offers the results first: no status hangs on an answer any more, and hardly any money does."""

from collections.abc import Mapping
from io import BytesIO

import pytest

from matcher.answers.answers import Answers
from matcher.answers.file import write
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from matcher.site.interview.visits import Visit, is_due
from tests.fixtures.pages import Visitor, words

START = Answers().with_answer("district", "heping", 1000).with_answer("industry", "3484", 1000)
FIRST = ("has_exports", "has_price_exposure")

RELIEFS = ("six-taxes-two-fees", "small-scale-vat")

# Half of 100,000 yuan a quarter is sure; the VAT relief on sales of 20 yuan is less than a hundredth of it.
TOLD = {"vat_status": "small_scale", "tax_filing_cycle": "quarterly", "six_taxes_two_fees_payable": 10_000_000}


@pytest.fixture
def book(rulebook: Rulebook) -> Catalogue:
    """The rules that the pages are made of."""
    return Catalogue(rulebook)


def unsure(answers: Answers, at: int, *facts: str) -> Answers:
    """The same after 不清楚 to these facts on one screen."""
    for fact in facts:
        answers = answers.with_unsure(fact, at)
    return answers


def told(facts: Mapping[str, Scalar]) -> Answers:
    """What a firm told that looks at the two reliefs alone."""
    answers = Answers(schemes=RELIEFS)
    for fact, value in facts.items():
        answers = answers.with_answer(fact, value, 1000)
    return answers


def test_an_open_status_is_worth_going_on(book: Catalogue) -> None:
    """However many screens settled nothing, as long as a status hangs on an answer the next question comes first."""
    one = unsure(START, 1010, *FIRST)
    assert not is_due(Visit(book, unsure(unsure(one, 1020, "vat_status"), 1030, "is_in_ftz")))


def test_open_money_is_worth_going_on(book: Catalogue) -> None:
    """Every status is settled and yet a relief of the firm has no figure: it is asked for before the results."""
    visit = Visit(book, told(TOLD))
    assert visit.survey.is_through
    assert visit.survey.screen is not None
    assert not is_due(visit)
    assert is_due(Visit(book, told(TOLD | {"period_sales": 2000})))


def test_nothing_left_to_ask_needs_no_offer(book: Catalogue) -> None:
    """Once all is told the interview is at its end, and says so instead of offering to stop."""
    visit = Visit(book, told(TOLD | {"period_sales": 2000, "period_special_invoice_sales": 0}))
    assert visit.survey.screen is None
    assert not is_due(visit)


@pytest.mark.parametrize(("sales", "is_offered"), [({}, False), ({"period_sales": 2000}, True)])
def test_the_page_offers_the_results_first(
    visitor: Visitor, rulebook: Rulebook, sales: dict[str, int], is_offered: bool
) -> None:
    """The results are the first button then, with how it stands, and the next question the second; both lead on."""
    form = {"csrf_token": visitor.get("/save").value("csrf_token"), "file": _saved(rulebook, told(TOLD | sales))}
    visitor.client.post("/open", data=form)
    page = visitor.get(visitor.client.get("/ask").headers["Location"])
    buttons = [(words(link), link.get("href")) for link in page.root.iter("a") if "button" in (link.get("class") or "")]
    assert buttons == ([("看结果", "/result"), ("再答几题", "#ask")] if is_offered else [])
    assert ("再答下去结论不会变" in page.text) is is_offered


def _saved(rulebook: Rulebook, answers: Answers) -> tuple[BytesIO, str]:
    return BytesIO(write(rulebook, answers)), "answers.json"
