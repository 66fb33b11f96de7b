"""Cases passed on to another centre: it sees what was passed on and nothing else; the answer comes back."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.models import Referral
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, NAME, case_now, number, open_case, save, store_of

SignedIn = Callable[[str], Visitor]
FIGURE = "4711"
TEXT = "请核对河东分厂的用电补贴"
pytestmark = pytest.mark.usefixtures("firm")


def refer(clerk: Visitor, case_id: int, **more: str) -> int:
    """Pass a case on to Hedong; the status of the answer."""
    path = f"/desk/cases/{case_id}/refer"
    return clerk.post({"to_centre": "hedong", "text": TEXT, **more}, path).status_code


@pytest.fixture
def case_id(signed_in: SignedIn) -> int:
    """A case of Heping with a figure that the firm told it."""
    clerk = signed_in("clerk")
    made = open_case(clerk)
    save(clerk, made, fact_employees=FIGURE)
    return made


def test_the_other_centre_sees_what_is_asked_and_no_facts(case_id: int, signed_in: SignedIn, desk_app: Flask) -> None:
    """Unless the firm agreed, none goes along: neither on its page nor in the case that it opens."""
    assert refer(signed_in("clerk"), case_id) == 303
    other = signed_in("hedong.clerk")
    assert "别的中心转来的" in other.get("/desk").text
    page = other.get("/desk/referrals/1")
    assert TEXT in page.text
    assert FIGURE not in page.response.text.replace(",", "")
    assert other.get(f"/desk/cases/{case_id}").response.status_code == 403
    made = number(other.post({"do": "accept"}, "/desk/referrals/1"))
    case = case_now(desk_app, made)
    assert (case.centre, case.origin, case.firm_id, case.facts["employees"]) == ("hedong", "referral", FIRM_ID, 12)
    assert TEXT in other.get(f"/desk/cases/{made}").text


def test_what_the_firm_agreed_to_goes_along(case_id: int, signed_in: SignedIn, desk_app: Flask) -> None:
    """As the firm's own statement, and only once: a second answer opens nothing."""
    refer(signed_in("clerk"), case_id, agreed="1")
    other = signed_in("hedong.clerk")
    made = number(other.post({"do": "accept"}, "/desk/referrals/1"))
    case = case_now(desk_app, made)
    assert str(case.facts["employees"]) == FIGURE
    assert case.sources["employees"]["source"] == "declared"
    assert "/desk/referrals/1" in other.post({"do": "accept"}, "/desk/referrals/1").headers["Location"]


def test_the_answer_waits_on_the_first_page_of_who_asked(case_id: int, signed_in: SignedIn) -> None:
    """With its reason, until it is read; sent back without one it stays."""
    clerk, other = signed_in("clerk"), signed_in("hedong.clerk")
    refer(clerk, case_id)
    other.post({"do": "decline"}, "/desk/referrals/1")
    assert "我转出的有答复" not in clerk.get("/desk").text
    other.post({"do": "decline", "answer": "分厂已搬到津南"}, "/desk/referrals/1")
    assert "分厂已搬到津南" in clerk.get("/desk").text
    clerk.get("/desk/referrals/1")
    assert "我转出的有答复" not in clerk.get("/desk").text
    assert "对方退回" in clerk.get(f"/desk/firms/{FIRM_ID}").text


def test_a_third_centre_sees_no_referral(case_id: int, signed_in: SignedIn, store: Callable) -> None:  # type: ignore[type-arg]
    """Neither sender nor receiver: refused, to read and to answer; who sent it cannot answer in the other's place."""
    clerk = signed_in("clerk")
    refer(clerk, case_id)
    with store() as register:
        register.exec(select(Referral)).one().to_centre = "hexi"
    other = signed_in("hedong.clerk")
    assert other.get("/desk/referrals/1").response.status_code == 403
    assert other.post({"do": "accept"}, "/desk/referrals/1", at="/desk/me").status_code == 403
    assert clerk.post({"do": "accept"}, "/desk/referrals/1").status_code == 403


def test_a_forgotten_case_leaves_nothing_in_its_referral(case_id: int, signed_in: SignedIn, desk_app: Flask) -> None:
    """What the firm told goes from there too."""
    refer(signed_in("clerk"), case_id, agreed="1")
    signed_in("supervisor").post({}, f"/desk/cases/{case_id}/forget")
    with store_of(desk_app) as register:
        left = register.exec(select(Referral)).one()
    assert (left.facts, left.text) == ({}, "")


def test_a_referral_needs_a_centre_and_words(case_id: int, signed_in: SignedIn) -> None:
    """Its own centre, none, or nothing asked: refused."""
    clerk = signed_in("clerk")
    for told in ({"to_centre": "heping"}, {"to_centre": ""}, {"text": " "}):
        assert refer(clerk, case_id, **told) == 422
    assert NAME in clerk.get(f"/desk/cases/{case_id}/refer").text
