"""Tests of the result page on paper: what is folded on the screen and belongs on paper is printed, with and without scripts."""

import json
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.fixtures.browsing import new_context, visit
from tests.fixtures.pages import ENTITLED, Visitor

# No character of it has a radical that a browser writes into a PDF in its place.
NAME = "天津市银河公司"


def printed(browser: Browser, address: str, visitor: Visitor, *, scripts: bool) -> tuple[str, int]:
    """The text of the result page as the browser prints it, white space left out; and how many sides it takes."""
    # Another scheme besides, that is not for the firm: its reasons stay off the paper.
    schemes = ["six-taxes-two-fees", "small-scale-vat"]
    figures = {"fact_employees_end_last_month": "212", "fact_assets_end_last_month": "1800万"}
    visitor.post({**ENTITLED, **figures, "fact_name": NAME, "scheme": schemes})
    return on_paper(browser, address, visitor, scripts=scripts)


def on_paper(browser: Browser, address: str, visitor: Visitor, *, scripts: bool = True) -> tuple[str, int]:
    """What the browser prints of the result of what was told."""
    cookies = [{"name": c.key, "value": c.value, "url": address} for c in visitor.client._cookies.values()]
    context = new_context(browser, base_url=address, java_script_enabled=scripts)
    context.add_cookies(cookies)
    page = visit(context.new_page(), "/result") if scripts else context.new_page()
    if not scripts:
        page.goto("/result")
    data = page.pdf(format="A4", prefer_css_page_size=True)
    context.close()
    pages = PdfReader(BytesIO(data)).pages
    text = "".join(part.extract_text() for part in pages)
    return "".join(unicodedata.normalize("NFKC", text).split()), len(pages)


@pytest.mark.parametrize("scripts", [True, False])
def test_what_matters_is_printed(browser: Browser, address: str, visitor: Visitor, *, scripts: bool) -> None:
    """Name and day, the numbers, what to do with whom to call and what to bring, the days to keep; nothing unfolded by hand."""
    text, _ = printed(browser, address, visitor, scripts=scripts)
    assert NAME in text
    for part in (
        "不是签发的函",
        "2022年8月15日",
        "少缴税费",
        "77,285.16元",
        "12366",
        "带上",
        "这一年的日子",
        "2022年12月31日",
    ):
        assert part in text, part


def test_what_is_not_for_the_firm_stays_short(browser: Browser, address: str, visitor: Visitor) -> None:
    """A scheme that is not for the firm takes no page of reasons, and no button is printed."""
    text, _ = printed(browser, address, visitor, scripts=True)
    assert "增值税纳税人类别为小规模纳税人" not in text
    assert "做一个私人链接" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_whole_firm_takes_one_side(
    browser: Browser, address: str, visitor: Visitor, given_cases: Path, lang: str
) -> None:
    """The result of a firm with a dozen reliefs prints on one side of A4, in either language."""
    told = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    firm = next(one for one in told if one["id"] == "training-machine-works")
    facts = {name: said if isinstance(said, bool | int) else str(said) for name, said in firm["facts"].items()}
    token = visitor.get("/save").value("csrf_token")
    visitor.client.post("/open", data={"csrf_token": token, "file": (BytesIO(json.dumps(facts).encode()), "firm.json")})
    visitor.get(f"/?lang={lang}")
    text, sides = on_paper(browser, address, visitor)
    assert sides == 1
    assert "2,784,000" in text
