"""Tests of the result page on paper: what is folded on the screen and belongs on paper is printed, with and without scripts."""

import unicodedata
from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.fixtures.browsing import new_context, visit
from tests.fixtures.pages import ENTITLED, Visitor

# No character of it has a radical that a browser writes into a PDF in its place.
NAME = "天津市银河公司"


def printed(browser: Browser, address: str, visitor: Visitor, *, scripts: bool) -> str:
    """The text of the result page as the browser prints it, white space left out."""
    # Another scheme besides, that is not for the firm: its reasons stay off the paper.
    schemes = ["six-taxes-two-fees", "small-scale-vat"]
    figures = {"fact_employees_end_last_month": "212", "fact_assets_end_last_month": "1800万"}
    visitor.post({**ENTITLED, **figures, "fact_name": NAME, "scheme": schemes})
    cookies = [{"name": c.key, "value": c.value, "url": address} for c in visitor.client._cookies.values()]
    context = new_context(browser, base_url=address, java_script_enabled=scripts)
    context.add_cookies(cookies)
    page = visit(context.new_page(), "/result") if scripts else context.new_page()
    if not scripts:
        page.goto("/result")
    data = page.pdf(format="A4")
    if scripts:
        assert page.locator("details.why[open]").count() == 0
    context.close()
    text = "".join(part.extract_text() for part in PdfReader(BytesIO(data)).pages)
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("scripts", [True, False])
def test_what_matters_is_printed(browser: Browser, address: str, visitor: Visitor, *, scripts: bool) -> None:
    """Name and day, the reasons with their law, the sum's working, papers, place and plots; nothing unfolded by hand."""
    text = printed(browser, address, visitor, scripts=scripts)
    assert NAME in text
    for part in ("不是签发的函", "2022年8月15日", "50%×38,642.57元", "财政部税务总局公告2022年第10号", "12366"):
        assert part in text, part
    for part in ("汇算清缴申报表", "各项值多少", "什么时候有效", "2022年12月31日", "离各条线多远", "合计是怎么来的"):
        assert part in text, part


def test_what_is_not_for_the_firm_stays_short(browser: Browser, address: str, visitor: Visitor) -> None:
    """A scheme that is not for the firm takes a line of its group, not a page of reasons."""
    text = printed(browser, address, visitor, scripts=True)
    assert "按目前填写的情况,暂不符合" in text
    assert "增值税纳税人类别为小规模纳税人(所填:一般纳税人)" not in text
