"""What was found wrong on a first day at the desk, by its number (`HELD`), each held by a test: here those that no other file holds."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlmodel import select

from matcher.audit.trail import Event, append
from matcher.batches.checking import outcome
from matcher.batches.rows import kept_run_file, letters_of
from matcher.cases import decisions_on, money_of
from matcher.cases.models import CaseLetter
from matcher.db.database import reading
from matcher.firms.workbook.results import Checked, results
from matcher.letters.issue import Office
from matcher.rulebook.rulebook import Rulebook
from matcher.text import figures, today
from matcher.web.database import engine
from tests.accounts.objects import AT
from tests.batches.test_processing import do
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import (
    FIRM_ID,
    SCHEME,
    ask_letter,
    case_now,
    client,
    countersigned,
    issued_code,
    open_case,
    save,
    store_of,
)
from tests.fixtures.pages import Visitor as Owner
from tests.fixtures.pages import parsed
from tests.fixtures.runs import LineUp, Row, as_csv, entitled
from tests.tools.desk_data import fill

HELD = {
    "1 a stray Enter issues, a draft is ignored": (
        "cases/test_counter_browser.py::test_a_stray_enter_issues_nothing",
        "desk/test_inbox.py::test_an_unsaved_draft_holds_a_letter_back",
    ),
    "2 several current letters of a firm; the marked copy holds every row": (
        "letters/test_current.py::test_whatever_is_done_a_firm_has_one_current_letter_at_most",
        "firms/workbook/test_template.py::test_a_marked_copy_shows_every_fault_where_it_is",
    ),
    "3 the bar calls kept what is not": ("cases/test_saving_browser.py::test_a_session_that_is_over_is_said",),
    "4 countersigning is invisible and shows neither sums nor jumps; letters of lists vanish": (
        "desk/test_inbox.py::test_a_letter_to_countersign_waits_on_the_supervisors_first_page",
        "desk/test_inbox.py::test_a_returned_letter_waits_on_the_clerks_first_page",
        "desk/test_inbox.py::test_who_countersigns_sees_the_money_and_what_is_far_from_the_register",
        "batches/test_processing.py::test_a_second_signature_wanted_meanwhile_stops_the_letters_alone",
        "batches/test_views.py::test_the_letters_of_a_list_wait_for_somebody_elses_signature",
    ),
    "5 columns are not known by their cells; the template has 338": (
        "firms/spreadsheets/test_made_lists.py::test_nearly_all_columns_are_recognised",
        "firms/spreadsheets/test_fresh_lists.py::test_a_questionnaires_export_is_read",
        "batches/test_views.py::test_a_column_is_chosen_by_what_it_is_called",
        "batches/test_views.py::test_a_short_template_has_the_columns_of_its_schemes_alone",
    ),
    "6 saving jumps; five Tabs before the first field": (
        "cases/test_saving_browser.py::test_saving_leaves_the_page_where_it_was",
        "desk/test_home.py::test_the_first_field_has_the_focus",
        "cases/test_browser.py::test_the_whole_morning",
    ),
    "7 errors speak of the public site": (
        "desk/test_inbox.py::test_errors_of_the_desk_speak_of_the_desk",
        "desk/test_reported_faults.py::test_7_a_refusal_speaks_of_the_desk",
    ),
    "8 what is asked next is beside the point and cannot be put aside": (
        "desk/test_inbox.py::test_the_tax_payable_is_asked_first",
        "desk/test_inbox.py::test_a_question_put_aside_is_not_asked_again",
    ),
    "9 letters are padded and go to everybody": (
        "letters/test_current.py::test_a_letter_says_by_default_what_the_firm_has_by_itself",
        "batches/test_processing.py::test_rows_that_are_entitled_to_nothing_get_no_letter",
    ),
    "10 letters count as nothing, hand-overs miss the register, results lack numbers, two sums": (
        "desk/test_inbox.py::test_an_issued_letter_counts_as_told",
        "cases/test_handover_views.py::test_a_handover_meets_the_register_by_name",
        "desk/test_reported_faults.py::test_10_results_of_a_list_hold_the_number_of_each_letter",
        "desk/test_reported_faults.py::test_10_one_firm_has_one_sum_on_every_page",
    ),
    "11 the trail has no values and no names": (
        "desk/test_inbox.py::test_the_history_of_a_case_says_what_was_and_what_is",
        "desk/test_audit_views.py::test_who_did_it_is_called_by_name",
        "desk/test_reported_faults.py::test_11_the_trail_calls_schemes_by_their_names",
    ),
    "12 search, prints, links, words, days": (
        "desk/test_inbox.py::test_the_middle_of_a_credit_code_finds_its_firm",
        "cases/test_counter_browser.py::test_the_palette_and_the_keys_open_on_every_page",
        "desk/test_reported_faults.py::test_12_a_letter_that_holds_no_more_is_printed_with_a_mark",
        "batches/test_letters.py::test_what_is_printed_is_what_was_signed",
        "desk/test_reported_faults.py::test_12_links_lead_somewhere_and_no_word_is_a_programs",
        "desk/test_refusals.py::test_a_firm_that_has_a_case_was_founded",
    ),
    "13 a percent cell is refused": (
        "firms/spreadsheets/test_made_lists.py::test_a_cell_shown_in_per_cent_is_read_as_it_is_shown",
    ),
}

SignedIn = Callable[[str], Visitor]
CODES = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""What programs call things: firm_cash, fee_ceiling, assignee_id."""


