"""Tests of two clerks at one case: what each changed is kept, what both changed is shown, and nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.browsing import PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import case_now, client, fields, open_case, save
from tests.fixtures.pages import parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """The first of two."""
    return signed_in("clerk")


@pytest.fixture
def colleague(signed_in: SignedIn) -> Visitor:
    """The second."""
    return signed_in("supervisor")


def test_different_facts_are_joined_and_it_is_said(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Both pages were opened before either saved: both changes stand, and the second is told of the first."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, fact_employees="30")
    assert save(colleague, case_id, page, fact_district="beichen", source_district="confirmed").status_code == 303
    case = case_now(desk_app, case_id)
    assert (int(case.facts["employees"]), case.facts["district"]) == (30, "beichen")
    assert (case.sources["employees"]["by"], case.sources["district"]["by"]) == ("clerk", "supervisor")
    assert "同时有人改了：上年末从业人员数" in colleague.get(f"/desk/cases/{case_id}").text


@pytest.mark.parametrize(("pick", "holds"), [("mine", 40), ("theirs", 30)])
def test_the_same_fact_is_shown_side_by_side(
    clerk: Visitor, colleague: Visitor, desk_app: Flask, pick: str, holds: int
) -> None:
    """Nothing is saved until one is chosen; what else was typed is kept, the note and a field with it."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, fact_employees="30")
    typed = {"fact_employees": "40", "fact_district": "beichen", "note": "请核对"}
    again = parsed(save(colleague, case_id, page, **typed))
    assert again.response.status_code == 409
    assert int(case_now(desk_app, case_id).facts["employees"]) == 30
    for words in ("我填的：40人", "现在的：30人", "Clerk"):
        assert words in again.text
    assert again.value("fact_district") == "beichen"
    assert fields(again.root)["note"] == ["请核对"]
    assert save(colleague, case_id, again, pick_employees=pick).status_code == 303
    case = case_now(desk_app, case_id)
    assert (int(case.facts["employees"]), case.facts["district"]) == (holds, "beichen")


