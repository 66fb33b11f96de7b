"""One's own account: password, second factor, sessions elsewhere."""

import html
import re
from base64 import b32decode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlmodel import Session, col, select

from matcher.accounts import passwords, second_factor
from matcher.accounts.models import Account
from matcher.audit.models import AuditEntry
from matcher.web.models import Attempt
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.pages import SECRET, Page

Store = Callable[[], AbstractContextManager[Session]]
SignedInAs = Callable[[str], Visitor]
NEW = "Nine lamps by the river 9"
CHANGE, FACTOR = "/desk/me/password", "/desk/me/factor"


def account(store: Store) -> Account:
    """The clerk's account as it is now."""
    with store() as register:
        return register.exec(select(Account).where(Account.name == "clerk")).one()


def changes(clerk: Visitor, present: str = PASSWORD, new: str = NEW, again: str | None = None) -> Page:
    """The page after asking for another password."""
    return clerk.answer({"present": present, "new": new, "again": new if again is None else again}, CHANGE)


def test_the_page_says_who_one_is(signed_in: SignedInAs) -> None:
    """Name, role and centre, in words."""
    text = signed_in("hedong.supervisor").get("/desk/me").text
    assert "天津市河东区企业服务中心" in text
    assert "审核" in text


def test_another_password(signed_in: SignedInAs, store: Store) -> None:
    """It holds from now on, this session goes on, every other one has ended."""
    clerk, elsewhere = signed_in("clerk"), signed_in("clerk")
    assert changes(clerk).response.status_code == 303
    assert passwords.holds(account(store).password_hash, NEW)
    assert "密码已修改" in clerk.get("/desk/me").text
    assert elsewhere.get("/desk/me").response.status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "again", "field", "said"),
    [
        ("wrong", NEW, None, "present", "现在的密码不对"),
        (PASSWORD, "short", None, "new", "至少12个"),
        (PASSWORD, "password123456", None, "new", "常见"),
        (PASSWORD, "I am a clerk of Heping", None, "new", "登录名"),
        (PASSWORD, PASSWORD, None, "new", "一样"),
        (PASSWORD, NEW, NEW + "?", "again", "两遍"),
    ],
)
def test_a_refusal_says_where_and_why(
    signed_in: SignedInAs, store: Store, present: str, new: str, again: str | None, field: str, said: str
) -> None:
    """Beside the field and above the form; nothing changes."""
    page = changes(signed_in("clerk"), present, new, again)
    assert page.response.status_code == 422
    assert said in "".join(page.by_id(f"{field}-fault").itertext())
    assert any(link.get("href") == f"#{field}" for link in page.by_id("faults").iter("a"))
    assert passwords.holds(account(store).password_hash, PASSWORD)


def test_guessing_the_present_password_locks(signed_in: SignedInAs) -> None:
    """Whoever finds a desk unattended cannot try as often as they like."""
    clerk = signed_in("clerk")
    for n in range(5):
        changes(clerk, f"wrong {n}")
    assert "请过15分钟再试" in changes(clerk).text


def test_a_right_password_is_not_counted(signed_in: SignedInAs, store: Store) -> None:
    """However often it is typed, the right one is taken, and nothing is left that counts."""
    clerk = signed_in("clerk")
    assert changes(clerk).response.status_code == 303
    for n in range(7):
        present, new = (NEW, PASSWORD) if n % 2 == 0 else (PASSWORD, NEW)
        assert changes(clerk, present, new).response.status_code == 303
    with store() as register:
        assert register.exec(select(Attempt)).all() == []


def test_a_first_password_is_done_with(signed_in: SignedInAs, store: Store) -> None:
    """Once changed, the desk is open, and that is where it leads."""
    with store() as register:
        register.exec(select(Account).where(Account.name == "clerk")).one().must_change = True
    clerk = signed_in("clerk")
    assert "初始密码" in clerk.get(CHANGE).text
    assert changes(clerk).response.headers["Location"].endswith("/desk")
    assert not account(store).must_change


def shown(page: Page) -> bytes:
    """The secret that a page shows to be typed into an app."""
    found = re.search(r'class="once"[^>]*>([A-Z2-7 ]+)<', html.unescape(page.response.text))
    assert found is not None
    return b32decode(found[1].replace(" ", ""))