def test_every_fault_is_held_by_tests_that_are_there() -> None:
    """Thirteen, none left out; a test that is renamed is renamed here."""
    assert [int(fault.split()[0]) for fault in HELD] == list(range(1, 14))
    root = Path(__file__).parents[1]
    gone = [
        name
        for names in HELD.values()
        for name in names
        if f"def {name.partition('::')[2]}(" not in (root / name.partition("::")[0]).read_text(encoding="utf-8")
    ]
    assert gone == []


@pytest.mark.usefixtures("firm")
def test_7_a_refusal_speaks_of_the_desk(signed_in: SignedIn) -> None:
    """Neither a page that the account may not open nor a form without its token speaks of the public site."""
    clerk = signed_in("clerk")
    refused = clerk.get("/desk/accounts").text
    assert "您的账号不能做这一步" in refused
    stale = client(clerk).post("/desk/firms/notes", data={"firm": "x"})
    assert stale.status_code in (400, 403)
    for text in (refused, stale.get_data(as_text=True)):
        assert "自查" not in text
        assert "不是从本站页面" not in text
        assert "工作台" in text


def test_10_results_of_a_list_hold_the_number_of_each_letter(
    office: Office, drawn: list[Row], lined_up: LineUp
) -> None:
    """Beside the firm that it is for."""
    run = do(office, lined_up(as_csv(entitled(drawn[:2])), letters="zip"))
    with reading(office.engine) as opened:
        numbers = [number for number, _ in letters_of(opened, run.id or 0)]
        kept = kept_run_file(opened, run.id or 0, "results")
    assert kept is not None
    assert len(numbers) == 2
    with CalamineWorkbook.from_filelike(io.BytesIO(kept.content)) as book:
        cells = {
            str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).iter_rows() for cell in row
        }
    assert set(numbers) <= cells


