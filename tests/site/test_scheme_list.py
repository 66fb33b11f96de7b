"""The list of schemes: found by plain words, narrowed, sent on by its address; and each scheme's first screen."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.browsing import DESKTOP, NARROW, looked_at, new_context, visit
from tests.fixtures.pages import Page, Visitor, words


def listed(page: Page) -> list[str]:
    """The slugs in the list, in its order."""
    rows = page.root.findall(".//ul[@class='scheme-rows']/li/h3/a")
    return [(row.get("href") or "").rsplit("/", 1)[-1] for row in rows]


def test_without_a_question_every_scheme_is_listed(visitor: Visitor) -> None:
    """All of them, by family, and the number said is that of the list."""
    page = visitor.get("/schemes")
    rulebook = visitor.client.application.extensions["catalogue"].rulebook
    assert sorted(listed(page)) == sorted(rulebook.schemes)
    assert f"全部{len(rulebook.schemes)}项" in page.text


@pytest.mark.parametrize(
    ("said", "first"),
    [("乱收费", "illegal-fee-complaint"), ("wengang", "job-retention-rebate"), ("R%26D", "rd-super-deduction")],
)
def test_plain_words_find_a_scheme(visitor: Visitor, said: str, first: str) -> None:
    """Chinese, pinyin and English lead to the scheme meant, with the words that led there."""
    page = visitor.get(f"/schemes?q={said}")
    assert listed(page)[0] == first
    assert "说的是" in page.text


def test_what_narrows_the_list_leaves_out_the_rest(visitor: Visitor) -> None:
    """Kind of help, who applies, the last day, the industry: each leaves out what does not fit, and all hold together."""
    services = set(listed(visitor.get("/schemes?kind=service")))
    assert "quality-clinic" in services
    assert "job-retention-rebate" not in services
    individual = set(listed(visitor.get("/schemes?whom=individual")))
    assert "individual-business-income-tax" in individual
    assert "small-low-profit-income-tax" not in individual
    noodles = set(listed(visitor.get("/schemes?industry=开面馆")))
    assert "service-loan-interest-subsidy" in noodles
    assert "intelligent-factory" not in noodles


@pytest.mark.parametrize(
    "query", ["q=%00%01", "kind=nothing", "district=atlantis", "due=-1", "q=" + "x" * 5000, "whom=%27%22%3E"]
)
def test_a_strange_address_is_answered(visitor: Visitor, query: str) -> None:
    """Whatever stands in the address gives a page, and is shown as text."""
    response = visitor.client.get(f"/schemes?{query}")
    assert response.status_code == 200
    assert "'\">" not in response.text


def test_a_scheme_is_understood_before_its_law_begins(visitor: Visitor) -> None:
    """What it is, how it is got, whom to call with a number to tap, until when, and the official page come first."""
    page = visitor.get("/scheme/job-retention-rebate")
    first = page.root.find(".//div[@class='first-screen']")
    assert first is not None
    assert "失业保险稳岗返还" in words(first)
    assert "12333" in words(first)
    links = {link.get("href") for link in first.iter("a")}
    assert {"tel:12333", "https://hrss.tj.gov.cn"} <= links
    assert visitor.client.get("/schemes/job-retention-rebate").headers["Location"] == "/scheme/job-retention-rebate"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_and_a_scheme_can_be_read_by_everyone(browser: Browser, address: str, scheme: str) -> None:
    """No fault that axe finds on a phone of 320 px nor at a desk, and nothing wider than the screen."""
    for screen in (NARROW, DESKTOP):
        context = new_context(browser, viewport=screen, color_scheme=scheme, base_url=address)
        page = context.new_page()
        for path in ("/schemes?q=招人", "/schemes?kind=service&lang=en", "/scheme/vat-credit-refund"):
            looked_at(visit(page, path))
        context.close()
