"""Tests of finding a firm at the desk, and of what its page shows to whom."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.browsing import looked_at, new_context, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, FIRM_ID, NAME, OTHER_ID, client, open_case, trail
from tests.fixtures.pages import Page, parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


def test_the_desk_begins_with_the_search(signed_in: SignedIn) -> None:
    """The box has the focus; below it stand my cases, nobody's, and the centre's."""
    clerk = signed_in("clerk")
    open_case(clerk)
    page = clerk.get("/desk")
    assert page.by_id("q").get("autofocus") is not None
    assert [page.by_id(f"list-{key}").tag for key in ("mine", "nobody", "centre")] == ["h2"] * 3
    assert NAME in page.text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("喆坤镕科技", "读音"),
        ("zhekunrong", "拼音"),
        ("tjszkrkj", "首字母"),
        ("天津喆堃商贸", "曾用名"),
        (CODE[9:], "信用代码"),
    ],
)
def test_each_hit_says_why_it_matched(signed_in: SignedIn, typed: str, why: str) -> None:
    """Slips, pinyin, first letters, a former name and a piece of the code find the firm, with its code and district."""
    page = signed_in("clerk").get(f"/desk/firms?q={typed}")
    found = page.root.findall(".//ol[@class='hits']/li/a")
    assert found[0].get("href") == f"/desk/firms/{FIRM_ID}"
    words = "".join(found[0].itertext())
    assert all(each in words for each in (NAME, CODE, "和平区", why))


def test_the_list_alone_is_given_while_one_types(signed_in: SignedIn) -> None:
    """Without the rest of the page; and nothing found says what to do next."""
    answer = client(signed_in("clerk")).get("/desk/firms?part=hits&q=喆堃镕")
    assert FIRM_ID in answer.get_data(as_text=True)
    assert b"<html" not in answer.data
    assert "/desk/cases/new?name=" in client(signed_in("clerk")).get("/desk/firms?part=hits&q=qqqqqq").get_data(
        as_text=True
    )


@pytest.mark.parametrize("typed", ["", " ", "%", "'", "<b>", "😀", "x" * 500, "\u202e喆堃"])
def test_whatever_is_typed_is_answered(signed_in: SignedIn, typed: str) -> None:
    """Nothing typed brings the search down."""
    assert client(signed_in("clerk")).get("/desk/firms", query_string={"q": typed}).status_code == 200


@pytest.mark.both_databases
def test_what_a_firm_stated_is_shown_only_to_a_centre_with_a_case_of_it(signed_in: SignedIn, desk_app: Flask) -> None:
    """Another centre sees what is public, with its source and day; that it looked is recorded."""
    open_case(signed_in("clerk"))
    own, other = (signed_in(name).get(f"/desk/firms/{FIRM_ID}").text for name in ("clerk", "hedong.clerk"))
    assert "3,120,000元" in own
    assert "3,120,000元" not in other
    assert "企业陈述" not in other
    for words in ("12人", "登记资料", "2026年1月5日", "天津喆堃商贸有限公司"):
        assert words in other
    assert ("hedong.clerk", "firm.seen", f"firm {FIRM_ID}") in trail(desk_app)


def test_a_firm_is_shown_as_of_any_day(signed_in: SignedIn) -> None:
    """Before the list was read nothing was known but the name; a day that is none is said to be none."""
    clerk = signed_in("clerk")
    assert "12人" not in clerk.get(f"/desk/firms/{FIRM_ID}?on=2026-01-01").text
    assert "12人" in clerk.get(f"/desk/firms/{FIRM_ID}?on=2026年1月5日").text
    assert clerk.get(f"/desk/firms/{FIRM_ID}?on=昨天").by_id("on").get("aria-invalid") == "true"


def test_a_firm_that_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    """An id of no firm is the page of what is missing."""
    assert client(signed_in("clerk")).get("/desk/firms/F-9").status_code == 404


def test_an_administrator_sees_no_firm(signed_in: SignedIn) -> None:
    """The first page of who manages accounts has no search, and a firm's page is closed to them."""
    visitor = signed_in("administrator")
    page = visitor.get("/desk")
    assert page.root.find(".//*[@id='q']") is None
    assert "desk-search.js" not in page.text
    assert page.root.findtext(".//h1") == "企业服务中心工作台"
    assert client(visitor).get(f"/desk/firms/{FIRM_ID}").status_code == 403


