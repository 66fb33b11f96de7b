"""Tests of letters from cases: asked for, looked at, issued once, signed a second time, reprinted, revoked, replaced."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from matcher.accounts.models import Account, CentreSetting
from matcher.cases.content import content_of_firm
from matcher.cases.letters import Asked, issue_from_case
from matcher.cases.models import CaseLetter
from matcher.cases.service import Content, Opening, case_of
from matcher.cases.service import open_case as open_in_store
from matcher.db.database import session
from matcher.firms.models import Firm
from matcher.letters.models import NumberReservation, NumberSeries
from matcher.letters.order import Refusal
from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import find_issued, kept_receipt, list_issued
from matcher.presentation.catalogue import office
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import (
    FIRM_ID,
    NAME,
    SCHEME,
    ask_letter,
    case_now,
    client,
    countersigned,
    fields,
    issued_code,
    letter_form,
    number,
    open_case,
    save,
    store_of,
    trail,
)
from tests.fixtures.pages import parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm", "issues")


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


@pytest.fixture
def case_id(desk_app: Flask, accounts: dict[str, Account], rulebook: Rulebook) -> int:
    """A case with an amount in it, as the clerk leaves it in the store: what its pages do has tests of its own."""
    clerk, told = accounts["clerk"].id or 0, "six_taxes_two_fees_payable"
    with store_of(desk_app) as register:
        known = content_of_firm(register, rulebook, register.get_one(Firm, FIRM_ID), date(2026, 11, 24), "heping")
        source = {"source": "declared", "on": "2026-11-24", "by": "clerk"}
        content = Content({**known.facts, told: "38642.57"}, {**known.sources, told: source}, date(2026, 3, 1))
        made = open_in_store(register, Opening("heping", clerk, "search", content, FIRM_ID, "once"), datetime.now(UTC))
        assert made.id is not None
        return made.id


@pytest.fixture
def saved_case_id(clerk: Visitor) -> int:
    """The same case, made on its pages."""
    made = open_case(clerk)
    changes = {"as_of": "2026-03-01", "fact_vat_status": "small_scale"}
    page = parsed(save(clerk, made, do="look", open="tax", **changes))
    save(clerk, made, page, fact_six_taxes_two_fees_payable="38642.57")
    return made


def letters_of(app: Flask) -> list[CaseLetter]:
    """The letters asked for from cases."""
    with store_of(app) as register:
        return list(register.exec(select(CaseLetter).order_by(CaseLetter.id)))  # type: ignore[arg-type]


def numbers(app: Flask) -> list[str]:
    """The numbers of all letters issued."""
    with store_of(app) as register:
        return [entry.number for entry in list_issued(register)]


def assert_all_accounted(app: Flask) -> None:
    """Every number from 1 to the last is that of one letter, or on record as void."""
    places = [int(one.rpartition("〕")[2].rstrip("号")) for one in numbers(app)]
    with store_of(app) as register:
        voids = list(register.exec(select(NumberReservation.place).where(NumberReservation.state == "void")))
        last = register.exec(select(NumberSeries.last)).one()
    assert sorted([*places, *voids]) == list(range(1, last + 1))


def test_what_the_firm_has_is_ticked(clerk: Visitor, case_id: int) -> None:
    """The form offers the schemes by what came out; entitlements are chosen already."""
    page = clerk.get(f"/desk/cases/{case_id}/letters")
    assert SCHEME in fields(page.root, "letter")["scheme"]
    assert "情况待补" in page.text


def test_a_preview_has_no_number_and_keeps_nothing(clerk: Visitor, case_id: int, desk_app: Flask) -> None:
    """It is shown in the browser's own viewer, and looking is recorded."""
    page = clerk.get(f"/desk/cases/{case_id}/letters")
    shown = client(clerk).post(f"/desk/cases/{case_id}/letters/preview", data=letter_form(page, SCHEME))
    assert (shown.mimetype, shown.data[:5]) == ("application/pdf", b"%PDF-")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["Cache-Control"] == "no-store"
    assert numbers(desk_app) == []
    assert trail(desk_app, "letter.previewed") == [("clerk", "letter.previewed", f"case {case_id}")]


def test_a_second_signature_wanted_meanwhile_stops_the_letter(
    case_id: int, desk_app: Flask, accounts: dict[str, Account]
) -> None:
    """Settled after the form was read and before the letter is kept: nothing is issued, and no number is used."""
    with desk_app.app_context():
        with session(engine()) as writing:
            writing.add(CentreSetting(centre="heping", needs_countersign=True))
            case = case_of(writing, case_id)
        assert case is not None
        asked = Asked("eligibility", "zh", date(2026, 3, 1), (SCHEME,), case.facts, case.sources, 90, None, "1:once")
        with pytest.raises(Refusal):
            issue_from_case(office(), case, asked, accounts["clerk"].id or 0, datetime.now(UTC), lambda *_: None)
    assert numbers(desk_app) == []


