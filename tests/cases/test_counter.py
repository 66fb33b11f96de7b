"""The counter without scripts: what a clerk's answers come to, kept in a case, previewed, issued, or put forward."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from matcher.cases.models import Case, CaseLetter
from matcher.letters.models import IssuedLetter
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import (
    FIRM_ID,
    OTHER_ID,
    case_now,
    client,
    countersigned,
    fields,
    number,
    save,
    store_of,
    trail,
)
from tests.fixtures.pages import Page, parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm", "issues")

PAYABLE = "fact_six_taxes_two_fees_payable"


def counter(firm_id: str = FIRM_ID, page: str = "") -> str:
    """The address of a firm at the counter."""
    return f"/desk/counter{page}?firm={firm_id}"


def answered(
    clerk: Visitor, do: str, page: Page | None = None, firm_id: str = FIRM_ID, **changes: object
) -> TestResponse:
    """Send the form as the page has it, with these answers; None leaves a field out."""
    sent = {**fields((page or clerk.get(counter(firm_id))).root, "counter"), "do": do, PAYABLE: "38642.57", **changes}
    told = {name: value for name, value in sent.items() if value is not None}
    return client(clerk).post(counter(firm_id, "/preview" if do == "preview" else ""), data=told)


def count_of(desk_app: Flask, model: type) -> int:
    """How many of them there are."""
    with store_of(desk_app) as register:
        return len(register.exec(select(model)).all())


def test_a_letter_goes_out_once_and_a_second_one_replaces_it_knowingly(signed_in: SignedIn, desk_app: Flask) -> None:
    """The same form sent twice leads to the same letter; a newer one names what it replaces, and says so before."""
    clerk = signed_in("clerk")
    first = clerk.get(counter())
    places = [answered(clerk, "issue", first).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert count_of(desk_app, IssuedLetter) == 1
    with store_of(desk_app) as register:
        issued = register.exec(select(IssuedLetter)).one().number
    page = clerk.get(counter())
    assert f"会替代现有的有效函{issued}" in page.text
    refused = answered(clerk, "issue", page, supersedes="")
    assert refused.status_code == 422
    assert f"现有有效函{issued}，新函会替代它" in parsed(refused).text
    assert answered(clerk, "issue", clerk.get(counter()), supersedes=issued).status_code == 303
    with store_of(desk_app) as register:
        found = sorted(register.exec(select(IssuedLetter)).all(), key=lambda one: one.place)
    assert [one.withdrawal for one in found] == ["superseded", None]
    assert count_of(desk_app, Case) == 1


def test_a_letter_that_says_less_than_the_one_before_is_warned_of(signed_in: SignedIn, desk_app: Flask) -> None:
    """Under answers by which a scheme falls away."""
    clerk = signed_in("clerk")
    answered(clerk, "issue")
    with store_of(desk_app) as register:
        case = register.exec(select(Case)).one()
        case.facts = {**case.facts, "six_taxes_two_fees_payable": "0.00", "vat_status": "general"}
        register.add(case)
    assert "比旧函少" in clerk.get(counter()).text


def test_where_two_sign_the_letter_is_put_forward(signed_in: SignedIn, desk_app: Flask) -> None:
    """It waits among the case's letters; sent again, it waits once."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    page = clerk.get(counter())
    assert "送审签发" in page.text
    assert page.by_id("issue").get("data-sure") == "确认送审"  # the second press does not issue either
    answers = [answered(clerk, "issue", page) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with store_of(desk_app) as register:
        (letter,) = register.exec(select(CaseLetter)).all()
    assert letter.state == "waiting"
    assert len(trail(desk_app, "letter.asked")) == 1
    assert count_of(desk_app, IssuedLetter) == 0


def test_answers_are_kept_in_the_firms_open_case(signed_in: SignedIn, desk_app: Flask) -> None:
    """A first time opens one; afterwards the same case is changed, and a form sent twice changes it once."""
    clerk = signed_in("clerk")
    case_id = number(answered(clerk, "save"))
    page = clerk.get(counter())
    assert f"第{case_id}号办件" in page.text
    gate = next(one.get("name") or "" for one in page.root.iter("input") if one.get("type") == "radio")
    for _ in range(2):
        assert number(answered(clerk, "save", page, **{gate: "true"})) == case_id
    assert case_now(desk_app, case_id).facts[gate.removeprefix("fact_")] is True
    assert len(trail(desk_app, "case.opened")) == 1
    assert len(trail(desk_app, "case.changed")) == 1


def test_a_preview_is_a_letter_without_a_number(signed_in: SignedIn, desk_app: Flask) -> None:
    """Nothing enters the register; who looked is in the trail; a letter that would say nothing is refused with the reason."""
    clerk = signed_in("clerk")
    seen = answered(clerk, "preview")
    assert (seen.status_code, seen.mimetype) == (200, "application/pdf")
    assert count_of(desk_app, IssuedLetter) == count_of(desk_app, Case) == 0
    assert len(trail(desk_app, "letter.previewed")) == 1
    empty = answered(clerk, "preview", firm_id=OTHER_ID, **{PAYABLE: None})
    assert empty.status_code == 422
    assert parsed(empty).text


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({PAYABLE: "很多"}, 422, "有填错的，请先改正。"),
        ({"once": None}, 400, "页面开得太久了"),
        ({PAYABLE: None, "firm_id": OTHER_ID}, 422, "没有企业自己就能享受的政策，不出函。"),
    ],
)
def test_what_cannot_be_issued_is_refused_with_the_reason(
    signed_in: SignedIn, desk_app: Flask, changes: dict[str, object], status: int, words: str
) -> None:
    """The page comes back and nothing was issued or kept."""
    answer = answered(signed_in("clerk"), "issue", **changes)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert words in parsed(answer).text
    assert count_of(desk_app, IssuedLetter) == 0


def test_a_firm_that_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    """And without a firm the search comes."""
    clerk = signed_in("clerk")
    assert client(clerk).get(counter("F-999999")).status_code == 404
    token = clerk.get("/desk/counter").value("csrf_token")
    for page in ("", "/preview"):
        found = client(clerk).post(f"/desk/counter{page}", data={"csrf_token": token})
        assert found.headers["Location"] == "/desk/counter"


def test_a_case_of_another_day_says_so(signed_in: SignedIn, desk_app: Flask) -> None:
    """The letter would be by the rules of that day."""
    clerk = signed_in("clerk")
    case_id = number(answered(clerk, "save"))
    save(clerk, case_id, as_of="2026-01-31")
    assert "不是今天" in clerk.get(counter()).text


def test_a_gate_says_what_it_is_of(signed_in: SignedIn) -> None:
    """Whether a machine is a building is not asked as if it were of the firm; what names its loan already is left alone."""
    clerk = signed_in("clerk")
    answer = answered(clerk, "look", asked=["equipment_is_building", "loan_is_agricultural", "is_audited_collection"])
    labels = ["".join(gate.itertext()) for gate in parsed(answer).root.iterfind(".//ol[@id='gates']/li//legend")]
    assert [label.strip() for label in labels[:2]] == ["设备：是否房屋、建筑物", "是否涉农贷款"]