# --- in the browser


@pytest.fixture
def tab(at_desk: Callable[..., Tab], browser: Browser) -> Tab:
    """The clerk's desk in the browser."""
    return visit(at_desk(browser, "clerk"), "/desk")


def test_the_clerk_finds_while_typing(tab: Tab) -> None:
    """The list follows what is typed; arrows move, escape leads back, enter opens."""
    tab.keyboard.type("喆堃容")  # the last character is another of the same sound
    expect(tab.locator(".hits a").first).to_contain_text(NAME)
    looked_at(tab)
    tab.keyboard.press("ArrowDown")
    expect(tab.locator(".hits a").first).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("#q")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text(NAME)


def test_a_slash_leads_to_the_box(tab: Tab) -> None:
    """From anywhere on the page but a field, where it is a character."""
    tab.locator(".site").focus()
    tab.keyboard.press("/")
    expect(tab.locator("#q")).to_be_focused()
    tab.keyboard.type("/")
    expect(tab.locator("#q")).to_have_value("/")


def test_only_the_last_question_is_answered(tab: Tab) -> None:
    """An answer to what was typed before, which comes late, is not shown."""
    held: list[Route] = []
    tab.route("**/desk/firms?part=hits&q=%E6%B5%B7*", lambda route: held.append(route))
    with tab.expect_request("**/desk/firms?part=hits&q=%E6%B5%B7*"):
        tab.locator("#q").fill("海河乳品")
    tab.locator("#q").fill("喆堃镕")
    expect(tab.locator(".hits a").first).to_have_attribute("href", f"/desk/firms/{FIRM_ID}")
    for route in held:
        route.abort()
    expect(tab.locator(f".hits a[href$='{OTHER_ID}']")).to_have_count(0)


def test_without_scripts_the_form_searches(at_desk: Callable[..., Tab], browser: Browser, desk_address: str) -> None:
    """The button, or Enter, leads to the list."""
    own = at_desk(browser, "clerk").context
    plain = new_context(browser, java_script_enabled=False, storage_state=own.storage_state(), base_url=desk_address)
    tab = plain.new_page()
    tab.goto("/desk")
    tab.locator("#q").fill("喆堃镕")
    tab.locator("#q").press("Enter")
    expect(tab.locator(".hits a").first).to_contain_text(NAME)
    plain.close()


@pytest.mark.parametrize("who", ["clerk", "supervisor", "administrator", "auditor", "tianjin.administrator"])
def test_the_first_field_has_the_focus(signed_in: SignedIn, desk_app: Flask, who: str) -> None:
    """Nobody tabs through the navigation to get to what the page is for: on every page that begins with a field."""
    visitor = signed_in(who)
    own = {f"/desk/cases/{open_case(visitor)}{part}" for part in ("/refer", "/overrule")} if who == "clerk" else set()
    plain = {
        rule.rule for rule in desk_app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    }
    own |= {path for path in plain if path.startswith("/desk") and not path.endswith("/export")}
    answers = {path: client(visitor).get(path) for path in own}
    shown = {
        path: parsed(one) for path, one in answers.items() if one.status_code == 200 and one.mimetype == "text/html"
    }
    first = {path: _first_control(page) for path, page in shown.items()}
    fields = {path: one for path, one in first.items() if one is not None and _begins_work(one)}
    assert set(fields) >= {"/desk/me/password", "/desk/me/factor"}
    assert [path for path, one in fields.items() if one.get("autofocus") is None] == []


def _first_control(page: Page) -> Element | None:
    """What the first press of Tab in the body of the page would reach."""
    body = page.root.find(".//main")
    if body is None:  # a piece of a page, such as the palette's hits
        return None
    kinds = {"a", "button", "input", "select", "textarea"}
    return next((one for one in body.iter() if one.tag in kinds and one.get("type") != "hidden"), None)


def _begins_work(control: Element) -> bool:
    """Whether one writes in it: a choice that only narrows a list would take the keys that scroll, a tick would change."""
    choosing = {"checkbox", "radio", "submit", "button"}
    return control.tag == "textarea" or (control.tag == "input" and control.get("type") not in choosing)
