"""Signing in: what is said, what locks, how sessions end, and that no form is lost meanwhile."""

import random
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from sqlmodel import Session, col, select

from matcher.accounts import second_factor
from matcher.accounts import sign_in_tries as devices
from matcher.accounts.models import Account, SignedIn
from matcher.accounts.service import set_active, set_second_factor
from matcher.accounts.sign_in_tries import MOST_FROM_ANYWHERE, MOST_OF_ONE_CLIENT, MOST_WRONG
from matcher.audit.models import AuditEntry
from matcher.db.database import session
from matcher.web.database import engine
from matcher.web.limits import WINDOW, account_subject, add_attempt, hashed, network_of
from matcher.web.models import Attempt
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.pages import SECRET, Page, parsed

Store = Callable[[], AbstractContextManager[Session]]
SignedInAs = Callable[[str], Visitor]
TOTP_SECRET = b"12345678901234567890"
DOOR = "/desk/sign-in"


def enters(visitor: Visitor, name: str = "clerk", password: str = PASSWORD, **more: str) -> Page:
    """The page after an attempt to sign in."""
    return visitor.answer({"name": name, "password": password, **more}, DOOR)


def account(register: Session, name: str = "clerk") -> Account:
    """An account as it is now."""
    return register.exec(select(Account).where(Account.name == name)).one()


def code(at: datetime | None = None) -> str:
    """The code that an app shows at this moment."""
    return TOTP(TOTP_SECRET, 6, SHA1(), 30).generate(int((at or datetime.now(UTC)).timestamp())).decode()


def actions(store: Store) -> list[tuple[str, str]]:
    """What the audit trail says: who, what."""
    with store() as register:
        return [
            (entry.actor, entry.action) for entry in register.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
        ]


def test_a_right_password_lets_in(nobody: Visitor) -> None:
    """However the name is typed; afterwards the desk is open."""
    assert enters(nobody, " Clerk ").response.headers["Location"] == "/desk"
    assert nobody.get("/desk/me").response.status_code == 200


def test_an_administrator_starts_at_the_accounts(nobody: Visitor) -> None:
    """She has no business with firms."""
    assert enters(nobody, "administrator").response.headers["Location"] == "/desk/accounts"


def test_an_unknown_name_and_a_wrong_password_are_one(nobody: Visitor) -> None:
    """The same words and code; the name that was typed stays, the password does not."""
    unknown, wrong = enters(nobody, "nobody.at.all"), enters(nobody, "clerk", "wrong")
    assert unknown.response.status_code == wrong.response.status_code == 422
    assert unknown.by_id("said").text == wrong.by_id("said").text
    assert (wrong.value("name"), wrong.value("password")) == ("clerk", "")


def from_address(desk_app: Flask, address: str) -> Visitor:
    """A browser that nobody has used yet, at this network address."""
    visitor = Visitor(desk_app, desk_app.test_client())
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def fails(visitor: Visitor, name: str = "clerk", times: int = MOST_WRONG) -> list[int]:
    """The answers to so many wrong passwords."""
    return [enters(visitor, name, f"wrong {n}").response.status_code for n in range(times)]


def tried_before(desk_app: Flask, address: str, times: int) -> None:
    """So many wrong passwords were tried at this address a moment ago, each for another name."""
    now = datetime.now(UTC)
    with desk_app.app_context(), session(engine()) as register:
        for n in range(times):
            client, subject = hashed(network_of(address)), f"{n:064x}"
            add_attempt(register, "sign_in", client, now, now - WINDOW, subject=subject)


@pytest.mark.parametrize("name", ["clerk", "nobody.at.all"])
@pytest.mark.both_databases
def test_five_wrong_ones_make_the_address_wait(nobody: Visitor, store: Store, name: str) -> None:
    """The fifth says so with the minutes, whether the name exists or not; then even the right password waits there."""
    assert fails(nobody, name) == [422] * (MOST_WRONG - 1) + [429]
    page = enters(nobody, name)
    assert (page.response.status_code, page.response.headers["Retry-After"]) == (429, "900")
    assert "15分钟" in page.text
    with store() as register:
        for attempt in register.exec(select(Attempt)):
            attempt.made_at -= timedelta(minutes=15)
    assert enters(nobody, name).response.status_code == (303 if name == "clerk" else 422)


