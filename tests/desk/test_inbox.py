"""The morning's list: what waits for whom, counted in the navigation; the palette shows nobody what is not theirs."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from matcher.outreach.models import FirmTold
from matcher.rulebook import load
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, NAME, ask_letter, client, countersigned, open_case, save, store_of, trail
from tests.fixtures.pages import parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm", "issues")


def asked(signed_in: SignedIn, desk_app: Flask) -> int:
    """A letter that a clerk has put before the supervisor; the case's number."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    ask_letter(clerk, case_id)
    return case_id


def test_a_letter_to_countersign_waits_on_the_supervisors_first_page(signed_in: SignedIn, desk_app: Flask) -> None:
    """With a badge on every page; the clerk who asked has neither."""
    asked(signed_in, desk_app)
    supervisor, clerk = signed_in("supervisor"), signed_in("clerk")
    home = supervisor.get("/desk")
    assert home.by_id("inbox-sign").tag == "h2"
    assert NAME in home.text
    assert "1 件等您" in " ".join(supervisor.get("/desk/letters").text.split())
    assert "件等您" not in clerk.get("/desk").text


def test_a_returned_letter_waits_on_the_clerks_first_page(signed_in: SignedIn, desk_app: Flask) -> None:
    """With the reason, until another is asked for."""
    case_id = asked(signed_in, desk_app)
    supervisor, clerk = signed_in("supervisor"), signed_in("clerk")
    supervisor.post({"reason": "请先看社保缴费单"}, "/desk/letters/waiting/1/refuse", at="/desk/letters/waiting/1")
    assert "请先看社保缴费单" in clerk.get("/desk").text
    ask_letter(clerk, case_id)
    assert "退给我改" not in clerk.get("/desk").text


def test_who_countersigns_sees_the_money_and_what_is_far_from_the_register(
    signed_in: SignedIn, desk_app: Flask
) -> None:
    """12 people became 3,000: it is flagged beside what the register has."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="3000")
    ask_letter(clerk, case_id)
    page = signed_in("supervisor").get("/desk/letters/waiting/1")
    assert "现金" in page.text
    assert "12人3,000人相差很大" in "".join(page.text.split())


def test_the_palette_shows_only_what_the_account_may_open(signed_in: SignedIn) -> None:
    """An administrator finds no firm and no case; a clerk both, and no accounts."""
    open_case(signed_in("clerk"))

    def found(name: str, q: str = "") -> str:
        return client(signed_in(name)).get("/desk/palette", query_string={"q": q}).get_data(as_text=True)

    assert NAME in found("clerk", "喆堃")
    assert "第1号办件" in found("clerk", "喆堃")
    assert "管理账号" not in found("clerk")
    assert NAME not in found("administrator", "喆堃")
    assert "管理账号" in found("administrator")


def test_the_middle_of_a_credit_code_finds_its_firm(signed_in: SignedIn) -> None:
    """Neither its beginning nor its end; cases and letters are found beside firms."""
    clerk = signed_in("clerk")
    open_case(clerk)
    page = clerk.get(f"/desk/firms?q={CODE[4:11]}")
    assert NAME in page.text
    assert "第1号办件" in clerk.get("/desk/firms?q=喆堃").text


def test_errors_of_the_desk_speak_of_the_desk(signed_in: SignedIn) -> None:
    """A file that is too large: how large one may be, and the way back to the desk; a page that is not there, too."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    path = f"/desk/cases/{case_id}/files"
    answer = client(clerk).post(path, data=b"x" * 6_000_000, content_type="multipart/form-data; boundary=x")
    text = parsed(answer).text
    assert answer.status_code == 413
    assert "5 MB" in text
    assert "256 KB" not in text
    for said in (text, clerk.get("/desk/nothing").text):
        assert "回到工作台" in said
        assert "自查" not in said


