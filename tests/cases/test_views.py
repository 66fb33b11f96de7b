"""Tests of cases: opening one, its form, its results, its files, the list, what ends it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlmodel import select

from matcher.accounts.models import Account
from matcher.audit.models import AuditEntry
from matcher.cases.models import Case, CaseNote
from matcher.firms.register import facts_on
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import (
    CODE,
    FIRM_ID,
    NAME,
    case_now,
    client,
    fields,
    number,
    open_case,
    save,
    store_of,
    trail,
)
from tests.fixtures.pages import Page, parsed, words

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


def opened_cases(app: Flask) -> list[int]:
    """The numbers of all cases."""
    with store_of(app) as register:
        return [case.id or 0 for case in register.exec(select(Case))]


# --- opening


def test_a_case_takes_over_what_the_register_has(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """What is public of the firm, each fact with its source and day; not what it told another centre."""
    case = case_now(desk_app, open_case(clerk))
    assert (case.name, case.credit_code, case.firm_id, case.origin) == (NAME, CODE, FIRM_ID, "search")
    assert case.facts["employees"] == 12
    assert case.sources["employees"] == {"source": "imported", "on": "2026-01-05"}
    assert "annual_revenue" not in case.facts
    assert case.found is not None
    assert sum(case.found["counts"].values()) == len(rulebook.schemes)


def test_a_firm_with_an_open_case_is_warned_of(clerk: Visitor, desk_app: Flask) -> None:
    """The open case is shown with its link; only on a second confirmation another is opened."""
    first = open_case(clerk)
    page = clerk.get(f"/desk/firms/{FIRM_ID}")
    form = {"csrf_token": page.value("csrf_token"), "firm": FIRM_ID, "once": page.value("once")}
    warned = client(clerk).post("/desk/cases/new", data=form)
    assert warned.status_code == 409
    assert f"/desk/cases/{first}" in warned.get_data(as_text=True)
    assert opened_cases(desk_app) == [first]
    second = number(client(clerk).post("/desk/cases/new", data={**form, "sure": "1"}))
    assert opened_cases(desk_app) == [first, second]


def test_the_same_form_opens_one_case(clerk: Visitor, desk_app: Flask) -> None:
    """Pressed twice, both answers lead to the same case."""
    page = clerk.get("/desk/cases/new")
    form = {"csrf_token": page.value("csrf_token"), "once": page.value("once"), "name": "", "credit_code": ""}
    first, second = (number(client(clerk).post("/desk/cases/new", data=form)) for _ in range(2))
    assert first == second
    assert opened_cases(desk_app) == [first]


def test_a_founder_needs_no_name(clerk: Visitor, desk_app: Flask) -> None:
    """A case without a name and a code opens, and its page calls it so."""
    case_id = number(clerk.post({"once": "x" * 22, "name": "", "credit_code": ""}, "/desk/cases/new"))
    assert (case_now(desk_app, case_id).name, case_now(desk_app, case_id).facts) == (None, {})
    assert "名称待定" in clerk.get(f"/desk/cases/{case_id}").text


def test_a_typed_code_finds_the_register(clerk: Visitor, desk_app: Flask) -> None:
    """A blank case with the code of a firm that the register has takes over what it knows; a wrong code is refused kept."""
    case_id = number(clerk.post({"once": "x" * 22, "name": "", "credit_code": CODE.lower()}, "/desk/cases/new"))
    assert case_now(desk_app, case_id).firm_id == FIRM_ID
    wrong = clerk.answer({"once": "y" * 22, "name": "某企业", "credit_code": CODE[:-1] + "X"}, "/desk/cases/new")
    assert wrong.response.status_code == 422
    assert (wrong.value("name"), wrong.value("credit_code")) == ("某企业", CODE[:-1] + "X")


# --- the form


@pytest.mark.both_databases
def test_saving_keeps_who_said_so_and_when(clerk: Visitor, desk_app: Flask) -> None:
    """A changed fact is declared or seen on paper, by the clerk, today; what did not change keeps its source."""
    case_id = open_case(clerk)
    changes = {"fact_employees": "３０", "source_employees": "imported", "source_legal_form": "confirmed"}
    response = save(clerk, case_id, **changes)
    assert response.status_code == 303
    case = case_now(desk_app, case_id)
    assert int(case.facts["employees"]) == 30
    assert (case.sources["employees"]["source"], case.sources["employees"]["by"]) == ("declared", "clerk")
    assert (case.sources["legal_form"]["source"], case.facts["legal_form"]) == ("confirmed", "company")
    assert case.sources["district"] == {"source": "imported", "on": "2026-01-05"}
    assert case.version == 2


def test_the_trail_names_what_changed_and_no_value(clerk: Visitor, desk_app: Flask) -> None:
    """Opening, looking and changing are recorded; of a change the fact's name alone."""
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="4711")
    assert [action for _, action, subject in trail(desk_app) if subject == f"case {case_id}"] == [
        "case.opened",
        "case.seen",
        "case.changed",
    ]
    with store_of(desk_app) as register:
        changed = register.exec(select(AuditEntry).where(AuditEntry.action == "case.changed")).one()
        assert changed.detail == {"facts": ["employees"]}
        assert not [each for each in register.exec(select(AuditEntry)) if "4711" in str(each.detail)]


