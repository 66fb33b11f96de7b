"""The dashboard: whose figures, in words beside the drawing, and in a browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlmodel import Session

from matcher.accounts.models import Account
from matcher.cases.figures import keep_found
from matcher.cases.models import CaseState
from matcher.cases.service import Content, Opening, change_case, open_case
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Page, Visitor

SignedIn = Callable[[str], Visitor]
Store = Callable[[], AbstractContextManager[Session]]


FOUND = {"schemes": ["six-taxes-two-fees"], "firm_fen": 1932129, "deferred_fen": 500, "others_fen": 0}


@pytest.fixture
def cases(store: Store, accounts: dict[str, Account]) -> None:
    """Two cases of Heping and one of Hedong, opened now; one of them decided after two days."""
    now, clerk = datetime.now(UTC), accounts["clerk"].id or 0
    kinds: tuple[tuple[str, CaseState], ...] = (("heping", "open"), ("heping", "decided"), ("hedong", "closed"))
    with store() as register:
        for centre, state in kinds:
            made = open_case(register, Opening(centre, clerk, "blank", Content({}, {})), now)
            keep_found(register, made, FOUND)
            change_case(register, made, now + timedelta(days=2), state=state, assignee_id=None, schemes=None)


def rows(page: Page, chart: str) -> list[tuple[str, str]]:
    """A chart's names and values in words."""
    section = page.root.find(f".//section[@aria-labelledby='chart-{chart}']")
    assert section is not None
    return [tuple("".join(part.itertext()) for part in row.findall("span")) for row in section.iterfind(".//li")]  # type: ignore[misc]


@pytest.mark.both_databases
def test_a_centre_sees_its_own_figures(cases: None, signed_in: SignedIn) -> None:
    """By state, by month, money exact to the fen and apart from what is deferred, and the middle wait."""
    page = signed_in("clerk").get("/desk/dashboard?centre=hedong")
    assert rows(page, "cases") == [("办理中", "1"), ("等企业补充", "0"), ("已答复", "1"), ("已办结", "0")]
    assert len(rows(page, "opened")) == 12
    assert rows(page, "opened")[-1][1] == "2"
    assert rows(page, "money")[-1][1] == "38,642.58元"
    assert "缓缴10元" in page.text
    assert "不能同时享受的只计一项" in page.text
    assert [value for _, value in rows(page, "schemes")] == ["2"]
    assert "中位数2天（1件）" in page.text


def test_the_city_sees_all_or_one(cases: None, signed_in: SignedIn) -> None:
    """All centres together at first, then the one that is chosen."""
    city = signed_in("tianjin.auditor")
    assert rows(city.get("/desk/dashboard"), "opened")[-1][1] == "3"
    assert rows(city.get("/desk/dashboard?centre=hedong"), "opened")[-1][1] == "1"
    assert rows(city.get("/desk/dashboard?centre=nowhere"), "opened")[-1][1] == "3"


def test_without_a_case_nothing_is_drawn_wrong(signed_in: SignedIn) -> None:
    """Every bar is empty and it is said that nobody waited yet."""
    page = signed_in("clerk").get("/desk/dashboard")
    assert {value for _, value in rows(page, "opened")} == {"0"}
    assert "还没有数据" in page.text
    assert {bar.get("width") for bar in page.root.iterfind(".//{http://www.w3.org/2000/svg}rect")} == {"0.0%"}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_in_a_browser(
    cases: None, browser: Browser, at_desk: Callable[..., Tab], viewport: dict[str, int]
) -> None:
    """Axe finds nothing in both languages; the choice of a centre works by keyboard."""
    tab = at_desk(browser, "tianjin.supervisor", viewport)
    looked_at(visit(tab, "/desk/dashboard"))
    tab.focus("#centre")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    with next_page(tab):
        tab.keyboard.press("Enter")
    assert "天津市企业服务中心" in tab.inner_text("main .desk > p")
    looked_at(at_desk_in_english(tab))


def at_desk_in_english(tab: Tab) -> Tab:
    """The same page in English."""
    visit(tab, "/desk/dashboard?lang=en")
    assert tab.inner_text("h1") == "Figures"
    return tab
