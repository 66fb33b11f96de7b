"""A clerk's and a supervisor's morning by the keyboard alone, its keys counted: letters for several firms, signed after a sample."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from sqlmodel import select

from matcher.cases.models import Case, CaseLetter
from tests.fixtures.browsing import OFFICE, Keyboard, next_page, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import NAME, OTHER_ID, countersigned, open_case, store_of

MOST_FOR_TWO_LETTERS, MOST_FOR_TWO_SIGNATURES = 12, 14


@pytest.mark.usefixtures("firm", "issues")
def test_letters_for_several_firms_are_prepared_and_signed_by_the_keyboard(
    at_desk: Callable[..., Tab], browser: Browser, desk_app: Flask, signed_in: Callable[[str], Visitor]
) -> None:
    """The clerk chooses two cases of the list and puts their letters forward; the supervisor opens the sample and signs both."""
    countersigned(desk_app)
    clerk = signed_in("clerk")
    for made in (open_case(clerk), open_case(clerk, OTHER_ID)):
        with store_of(desk_app) as register:
            case = register.get_one(Case, made)
            case.facts = {**case.facts, "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
            register.add(case)
    tab = at_desk(browser, "clerk", OFFICE)
    visit(tab, "/desk/cases")
    keys = Keyboard(tab)
    with keys.job("two letters from the list of cases", MOST_FOR_TWO_LETTERS):
        for key in ("Escape", "j", "x", "j", "x"):
            keys.press(key)
        expect(tab.locator("[data-chosen]")).to_contain_text("选了2件")
        keys.look()
        with next_page(tab):
            keys.press("Control+Enter")
        expect(tab.locator("#letters")).to_contain_text(NAME)
        keys.look()
        with next_page(tab):
            keys.press("Enter")
        expect(tab.locator("[role=status]").first).to_contain_text("已送审2份函件")

    tab = at_desk(browser, "supervisor", OFFICE)
    visit(tab, "/desk")
    keys = Keyboard(tab)
    with keys.job("two signatures after a sample", MOST_FOR_TWO_SIGNATURES):
        for key in ("Escape", "j", "x", "j", "x"):
            keys.press(key)
        with next_page(tab):
            keys.press("Control+Enter")
        keys.look()
        boxes = tab.locator("[name=looked]")
        for place in range(boxes.count()):
            boxes.nth(place).focus()  # by Tab: from the preview beside it
            keys.press("Space")
            keys.count += 2  # Enter on the preview and Tab from it
        tab.locator("button[value=sign]").focus()
        with next_page(tab):
            keys.press("Enter")
    with store_of(desk_app) as register:
        assert [one.state for one in register.exec(select(CaseLetter))] == ["issued", "issued"]
