"""Tests of the industry on a case: plain words lead to codes to pick from, and a code is shown with its name."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.browsing import looked_at, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import case_now, open_case, save
from tests.fixtures.pages import Page, parsed, words

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


def picks(page: Page) -> list[str]:
    """The codes that stand under the field."""
    return [each.get("value") or "" for each in page.root.findall(".//input[@name='industry_is']")]


def opened(clerk: Visitor) -> tuple[int, Page]:
    """A case with the group of facts on the page that the industry stands in."""
    case_id = open_case(clerk)
    return case_id, clerk.get(f"/desk/cases/{case_id}?open=fact_industry")


@pytest.mark.parametrize("typed", ["汽车零件", "qichelingjian"])
def test_plain_words_bring_codes_to_pick_from(signed_in: SignedIn, typed: str) -> None:
    """Words are not saved as a code: they come back with at most three industries, and the fault says to pick one."""
    clerk = signed_in("clerk")
    case_id, page = opened(clerk)
    answer = save(clerk, case_id, page, fact_industry=typed)
    assert answer.status_code == 422
    page = parsed(answer)
    assert "367" in picks(page)
    assert len(picks(page)) <= 3
    assert page.value("fact_industry") == typed
    assert "请从下面选一个行业" in words(page.by_id("fact_industry-fault"))
    assert "请从下面选一个行业" in words(page.by_id("faults"))


def test_what_is_picked_is_saved(signed_in: SignedIn, desk_app: Flask) -> None:
    """The code takes the place of the words, and the page says its name."""
    clerk = signed_in("clerk")
    case_id, page = opened(clerk)
    answer = save(clerk, case_id, page, fact_industry="汽车零件", industry_is="367")
    assert answer.status_code == 303
    assert case_now(desk_app, case_id).facts["industry"] == "367"
    assert "汽车零部件及配件制造 367" in words(clerk.get(f"/desk/cases/{case_id}").by_id("meant-industry"))


@pytest.mark.parametrize(("typed", "picked", "saved"), [("美容美发", "367", None), ("3911", "367", "3911")])
def test_a_pick_that_is_not_of_these_words_counts_nothing(
    signed_in: SignedIn, desk_app: Flask, typed: str, picked: str, saved: str | None
) -> None:
    """Where the words, or a code, were typed after the pick, the field holds."""
    clerk = signed_in("clerk")
    case_id, page = opened(clerk)
    save(clerk, case_id, page, fact_industry=typed, industry_is=picked)
    assert case_now(desk_app, case_id).facts.get("industry") == saved


def test_words_that_lead_nowhere_say_so(signed_in: SignedIn) -> None:
    """Nothing to pick: the fault is what a code looks like."""
    clerk = signed_in("clerk")
    case_id, page = opened(clerk)
    page = parsed(save(clerk, case_id, page, fact_industry="qqqqzzzz"))
    assert picks(page) == []
    assert "2 至 4 位数字" in words(page.by_id("fact_industry-fault"))


@pytest.mark.parametrize(("width", "lang"), [(1280, "zh"), (320, "en")])
def test_the_codes_come_while_one_types(
    at_desk: Callable[..., Tab], browser: Browser, signed_in: SignedIn, width: int, lang: str
) -> None:
    """With scripts the codes stand there before anything is sent; the one picked goes into the field with its name."""
    case_id = open_case(signed_in("clerk"))
    tab = at_desk(browser, "clerk", {"width": width, "height": 700}, lang)
    visit(tab, f"/desk/cases/{case_id}?open=fact_industry")
    tab.locator("#fact_industry").press_sequentially("汽车零件")
    pick = tab.locator("input[name=industry_is][value='367']")
    expect(pick).to_be_visible()
    looked_at(tab)
    pick.check(force=True)
    expect(tab.locator("#fact_industry")).to_have_value("367")
    expect(tab.locator("#meant-industry")).to_contain_text("= ")
    expect(pick).to_have_count(0)
