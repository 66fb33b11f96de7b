"""Tests of keeping in a real browser, on a phone: to another browser by file and by link, handed over, taken back, deleted."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from matcher.answers.answers import Answers
from matcher.answers.cookie import COOKIE
from tests.answers.conftest import NAME, Tell
from tests.fixtures.browsing import NARROW, looked_at, new_context, next_page, visit

pytestmark = pytest.mark.usefixtures("fresh_tries")
Opener = Callable[[], Page]


@pytest.fixture(params=["zh", "en"])
def phone(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Opener]:
    """Opens one phone after another, each a browser of its own, in both languages."""
    contexts: list[BrowserContext] = []

    def new() -> Page:
        context = new_context(browser, viewport=NARROW, base_url=address)
        context.add_cookies([{"name": "lang", "value": request.param, "url": address}])
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def owner(phone: Opener, tell: Tell, answers: Answers, app: Flask, address: str) -> Page:
    """The phone of an owner who has told the firm's answers."""
    page = phone()
    cookie = tell(answers).client.get_cookie(COOKIE)
    assert cookie is not None
    page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": address}])
    return page


def press(page: Page, form: str, button: int = 0) -> Page:
    """Press a button of the form that is sent to this address."""
    with next_page(page):
        page.locator(f":is(form[action='{form}'], form[action^='{form}#']) button").nth(button).click()
    return page


def test_a_file_moves_to_another_phone(owner: Page, phone: Opener, tmp_path: Path) -> None:
    """Downloaded here, opened there; where other answers stand, the page asks."""
    visit(owner, "/save")
    with owner.expect_download() as waiting:
        looked_at(owner).locator("form[action='/save'] button").click()
    file = tmp_path / "answers.json"
    waiting.value.save_as(file)
    other = phone()
    visit(other, "/save")
    other.locator("#upload").set_input_files(file)
    press(other, "/open")
    expect(other).to_have_url(re.compile("/answers$"))
    expect(other.locator("main")).to_contain_text(NAME)
    file.write_text(file.read_text().replace("212", "213").replace('"facts": {', '"facts": {"gone": "1",'))
    visit(other, "/save")
    other.locator("#upload").set_input_files(file)
    looked_at(press(other, "/open"))
    expect(other.locator("main")).to_contain_text("gone")
    press(other, "/open/take")
    expect(other).to_have_url(re.compile("/answers$"))


def test_a_private_link_moves_to_another_phone(owner: Page, phone: Opener) -> None:
    """Made here, opened there with a button, withdrawn here: then it opens nowhere."""
    visit(owner, "/save")
    looked_at(press(owner, "/link"))
    link = owner.locator("#address").input_value()
    other = phone()
    visit(other, link)
    press(looked_at(other), "/link/open")
    expect(other.locator("main")).to_contain_text(NAME)
    looked_at(press(owner, "/link/withdraw"))
    visit(other, link)
    expect(other.locator("form")).to_have_count(0)


def test_a_code_hands_over_and_takes_back(owner: Page) -> None:
    """Consent, code, record, withdrawal: each page in order, none with a fault of accessibility."""
    visit(owner, "/hand-over")
    owner.locator("summary").click()
    looked_at(owner).locator("#consent").check()
    looked_at(press(owner, "/hand-over"))
    code = owner.locator("#handover-code").inner_text()
    visit(owner, "/hand-over")
    owner.locator("#code").fill(code)
    looked_at(press(owner, "/hand-over/withdraw"))
    looked_at(press(owner, "/hand-over/withdraw"))
    visit(owner, "/hand-over")
    owner.locator("#code").fill(code)
    expect(press(owner, "/hand-over/withdraw").locator("main")).to_contain_text(re.compile("撤回时间|Withdrawn"))


def test_deleting_leaves_nothing(owner: Page) -> None:
    """After the button the next page knows of no answers."""
    visit(owner, "/save")
    looked_at(press(owner, "/delete"))
    visit(owner, "/save")
    expect(owner.locator("form[action='/save']")).to_have_count(0)