def test_the_history_of_a_case_says_what_was_and_what_is(signed_in: SignedIn) -> None:
    """Before and after, in words."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="30")
    assert "12人→30人" in "".join(clerk.get(f"/desk/cases/{case_id}").text.split())


def test_a_question_put_aside_is_not_asked_again(signed_in: SignedIn, desk_app: Flask) -> None:
    """It leaves what comes next, is named there, and comes back when asked for."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    path = f"/desk/cases/{case_id}"
    first = clerk.get(path).root.find(".//fieldset[@id='section-next']//button[@name='aside']")
    assert first is not None
    fact = first.get("value") or ""
    clerk.post({"aside": fact}, f"{path}/aside", at=path)
    asked_now = clerk.get(path).root.findall(".//fieldset[@id='section-next']//button[@name='aside']")
    assert fact not in [button.get("value") for button in asked_now]
    assert "不再问的" in clerk.get(path).text
    clerk.post({"aside": ""}, f"{path}/aside", at=path)
    asked_now = clerk.get(path).root.findall(".//fieldset[@id='section-next']//button[@name='aside']")
    assert fact in [button.get("value") for button in asked_now]
    assert len(trail(desk_app, "case.settled")) == 2


def test_the_tax_payable_is_asked_first(signed_in: SignedIn) -> None:
    """A small-scale taxpayer has the relief already: what it pays is asked before what it may have besides."""
    clerk = signed_in("clerk")
    page = clerk.get(f"/desk/cases/{open_case(clerk)}")
    asked_now = page.root.findall(".//fieldset[@id='section-next']//button[@name='aside']")
    assert asked_now[0].get("value") == "six_taxes_two_fees_payable"


def test_a_parts_shop_is_not_asked_about_craftsmen_deposits_and_base_stations(
    signed_in: SignedIn, desk_app: Flask
) -> None:
    """Nor before the tax it pays, whatever is put aside: no scheme behind these can be a shop's."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_industry="5263", fact_employees="6", fact_annual_revenue="1800000")
    path = f"/desk/cases/{case_id}"
    asked_all: list[str] = []
    for _ in range(6):
        buttons = clerk.get(path).root.findall(".//fieldset[@id='section-next']//button[@name='aside']")
        asked_now = [button.get("value") for button in buttons if button.get("value")]
        for fact in asked_now:
            clerk.post({"aside": fact}, f"{path}/aside", at=path)
        asked_all += [fact for fact in asked_now if fact]
    assert asked_all[0] == "six_taxes_two_fees_payable"
    assert len({*asked_all}) > 20
    assert not {*asked_all} & {"five_g_stations_built", "workers_charged_deposit"}
    of = load().facts
    assert not {of[fact].group for fact in asked_all} & {"digital", "capital_market", "first_set", "material", "titles"}


def test_an_unsaved_draft_holds_a_letter_back(signed_in: SignedIn, desk_app: Flask) -> None:
    """What is typed and not saved would not be in it: the clerk is told, and nothing is issued."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, do="look", fact_employees="77")
    answer = ask_letter(clerk, case_id)
    assert answer.status_code == 422
    assert "未保存的内容" in parsed(answer).text
    assert trail(desk_app, "letter.issued") == []
    clerk.post({}, f"/desk/cases/{case_id}/draft", at=f"/desk/cases/{case_id}")
    assert ask_letter(clerk, case_id).status_code == 303


def test_an_issued_letter_counts_as_told(signed_in: SignedIn, desk_app: Flask) -> None:
    """Outreach has the firm no more among those to be told of the scheme."""
    clerk = signed_in("clerk")
    ask_letter(clerk, open_case(clerk))
    with store_of(desk_app) as register:
        told = register.exec(select(FirmTold)).all()
    assert [(one.firm_id, one.scheme) for one in told] == [("F-000001", "six-taxes-two-fees")]
    assert told[0].note


def test_what_waits_on_the_firm_and_letters_that_end_stand_in_the_morning(signed_in: SignedIn) -> None:
    """A case that waits stands with whoever works on it alone; a letter that ends within the month with the whole centre."""
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    case_id = open_case(clerk)
    ask_letter(clerk, case_id, valid_days="20")
    save(clerk, case_id, state="waiting")

    def lines(who: Visitor, key: str) -> str:
        found = who.get("/desk").root.find(f".//section[@aria-labelledby='inbox-{key}']")
        return "" if found is None else "".join("".join(found.itertext()).split())

    assert NAME in lines(clerk, "waiting")
    assert lines(supervisor, "waiting") == ""
    for who in (clerk, supervisor):
        assert "20天" in lines(who, "expiring")