def test_a_fault_stands_beside_its_field_and_all_is_kept(clerk: Visitor, desk_app: Flask) -> None:
    """Nothing is saved, and every field, the note and the settings come back as they were typed."""
    case_id = open_case(clerk)
    page = clerk.get(f"/desk/cases/{case_id}")
    sent = {"fact_employees": "十几个吧", "fact_legal_form": "partnership", "note": "等回电", "state": "waiting"}
    sent |= {"source_legal_form": "confirmed", "as_of": "2022-08-15"}
    again = save(clerk, case_id, page, **sent)
    assert again.status_code == 422
    page = parsed(again)
    assert {name: page.value(name) for name in sent if name != "note"} == {k: v for k, v in sent.items() if k != "note"}
    assert words(page.by_id("note")) == "等回电"
    assert page.by_id("fact_employees").get("aria-invalid") == "true"
    assert page.root.find(".//a[@href='#fact_employees']") is not None
    assert case_now(desk_app, case_id).version == 1


def test_a_look_shows_what_it_comes_to_and_saves_nothing(clerk: Visitor, desk_app: Flask) -> None:
    """The results follow what is typed; the case stays as it is."""
    case_id = open_case(clerk)
    typed = {"fact_six_taxes_two_fees_payable": "38642.57", "source_six_taxes_two_fees_payable": "declared"}
    before = parsed(save(clerk, case_id, do="look", as_of="2026-03-01"))
    after = parsed(save(clerk, case_id, do="look", as_of="2026-03-01", **typed))
    assert "19,321.2" in after.text
    assert "19,321.2" not in before.text
    assert after.value("fact_six_taxes_two_fees_payable") == "38642.57"
    assert case_now(desk_app, case_id).version == 1


def test_a_group_is_brought_with_all_that_was_typed(clerk: Visitor) -> None:
    """What no scheme waits for most stands behind a button; pressing it loses nothing."""
    case_id = open_case(clerk)
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.root.find(".//*[@name='fact_is_before_first_settlement']") is None
    form = fields(page.root) | {"fact_employees": ["19"], "open": ["tax"]}
    brought = parsed(client(clerk).post(f"/desk/cases/{case_id}", data=form))
    assert brought.by_id("section-tax") is not None
    assert brought.value("fact_employees") == "19"
    assert "tax" in fields(brought.root)["here"]


def test_the_most_useful_question_comes_first(clerk: Visitor) -> None:
    """Under 接着问 stand facts that are not told yet, and why not stands in the cards."""
    page = clerk.get(f"/desk/cases/{open_case(clerk)}")
    following = [
        one.get("name") for one in page.by_id("section-next").iter() if (one.get("name") or "").startswith("fact_")
    ]
    assert following
    assert "fact_employees" not in following
    assert page.root.find(".//article[@class='brief']") is not None


def test_settings_note_and_facts_are_saved_at_once(
    clerk: Visitor, desk_app: Flask, accounts: dict[str, Account]
) -> None:
    """State, assignee, schemes and a note go with the facts, each with its entry in the trail."""
    case_id = open_case(clerk)
    other = str(accounts["supervisor"].id)
    changes = {"state": "waiting", "assignee": other, "note": "等社保缴费单"}
    changes |= {"ticks": "1", "scheme": "six-taxes-two-fees"}
    assert save(clerk, case_id, fact_employees="30", **changes).status_code == 303
    case = case_now(desk_app, case_id)
    assert (case.state, str(case.assignee_id), case.schemes) == ("waiting", other, ["six-taxes-two-fees"])
    assert case.found is not None
    assert sum(case.found["counts"].values()) == 1
    with store_of(desk_app) as register:
        assert [note.text for note in register.exec(select(CaseNote))] == ["等社保缴费单"]
    acts = [action for _, action, _ in trail(desk_app)]
    assert {"case.changed", "case.settled", "case.noted"} <= set(acts)


