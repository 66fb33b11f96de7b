"""Saving a case in the browser: the page stays where it was, and a session that is over is said, not hidden."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.browsing import OFFICE, next_page, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import open_case

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


def test_saving_leaves_the_page_where_it_was(
    at_desk: Callable[..., Tab], browser: Browser, signed_in: SignedIn
) -> None:
    """The same place, the same field in hand, and the group of facts that was brought is still there."""
    case_id = open_case(signed_in("clerk"))
    tab = at_desk(browser, "clerk", OFFICE)
    visit(tab, f"/desk/cases/{case_id}?open=tax#section-tax")
    field = tab.locator("#fact_six_taxes_two_fees_payable")
    field.fill("38642.57")
    field.scroll_into_view_if_needed()
    before = field.bounding_box()
    with next_page(tab):
        tab.keyboard.press("Control+s")
    expect(tab.locator(".notice:not(.presence)")).to_be_visible()
    expect(field).to_have_value("38642.57")
    expect(field).to_be_focused()
    after = field.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < OFFICE["height"] / 2


def test_a_session_that_is_over_is_said(at_desk: Callable[..., Tab], browser: Browser, signed_in: SignedIn) -> None:
    """Nothing is called kept that is not; what was typed still stands in its field."""
    case_id = open_case(signed_in("clerk"))
    tab = at_desk(browser, "clerk", OFFICE)
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    visit(tab, f"/desk/cases/{case_id}")
    tab.context.clear_cookies()
    field = tab.locator("#fact_employees")
    field.fill("77")
    said = tab.locator("#unsaved")
    expect(said).to_contain_text("登录已结束")
    assert "已留底稿" not in said.inner_text()
    expect(field).to_have_value("77")
    assert faults == []