def test_an_undecided_clash_is_asked_again(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Sent without a choice, both sides are still there and nothing is overwritten; a third change meanwhile shows too."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, fact_employees="30")
    again = parsed(save(colleague, case_id, page, fact_employees="40"))
    once_more = parsed(save(colleague, case_id, again))
    assert once_more.response.status_code == 409
    assert "我填的：40人" in once_more.text
    save(clerk, case_id, fact_employees="50")
    last = parsed(save(colleague, case_id, once_more, pick_employees="mine"))
    assert last.response.status_code == 409
    assert "现在的：50人" in last.text
    assert int(case_now(desk_app, case_id).facts["employees"]) == 50


def test_the_day_and_the_settings_clash_as_well(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """The day asked about and the state: each is chosen by itself."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, as_of="2026-03-01", state="waiting")
    again = parsed(save(colleague, case_id, page, as_of="2026-04-01", state="decided"))
    assert again.response.status_code == 409
    assert "现在的：等企业补充" in again.text
    assert "现在的：2026年3月1日" in again.text
    assert parsed(save(colleague, case_id, again, pick_as_of="theirs")).response.status_code == 409
    assert save(colleague, case_id, again, pick_as_of="theirs", pick_state="mine").status_code == 303
    case = case_now(desk_app, case_id)
    assert (str(case.as_of), case.state) == ("2026-03-01", "decided")


def test_a_setting_that_only_one_changed_is_taken(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """One changes the state, the other who works on it: both stand."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, state="waiting")
    assert save(colleague, case_id, page, assignee="").status_code == 303
    case = case_now(desk_app, case_id)
    assert (case.state, case.assignee_id) == ("waiting", None)


def test_a_look_from_an_old_page_keeps_its_version(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Bringing a group of facts must not make an old page pass for a new one."""
    case_id = open_case(clerk)
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, fact_employees="30")
    brought = parsed(save(colleague, case_id, page, open="tax", fact_employees="40"))
    assert brought.value("version") == "1"
    assert parsed(save(colleague, case_id, brought)).response.status_code == 409


def test_going_back_and_saving_again_changes_nothing(clerk: Visitor, desk_app: Flask) -> None:
    """The same form sent twice, as the back button lets one do: one version, no clash."""
    case_id = open_case(clerk)
    page = clerk.get(f"/desk/cases/{case_id}")
    for _ in range(2):
        assert save(clerk, case_id, page, fact_employees="30").status_code == 303
    assert case_now(desk_app, case_id).version == 2


def test_a_session_that_ended_loses_nothing(clerk: Visitor, nobody: Visitor, desk_app: Flask) -> None:
    """A full form that comes after the session is over waits in the sign-in page."""
    case_id = open_case(clerk)
    form = fields(clerk.get(f"/desk/cases/{case_id}").root) | {"fact_employees": ["30"], "do": ["save"]}
    page = parsed(client(nobody).post(f"/desk/cases/{case_id}", data=form))
    assert page.value("carried")
    assert case_now(desk_app, case_id).version == 1


@pytest.mark.both_databases
def test_saved_at_the_same_moment_both_stand(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Two forms of one version that arrive together: each change is kept, in two versions."""
    case_id = open_case(clerk)
    told = {"fact_employees": ["30"]}, {"fact_district": ["beichen"]}
    forms = [
        {**fields(each.get(f"/desk/cases/{case_id}").root), **mine, "do": ["save"]}
        for each, mine in zip((clerk, colleague), told, strict=True)
    ]
    with ThreadPoolExecutor(2) as threads:
        sent = threads.map(
            lambda of: client(of[0]).post(f"/desk/cases/{case_id}", data=of[1]).status_code,
            zip((clerk, colleague), forms, strict=True),
        )
        assert list(sent) == [303, 303]
    case = case_now(desk_app, case_id)
    assert (int(case.facts["employees"]), case.facts["district"], case.version) == (30, "beichen", 3)


# --- in the browser


@pytest.mark.parametrize("viewport", [None, PHONE])
def test_the_choice_is_made_by_keyboard(
    at_desk: Callable[..., Tab], browser: Browser, clerk: Visitor, desk_app: Flask, viewport: dict[str, int] | None
) -> None:
    """Ctrl+S saves; the clash is announced, chosen with the arrow keys, and saved again."""
    case_id = open_case(clerk)
    tab = at_desk(browser, "supervisor", **({"viewport": viewport} if viewport else {}))
    visit(tab, f"/desk/cases/{case_id}")
    save(clerk, case_id, fact_employees="30")
    tab.locator("#fact_employees").fill("40")
    with next_page(tab):
        tab.keyboard.press("Control+s")
    expect(tab.locator("#clashes")).to_contain_text("我填的：40人")
    looked_at(tab)
    tab.locator("#pick_employees").focus()
    tab.keyboard.press("Space")
    with next_page(tab):
        tab.keyboard.press("Control+s")
    expect(tab.locator(".notice:not(.presence)").first).to_contain_text("已保存")
    assert int(case_now(desk_app, case_id).facts["employees"]) == 40


def test_the_results_follow_what_is_typed(
    at_desk: Callable[..., Tab], browser: Browser, clerk: Visitor, desk_app: Flask
) -> None:
    """While one types the answer changes, and nothing is saved."""
    case_id = open_case(clerk)
    save(clerk, case_id, as_of="2026-03-01", fact_six_taxes_two_fees_payable="")
    tab = at_desk(browser, "clerk")
    visit(tab, f"/desk/cases/{case_id}?open=tax")
    before = tab.locator("#answer").inner_text()
    tab.locator("#fact_six_taxes_two_fees_payable").fill("38642.57")
    expect(tab.locator("#answer")).not_to_have_text(before)
    expect(tab.locator("#unsaved")).to_be_visible()
    assert case_now(desk_app, case_id).facts.get("six_taxes_two_fees_payable") is None
