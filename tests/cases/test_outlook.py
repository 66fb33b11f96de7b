"""What the next rule day changes: found ahead by the worker, counted on the first page, listed to be worked through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.content import found_now
from matcher.cases.models import Case, OutlookShift
from matcher.cases.outlook import changes_of, decide_ahead, outlook_of
from matcher.cases.service import forget_case
from matcher.letters.issue import Office
from matcher.presentation.catalogue import office
from matcher.rulebook.rulebook import Rulebook
from matcher.text import figures, today
from tests.accounts.objects import AT
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import NAME, OTHER_ID, case_now, open_case, save, store_of
from tests.fixtures.pages import parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")
LAST = date(2027, 12, 31)  # of six-taxes-two-fees
TOLD = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}


def test_the_eve_and_the_day_differ_by_the_rules_alone(rulebook: Rulebook) -> None:
    """A relief that ends takes the firm's certain money; on a day without a change nothing is found."""
    found = changes_of(rulebook, TOLD, ["six-taxes-two-fees"], LAST + timedelta(days=1))
    assert [(one.scheme, one.side) for one in found] == [("six-taxes-two-fees", "lost")]
    assert found[0].fen > 0
    assert changes_of(rulebook, TOLD, ["six-taxes-two-fees"], LAST) == []


def test_the_next_turn_is_the_first_day_on_which_a_scheme_changes(rulebook: Rulebook) -> None:
    """No scheme's edition changes between the day and it, and one does on it."""
    day = date(2026, 12, 2)
    on = rulebook.next_turn(day)
    assert on is not None
    assert on > day
    slugs = list(rulebook.parsed)
    assert all(rulebook.scheme_at(slug, day) is rulebook.scheme_at(slug, on - timedelta(days=1)) for slug in slugs)
    assert any(rulebook.scheme_at(slug, on) is not rulebook.scheme_at(slug, day) for slug in slugs)
    assert rulebook.next_turn(date(2200, 1, 1)) is None


@pytest.fixture
def office_of_desk(desk_app: Flask) -> Office:
    """What the worker of this desk works with."""
    with desk_app.app_context():
        return office()


def test_the_first_page_counts_who_loses_and_leads_to_them(
    signed_in: SignedIn, desk_app: Flask, office_of_desk: Office
) -> None:
    """Of two cases of one firm the newer speaks for it; a change in a case is found anew; what is forgotten is gone."""
    clerk = signed_in("clerk")
    assert "下个规则日" not in clerk.get("/desk").text
    open_case(clerk)
    last = open_case(clerk)
    other = open_case(clerk, OTHER_ID)
    on = office_of_desk.rulebook.next_turn(today())
    assert on is not None
    decided = decide_ahead(office_of_desk, today())
    assert decided == 3
    assert decide_ahead(office_of_desk, today()) == 0
    with store_of(desk_app) as register:
        for case_id, fen in ((last, 5_000_00), (other, 7_000_00)):
            register.merge(_shift(case_id, "six-taxes-two-fees", on, fen))
    page = clerk.get("/desk")
    assert page.by_id("ahead").tag == "h2"
    text = "".join(page.text.split())
    assert "本中心办过件的3家里" in text
    assert "2家会失去" in text
    assert "12,000" in text
    listed = clerk.get("/desk/outlook?side=lost&scheme=six-taxes-two-fees").text
    assert listed.index("海河乳品") < listed.index(NAME)
    save(clerk, last, fact_employees="30")
    assert decide_ahead(office_of_desk, today()) == 1
    with store_of(desk_app) as register:
        forget_case(register, other, AT)
        kept = register.exec(select(OutlookShift).where(OutlookShift.case_id == other)).all()
        assert not kept
        found = outlook_of(register, office_of_desk.rulebook, "heping", today())
    assert found is not None


def _shift(case_id: int, scheme: str, on: date, fen: int) -> OutlookShift:
    return OutlookShift(
        case_id=case_id, scheme=scheme, centre="heping", next_on=on, side="lost", fen=fen, later="ended"
    )


def test_a_draft_of_the_rules_decides_nothing_ahead(office_of_desk: Office) -> None:
    """What is only tried must not stand on the first page."""
    tried = replace(office_of_desk, rulebook=replace(office_of_desk.rulebook, is_draft=True))
    assert decide_ahead(tried, today()) == 0


def test_no_page_says_a_sum_of_other_rules(signed_in: SignedIn, desk_app: Flask, office_of_desk: Office) -> None:
    """A sum that was kept under other rules, or before they changed, is decided anew on the page, and by the worker for good."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    page = parsed(save(clerk, case_id, do="look", open="tax", fact_vat_status="small_scale"))
    save(clerk, case_id, page, fact_six_taxes_two_fees_payable="38642.57", state="waiting")
    right = case_now(desk_app, case_id).found
    assert right
    said = figures.sum_in_yuan(right["firm_fen"], "zh")
    for stale in ({"rules": "0" * 64}, {"until": "2026-01-01"}, {"rules": None, "until": None}):
        with store_of(desk_app) as register:
            case = register.get_one(Case, case_id)
            case.found = {**right, "firm_fen": 123_00, **stale}
            register.add(case)
        assert found_now(office_of_desk.rulebook, case_now(desk_app, case_id), today()) == right
        assert said in clerk.get("/desk").text
    decide_ahead(office_of_desk, today())
    assert case_now(desk_app, case_id).found == right
