"""The door and the accounts in a real browser: by keyboard alone, on phone and desktop, with axe on every page."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from matcher.accounts import second_factor
from matcher.accounts.models import Account, SignedIn
from matcher.db.database import session
from matcher.web.database import engine
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import PASSWORD
from tests.fixtures.pages import SECRET

AtDesk = Callable[..., Page]
TOTP_SECRET = b"12345678901234567890"
NEW = "Nine lamps by the river 9"


def types(tab: Page, *told: str) -> None:
    """Type into one field after another and press Enter in the last: the keyboard alone."""
    for place, text in enumerate(told):
        if place:
            tab.keyboard.press("Tab")
        tab.keyboard.insert_text(text)
    presses_enter(tab)


def presses_enter(tab: Page) -> None:
    """Press Enter where the focus is, and wait for the page that it leads to."""
    with next_page(tab):
        tab.keyboard.press("Enter")


def tabs_to(tab: Page, selector: str) -> None:
    """Go on with the Tab key until this has the focus, and see that it shows."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("s => document.activeElement.matches(s)", selector):
            outline = tab.evaluate(
                "getComputedStyle(document.activeElement.closest('.entry') ?? document.activeElement).outlineStyle"
            )
            assert outline != "none"
            return
    raise AssertionError(f"{selector} cannot be reached")


def test_wrong_right_and_out(browser: Browser, at_desk: AtDesk) -> None:
    """The name has the focus; after a wrong password the password has; Enter sends; the way out is reached by Tab."""
    tab = at_desk(browser, None)
    looked_at(visit(tab, "/desk/me"))
    types(tab, "clerk", "wrong")
    expect(looked_at(tab).locator("#said")).to_contain_text("登录名或密码不对")
    types(tab, PASSWORD)
    expect(tab).to_have_url(re.compile("/desk/me$"))
    tabs_to(tab, "form[action='/desk/sign-out'] button")
    presses_enter(tab)
    expect(tab).to_have_url(re.compile("/desk/sign-in$"))


def test_locked(browser: Browser, at_desk: AtDesk) -> None:
    """The fifth wrong password says for how long."""
    tab = at_desk(browser, None, PHONE)
    visit(tab, "/desk/sign-in")
    types(tab, "clerk", "wrong")
    for n in range(4):
        types(tab, f"wrong {n}")
    expect(looked_at(tab).locator("#said")).to_contain_text("15分钟")


def test_with_a_code(browser: Browser, at_desk: AtDesk, desk_app: Flask) -> None:
    """The second page asks for the code, which has the focus."""
    with desk_app.app_context(), session(engine()) as register:
        clerk = register.exec(select(Account).where(Account.name == "clerk")).one()
        clerk.totp_secret = second_factor.sealed(SECRET, TOTP_SECRET, clerk.id or 0)
    tab = at_desk(browser, None, PHONE)
    visit(tab, "/desk/sign-in?next=/desk/me")
    types(tab, "clerk", PASSWORD)
    looked_at(tab)
    types(tab, "12")
    looked_at(tab)
    types(tab, TOTP(TOTP_SECRET, 6, SHA1(), 30).generate(int(datetime.now(UTC).timestamp())).decode())
    expect(tab).to_have_url(re.compile("/desk/me$"))


def test_changing_the_password(browser: Browser, at_desk: AtDesk) -> None:
    """A refused one is said at its field; the good one is taken."""
    tab = at_desk(browser, "clerk")
    visit(tab, "/desk/me/password")
    tabs_to(tab, "#present")
    types(tab, PASSWORD, "password1234", "password1234")
    expect(looked_at(tab).locator("#new-fault")).to_contain_text("常见")
    tabs_to(tab, "#present")
    types(tab, PASSWORD, NEW, NEW)
    expect(looked_at(tab).locator("[role=status]")).to_contain_text("密码已修改")


def test_a_form_that_waited(browser: Browser, at_desk: AtDesk, desk_app: Flask) -> None:
    """The session ends while a form is filled in: sign in, press the button that has the focus, and it is done."""
    tab = at_desk(browser, "administrator")
    visit(tab, "/desk/accounts/new")
    with desk_app.app_context(), session(engine()) as register:
        for held in register.exec(select(SignedIn)):
            register.delete(held)
    tabs_to(tab, "#name")
    types(tab, "li.na", "李娜")
    expect(looked_at(tab).locator("#said")).to_contain_text("还在")
    types(tab, "administrator", PASSWORD)
    looked_at(tab)
    presses_enter(tab)
    expect(looked_at(tab).locator("main")).to_contain_text("李娜")
    expect(tab.locator("#first-password")).to_be_visible()


@pytest.mark.parametrize(
    "viewport", [PHONE, DESKTOP, {"width": 320, "height": 600}], ids=["phone", "desktop", "narrow"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page(browser: Browser, at_desk: AtDesk, viewport: Mapping[str, int], lang: str) -> None:
    """Nothing is wrong with any of them, and none scrolls sideways."""
    tab = at_desk(browser, "tianjin.administrator", viewport, lang)
    for path in (
        *("/desk/me", "/desk/me/password", "/desk/me/factor", "/desk/accounts", "/desk/accounts/new"),
        *("/desk/accounts/1", "/desk/accounts/9", "/desk/accounts/centre", "/desk/accounts?centre=heping"),
    ):
        looked_at(visit(tab, path))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dark_pages_are_legible(browser: Browser, at_desk: AtDesk, scheme: str) -> None:
    """The same pages with the colours of the night."""
    tab = at_desk(browser, "tianjin.administrator")
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("/desk/me", "/desk/accounts", "/desk/accounts/1", "/desk/accounts/centre"):
        looked_at(visit(tab, path))


def test_without_scripts(browser: Browser, at_desk: AtDesk) -> None:
    """The pages of the door and the accounts need none."""
    tab = at_desk(browser, "administrator")
    tab.route("**/*.js", lambda route: route.abort())
    visit(tab, "/desk/accounts")
    expect(tab.locator("main table")).to_be_visible()
    with tab.expect_navigation():
        tab.locator("main table a").first.click()
    expect(tab.locator("main form button").first).to_be_visible()