def test_a_case_is_given_only_to_the_centres_own(clerk: Visitor, desk_app: Flask, accounts: dict[str, Account]) -> None:
    """Another centre's account is refused, with everything kept."""
    case_id = open_case(clerk)
    stranger = str(accounts["hedong.clerk"].id)
    page = parsed(save(clerk, case_id, assignee=stranger, fact_employees="30"))
    assert page.response.status_code == 422
    assert page.value("fact_employees") == "30"
    assert case_now(desk_app, case_id).version == 1


def test_a_closed_case_stands_still(clerk: Visitor, desk_app: Flask) -> None:
    """Closed, its facts are read only; opened again, they can be changed."""
    case_id = open_case(clerk)
    save(clerk, case_id, state="closed")
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.root.find(".//*[@name='fact_employees']") is None
    assert "12人" in page.text
    closed_at = case_now(desk_app, case_id).closed_at
    assert closed_at is not None
    due = (closed_at + timedelta(days=365, hours=8)).date()
    assert f"保留到{due.year}年{due.month}月{due.day}日" in page.text
    save(clerk, case_id, state="open")
    assert clerk.get(f"/desk/cases/{case_id}").value("fact_employees") == "12"


@pytest.mark.parametrize("junk", ["", "0", "-1", "99999999999999999999", "x"])
def test_a_form_with_a_strange_version_overwrites_nothing(clerk: Visitor, desk_app: Flask, junk: str) -> None:
    """Whatever stands for the version, the answer is a page and the facts that the form shows are taken."""
    case_id = open_case(clerk)
    assert save(clerk, case_id, version=junk, fact_employees="12").status_code in (303, 409)
    assert case_now(desk_app, case_id).facts["employees"] == 12


# --- files


def attach(clerk: Visitor, case_id: int, name: str, content: bytes) -> Page:
    """Send a file, and read the page after it."""
    page = clerk.get(f"/desk/cases/{case_id}")
    form = {"csrf_token": page.value("csrf_token"), "file": (BytesIO(content), name)}
    return parsed(client(clerk).post(f"/desk/cases/{case_id}/files", data=form, follow_redirects=True))


def test_a_file_comes_back_as_a_download(clerk: Visitor, desk_app: Flask) -> None:
    """Byte for byte, never shown by the browser; reading it is recorded."""
    case_id, content = open_case(clerk), b"%PDF-1.7 " + b"x" * 1_000_000
    page = attach(clerk, case_id, "营业执照.pdf", content)
    link = page.root.find(f".//a[@href='/desk/cases/{case_id}/files/1']")
    assert link is not None
    assert words(link) == "营业执照.pdf"
    answer = client(clerk).get(link.get("href") or "")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("clerk", "case.file_read", f"case {case_id}") in trail(desk_app)


@pytest.mark.parametrize(
    ("name", "content", "words_"),
    [
        ("a.exe", b"MZ", "只收"),
        ("a.pdf", b"MZ\x90", "不符"),
        ("a.pdf", b"%PDF-" + b"x" * 5 * 1024 * 1024, "5 MB"),
        ("", b"", "先选一个文件"),
    ],
)
def test_a_bad_file_is_refused_in_words(clerk: Visitor, name: str, content: bytes, words_: str) -> None:
    """What is wrong with it and what to do; nothing is kept."""
    case_id = open_case(clerk)
    page = attach(clerk, case_id, name, content)
    assert words_ in page.text
    assert page.root.find(f".//a[@href='/desk/cases/{case_id}/files/1']") is None


def test_another_request_may_not_be_as_large(clerk: Visitor) -> None:
    """Files alone may be larger than the site's limit."""
    case_id = open_case(clerk)

    def sent(path: str, size: int) -> int:
        body = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            + b"x" * size
            + b"\r\n--b--\r\n"
        )
        kind = "multipart/form-data; boundary=b"
        return (
            client(clerk)
            .post(path, input_stream=BytesIO(body), content_length=len(body), content_type=kind)
            .status_code
        )

    assert sent(f"/desk/cases/{case_id}", 1_000_000) == 413
    assert sent(f"/desk/cases/{case_id}/files", 6_000_000) == 413


