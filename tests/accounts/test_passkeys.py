"""Passkeys as second factor: added, shown, named and taken away in Chromium; and what no key, forged or borrowed, opens."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, col, select

from matcher.accounts import passkeys
from matcher.accounts.models import Account, Passkey, SignedIn
from matcher.accounts.sign_in_tries import MOST_WRONG
from matcher.audit.models import AuditEntry
from tests.fixtures.authenticator import Authenticator
from tests.fixtures.browsing import PHONE, looked_at, new_context, next_page, visit
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.pages import Page as Parsed

Store = Callable[[], AbstractContextManager[Session]]
SignedInAs = Callable[[str], Visitor]
NEW, DOOR = "/desk/me/passkeys/new", "/desk/sign-in/passkey"


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site knows its one address."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "http://localhost")


def options_of(page: Parsed) -> str:
    """What the page has the browser asked."""
    found = page.root.find(".//form[@data-passkey]")
    assert found is not None, page.text
    return found.get("data-options") or ""


def form_to_add(visitor: Visitor, device: Authenticator, **more: str) -> dict[str, object]:
    """What a browser sends of the page on which a passkey is added."""
    page = visitor.get(NEW)
    told = device.create(options_of(page))
    return {
        "name": "办公室电脑",
        "present": PASSWORD,
        "challenge": page.value("challenge"),
        "credential": told,
        **more,
    }


def has_added(visitor: Visitor, device: Authenticator, **more: str) -> int:
    """Add a passkey; the status."""
    return visitor.post(form_to_add(visitor, device, **more), NEW).status_code


def first_step(visitor: Visitor, name: str = "clerk") -> Parsed:
    """The second page, after name and password."""
    return visitor.answer({"name": name, "password": PASSWORD}, "/desk/sign-in")


def shown_at(page: Parsed, told: str) -> dict[str, object]:
    """What a browser sends of the second page."""
    fields = ("csrf_token", "first", "challenge")
    return {"credential": told, **{name: page.value(name) for name in fields}}


def shows(visitor: Visitor, device: Authenticator, name: str = "clerk") -> Any:
    """Sign in with name, password and the device."""
    page = first_step(visitor, name)
    return visitor.client.post(DOOR, data=shown_at(page, device.get(options_of(page))))


def is_in(visitor: Visitor) -> bool:
    """Whether the desk opens."""
    return visitor.client.get("/desk/cases").status_code == 200


@pytest.fixture
def device(signed_in: SignedInAs) -> Authenticator:
    """The clerk's passkey."""
    made = Authenticator()
    assert has_added(signed_in("clerk"), made) == 303
    return made


def test_a_password_alone_is_not_enough_any_more(nobody: Visitor, device: Authenticator) -> None:
    """The second page asks for the device; with it one is in, and the next time again."""
    page = first_step(nobody)
    assert "通行密钥" in page.text
    assert not is_in(nobody)
    assert page.value("code") is None
    assert shows(nobody, device).status_code == 303
    assert is_in(nobody)
    other = Visitor(nobody.app, nobody.app.test_client())
    assert shows(other, device).status_code == 303


def test_an_answer_works_once(nobody: Visitor, device: Authenticator) -> None:
    """Whoever saw it go by gets nothing from sending it again, from another browser with the password, or late."""
    page = first_step(nobody)
    sent = shown_at(page, device.get(options_of(page)))
    assert nobody.client.post(DOOR, data=sent).status_code == 303
    thief = Visitor(nobody.app, nobody.app.test_client())
    again = first_step(thief)
    for replayed in (sent | {"csrf_token": again.value("csrf_token")}, shown_at(again, str(sent["credential"]))):
        assert thief.client.post(DOOR, data=replayed).status_code == 422
    assert not is_in(thief)