def code(secret: bytes) -> str:
    """What an app shows now."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(datetime.now(UTC).timestamp())).decode()


def test_a_second_factor_is_turned_on_with_its_first_code(signed_in: SignedInAs, store: Store) -> None:
    """The secret on the page is the one that is kept, encrypted; the code used for it is spent."""
    clerk = signed_in("clerk")
    page = clerk.get(FACTOR)
    secret = shown(page)
    sent = {"secret": page.value("secret"), "code": code(secret), "present": PASSWORD}
    assert clerk.post(sent, FACTOR).headers["Location"] == "/desk/me"
    kept = account(store)
    assert second_factor.opened([SECRET], kept.totp_secret or "", kept.id or 0) == secret
    assert kept.totp_last is not None
    assert "已开启" in clerk.get("/desk/me").text


def test_a_wrong_code_keeps_the_secret(signed_in: SignedInAs, store: Store) -> None:
    """Whoever mistypes need not scan again, and nothing is on yet."""
    clerk = signed_in("clerk")
    page = clerk.get(FACTOR)
    again = clerk.answer({"secret": page.value("secret"), "code": "000", "present": PASSWORD}, FACTOR)
    assert again.response.status_code == 422
    assert shown(again) == shown(page)
    assert account(store).totp_secret is None


@pytest.mark.parametrize("present", [None, "", "wrong"])
def test_a_second_factor_needs_the_password(signed_in: SignedInAs, store: Store, present: str | None) -> None:
    """Whoever finds a desk unattended cannot shut its owner out: the code of his own app is not enough."""
    clerk = signed_in("clerk")
    page = clerk.get(FACTOR)
    sent = {"secret": page.value("secret"), "code": code(shown(page))}
    again = clerk.answer(sent if present is None else {**sent, "present": present}, FACTOR)
    assert again.response.status_code == 422
    assert "密码不对" in again.text
    assert shown(again) == shown(page)
    assert account(store).totp_secret is None


def test_guessing_in_one_session_holds_nobody_else_up(signed_in: SignedInAs, nobody: Visitor) -> None:
    """Whoever found the desk of a clerk unattended waits; she signs in elsewhere and changes her password."""
    thief = signed_in("clerk")
    for n in range(7):
        changes(thief, f"wrong {n}")
    assert nobody.answer({"name": "clerk", "password": PASSWORD}, "/desk/sign-in").response.status_code == 303
    assert changes(nobody).response.status_code == 303
    assert thief.get("/desk/me").response.status_code == 303


def test_somebody_elses_secret_is_refused(signed_in: SignedInAs, store: Store) -> None:
    """A secret shown to one account cannot be put on another, where the first would know it."""
    page = signed_in("auditor").get(FACTOR)
    sent = {"secret": page.value("secret"), "code": code(shown(page)), "present": PASSWORD}
    assert signed_in("clerk").post(sent, FACTOR).status_code == 422
    assert account(store).totp_secret is None


def test_the_second_factor_goes_off_with_the_password(signed_in: SignedInAs, store: Store) -> None:
    """And not without it."""
    clerk = signed_in("clerk")
    with store() as register:
        register.exec(select(Account).where(Account.name == "clerk")).one().totp_secret = "sealed"
    wrong = clerk.answer({"present": "wrong"}, f"{FACTOR}/off", at="/desk/me")
    assert wrong.response.status_code == 422
    assert account(store).totp_secret == "sealed"
    assert clerk.post({"present": PASSWORD}, f"{FACTOR}/off", at="/desk/me").status_code == 303
    assert account(store).totp_secret is None


def test_sessions_elsewhere_end(signed_in: SignedInAs) -> None:
    """All but the one that asks for it."""
    clerk, elsewhere, colleague = signed_in("clerk"), signed_in("clerk"), signed_in("auditor")
    assert clerk.post({}, "/desk/me/sessions", at="/desk/me").status_code == 303
    assert clerk.get("/desk/me").response.status_code == 200
    assert elsewhere.get("/desk/me").response.status_code == 303
    assert colleague.get("/desk/me").response.status_code == 200


@pytest.mark.both_databases
def test_all_of_it_is_in_the_trail(signed_in: SignedInAs, store: Store) -> None:
    """What changed is named, never a password or a secret."""
    clerk = signed_in("clerk")
    page = clerk.get(FACTOR)
    clerk.post({"secret": page.value("secret"), "code": code(shown(page)), "present": PASSWORD}, FACTOR)
    clerk.post({"present": PASSWORD}, f"{FACTOR}/off", at="/desk/me")
    changes(clerk)
    clerk.post({}, "/desk/me/sessions", at="/desk/me")
    with store() as register:
        entries = register.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    verbs = ("factor_on", "factor_off", "password_changed", "sessions_ended")
    assert [entry.action for entry in entries] == [f"account.{verb}" for verb in verbs]
    assert all(entry.subject == "account clerk" and entry.detail == {} for entry in entries)