def test_nothing_tells_a_name_from_none(desk_app: Flask, store: Store) -> None:
    """However many wrong ones and however long ago, the pages for a name and for none are the same."""
    known, none = from_address(desk_app, "192.0.2.1"), from_address(desk_app, "192.0.2.2")
    for n in range(MOST_WRONG + 2):
        for visitor, name in ((known, "clerk"), (none, "clark")):
            visitor.page = enters(visitor, name, f"wrong {n}")  # type: ignore[attr-defined]
        pages = [visitor.page for visitor in (known, none)]  # type: ignore[attr-defined]
        assert pages[0].response.status_code == pages[1].response.status_code
        assert pages[0].by_id("said").text == pages[1].by_id("said").text
        with store() as register:  # some time passes, so that a wait counted from the last one would show
            for attempt in register.exec(select(Attempt)):
                attempt.made_at -= timedelta(seconds=70)


def test_a_stranger_locks_nobody_out(desk_app: Flask) -> None:
    """Wrong passwords from one address, however many, stop neither the account elsewhere nor another one there."""
    stranger = from_address(desk_app, "192.0.2.1")
    assert fails(stranger, times=8)[-1] == 429
    assert enters(from_address(desk_app, "192.0.2.7")).response.status_code == 303
    assert enters(stranger, "auditor").response.status_code == 303


def test_a_known_device_is_not_held_up(desk_app: Flask) -> None:
    """Where an account has signed in before, it does again, whatever a stranger at the same address tried."""
    office, stranger = from_address(desk_app, "192.0.2.1"), from_address(desk_app, "192.0.2.1")
    assert enters(office).response.status_code == 303
    office.post({}, "/desk/sign-out", at="/desk/me")
    fails(stranger)
    tried_before(desk_app, "192.0.2.1", MOST_OF_ONE_CLIENT)
    assert enters(stranger, "auditor").response.status_code == 429
    assert enters(office).response.status_code == 303


def test_a_known_device_has_five_tries_of_its_own(desk_app: Flask) -> None:
    """Whoever has it guesses no more than anybody, and for other accounts it is a device like any other."""
    office = from_address(desk_app, "192.0.2.1")
    enters(office)
    office.post({}, "/desk/sign-out", at="/desk/me")
    assert fails(office) == [422] * (MOST_WRONG - 1) + [429]
    assert enters(office).response.status_code == 429
    assert enters(from_address(desk_app, "192.0.2.1")).response.status_code == 303
    assert fails(office, "auditor") == [422] * (MOST_WRONG - 1) + [429]
    assert enters(from_address(desk_app, "192.0.2.1"), "auditor").response.status_code == 429


def test_a_made_up_device_is_none(desk_app: Flask) -> None:
    """Its cookie is sealed: a forged one, or another account's, frees nobody from waiting."""
    stranger, other = from_address(desk_app, "192.0.2.1"), from_address(desk_app, "192.0.2.9")
    enters(other, "auditor")
    cookie = other.client.get_cookie(devices.COOKIE, path="/desk")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    fails(stranger)
    for told in ("made-up", cookie.value):
        stranger.client.set_cookie(devices.COOKIE, told, path="/desk")
        assert enters(stranger).response.status_code == 429


@pytest.mark.both_databases
def test_guessing_from_everywhere_ends(desk_app: Flask, store: Store) -> None:
    """A hundred wrong ones from many networks make unknown devices wait for that account; a known one goes in."""
    office = from_address(desk_app, "192.0.2.1")
    enters(office)
    office.post({}, "/desk/sign-out", at="/desk/me")
    with store() as register:
        subject = account_subject(account(register).id or 0)
        for n in range(MOST_FROM_ANYWHERE):
            add_attempt(
                register, "sign_in", f"{n:064x}", datetime.now(UTC), datetime.now(UTC) - WINDOW, subject=subject
            )
    assert enters(from_address(desk_app, "192.0.2.7")).response.status_code == 429
    assert enters(from_address(desk_app, "192.0.2.7"), "auditor").response.status_code == 303
    assert enters(office).response.status_code == 303


@pytest.mark.both_databases
def test_success_ends_the_count(nobody: Visitor, store: Store) -> None:
    """Four wrong ones and a right one leave five free again there, and what others tried is still counted."""
    fails(nobody, times=MOST_WRONG - 1)
    with store() as register:
        subject = account_subject(account(register).id or 0)
        add_attempt(register, "sign_in", "1" * 64, datetime.now(UTC), datetime.now(UTC) - WINDOW, subject=subject)
    assert enters(nobody).response.status_code == 303
    with store() as register:
        assert [attempt.client for attempt in register.exec(select(Attempt))] == ["1" * 64]