def test_a_challenge_is_of_one_account(nobody: Visitor, device: Authenticator, signed_in: SignedInAs) -> None:
    """Neither another account's device, nor its challenge, nor its first step opens this one."""
    others = Authenticator(credential=b"of the auditor")
    assert has_added(signed_in("auditor"), others) == 303
    page, of_auditor = first_step(nobody), first_step(nobody, "auditor")
    told = others.get(options_of(page))
    assert nobody.client.post(DOOR, data=shown_at(page, told)).status_code == 422
    sent = shown_at(of_auditor, others.get(options_of(of_auditor))) | {"first": page.value("first")}
    assert nobody.client.post(DOOR, data=sent).status_code == 422
    borrowed = replace(others, credential=device.credential)  # says to be the clerk's, and signs with another key
    assert shows(nobody, borrowed).status_code == 422
    assert not is_in(nobody)


LIES: dict[str, Callable[[Authenticator], Authenticator]] = {
    "another site": lambda honest: replace(honest, origin="https://desk.elsewhere.cn"),
    "a host below": lambda honest: replace(honest, origin="http://evil.localhost"),
    "another port": lambda honest: replace(honest, origin="http://localhost:8443"),
    "another host": lambda honest: replace(honest, host="elsewhere.cn"),
    "a copy that signed less": lambda honest: replace(honest, count=honest.count - 2),
}


def test_what_another_site_got_signed_is_refused(nobody: Visitor, device: Authenticator, store: Store) -> None:
    """Origin, host and the device's own count are looked at; the trail says what was wrong, and the fifth makes one wait."""
    device.count = 7
    assert shows(nobody, device).status_code == 303
    stranger = Visitor(nobody.app, nobody.app.test_client())
    answers = [shows(stranger, lie(device)) for lie in LIES.values()]
    assert [answer.status_code for answer in answers] == [422] * (MOST_WRONG - 1) + [429]
    assert not is_in(stranger)
    with store() as register:
        wanted = select(AuditEntry).where(AuditEntry.action == "sign_in.failed").order_by(col(AuditEntry.number))
        assert [entry.detail["why"] for entry in register.exec(wanted)][-1] == "passkey count"


@pytest.mark.parametrize(
    "told",
    ["", "{}", "[]", "null", '{"id": 1}', "x" * 20_000, '{"id":"YQ","rawId":"YQ","type":"public-key","response":{}}'],
)
def test_what_is_no_answer_is_refused(nobody: Visitor, device: Authenticator, signed_in: SignedInAs, told: str) -> None:
    """In words, at the door and where one is added."""
    page = first_step(nobody)
    answer = nobody.client.post(DOOR, data=shown_at(page, told))
    assert answer.status_code == 422
    assert "这个通行密钥用不了" in answer.text
    visitor = signed_in("clerk")
    assert has_added(visitor, Authenticator(credential=b"second"), credential=told) == 422


def test_adding_one_takes_the_password_a_fresh_challenge_and_a_new_device(signed_in: SignedInAs, store: Store) -> None:
    """None of another account, none twice, none that another site asked for; one's other sessions end."""
    visitor, elsewhere = signed_in("clerk"), signed_in("clerk")
    device = Authenticator()
    assert has_added(visitor, device, present="wrong") == 422
    assert has_added(visitor, replace(device, origin="https://elsewhere.cn")) == 422
    assert has_added(visitor, device, name=" ") == 422
    form = form_to_add(visitor, device)
    assert signed_in("auditor").post(form, NEW).status_code == 422
    assert visitor.post(form, NEW).status_code == 303
    assert not is_in(elsewhere)
    assert is_in(visitor)
    assert visitor.post(form, NEW).status_code == 422
    assert has_added(signed_in("auditor"), device) == 422
    with store() as register:
        assert len(register.exec(select(Passkey)).all()) == 1


def test_one_changes_nobody_elses(signed_in: SignedInAs, device: Authenticator, store: Store) -> None:
    """Neither its name nor that it is there; one's own goes with the password alone."""
    with store() as register:
        number = register.exec(select(Passkey.id)).one()
    of = f"/desk/me/passkeys/{number}"
    for act in ("name", "remove"):
        other = signed_in("auditor")
        assert other.post({"name": "x", "present": PASSWORD}, f"{of}/{act}", at="/desk/me").status_code == 404
    owner = signed_in("clerk")
    assert owner.post({"present": "wrong"}, f"{of}/remove", at="/desk/me").status_code == 422
    assert owner.post({"name": "家里"}, f"{of}/name", at="/desk/me").status_code == 303
    assert "家里" in owner.get("/desk/me").text
    assert owner.post({"present": PASSWORD}, f"{of}/remove", at="/desk/me").status_code == 303
    assert is_in(owner)
    assert first_step(Visitor(owner.app, owner.app.test_client())).response.status_code == 303


