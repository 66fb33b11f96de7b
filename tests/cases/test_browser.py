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
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import PASSWORD
from tests.fixtures.desk_cases import NAME, store_of

_FAR = 200


def reach(tab: Tab, wanted: Locator) -> None:
    """Press the tab key until this has the focus."""
    for _ in range(_FAR):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by the keyboard")


# Where words and widths differ the queries are the same: the second kind of database is gone through once.
@pytest.mark.parametrize(
    ("backend", "viewport", "lang"),
    [("sqlite", DESKTOP, "zh"), ("sqlite", PHONE, "zh"), ("sqlite", DESKTOP, "en"), ("postgresql", DESKTOP, "zh")],
    indirect=["backend"],
)
@pytest.mark.usefixtures("firm", "issues")
def test_the_whole_morning(
    at_desk: Callable[..., Tab],
    browser: Browser,
    desk_app: Flask,
    rulebook: Rulebook,
    viewport: dict[str, int],
    lang: str,
    tmp_path: Path,
) -> None:
    """From the door to a letter that verifies, and to one that is revoked; no page with a fault of accessibility."""
    tab = at_desk(browser, None, viewport, lang)
    keys = tab.keyboard
    reach(looked_at(visit(tab, "/desk")), tab.locator("#name"))
    keys.type("clerk")
    keys.press("Tab")
    keys.type(PASSWORD)
    with next_page(tab):
        keys.press("Enter")

    # The owner is still spelling the name: the third character is another of the same sound.
    expect(tab.locator("#q")).to_be_focused()
    keys.type("喆堃容科")
    expect(tab.locator(".hits a").first).to_contain_text(NAME)
    looked_at(tab)
    keys.press("ArrowDown")
    with next_page(tab):
        keys.press("Enter")
    expect(tab.locator("h1")).to_have_text(NAME)
    with next_page(looked_at(tab)):
        keys.press("Enter")  # the button that opens a case has the focus

    # Fill in what is missing: the group of taxes is brought, the answer follows, Ctrl+S saves.
    expect(tab.locator("#case")).to_be_visible()
    looked_at(tab)
    reach(tab, tab.locator("button[name=open][value=tax]"))
    with next_page(tab):
        keys.press("Enter")
    payable = tab.locator("#fact_six_taxes_two_fees_payable")
    expect(payable).to_be_visible()
    before = looked_at(tab).locator("#answer").inner_text()
    payable.focus()
    keys.type("38642.57")
    expect(tab.locator("#answer")).not_to_have_text(before)
    keys.press("Tab")
    keys.press("ArrowDown")  # seen on paper
    with next_page(tab):
        keys.press("Control+s")
    expect(tab.locator(".notice:not(.presence)")).to_be_visible()
    expect(payable).to_have_value("38642.57")
    expect(tab.locator("#source_six_taxes_two_fees_payable")).to_have_value("confirmed")

    # The letter.
    reach(tab, tab.locator("a[href$='/letters']").nth(1))
    with next_page(tab):
        keys.press("Enter")
    issue = tab.locator("#letter button.button:not(.quiet)")
    expect(issue).to_be_visible()
    reach(looked_at(tab), issue)
    with next_page(tab):
        keys.press("Enter")
    expect(tab.locator("h1")).to_contain_text("号")
    number = tab.locator("h1").inner_text()
    reach(looked_at(tab), tab.locator("a[href$='/file']"))
    with tab.expect_download() as download:
        keys.press("Enter")
    pdf = Path(download.value.path()).read_bytes()
    with store_of(desk_app) as register:
        (entry,) = list_issued(register)
    trust = KeyFolder(Path(desk_app.config["INSTANCE"]) / "keys").trust_list(entry.written_on, {})
    verdict = verify(pdf, Against(trust, entry.written_on, {rulebook.hash: rulebook}.get))
    assert (verdict.valid, verdict.number) == (True, number)

    # Revoked after all.
    reach(tab, tab.locator("#reason"))
    keys.type("金额算错")
    with next_page(tab):
        keys.press("Enter")
    expect(tab.locator(".notice:not(.presence)")).to_contain_text(number)
    expect(tab.locator("#reason")).to_have_count(0)
    looked_at(tab)
    visit(tab, "/desk/letters")
    expect(tab.locator("tbody th")).to_have_text(number)
    looked_at(tab)
