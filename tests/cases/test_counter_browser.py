"""The counter in the browser: from the search to a letter by the keyboard alone, its keys counted."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Request, expect
from playwright.sync_api import Page as Tab

from matcher.letters.register import list_issued
from tests.fixtures.browsing import OFFICE, Keyboard, looked_at, next_page, visit
from tests.fixtures.desk_cases import NAME, store_of

MOST_KEYS = 20


@pytest.mark.usefixtures("firm", "issues")
def test_the_commonest_job_takes_twenty_keys_at_most(
    at_desk: Callable[..., Tab], browser: Browser, desk_app: Flask
) -> None:
    """Search, a figure and two answers, the summary, the letter: no mouse, and the letter is in the register."""
    tab = at_desk(browser, "clerk", OFFICE)
    visit(tab, "/desk/counter")
    keys = Keyboard(tab)
    with keys.job("a letter at the counter", MOST_KEYS):
        expect(tab.locator("#q")).to_be_focused()
        keys.type("喆堃")
        expect(tab.locator(".hits a").first).to_contain_text(NAME)
        with next_page(tab):
            keys.press("Enter")
        keys.look()
        keys.press("1")
        keys.press("1")
        expect(tab.locator(".gate").first.locator("input[value=false]")).to_be_checked()
        field = tab.locator("[name=fact_six_taxes_two_fees_payable]")
        keys.press("0")
        expect(field).to_be_focused()
        keys.type("38642")
        expect(tab.locator("#sums")).to_contain_text("77,284")
        keys.press("Control+Enter")
        expect(tab.locator("#issue")).to_be_focused()
        expect(tab.locator("#summary")).to_contain_text(NAME)
        with next_page(tab):
            keys.press("Control+Enter")
        expect(tab.locator(".tag").first).to_contain_text("有效")
    with store_of(desk_app) as register:
        (letter,) = list_issued(register)
    assert letter.addressee == NAME


@pytest.mark.usefixtures("firm", "issues")
def test_a_stray_enter_issues_nothing(at_desk: Callable[..., Tab], browser: Browser, desk_app: Flask) -> None:
    """Enter on an answer, in a figure, and on a tick box of a letter's form only looks."""
    tab = at_desk(browser, "clerk", OFFICE)
    sent: list[str] = []

    def noted(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data or "")

    tab.on("request", noted)
    visit(tab, "/desk/counter?firm=F-000001")
    field = tab.locator("[name=fact_six_taxes_two_fees_payable]")
    field.fill("38642")
    field.press("Enter")
    expect(tab.locator("#sums")).to_contain_text("77,284")
    with next_page(tab):
        tab.keyboard.press("Control+s")
    case = tab.url
    visit(tab, f"{case.split('?')[0].split('#')[0]}/letters")
    tick = tab.locator("[name=scheme]:visible").first
    with next_page(tab):
        tick.press("Enter")
    expect(tab.locator("#reviewed")).to_be_visible()
    assert sent
    with store_of(desk_app) as register:
        assert list_issued(register) == []


@pytest.mark.usefixtures("firm", "issues")
def test_the_palette_and_the_keys_open_on_every_page(at_desk: Callable[..., Tab], browser: Browser) -> None:
    """Ctrl+K finds a firm and goes to the counter; ? lists the keys; Escape closes both. Turned off there, single keys do nothing
    until they are turned on again, on the next page too; those with Ctrl do."""
    tab = at_desk(browser, "clerk", OFFICE)
    visit(tab, "/desk/letters")
    tab.keyboard.press("Control+k")
    expect(tab.locator("#palette input")).to_be_focused()
    tab.keyboard.type("喆堃")
    expect(tab.locator("#palette a.at")).to_contain_text(NAME)
    looked_at(tab)
    with next_page(tab):
        tab.keyboard.press("Enter")
    assert "/desk/counter?firm=" in tab.url
    tab.keyboard.press("?")
    expect(tab.locator("#keys")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#keys")).to_be_hidden()
    answer = tab.locator(".gate").first.locator("input[value=true]")
    tab.keyboard.press("?")
    tab.locator("#single-keys").press("Space")
    tab.keyboard.press("Escape")
    tab.keyboard.press("1")
    expect(answer).not_to_be_checked()
    visit(tab, tab.url)
    tab.keyboard.press("?")
    tab.keyboard.press("1")
    expect(tab.locator("#keys")).to_be_hidden()
    expect(answer).not_to_be_checked()
    tab.keyboard.press("Control+k")
    tab.keyboard.type("喆堃")
    expect(tab.locator("#palette a.at")).to_contain_text(NAME)
    tab.keyboard.press("Escape")
    expect(tab.locator("#palette")).to_be_hidden()
    tab.locator("[data-opens=keys]").click()
    tab.locator("#single-keys").press("Space")
    tab.keyboard.press("Escape")
    tab.keyboard.press("1")
    expect(answer).to_be_checked()
