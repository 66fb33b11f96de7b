"""Several cases at once: given away, closed, letters prepared; several letters: a sample looked at, all signed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.models import Case, CaseLetter
from matcher.cases.selection import sampled
from matcher.letters.models import IssuedLetter
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import (
    NAME,
    OTHER_ID,
    ask_letter,
    case_now,
    client,
    countersigned,
    fields,
    open_case,
    save,
    store_of,
    trail,
)
from tests.fixtures.pages import Page, parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm", "issues")


def chosen(clerk: Visitor, do: str, *cases: int, **more: str) -> Page:
    """The page after something was done to cases of the list."""
    token = clerk.get("/desk/cases").value("csrf_token")
    form = {"csrf_token": token, "do": do, "case": [str(one) for one in cases], **more}
    answer = client(clerk).post("/desk/cases/selected", data=form, follow_redirects=True)
    assert answer.status_code == 200
    return parsed(answer)


def test_cases_are_given_away_and_closed_together(signed_in: SignedIn, desk_app: Flask) -> None:
    """Each into the trail; one that was closed before holds up no other; another centre's is out of reach."""
    clerk = signed_in("clerk")
    first, second = open_case(clerk), open_case(clerk, OTHER_ID)
    assert "已转给无人：2件。" in "".join(chosen(clerk, "assign", first, second, assignee="").text.split())
    assert [case_now(desk_app, one).assignee_id for one in (first, second)] == [None, None]
    assert "已办结：2件。" in "".join(chosen(clerk, "close", first, second).text.split())
    assert {case_now(desk_app, one).state for one in (first, second)} == {"closed"}
    assert len(trail(desk_app, "case.settled")) == 4
    assert "先选几件" in chosen(clerk, "close").text
    with store_of(desk_app) as register:
        other = register.get_one(Case, first)
        other.centre = "hexi"
        register.add(other)
    form = {"csrf_token": clerk.get("/desk/cases").value("csrf_token"), "do": "close", "case": str(first)}
    assert client(clerk).post("/desk/cases/selected", data=form).status_code == 403


def test_letters_of_several_cases_go_out_after_one_look(signed_in: SignedIn, desk_app: Flask) -> None:
    """The page says of each what it comes to; one without anything is left out with the reason; sent twice, each goes out once."""
    clerk = signed_in("clerk")
    first, empty = open_case(clerk), open_case(clerk, OTHER_ID)
    with store_of(desk_app) as register:
        case = register.get_one(Case, first)
        case.facts = {**case.facts, "six_taxes_two_fees_payable": "38642.57"}
        register.add(case)
    page = chosen(clerk, "letters", first, empty)
    assert NAME in page.text
    assert "少缴" in page.text
    assert "少缴0元" not in page.text
    assert "没有企业自己就能享受的政策" in page.text
    form = fields(page.root, "letters")
    assert form["case"] == [str(first)]
    for _ in range(2):
        client(clerk).post("/desk/cases/selected/letters", data=form)
    with store_of(desk_app) as register:
        numbers = [one.number for one in register.exec(select(IssuedLetter))]
    assert len(numbers) == 1
    again = chosen(clerk, "letters", first)
    assert numbers[0] in again.text
    form = fields(again.root, "letters")
    answer = client(clerk).post("/desk/cases/selected/letters", data=form, follow_redirects=True)
    assert "没有勾选替代" in parsed(answer).text
    client(clerk).post(
        "/desk/cases/selected/letters",
        data={**fields(chosen(clerk, "letters", first).root, "letters"), "replace": str(first)},
    )
    with store_of(desk_app) as register:
        states = [one.withdrawal for one in register.exec(select(IssuedLetter).order_by(IssuedLetter.place))]  # type: ignore[arg-type]
    assert states == ["superseded", None]