@pytest.mark.both_databases
def test_an_issued_letter_verifies(clerk: Visitor, saved_case_id: int, desk_app: Flask, rulebook: Rulebook) -> None:
    """It has the centre's number, the case knows it, the trail has it, and its file is good against the trust list."""
    code = issued_code(ask_letter(clerk, saved_case_id))
    page = clerk.get(f"/desk/letters/{code}")
    (letter,) = letters_of(desk_app)
    assert letter.number in page.text
    assert (letter.state, letter.facts, letter.case_id) == ("issued", {}, saved_case_id)
    assert trail(desk_app, "letter.issued") == [("clerk", "letter.issued", f"letter {letter.number}")]
    file = client(clerk).get(f"/desk/letters/{code}/file")
    with store_of(desk_app) as register:
        entry = find_issued(register, code)
    assert entry is not None
    assert hashlib.sha256(file.data).hexdigest() == entry.sha256
    assert file.data == client(clerk).get(f"/desk/letters/{code}/file?show=1").data
    keys = KeyFolder(Path(desk_app.config["INSTANCE"]) / "keys")
    day = entry.written_on
    found = verify(file.data, Against(keys.trust_list(day, {}), day, {rulebook.hash: rulebook}.get))
    assert (found.state, found.integrity, found.faults) == (
        "past",
        "intact",
        (),
    )  # it was asked for a day of last spring
    assert [action for _, action, _ in trail(desk_app)].count("letter.reprinted") == 2


def test_a_letter_says_who_stated_what(clerk: Visitor, case_id: int, desk_app: Flask) -> None:
    """What was seen on paper is the centre's, what a list told the register's, and the rest the firm's."""
    save(clerk, case_id, source_six_taxes_two_fees_payable="confirmed")
    code = issued_code(ask_letter(clerk, case_id))
    with store_of(desk_app) as register:
        entry = find_issued(register, code)
        assert entry is not None
        receipt = read_receipt(kept_receipt(register, entry.number).encode())
    said = {name: one.by for name, one in receipt.facts.items()}
    assert (said["six_taxes_two_fees_payable"], said["vat_status"]) == ("centre", "register")


@pytest.mark.both_databases
def test_a_double_click_issues_one(clerk: Visitor, case_id: int, desk_app: Flask, signed_in: SignedIn) -> None:
    """Sent twice one after the other, and four times at once: each form makes one letter, and every number is accounted for."""
    page = clerk.get(f"/desk/cases/{case_id}/letters")
    form = letter_form(page, SCHEME)
    codes = {issued_code(client(clerk).post(f"/desk/cases/{case_id}/letters", data=form)) for _ in range(2)}
    assert len(codes) == 1
    page = clerk.get(f"/desk/cases/{case_id}/letters")
    again = letter_form(page, SCHEME)
    cookie = client(clerk).get_cookie("matcher")
    assert cookie is not None

    def press(_: int) -> str:
        own = desk_app.test_client()
        own.set_cookie("matcher", cookie.value)
        return issued_code(own.post(f"/desk/cases/{case_id}/letters", data=again))

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(press, range(4)))) == 1
    assert len(numbers(desk_app)) == 2
    assert_all_accounted(desk_app)


def test_a_letter_says_what_the_clerk_has_seen(
    clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask
) -> None:
    """A case changed after the form was opened: nothing is issued until she has looked again."""
    page = clerk.get(f"/desk/cases/{case_id}/letters")
    save(signed_in("supervisor"), case_id, fact_employees="30")
    form = letter_form(page, SCHEME, kind="missing", language="en", valid_days="30")
    refused = parsed(client(clerk).post(f"/desk/cases/{case_id}/letters", data=form))
    assert refused.response.status_code == 409
    assert (refused.value("kind"), refused.value("language"), refused.value("valid_days")) == ("missing", "en", "30")
    assert fields(refused.root, "letter")["scheme"] == [SCHEME]
    assert numbers(desk_app) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scheme": []}, "至少勾选一项"),
        ({"scheme": ["no-such-scheme"]}, "至少勾选一项"),
        ({"valid_days": "0"}, "1至3650天"),
        ({"valid_days": "九十"}, "1至3650天"),
        ({"kind": "self_check"}, "类别"),
        ({"language": "fr"}, "类别和语言"),
        ({"kind": "missing"}, "没有可写入函件的政策"),
        ({"supersedes": "津和惠函〔2020〕1号"}, "登记簿中没有"),
    ],
)
def test_what_cannot_be_issued_is_refused_in_words(
    clerk: Visitor, case_id: int, desk_app: Flask, changes: dict[str, object], words: str
) -> None:
    """Nothing ticked, a strange term, a kind that no letter has, nothing missing, a letter that is not there."""
    page = parsed(ask_letter(clerk, case_id, **changes))
    assert page.response.status_code == 422
    assert words in page.text
    assert numbers(desk_app) == []


