"""Tests of what the desk does with what a firm handed over: opening it by its code, and a case from it."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from sqlmodel import select

from matcher.answers import store as handovers
from matcher.answers.answers import Answers
from matcher.answers.models import HandoverOpening
from matcher.answers.store import new_code
from matcher.audit.models import AuditEntry
from matcher.cases.models import Case, CaseNote
from matcher.text.codes import ALPHABET, spaced, with_check
from matcher.web.limits import MOST_OF_ONE
from tests.fixtures.browsing import PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, FIRM_ID, NAME, client, number, save, store_of, trail
from tests.fixtures.pages import Page, parsed, words

SignedIn = Callable[[str], Visitor]
DESK = "/desk/handover"
ANSWERS = (
    Answers(as_of="2026-03-01", schemes=("six-taxes-two-fees",))
    .with_answer("name", NAME, 1_790_000_000)
    .with_answer("employees", 212, 1_790_000_007)
    .with_answer("six_taxes_two_fees_payable", "38642.57", 1_790_000_030)
    .with_band("annual_revenue", ("1000000", "5000000", False, True), 1_790_000_050)
    .with_unsure("total_assets", 1_790_000_060)
)


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


@pytest.fixture
def hand_over(desk_app: Flask) -> Callable[..., str]:
    """Hands answers over, and gives the code."""

    def made(answers: Answers = ANSWERS) -> str:
        code = new_code()
        with desk_app.app_context():
            handovers.hand_over(code, answers)
        return code

    return made


def opened(clerk: Visitor, code: str) -> Page:
    """The page after the code was typed."""
    return clerk.answer({"code": code}, DESK)


def open_case(clerk: Visitor, page: Page) -> int:
    """The number of the case that the page's button opens."""
    form = {"csrf_token": page.value("csrf_token"), "proof": page.value("proof")}
    return number(client(clerk).post(f"{DESK}/case", data=form))


def test_the_clerk_reads_what_was_handed_over(clerk: Visitor, hand_over: Callable[..., str], desk_app: Flask) -> None:
    """Every answer in words, marked as not verified; recorded for the owner and in the trail, without the code."""
    code = hand_over()
    page = opened(clerk, spaced(code).lower())
    for said in (NAME, "212人", "38,642.57元", "100万元", "500万元", "不清楚", "未经核实"):
        assert said in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    with store_of(desk_app) as register:
        assert len(register.exec(select(HandoverOpening)).all()) == 1
        entries = [entry for entry in register.exec(select(AuditEntry)) if entry.action == "handover.opened"]
    assert len(entries) == 1
    assert code not in f"{entries[0].subject}{entries[0].detail}"


def test_a_case_from_it_waits_in_the_morning_until_the_firm_is_answered(
    clerk: Visitor, signed_in: SignedIn, hand_over: Callable[..., str]
) -> None:
    """With the whole centre, whoever has opened it, and with nobody of another."""

    def lines(who: str) -> str:
        found = signed_in(who).get("/desk").root.find(".//section[@aria-labelledby='inbox-handed']")
        return "" if found is None else words(found)

    case_id = open_case(clerk, opened(clerk, hand_over()))
    assert NAME in lines("clerk")
    assert NAME in lines("supervisor")
    assert lines("hedong.clerk") == ""
    save(clerk, case_id, state="waiting")
    assert lines("clerk") == ""


@pytest.mark.parametrize(
    ("code", "status", "why"),
    [("abcd-1234", 422, "移交码写错了"), (spaced(with_check(7)).lower(), 404, "没有这个移交码")],
    ids=["mistyped", "unknown"],
)
def test_a_code_that_opens_nothing_stands_in_its_field(clerk: Visitor, code: str, status: int, why: str) -> None:
    """The desk's own page comes back with the code as it was typed, and what is wrong with it."""
    page = opened(clerk, code)
    assert page.response.status_code == status
    assert page.value("code") == code
    assert why in words(page.by_id("code-fault"))
    assert page.root.find(".//nav[@class='rooms']") is not None


@pytest.mark.both_databases
def test_a_case_is_opened_from_it(clerk: Visitor, hand_over: Callable[..., str], desk_app: Flask) -> None:
    """The exact answers are facts stated by the firm; bands, doubts and the consent stand in a note."""
    case_id = open_case(clerk, opened(clerk, hand_over()))
    with store_of(desk_app) as register:
        case = register.get_one(Case, case_id)
        (note,) = register.exec(select(CaseNote))
    assert (case.origin, case.name, str(case.as_of), case.schemes) == (
        "handover",
        NAME,
        "2026-03-01",
        ["six-taxes-two-fees"],
    )
    assert case.facts["employees"] == 212
    assert (case.sources["employees"]["source"], case.sources["employees"]["by"]) == ("declared", "clerk")
    assert "annual_revenue" not in case.facts
    for said in ("第1版", "100万元", "资产总额", "不清楚"):
        assert said in note.text
    with store_of(desk_app) as register:
        entry = register.exec(select(AuditEntry).where(AuditEntry.action == "case.opened")).one()
        assert entry.detail == {"consent": "1", "origin": "handover"}


@pytest.mark.usefixtures("firm")
def test_the_register_is_joined_to_it(clerk: Visitor, hand_over: Callable[..., str], desk_app: Flask) -> None:
    """Where the register has the firm, what it knows fills what was not told, and what was told goes before it."""
    case_id = open_case(clerk, opened(clerk, hand_over(ANSWERS.with_answer("credit_code", CODE, 1_790_000_000))))
    with store_of(desk_app) as register:
        case = register.get_one(Case, case_id)
    assert case.firm_id == FIRM_ID
    assert (case.facts["employees"], case.facts["district"]) == (212, "heping")
    assert (case.sources["employees"]["source"], case.sources["district"]["source"]) == ("declared", "imported")