def test_several_letters_are_signed_after_their_sample_was_looked_at(signed_in: SignedIn, desk_app: Flask) -> None:
    """One whose figures jump is in the sample; nothing is signed before each of it is ticked; one's own is never."""
    countersigned(desk_app)
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    cases = [open_case(clerk), open_case(clerk, OTHER_ID)]
    save(clerk, cases[0], fact_employees="3000")
    for one in cases:
        ask_letter(clerk, one)
    home = supervisor.get("/desk")
    boxes = [box.get("value") or "" for box in home.root.findall(".//input[@form='to-sign']")]
    assert len(boxes) == 2
    form = {"csrf_token": home.value("csrf_token"), "letter": boxes}
    page = parsed(client(supervisor).post("/desk/letters/waiting/selected", data=form))
    assert "相差很大" in page.text
    sample = [box.get("value") or "" for box in page.root.findall(".//input[@name='looked']")]
    assert sample
    refused = parsed(client(supervisor).post("/desk/letters/waiting/selected", data={**form, "do": "sign"}))
    assert "没有签发" in refused.text
    client(supervisor).post("/desk/letters/waiting/selected", data={**form, "do": "sign", "looked": sample})
    with store_of(desk_app) as register:
        assert {one.state for one in register.exec(select(CaseLetter))} == {"issued"}


@pytest.mark.parametrize(
    ("jumps", "places"),
    [([], set()), ([0], {0}), ([0] * 5, {0, 2, 4}), ([0, 3, 0, 0, 0, 0, 0, 0, 1], {0, 1, 4, 8})],
)
def test_a_sample_has_every_jump_and_some_spread_over_the_whole(jumps: list[int], places: set[int]) -> None:
    """The first, the last, one between, and whatever is far from the register."""
    assert sampled(jumps) == places


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "closed"}, "已办结"),
        ({"name": None}, "没有企业名称"),
    ],
)
def test_a_case_of_which_no_letter_can_be_made_is_left_out_with_the_reason(
    signed_in: SignedIn, desk_app: Flask, change: dict[str, object], why: str
) -> None:
    """The page of letters says it; nothing is issued of it."""
    clerk = signed_in("clerk")
    one = open_case(clerk)
    with store_of(desk_app) as register:
        case = register.get_one(Case, one)
        for name, value in change.items():
            setattr(case, name, value)
        register.add(case)
    page = chosen(clerk, "letters", one)
    assert why in page.text
    assert page.root.find(".//form[@id='letters']") is None


def test_letters_of_several_say_what_is_in_their_way(signed_in: SignedIn, desk_app: Flask) -> None:
    """One that waits already; a case without a credit code; one that changed after the page was opened; somebody unknown."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    first, second = open_case(clerk), open_case(clerk, OTHER_ID)
    with store_of(desk_app) as register:
        for number in (first, second):
            case = register.get_one(Case, number)
            case.facts = {**case.facts, "six_taxes_two_fees_payable": "38642.57", "vat_status": "small_scale"}
            case.credit_code = None if number == second else case.credit_code
            register.add(case)
    ask_letter(clerk, first)
    page = chosen(clerk, "letters", first, second)
    assert "已有一份在等复核" in page.text
    assert "没有信用代码" in page.text
    assert "本中心没有这位经办人" in chosen(clerk, "assign", first, assignee="999").text
    token = clerk.get("/desk/cases").value("csrf_token")
    unknown = client(clerk).post("/desk/cases/selected", data={"csrf_token": token, "do": "fly", "case": str(first)})
    assert unknown.status_code == 400
    none = {"csrf_token": token, "once": page.value("once")}
    assert (
        "一次最多选"
        in parsed(client(clerk).post("/desk/cases/selected/letters", data=none, follow_redirects=True)).text
    )
    assert "已办结：0件。" in "".join(chosen(clerk, "close", 99999).text.split())
    with store_of(desk_app) as register:
        assert len(register.exec(select(CaseLetter)).all()) == 1


def test_ones_own_letter_is_not_signed_among_several(signed_in: SignedIn, desk_app: Flask) -> None:
    """A supervisor who asked for one leaves it to another."""
    countersigned(desk_app)
    supervisor = signed_in("supervisor")
    one = open_case(supervisor)
    ask_letter(supervisor, one)
    with store_of(desk_app) as register:
        letter = register.exec(select(CaseLetter)).one().id
    form = {"csrf_token": supervisor.get("/desk").value("csrf_token"), "letter": str(letter), "looked": str(letter)}
    answer = client(supervisor).post(
        "/desk/letters/waiting/selected", data={**form, "do": "sign"}, follow_redirects=True
    )
    assert "复核签发须由另一人办理" in parsed(answer).text
    with store_of(desk_app) as register:
        assert register.exec(select(CaseLetter)).one().state == "waiting"