@pytest.mark.usefixtures("firm", "issues")
def test_10_one_firm_has_one_sum_on_every_page(signed_in: SignedIn, desk_app: Flask, rulebook: Rulebook) -> None:
    """A year's money of the firm, by one function: at the counter, in its case, its letter's form, on the supervisor's first page,
    in the firm's thread, in the sheet of a list, and on the public site."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    page = parsed(save(clerk, case_id, do="look", open="tax", fact_vat_status="small_scale"))
    save(clerk, case_id, page, fact_six_taxes_two_fees_payable="38642.57")
    case = case_now(desk_app, case_id)
    told, decisions = decisions_on(rulebook, case.facts, today())
    money = money_of(rulebook, told, decisions, today())
    assert (case.found or {})["firm_fen"] == money.cash + money.less
    assert money.cash == 0
    said = figures.sum_in_yuan(money.less, "zh")
    pages = [f"/desk/counter?firm={FIRM_ID}", f"/desk/cases/{case_id}"]
    texts = {path: clerk.get(path).text for path in pages}
    ask_letter(clerk, case_id)
    supervisor = signed_in("supervisor")
    (asked,) = letters_asked(desk_app)
    texts |= {path: supervisor.get(path).text for path in ("/desk", f"/desk/letters/waiting/{asked}")}
    thread = [
        "".join(one.itertext())
        for one in clerk.get(f"/desk/firms/{FIRM_ID}").root.iterfind(".//ol[@class='plainly thread']/li")
    ]
    texts |= {f"thread: {key}": line for line in thread for key in ("建立", "函件待复核") if key in line}
    assert {"thread: 建立", "thread: 函件待复核"} <= set(texts), thread
    owner = Owner(desk_app.test_client())
    owner.post({f"fact_{name}": value for name, value in case.facts.items()})
    texts["/result"] = owner.get("/result").text
    assert {path: "".join(said.split()) in "".join(text.split()) for path, text in texts.items()} == dict.fromkeys(
        texts, True
    )
    sheet = results(rulebook, [Checked(2, "x", "y", outcome(rulebook, told.firm, today(), told.items))], today())
    with CalamineWorkbook.from_filelike(io.BytesIO(sheet)) as book:
        assert book.get_sheet_by_name("企业×政策").to_python()[1][3:5] == [money.cash / 100, money.less / 100]
        totals = {row[0]: row[1] for row in book.get_sheet_by_name("汇总").to_python()}
    assert totals["一年确定少缴、少付（元）"] == money.less / 100


def letters_asked(app: Flask) -> list[int | None]:
    """The letters that wait for a second signature."""
    with store_of(app) as register:
        return list(register.exec(select(CaseLetter.id).where(CaseLetter.state == "waiting")))


def test_11_the_trail_calls_schemes_by_their_names(signed_in: SignedIn, desk_app: Flask) -> None:
    """Not by what programs call them."""
    with store_of(desk_app) as register:
        told = {"scheme": SCHEME, "schemes": [SCHEME]}
        append(register, Event(AT, "clerk", "clerk", "heping", "outreach.told", f"scheme {SCHEME}", "10.0.0.7", told))
    text = signed_in("auditor").get("/desk/audit").text
    assert SCHEME not in text
    assert "六税两费" in text


@pytest.mark.usefixtures("firm", "issues")
def test_12_a_letter_that_holds_no_more_is_printed_with_a_mark(signed_in: SignedIn) -> None:
    """What is shown to be printed says so across each page; the file itself stays as it was signed."""
    clerk = signed_in("clerk")
    code = issued_code(ask_letter(clerk, open_case(clerk)))
    path = f"/desk/letters/{code}"
    before = client(clerk).get(f"{path}/file?show=1").data
    clerk.post({"reason": "写错了"}, f"{path}/revoke", at=path)
    shown, signed = (client(clerk).get(f"{path}/file{more}").data for more in ("?show=1", ""))
    assert signed == before
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(shown)).pages]
    assert all("撤销" in text for text in pages)


def test_12_links_lead_somewhere_and_no_word_is_a_programs(
    signed_in: SignedIn, desk_app: Flask, rulebook: Rulebook, tmp_path: Path
) -> None:
    """Every link of the pages of a busy desk is answered; a search that finds more than it shows says so; the oldest stands first."""
    with desk_app.app_context():
        fill(engine(), rulebook, tmp_path, 300, 60)
    clerk = signed_in("supervisor")
    links: set[str] = set()
    for path in (
        "/desk",
        "/desk/cases",
        "/desk/outreach",
        f"/desk/outreach/heping/{SCHEME}",
        "/desk/rules",
        "/desk/outlook",
        "/desk/audit",
        "/desk/letters",
        "/desk/runs",
        "/desk/runs/1",
        "/desk/cases/1",
        "/desk/cases/1/letters",
        "/desk/dashboard",
        "/desk/counter",
        "/desk/contacts",
        "/desk/texts",
        "/desk/centre",
    ):
        page = clerk.get(path)
        told = page.text
        assert not CODES.search(told), (path, CODES.findall(told))
        links |= {one.get("href") or "" for one in page.root.iter("a")}
    wanted = sorted({link.partition("#")[0] for link in links if link.startswith("/") and "/document" in link})
    assert wanted
    assert {link: client(clerk).get(link).status_code for link in wanted[:8]} == dict.fromkeys(wanted[:8], 200)
    assert "可能还有" in clerk.get("/desk/firms?q=天津").text
    signing = clerk.get("/desk").root.find(".//section[@aria-labelledby='inbox-sign']")
    assert signing is not None
    ages = [int(found) for found in re.findall(r"已等(\d+)天", "".join("".join(signing.itertext()).split()))]
    assert ages == sorted(ages, reverse=True)