@pytest.mark.both_databases
def test_one_handover_makes_one_case_at_a_centre(
    clerk: Visitor, signed_in: SignedIn, hand_over: Callable[..., str]
) -> None:
    """Pressed twice, or opened again by a colleague, the same case; another centre has its own."""
    code = hand_over()
    page = opened(clerk, code)
    first = open_case(clerk, page)
    assert open_case(clerk, page) == first
    colleague = signed_in("supervisor")
    assert f"/desk/cases/{first}" in colleague.answer({"code": code}, DESK).response.get_data(as_text=True)
    other = signed_in("hedong.clerk")
    assert open_case(other, opened(other, code)) != first


def test_the_clerk_takes_the_file(clerk: Visitor, hand_over: Callable[..., str], desk_app: Flask) -> None:
    """The page's button gives the same as a profile file, and that is part of the same opening."""
    page = opened(clerk, hand_over())
    form = {"csrf_token": page.value("csrf_token"), "proof": page.value("proof")}
    file = client(clerk).post(f"{DESK}/file", data=form)
    assert json.loads(file.data)["facts"]["name"] == NAME
    assert "attachment" in file.headers["Content-Disposition"]
    with store_of(desk_app) as register:
        assert len(register.exec(select(HandoverOpening)).all()) == 1


def test_what_was_taken_back_is_gone(clerk: Visitor, hand_over: Callable[..., str], desk_app: Flask) -> None:
    """The page says so, and neither a file nor a case comes of a page that was opened before."""
    code = hand_over()
    page = opened(clerk, code)
    with desk_app.app_context():
        handovers.withdraw(code)
    assert opened(clerk, code).response.status_code == 410
    form = {"csrf_token": page.value("csrf_token"), "proof": page.value("proof")}
    for act in ("file", "case"):
        assert client(clerk).post(f"{DESK}/{act}", data=form).status_code == 410


def test_a_slip_costs_nothing_and_guessing_is_stopped(clerk: Visitor, hand_over: Callable[..., str]) -> None:
    """A mistyped code is said to be mistyped; after ten wrong ones the right one waits as well, and one can go back."""
    code = hand_over()
    slip = code[:-1] + next(char for char in ALPHABET if char != code[-1])
    assert opened(clerk, slip).response.status_code == 422
    for _ in range(MOST_OF_ONE):
        assert opened(clerk, new_code()).response.status_code == 404
    page = opened(clerk, code)
    assert page.response.status_code == 429
    assert page.root.find(".//main//a[@href='/desk/handover']") is not None


@pytest.mark.parametrize("proof", ["", "x", "x" * 10_000])
def test_a_forged_proof_opens_nothing(clerk: Visitor, desk_app: Flask, proof: str) -> None:
    """Without a page that was opened there is neither file nor case."""
    for act in ("file", "case"):
        assert clerk.post({"proof": proof}, f"{DESK}/{act}", at=DESK).status_code == 400
    assert trail(desk_app, "case.opened") == []


def test_only_who_works_on_cases_opens_it(signed_in: SignedIn, nobody: Visitor) -> None:
    """Auditors and administrators are refused, and nobody is sent to sign in."""
    for name in ("auditor", "administrator"):
        assert client(signed_in(name)).get(DESK).status_code == 403
    assert client(nobody).get(DESK).status_code == 303


@pytest.mark.parametrize("code", ["", "x" * 10_000, "不清楚", "<b>", "😀"])
def test_junk_codes_are_answered_in_words(clerk: Visitor, code: str) -> None:
    """Whatever is typed for a code, the page says what a code looks like."""
    page = parsed(clerk.post({"code": code}, DESK))
    assert page.response.status_code == 422
    assert "12个字符" in page.text


@pytest.mark.parametrize("viewport", [None, PHONE])
def test_from_the_code_to_the_case_by_keyboard(
    at_desk: Callable[..., Tab], browser: Browser, hand_over: Callable[..., str], viewport: dict[str, int] | None
) -> None:
    """The code, enter, the button, enter; both pages without a fault of accessibility."""
    tab = at_desk(browser, "clerk", **({"viewport": viewport} if viewport else {}))
    looked_at(visit(tab, DESK)).locator("#code").focus()
    tab.keyboard.type(hand_over())
    with next_page(tab):
        tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text(NAME)
    with next_page(looked_at(tab)):
        tab.get_by_role("button", name="建立办件").press("Enter")
    expect(tab.locator("h1")).to_have_text(NAME)
    looked_at(tab)


def test_a_handover_meets_the_register_by_name(
    clerk: Visitor, hand_over: Callable[..., str], firm: str, desk_app: Flask
) -> None:
    """Without a credit code the firms called alike are offered with the centre's open cases; the one picked is the case's."""
    page = opened(clerk, hand_over())
    assert NAME in page.text
    assert page.by_id("firm_1").get("value") == FIRM_ID
    form = {"csrf_token": page.value("csrf_token"), "proof": page.value("proof"), "firm": FIRM_ID}
    first = number(client(clerk).post(f"{DESK}/case", data=form))
    with store_of(desk_app) as register:
        made = register.get_one(Case, first)
    assert (made.firm_id, made.credit_code) == (FIRM_ID, CODE)
    assert f"第{first}号办件" in opened(clerk, hand_over()).text