# --- the register, the end, the list


@pytest.mark.both_databases
def test_what_was_seen_on_paper_goes_back_into_the_register(clerk: Visitor, desk_app: Flask) -> None:
    """Confirmed facts alone, with their source and today's day."""
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="30", source_employees="confirmed", fact_vat_status="general")
    clerk.post({}, f"/desk/cases/{case_id}/write-back", at=f"/desk/cases/{case_id}")
    with store_of(desk_app) as register:
        known = facts_on(register, FIRM_ID, date(2100, 1, 1), "heping")
    assert (int(str(known["employees"].value)), known["employees"].source) == (30, "confirmed")
    assert known["vat_status"].value == "small_scale"
    assert ("clerk", "case.written_back", f"case {case_id}") in trail(desk_app)


def test_nothing_confirmed_is_nothing_to_write_back(clerk: Visitor, desk_app: Flask) -> None:
    """The page says what to do first."""
    case_id = open_case(clerk)
    clerk.post({}, f"/desk/cases/{case_id}/write-back", at=f"/desk/cases/{case_id}")
    assert "已见原件" in clerk.get(f"/desk/cases/{case_id}").text
    assert not trail(desk_app, "case.written_back")


@pytest.mark.both_databases
def test_a_supervisor_forgets_a_case(signed_in: SignedIn, clerk: Visitor, desk_app: Flask) -> None:
    """A clerk cannot; the page says what goes and what stays, and afterwards nothing of the firm is shown."""
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="4711")
    assert client(clerk).get(f"/desk/cases/{case_id}/forget").status_code == 403
    supervisor = signed_in("supervisor")
    supervisor.post({}, f"/desk/cases/{case_id}/forget")
    page = supervisor.get(f"/desk/cases/{case_id}")
    assert "4711" not in page.text.replace(",", "")
    assert page.root.find(".//*[@name='fact_employees']") is None
    assert case_now(desk_app, case_id).facts == {}
    assert save_refused(supervisor, case_id)


def save_refused(visitor: Visitor, case_id: int) -> bool:
    """Whether a forgotten case takes nothing any more."""
    token = visitor.get("/desk/cases").value("csrf_token") or visitor.get("/desk/me").value("csrf_token")
    form = {"csrf_token": token, "do": "save", "fact_employees": "5", "version": "1"}
    return client(visitor).post(f"/desk/cases/{case_id}", data=form).status_code == 422


@pytest.mark.both_databases
def test_the_list_is_filtered(signed_in: SignedIn, clerk: Visitor) -> None:
    """By state, assignee and text; what is typed there stays in its fields."""
    mine, other = open_case(clerk), open_case(signed_in("supervisor"))
    save(clerk, other, state="closed")

    def listed(query: str) -> set[int]:
        page = clerk.get(f"/desk/cases?{query}")
        return {
            int(found) for found in re.findall(r"/desk/cases/(\d+)'", str([a.get("href") for a in page.root.iter("a")]))
        }

    assert listed("") == {mine}
    assert listed("state=closed") == {other}
    assert listed("state=all&assignee=me") == {mine}
    assert listed("state=all&q=喆堃") == {mine, other}
    assert listed("q=没有这家") == set()
    assert listed("page=999") == set()
    assert listed("page=x&assignee=y&state=z&centre=hedong") == {mine}
    assert clerk.get("/desk/cases?q=喆堃").value("q") == "喆堃"


def test_the_city_reads_and_does_not_write(signed_in: SignedIn, clerk: Visitor, desk_app: Flask) -> None:
    """The city's desk sees a district's list and case, without a form; another district sees neither."""
    case_id = open_case(clerk)
    city = signed_in("tianjin.supervisor")
    assert f"/desk/cases/{case_id}" in str(client(city).get("/desk/cases?centre=heping").data)
    page = city.get(f"/desk/cases/{case_id}")
    assert "12人" in page.text
    assert page.root.find(".//form[@id='selfcheck']") is None
    assert client(signed_in("hedong.clerk")).get(f"/desk/cases/{case_id}").status_code == 403
    assert client(clerk).get("/desk/cases/99").status_code == 404
