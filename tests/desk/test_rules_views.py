"""The queue of what the rules await at the desk: who sees it, what stands in a row, in which order, and in a browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlmodel import Session

from matcher.outreach.models import Screening
from matcher.rulebook.rulebook import Rulebook
from matcher.text.dates import today
from tests.fixtures.browsing import DESKTOP, PHONE, is_narrow_enough, looked_at, visit
from tests.fixtures.desk import Page, Visitor

SignedIn = Callable[[str], Visitor]
Store = Callable[[], AbstractContextManager[Session]]
FUND, PILOT, LOAN = "smart-manufacturing-fund", "subsidy-guarantee-pilot", "sme-loan-interest-subsidy"


@pytest.fixture
def screened(store: Store, rulebook: Rulebook) -> None:
    """A finished screening: much money of Hedong's in one unconfirmed scheme, some of Heping's in another, firms alone in a third."""
    found = {
        PILOT: [["unconfirmed", None, "hedong", 2, 900_000_00]],
        FUND: [["unconfirmed", None, "heping", 3, 1_234_56]],
        LOAN: [["eligible", "firm_price", "heping", 7, 0]],
    }
    with store() as register:
        register.add(
            Screening(
                state="done", as_of=today(), rulebook_hash=rulebook.hash, firms=12, found=found,
                created_at=datetime.now(UTC), finished_at=datetime.now(UTC),
            )
        )  # fmt: skip


def slugs(page: Page) -> list[str]:
    """The schemes of the page in their order."""
    return [str(row.get("id")) for row in page.root.findall(".//ol[@class='queue']/li")]


def row(page: Page, slug: str) -> str:
    """All words of a scheme's row."""
    found = page.root.find(f".//li[@id='{slug}']")
    assert found is not None, slug
    return " ".join("".join(found.itertext()).split())


def test_a_row_says_what_is_awaited_and_how_to_draft_it(signed_in: SignedIn) -> None:
    """Notice, issuer, pattern of the number, last terms with their figures, whom to ask, and the command."""
    words = row(signed_in("supervisor").get("/desk/rules"), FUND)
    for told in (
        "2026年1月1日起尚未核实", "制造业高质量发展专项申报指南", "市工业和信息化局", "津工信财〔2026〕×号",
        "2023年4月11日至2025年12月31日，依据津政办规〔2023〕4号", f"matcher rules draft {FUND}", "最后已知的条件和数字",
    ):  # fmt: skip
        assert told in words, told
    english = row(signed_in("auditor").get("/desk/rules?lang=en"), FUND)
    assert "unconfirmed since 1 January 2026" in english
    assert "the Tianjin Industry Bureau" in english


def test_without_a_screening_the_most_urgent_comes_first(signed_in: SignedIn) -> None:
    """It is said that nobody has screened the register, and no row claims money or firms."""
    page = signed_in("administrator").get("/desk/rules")
    assert "还没有筛查过企业库" in page.text
    assert "涉及" not in row(page, FUND)
    assert "还没读到原文" in page.text


@pytest.mark.both_databases
def test_the_money_of_the_screening_orders_the_rows(screened: None, signed_in: SignedIn) -> None:
    """The city's desk counts every district's firms, a district's its own; firms without money come after money."""
    city = signed_in("tianjin.supervisor").get("/desk/rules?within=365")
    assert slugs(city)[:3] == [PILOT, FUND, LOAN]
    assert "涉及2家企业，金额900,000元" in row(city, PILOT)
    heping = signed_in("supervisor").get("/desk/rules?within=365")
    assert slugs(heping)[:2] == [FUND, LOAN]
    assert "涉及3家企业，金额1,234.56元" in row(heping, FUND)
    assert "涉及0家企业" in row(heping, PILOT)


def test_the_span_decides_what_is_ahead(signed_in: SignedIn) -> None:
    """A longer span has every row of a shorter one and more; a span that is not offered counts as the usual one."""
    visitor = signed_in("supervisor")
    short, usual, long = (set(slugs(visitor.get(f"/desk/rules?within={days}"))) for days in (30, 90, 365))
    assert short <= usual < long
    assert set(slugs(visitor.get("/desk/rules?within=9999999999"))) == usual


def test_a_clerk_does_not_see_it(signed_in: SignedIn) -> None:
    """The page is refused, and the navigation does not offer it."""
    clerk = signed_in("clerk")
    assert clerk.client.get("/desk/rules").status_code == 403
    assert "/desk/rules" not in clerk.get("/desk").text
    assert 'href="/desk/rules"' in signed_in("administrator").client.get("/desk").text


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_in_a_browser(
    screened: None, browser: Browser, at_desk: Callable[..., Tab], viewport: dict[str, int]
) -> None:
    """Axe finds nothing in both languages, also with the last terms unfolded, and the page is not wider than the screen."""
    tab = at_desk(browser, "tianjin.supervisor", viewport)
    looked_at(visit(tab, "/desk/rules"))
    tab.locator(f"#{FUND} summary").click()
    assert is_narrow_enough(looked_at(tab))
    looked_at(visit(tab, "/desk/rules?lang=en"))
    assert tab.inner_text("h1") == "Rules due"