def test_one_address_has_so_many_tries(desk_app: Flask) -> None:
    """Whoever tries one name after another is stopped by the address; another address is not."""
    stranger = from_address(desk_app, "2001:db8:0:7::1")
    tried_before(desk_app, "2001:db8:0:7::9", MOST_OF_ONE_CLIENT - 1)
    assert enters(stranger, "nobody.at.all", "wrong").response.status_code == 429
    assert enters(stranger).response.status_code == 429
    assert enters(from_address(desk_app, "2001:db8:0:8::1")).response.status_code == 303


def test_what_is_counted_does_not_grow_without_end(nobody: Visitor, store: Store) -> None:
    """What is refused is not counted, and what is over goes with the next try."""
    fails(nobody, times=MOST_WRONG + 4)
    with store() as register:
        attempts = register.exec(select(Attempt)).all()
        assert len(attempts) == MOST_WRONG
        for attempt in attempts:
            attempt.made_at -= WINDOW + timedelta(minutes=1)
    enters(nobody, "clerk", "wrong")
    with store() as register:
        assert len(register.exec(select(Attempt)).all()) == 1


def test_a_deactivated_account_stays_out(nobody: Visitor, store: Store) -> None:
    """It learns so only with the right password."""
    with store() as register:
        set_active(register, account(register), False)
    assert "停用" not in enters(nobody, "clerk", "wrong").text
    assert "停用" in enters(nobody).text
    assert nobody.get("/desk/me").response.status_code == 303


def strengthens_a_weak_hash(nobody: Visitor, store: Store) -> None:
    """The right password turns a hash with older parameters into one of today's."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with store() as register:
        account(register).password_hash = weak
    enters(nobody)
    with store() as register:
        assert account(register).password_hash != weak


def test_a_weak_hash_is_strengthened(nobody: Visitor, store: Store) -> None:
    """Signing in turns a hash with older parameters into one of today's."""
    strengthens_a_weak_hash(nobody, store)
    assert enters(nobody).response.status_code == 303


def test_signing_in_makes_a_new_session(nobody: Visitor) -> None:
    """Nothing that was in the session before stays in it, but the language does."""
    nobody.get("/desk/sign-in?lang=en")
    with nobody.client.session_transaction() as held:
        held["planted"] = "by somebody"
        before = held["csrf_token"]
    enters(nobody)
    with nobody.client.session_transaction() as held:
        assert "planted" not in held
        assert held.get("csrf_token") != before
    assert "My account" in nobody.get("/desk/me").text


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/desk/accounts?centre=heping", "/desk/accounts?centre=heping"),
        ("https://evil.example/desk", "/desk"),
        ("//evil.example/desk", "/desk"),
        ("/desk\\@evil.example", "/desk"),
        ("/desk/../evil", "/desk"),
        ("/desk\r\nSet-Cookie: a=b", "/desk"),
        ("/desks", "/desk"),
        ("/", "/desk"),
        ("/desk/sign-in?next=/desk", "/desk"),
    ],
)
def test_one_is_sent_to_own_pages_only(nobody: Visitor, wanted: str, where: str) -> None:
    """What stands in `next` is followed within the desk."""
    assert enters(nobody, next=wanted).response.headers["Location"] == where


def test_a_page_asked_for_without_a_session_comes_afterwards(nobody: Visitor) -> None:
    """The door remembers where one wanted to go."""
    sent_away = nobody.client.get("/desk/me?lang=zh")
    assert sent_away.status_code == 303
    door = nobody.get(sent_away.headers["Location"])
    assert door.value("next") == "/desk/me?lang=zh"


