"""Tests of plots and papers in a browser, on a phone: drawn, readable for everyone, no wider than the screen."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.browsing import NARROW, looked_at, new_context, visit
from tests.fixtures.pages import ENTITLED, Visitor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plots_and_papers_can_be_read_by_everyone(
    browser: Browser, address: str, visitor: Visitor, scheme: str
) -> None:
    """No fault that axe finds, nothing drawn outside the screen, and no complaint of the browser, unfolded as well."""
    visitor.post({**ENTITLED, "fact_name": "天津市麦香阁面馆"})
    cookies = [{"name": c.key, "value": c.value, "url": address} for c in visitor.client._cookies.values()]
    context = new_context(browser, viewport=NARROW, color_scheme=scheme, base_url=address)
    context.add_cookies(cookies)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("/result", "/result/six-taxes-two-fees", "/take/checklist", "/wrong/six-taxes-two-fees"):
        visit(page, path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        looked_at(page)
    visit(page, "/result")
    assert page.locator(".year-line").bounding_box()["width"] > 200
    assert page.locator(".number-bar svg").first.bounding_box()["width"] > 200
    assert complaints == []
    context.close()
