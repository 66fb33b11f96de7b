"""A clerk's morning in the browser: search with a slip, open, fill in, issue, print, revoke; by the keyboard alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import Page as Tab

from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import list_issued
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.browsing import OFFICE, PHONE, Keyboard, looked_at, next_page, visit
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.desk_cases import FIRM_ID, NAME, ask_letter, issued_code, open_case, save, store_of

MOST_KEYS, MOST_TO_REVOKE = 30, 10
_FAR = 200


def reach(keys: Keyboard, wanted: Locator) -> None:
    """Press the tab key until this has the focus."""
    for _ in range(_FAR):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        keys.press("Tab")
    raise AssertionError(f"{wanted} is not reached by the keyboard")


@pytest.mark.usefixtures("firm", "issues")
def test_the_whole_morning(at_desk: Callable[..., Tab], browser: Browser, desk_app: Flask, rulebook: Rulebook) -> None:
    """From the door to a letter that verifies, and to one that is revoked; no page with a fault of accessibility."""
    tab = at_desk(browser, None, OFFICE)
    keys = Keyboard(tab)
    reach(keys, looked_at(visit(tab, "/desk")).locator("#name"))
    keys.type("clerk")
    keys.press("Tab")
    keys.type(PASSWORD)
    with next_page(tab):
        keys.press("Enter")

    with keys.job("from a name over its case to a letter's file", MOST_KEYS):
        # The owner is still spelling the name: the third character is another of the same sound.
        expect(tab.locator("#q")).to_be_focused()
        keys.type("喆堃容科")
        expect(tab.locator(".hits a").first).to_contain_text(NAME)
        keys.look()
        keys.press("ArrowDown")
        with next_page(tab):
            keys.press("Enter")
        expect(tab.locator("h1")).to_have_text(NAME)
        with next_page(keys.look()):
            keys.press("Enter")  # the button that opens a case has the focus

        # What is asked first has the focus: it is filled in, the answer follows, Ctrl+S saves.
        payable = tab.locator("#fact_six_taxes_two_fees_payable")
        before = keys.look().locator("#answer").inner_text()
        expect(payable).to_be_focused()
        keys.type("38642.57")
        expect(tab.locator("#answer")).not_to_have_text(before)
        keys.press("Tab")
        keys.press("ArrowDown")  # seen on paper
        with next_page(tab):
            keys.press("Control+s")
        expect(tab.locator(".notice:not(.presence)")).to_be_visible()
        expect(payable).to_have_value("38642.57")
        expect(tab.locator("#source_six_taxes_two_fees_payable")).to_have_value("confirmed")

        # The letter: its page, one line of what goes out, the letter itself.
        for _ in range(2):
            with next_page(tab):
                keys.press("Control+Enter")
        expect(keys.look().locator("#reviewed")).to_contain_text(NAME)
        with next_page(tab):
            keys.press("Control+Enter")
        expect(tab.locator("h1")).to_contain_text("号")
        number = tab.locator("h1").inner_text()
        reach(keys, keys.look().locator("a[href$='/file']"))
        with tab.expect_download() as download:
            keys.press("Enter")
    pdf = Path(download.value.path()).read_bytes()
    with store_of(desk_app) as register:
        (entry,) = list_issued(register)
    trust = KeyFolder(Path(desk_app.config["INSTANCE"]) / "keys").trust_list(entry.written_on, {})
    verdict = verify(pdf, Against(trust, entry.written_on, {rulebook.hash: rulebook}.get))
    assert (verdict.valid, verdict.number) == (True, number)

    with keys.job("a letter revoked", MOST_TO_REVOKE):
        reach(keys, tab.locator("#reason"))
        keys.type("金额算错")
        with next_page(tab):
            keys.press("Enter")
    expect(tab.locator(".notice:not(.presence)")).to_contain_text(number)
    expect(tab.locator("#reason")).to_have_count(0)
    looked_at(tab)
    visit(tab, "/desk/letters")
    expect(tab.locator("tbody th")).to_have_text(number)
    looked_at(tab)


@pytest.mark.usefixtures("firm", "issues")
def test_the_pages_of_the_morning_suit_a_phone_and_long_words(
    at_desk: Callable[..., Tab], browser: Browser, signed_in: Callable[[str], Visitor]
) -> None:
    """In English, whose words are the longest, on the narrowest screen: no fault of accessibility, nothing wider than the screen."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_six_taxes_two_fees_payable="38642.57")
    code = issued_code(ask_letter(clerk, case_id))
    tab = at_desk(browser, "clerk", PHONE, "en")
    for path in ("/desk", "/desk/firms?q=喆堃容科", f"/desk/firms/{FIRM_ID}", f"/desk/letters/{code}", "/desk/letters"):
        looked_at(visit(tab, path))
    looked_at(visit(tab, f"/desk/cases/{case_id}/letters"))
    visit(tab, f"/desk/cases/{case_id}")
    with next_page(tab):
        tab.locator("button[name=open][value=tax]").click()
    expect(looked_at(tab).locator("#fact_six_taxes_two_fees_payable")).to_be_visible()