def test_a_script_is_told_instead_of_sent(nobody: Visitor) -> None:
    """A page's script gets a refusal, not the door's page to put into the middle of its own."""
    answer = nobody.client.get("/desk/me", headers={"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "<" not in answer.text


def test_signing_out_ends_the_session_itself(signed_in: SignedInAs, desk_app: Flask) -> None:
    """Not only the browser forgets it: a copy of its cookie opens nothing either."""
    clerk = signed_in("clerk")
    name = desk_app.config["SESSION_COOKIE_NAME"]
    clerk.get("/desk/me")
    copy = clerk.client.get_cookie(name)
    assert copy is not None
    assert clerk.post({}, "/desk/sign-out", at="/desk/me").headers["Location"] == DOOR
    thief = desk_app.test_client()
    thief.set_cookie(name, copy.value)
    assert thief.get("/desk/me").status_code == 303


def test_the_way_out_asks_for_the_token(signed_in: SignedInAs, store: Store) -> None:
    """A post without it, as an old client sends it for another site, ends nothing; the page offers the button once more."""
    clerk = signed_in("clerk")
    for form in ({}, {"csrf_token": "old"}):
        page = parsed(clerk.client.post("/desk/sign-out", data=form))
        assert page.response.status_code == 400
        assert clerk.get("/desk/me").response.status_code == 200
    token = page.value("csrf_token")
    assert clerk.client.post("/desk/sign-out", data={"csrf_token": token}).headers["Location"] == DOOR
    assert clerk.get("/desk/me").response.status_code == 303
    assert actions(store) == [("clerk", "signed.out")]


def test_the_way_out_is_open_after_the_end(signed_in: SignedInAs, store: Store) -> None:
    """From a page whose session is over already, or whose second tab was used to sign out, one comes to the door."""
    clerk = signed_in("clerk")
    token = clerk.get("/desk/me").value("csrf_token")
    for _ in range(2):
        assert clerk.client.post("/desk/sign-out", data={"csrf_token": token}).headers["Location"] == DOOR


def test_another_site_signs_nobody_out(signed_in: SignedInAs) -> None:
    """A post from elsewhere is refused before anything is done."""
    clerk = signed_in("clerk")
    assert clerk.client.post("/desk/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert clerk.get("/desk/me").response.status_code == 200


@pytest.mark.parametrize(
    ("idle", "age", "is_over"),
    [
        (timedelta(minutes=29), timedelta(hours=11), False),
        (timedelta(minutes=31), timedelta(hours=1), True),
        (timedelta(minutes=1), timedelta(hours=12, minutes=1), True),
    ],
)
@pytest.mark.both_databases
def test_a_session_ends_by_itself(
    signed_in: SignedInAs, store: Store, idle: timedelta, age: timedelta, is_over: bool
) -> None:
    """After 30 minutes without a request, and after 12 hours of any."""
    clerk, now = signed_in("clerk"), datetime.now(UTC)
    with store() as register:
        held = register.exec(select(SignedIn)).one()
        held.seen_at, held.began_at = now - idle, now - age
    assert clerk.get("/desk/me").response.status_code == (303 if is_over else 200)


def test_use_keeps_a_session_alive(signed_in: SignedInAs, store: Store) -> None:
    """Each request counts anew the minutes of rest."""
    clerk, before = signed_in("clerk"), datetime.now(UTC) - timedelta(minutes=20)
    with store() as register:
        register.exec(select(SignedIn)).one().seen_at = before
    clerk.get("/desk/me")
    with store() as register:
        assert register.exec(select(SignedIn)).one().seen_at > before + timedelta(minutes=19)


@pytest.fixture
def with_factor(store: Store) -> None:
    """The clerk's account asks for a code."""
    with store() as register:
        clerk = account(register)
        set_second_factor(register, clerk, second_factor.sealed(SECRET, TOTP_SECRET, clerk.id or 0), None)


@pytest.mark.usefixtures("with_factor")
def test_a_second_step_asks_for_the_code(nobody: Visitor) -> None:
    """The password alone opens nothing; with the code one is where one wanted to go."""
    page = enters(nobody, next="/desk/me")
    assert nobody.get("/desk/me").response.status_code == 303
    sent = {name: page.value(name) or "" for name in ("first", "next")}
    assert nobody.post({**sent, "code": code()}, f"{DOOR}/code", at=DOOR).headers["Location"] == "/desk/me"


@pytest.mark.usefixtures("with_factor")
def test_a_code_works_once(nobody: Visitor) -> None:
    """Seen over the shoulder it is worth nothing."""
    first = enters(nobody).value("first") or ""
    shown = code()
    assert nobody.post({"first": first, "code": shown}, f"{DOOR}/code", at=DOOR).status_code == 303
    nobody.post({}, "/desk/sign-out", at="/desk/me")
    page = nobody.answer({"first": enters(nobody).value("first") or "", "code": shown}, f"{DOOR}/code", at=DOOR)
    assert page.response.status_code == 422
    assert "已用过" in page.text


@pytest.mark.usefixtures("with_factor")
def test_wrong_codes_are_counted_from_everywhere(desk_app: Flask) -> None:
    """Six digits are guessed soon: five wrong ones, and every unknown device waits; the right password forgives nothing."""
    codes = []
    for n in range(MOST_WRONG):
        stranger = from_address(desk_app, f"192.0.2.{n}")
        first = enters(stranger).value("first") or ""
        codes.append(stranger.post({"first": first, "code": f"x{n}"}, f"{DOOR}/code", at=DOOR).status_code)
    assert codes == [422] * (MOST_WRONG - 1) + [429]
    late = from_address(desk_app, "192.0.2.99")
    first = enters(late).value("first") or ""
    assert late.post({"first": first, "code": code()}, f"{DOOR}/code", at=DOOR).status_code == 429


@pytest.mark.usefixtures("with_factor")
def test_guessed_codes_do_not_hold_up_a_known_device(desk_app: Flask, store: Store) -> None:
    """Whoever stole the password cannot keep its owner out of the computer that she uses."""
    office = from_address(desk_app, "192.0.2.1")
    first = enters(office).value("first") or ""
    assert office.post({"first": first, "code": code()}, f"{DOOR}/code", at=DOOR).status_code == 303
    office.post({}, "/desk/sign-out", at="/desk/me")
    thief = from_address(desk_app, "192.0.2.1")
    for n in range(MOST_WRONG + 1):
        first = enters(thief).value("first") or ""
        thief.post({"first": first, "code": f"x{n}"}, f"{DOOR}/code", at=DOOR)
    with store() as register:
        account(register).totp_last = None
    first = enters(office).value("first") or ""
    assert office.post({"first": first, "code": code()}, f"{DOOR}/code", at=DOOR).status_code == 303


@pytest.mark.usefixtures("with_factor")
def test_another_secret_of_the_site_is_said(nobody: Visitor, store: Store) -> None:
    """Where nobody can check a code any more, the page says who helps."""
    with store() as register:
        clerk = account(register)
        clerk.totp_secret = second_factor.sealed("another-secret-that-the-site-once-had", TOTP_SECRET, clerk.id or 0)
    page = nobody.answer({"first": enters(nobody).value("first") or "", "code": code()}, f"{DOOR}/code", at=DOOR)
    assert page.response.status_code == 422
    assert "管理员重置" in page.text


@pytest.mark.usefixtures("with_factor")
def test_a_secret_of_before_is_sealed_anew(nobody: Visitor, desk_app: Flask, store: Store) -> None:
    """While the site still knows its last secret a code works, and from then on the new one alone opens what is kept."""
    last = "another-secret-that-the-site-once-had"
    desk_app.config["SECRET_KEY_FALLBACKS"] = [last]
    with store() as register:
        clerk = account(register)
        clerk.totp_secret = second_factor.sealed(last, TOTP_SECRET, clerk.id or 0)
    first = enters(nobody).value("first") or ""
    assert nobody.post({"first": first, "code": code()}, f"{DOOR}/code", at=DOOR).status_code == 303
    with store() as register:
        clerk = account(register)
        assert second_factor.opened([SECRET], clerk.totp_secret or "", clerk.id or 0) == TOTP_SECRET


@pytest.mark.usefixtures("with_factor")
def test_a_weak_hash_is_strengthened_before_the_code(nobody: Visitor, store: Store) -> None:
    """With a second step, too, which the password does not come to."""
    strengthens_a_weak_hash(nobody, store)
    assert enters(nobody).value("first")


@pytest.mark.usefixtures("with_factor")
def test_the_first_step_is_sealed(nobody: Visitor, store: Store) -> None:
    """A made-up first step, or one from before the password changed, starts from the beginning."""
    first = enters(nobody).value("first") or ""
    for told in ("", "made-up", first[:-2]):
        assert "重新开始" in nobody.answer({"first": told, "code": code()}, f"{DOOR}/code", at=DOOR).text
    with store() as register:
        account(register).epoch += 1
    assert "重新开始" in nobody.answer({"first": first, "code": code()}, f"{DOOR}/code", at=DOOR).text


@pytest.mark.both_databases
def test_the_trail_says_who_came_and_who_did_not(nobody: Visitor, store: Store) -> None:
    """A name is remembered only where it is an account's: else a password may have been typed there."""
    enters(nobody, "my secret password")
    enters(nobody, "clerk", "wrong")
    enters(nobody)
    nobody.post({}, "/desk/sign-out", at="/desk/me")
    told = [("?", "sign_in.failed"), ("clerk", "sign_in.failed"), ("clerk", "signed.in"), ("clerk", "signed.out")]
    assert actions(store) == told
    with store() as register:
        assert all("secret" not in entry.subject for entry in register.exec(select(AuditEntry)))


FILLED = {"name": "li.na", "display_name": "李娜\r\n<b>", "role": "clerk", "centre": "heping"}


def expired(visitor: Visitor, store: Store) -> None:
    """Let the visitor's session be over."""
    visitor.get("/desk/me")
    with store() as register:
        for held in register.exec(select(SignedIn)):
            register.delete(held)


def test_a_form_sent_too_late_is_not_lost(signed_in: SignedInAs, store: Store) -> None:
    """It waits in the sign-in form, unreadable; afterwards a button sends it as it was, and it does what it should."""
    admin = signed_in("administrator")
    expired(admin, store)
    door = parsed(admin.client.post("/desk/accounts/new", data={"csrf_token": "old", **FILLED}))
    assert door.response.status_code == 403
    assert "还在" in door.text
    assert "li.na" not in door.response.text
    again = enters(admin, "administrator", carried=door.value("carried") or "")
    assert "您刚才填写的内容还在" in again.text
    form = next(form for form in again.root.iter("form") if form.get("action") == "/desk/accounts/new")
    sent = {field.get("name", ""): field.get("value", "") for field in form.iter("input")}
    assert {name: told.replace("\n", "\r\n").replace("\r\r", "\r") for name, told in sent.items()} | {
        "csrf_token": ""
    } == {**FILLED, "csrf_token": ""}
    assert "初始密码" in admin.client.post("/desk/accounts/new", data=sent).text


def test_a_wrong_password_keeps_the_form_waiting(signed_in: SignedInAs, store: Store) -> None:
    """So does a page that was open for too long."""
    admin = signed_in("administrator")
    expired(admin, store)
    door = parsed(admin.client.post("/desk/accounts/new", data=FILLED))
    wrong = enters(admin, "administrator", "wrong", carried=door.value("carried") or "")
    assert wrong.value("carried") == door.value("carried")
    stale = parsed(admin.client.post(DOOR, data={"carried": wrong.value("carried"), "name": "administrator"}))
    assert stale.response.status_code == 400
    assert stale.value("carried") == door.value("carried")


def test_nobody_else_gets_the_form(signed_in: SignedInAs, store: Store) -> None:
    """Another account that signs in at this browser does not see what the first had typed."""
    admin = signed_in("administrator")
    expired(admin, store)
    door = parsed(admin.client.post("/desk/accounts/new", data=FILLED))
    other = enters(admin, "clerk", carried=door.value("carried") or "")
    assert other.response.status_code == 303


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_form_too_large_to_wait_says_so(signed_in: SignedInAs, store: Store, is_signed_in: bool) -> None:
    """Nothing pretends to have been kept; who is signed in still gets all of it back."""
    admin = signed_in("administrator")
    if not is_signed_in:
        expired(admin, store)
    drawn = random.Random(7)
    long = {f"field{n}": "".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(6000)) for n in range(12)}
    page = parsed(admin.client.post("/desk/accounts/new", data=long, content_type="multipart/form-data"))
    if is_signed_in:
        assert page.value("field7") == long["field7"]
    else:
        assert "按浏览器的“返回”" in page.text
        assert page.value("carried") is None


def test_a_stale_token_loses_nothing(signed_in: SignedInAs) -> None:
    """Signed in again in another tab, the old tab's form is offered once more, with a token that holds."""
    admin = signed_in("administrator")
    again = parsed(admin.client.post("/desk/accounts/new", data={"csrf_token": "of another session", **FILLED}))
    assert again.response.status_code == 400
    assert again.value("display_name") == FILLED["display_name"].replace("\r\n", "\n")
    sent = {**FILLED, "csrf_token": again.value("csrf_token") or ""}
    assert admin.client.post("/desk/accounts/new", data=sent).status_code == 200


def test_a_forged_waiting_form_is_nothing(nobody: Visitor) -> None:
    """What was not sealed here is not sent on."""
    assert enters(nobody, carried="made-up").response.status_code == 303


def test_a_first_password_opens_its_own_change_only(signed_in: SignedInAs, store: Store) -> None:
    """Every other page leads there."""
    with store() as register:
        account(register, "administrator").must_change = True
    admin = signed_in("administrator")
    assert admin.client.get("/desk/accounts").headers["Location"] == "/desk/me/password"
    assert admin.get("/desk/me/password").response.status_code == 200


def test_the_door_shows_no_room(nobody: Visitor) -> None:
    """Whoever is not signed in sees neither the navigation nor a button to sign out."""
    page = nobody.get(DOOR)
    assert page.root.find(".//nav") is None
    assert not re.search("退出", page.text)