def test_there_are_ten_at_most(signed_in: SignedInAs) -> None:
    """The eleventh is refused in words."""
    visitor = signed_in("clerk")
    for number in range(passkeys.MOST):
        assert has_added(visitor, Authenticator(credential=b"number %d" % number)) == 303
    assert "最多10个" in visitor.answer(form_to_add(visitor, Authenticator()), NEW).text


@pytest.mark.parametrize("public", ["", "http://desk.example.cn", "http://127.0.0.1:8000", "https://192.0.2.1"])
def test_without_an_address_for_them_there_are_none(
    nobody: Visitor, signed_in: SignedInAs, device: Authenticator, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    """Browsers give none there: nothing is offered, and whoever has only a passkey reads whom to ask."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", public)
    other = signed_in("auditor")
    assert "通行密钥" not in other.get("/desk/me").text
    assert other.client.get(NEW).status_code == 303
    assert other.post({"present": PASSWORD}, NEW, at="/desk/me").status_code == 303
    page = first_step(nobody)
    assert "请管理员重置" in page.text
    assert not is_in(nobody)


@pytest.fixture
def tab(browser: Browser, desk_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone at the desk's address, with a device for passkeys of Chromium's own."""
    site = desk_address.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("MATCHER_PUBLIC_URL", site.rstrip("/"))
    context = new_context(browser, viewport=dict(PHONE), base_url=site)
    opened = context.new_page()
    session = context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield opened
    context.close()


def signs_in(tab: Page) -> None:
    """Name and password."""
    visit(tab, "/desk/sign-in?next=/desk/me")
    tab.locator("#name").fill("clerk")
    tab.locator("#password").fill(PASSWORD)
    with next_page(tab):
        tab.get_by_role("button", name="登录", exact=True).click()


def adds(tab: Page, name: str) -> None:
    """A passkey, by the page's form."""
    with next_page(tab):
        tab.get_by_role("link", name="添加通行密钥").click()
    looked_at(tab)
    tab.get_by_label("给它起个名字").fill(name)
    tab.get_by_label("现在的密码").fill(PASSWORD)
    with next_page(tab):
        tab.get_by_role("button", name="添加通行密钥").click()
    expect(looked_at(tab).get_by_role("status")).to_contain_text("通行密钥已添加")


def test_in_chromium(tab: Page, signed_in: SignedInAs, store: Store) -> None:
    """Added, shown at the door, taken away; added again and reset by the administrator, which ends the session."""
    signs_in(tab)
    adds(tab, "办公室电脑")
    with next_page(tab):
        tab.get_by_role("button", name="退出").first.click()
    signs_in(tab)
    expect(tab).to_have_url(re.compile("/desk/sign-in$"))
    with next_page(looked_at(tab)):
        tab.get_by_role("button", name="用通行密钥").click()
    expect(tab).to_have_url(re.compile("/desk/me$"))
    tab.locator("summary", has_text="办公室电脑").click()
    expect(looked_at(tab).locator("summary", has_text="最近使用")).to_be_visible()
    tab.locator("form[action$='/remove']").get_by_label("现在的密码").fill(PASSWORD)
    with next_page(tab):
        tab.get_by_role("button", name="删除这个通行密钥").click()
    expect(tab.get_by_role("status")).to_contain_text("通行密钥已删除")
    adds(tab, "手机")
    with store() as register:
        number = register.exec(select(Account.id).where(Account.name == "clerk")).one()
    administrator, of = signed_in("administrator"), f"/desk/accounts/{number}"
    assert administrator.post({}, f"{of}/factor", at=of).status_code == 303
    with store() as register:
        assert register.exec(select(Passkey)).all() == []
        assert register.exec(select(SignedIn).where(SignedIn.account_id == number)).all() == []
    signs_in(tab)
    expect(tab).to_have_url(re.compile("/desk/me$"))
