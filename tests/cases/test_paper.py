"""A case on paper: what is stored stands in the place of the form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, open_case


@pytest.mark.usefixtures("firm")
def test_the_facts_are_on_paper_and_the_form_is_not(
    at_desk: Callable[..., Tab], browser: Browser, signed_in: Callable[[str], Visitor]
) -> None:
    """Printed, the page has the facts with their sources, and no fields, buttons or links to jump with."""
    case_id = open_case(signed_in("clerk"))
    tab = at_desk(browser, "clerk")
    tab.goto(f"/desk/cases/{case_id}")
    stored = tab.locator(".printed")
    expect(stored).to_be_hidden()
    tab.emulate_media(media="print")
    expect(stored).to_contain_text(CODE)
    expect(stored).to_contain_text("登记资料")
    for away in ("#selfcheck", ".rooms", ".in-a-row"):
        expect(tab.locator(away)).to_be_hidden()
    results = tab.locator(".two .right")
    assert (
        results.evaluate("one => getComputedStyle(one).maxHeight") == "none"
    )  # a part that scrolls is cut off on paper