def test_a_centre_without_a_key_is_told_the_command(signed_in: SignedIn) -> None:
    """The page names it, and has no form."""
    other = signed_in("hedong.clerk")
    page = other.get(f"/desk/cases/{open_case(other)}/letters")
    assert "matcher keys new hedong" in page.text
    assert page.root.find(".//form[@id='letter']") is None


# --- a second signature


def test_a_letter_waits_for_somebody_else(clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask) -> None:
    """The supervisor finds it on top of the list, looks at it and signs: it says what was asked, though the case changed."""
    countersigned(desk_app)
    assert number(ask_letter(clerk, case_id)) == case_id
    assert numbers(desk_app) == []
    save(clerk, case_id, fact_six_taxes_two_fees_payable="1.00")
    supervisor = signed_in("supervisor")
    (letter,) = letters_of(desk_app)
    path = f"/desk/letters/waiting/{letter.id}"
    assert path in str(client(supervisor).get("/desk/letters").data)
    assert "38,642.57元" in supervisor.get(path).text
    assert client(supervisor).get(f"{path}/preview").mimetype == "application/pdf"
    code = issued_code(supervisor.post({}, f"{path}/sign", at=path))
    with store_of(desk_app) as register:
        entry = find_issued(register, code)
    assert entry is not None
    (letter,) = letters_of(desk_app)
    assert (letter.state, letter.number, letter.facts) == ("issued", entry.number, {})
    assert letter.asked_by != letter.settled_by
    with store_of(desk_app) as register:
        assert "38642.57" in kept_receipt(register, entry.number)
    assert ("supervisor", "letter.issued", f"letter {entry.number}") in trail(desk_app)


def test_nobody_signs_ones_own(signed_in: SignedIn, desk_app: Flask) -> None:
    """A supervisor's own letter waits for another; nothing is issued."""
    countersigned(desk_app)
    supervisor = signed_in("supervisor")
    ask_letter(supervisor, open_case(supervisor), "job-matching")
    (letter,) = letters_of(desk_app)
    path = f"/desk/letters/waiting/{letter.id}"
    supervisor.post({}, f"{path}/sign", at=path)
    supervisor.post({"reason": "x"}, f"{path}/refuse", at=path)
    assert [one.state for one in letters_of(desk_app)] == ["waiting"]
    assert numbers(desk_app) == []


@pytest.mark.both_databases
def test_two_signatures_at_once_issue_one(clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask) -> None:
    """Signed three times at once, one letter goes out, and every number taken is that letter's or on record as void."""
    countersigned(desk_app)
    ask_letter(clerk, case_id)
    supervisor = signed_in("supervisor")
    path = f"/desk/letters/waiting/{letters_of(desk_app)[0].id}"
    token = supervisor.get(path).value("csrf_token")
    cookie = client(supervisor).get_cookie("matcher")
    assert cookie is not None

    def press(_: int) -> int:
        own = desk_app.test_client()
        own.set_cookie("matcher", cookie.value)
        return own.post(f"{path}/sign", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(press, range(3))) == {303}
    assert len(numbers(desk_app)) == 1
    assert_all_accounted(desk_app)


def test_a_letter_turned_down_goes_back_with_the_reason(
    clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask
) -> None:
    """Whoever asked reads why; it cannot be signed any more."""
    countersigned(desk_app)
    ask_letter(clerk, case_id)
    supervisor = signed_in("supervisor")
    path = f"/desk/letters/waiting/{letters_of(desk_app)[0].id}"
    supervisor.post({"reason": " "}, f"{path}/refuse", at=path)
    assert letters_of(desk_app)[0].state == "waiting"
    supervisor.post({"reason": "请先看社保缴费单"}, f"{path}/refuse", at=path)
    assert "请先看社保缴费单" in clerk.get(f"/desk/cases/{case_id}/letters").text
    supervisor.post({}, f"{path}/sign", at="/desk/letters")
    assert numbers(desk_app) == []
    assert [action for _, action, _ in trail(desk_app) if action.startswith("letter.")] == [
        "letter.asked",
        "letter.refused",
    ]


def test_a_forgotten_case_issues_nothing(clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask) -> None:
    """Its waiting letters are turned down, and its form says why there is none."""
    countersigned(desk_app)
    ask_letter(clerk, case_id)
    supervisor = signed_in("supervisor")
    supervisor.post({}, f"/desk/cases/{case_id}/forget")
    assert [one.state for one in letters_of(desk_app)] == ["refused"]
    assert "已删除" in clerk.get(f"/desk/cases/{case_id}/letters").text


# --- afterwards


def test_a_letter_is_revoked_with_a_reason(clerk: Visitor, case_id: int, desk_app: Flask) -> None:
    """Without one it stays; with one it is revoked for good, and the page has no button for it any more."""
    code = issued_code(ask_letter(clerk, case_id))
    path = f"/desk/letters/{code}"
    clerk.post({"reason": " "}, f"{path}/revoke", at=path)
    assert clerk.get(path).root.find(".//*[@name='reason']") is not None
    clerk.post({"reason": "金额算错"}, f"{path}/revoke", at=path)
    page = clerk.get(path)
    assert "已撤销" in page.text
    shown = client(clerk).get(f"{path}/file?show=1").data
    assert "已撤销" in PdfReader(io.BytesIO(shown)).pages[0].extract_text()
    assert b"ByteRange" in client(clerk).get(f"{path}/file").data
    assert "金额算错" in page.text
    assert page.root.find(".//*[@name='reason']") is None
    assert len(trail(desk_app, "letter.revoked")) == 1


def test_where_two_sign_a_supervisor_revokes(
    clerk: Visitor, signed_in: SignedIn, case_id: int, desk_app: Flask
) -> None:
    """A clerk is refused; a supervisor may."""
    path = f"/desk/letters/{issued_code(ask_letter(clerk, case_id))}"
    countersigned(desk_app)
    assert clerk.post({"reason": "x"}, f"{path}/revoke", at=path).status_code == 403
    signed_in("supervisor").post({"reason": "x"}, f"{path}/revoke", at=path)
    assert "已撤销" in clerk.get(path).text


def test_a_letter_takes_the_place_of_another(clerk: Visitor, case_id: int, desk_app: Flask) -> None:
    """The older one's page leads to the form, and afterwards says what took its place."""
    first = issued_code(ask_letter(clerk, case_id))
    (number_,) = numbers(desk_app)
    second = issued_code(ask_letter(clerk, case_id, supersedes=number_))
    assert "已被替代" in clerk.get(f"/desk/letters/{first}").text
    assert number_ in clerk.get(f"/desk/letters/{second}").text


@pytest.mark.both_databases
def test_letters_are_found(clerk: Visitor, case_id: int, desk_app: Flask, signed_in: SignedIn) -> None:
    """By number however its brackets are typed, code, firm, credit code and state; another centre's are not listed."""
    code = issued_code(ask_letter(clerk, case_id))
    (issued,) = numbers(desk_app)

    def found(q: str = "", state: str = "", who: Visitor = clerk) -> bool:
        answer = client(who).get("/desk/letters", query_string={"q": q, "state": state})
        return f"/desk/letters/{code}" in answer.get_data(as_text=True)

    for typed in (
        issued,
        issued.replace("〔", "[").replace("〕", "]"),
        code,
        code.lower(),
        NAME[2:6],
        "9112 0101 MA05",
    ):
        assert found(typed), typed
    assert found(state="past")  # it was asked for a day of last spring
    assert not found(state="valid")
    assert not found("%")
    assert not found(state="revoked")
    assert not found(who=signed_in("hedong.clerk"))
    assert client(signed_in("hedong.clerk")).get(f"/desk/letters/{code}").status_code == 403
    assert client(signed_in("tianjin.auditor")).get(f"/desk/letters/{code}").status_code == 200
    assert client(clerk).get("/desk/letters/AAAAAAAAAAAA").status_code == 404


def test_a_case_counts_what_it_comes_to(saved_case_id: int, desk_app: Flask) -> None:
    """The list and the figures read it: statuses, schemes, and exact money in fen."""
    found = case_now(desk_app, saved_case_id).found
    assert found is not None
    assert SCHEME in found["schemes"]
    assert found["firm_fen"] >= 19_321_29 - 1
