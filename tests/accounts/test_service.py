"""The accounts of the store: names, ends of sessions, the last administrator, settings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from matcher.accounts.models import Account
from matcher.accounts.service import (
    NewAccount,
    add_account,
    change_account,
    find_account,
    held_account,
    list_accounts,
    set_active,
    set_password,
    set_second_factor,
)
from matcher.cases.files import add_note
from matcher.cases.service import Content, Opening, open_case
from matcher.db.database import session
from matcher.db.faults import EntryError
from matcher.web.limits import account_subject, add_attempt, tried

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def made(register: Session, name: str = "li.na", role: str = "clerk", centre: str = "heping") -> Account:
    """An account."""
    return add_account(register, NewAccount(name, "李娜", role, centre, "$argon2id$x"), NOW)


def test_a_name_is_found_however_it_is_typed(engine: Engine) -> None:
    """Capitals and blanks around it do not matter; another name is nobody."""
    with session(engine) as register:
        account = made(register)
        assert find_account(register, " Li.Na ") is account
        assert find_account(register, "li.n") is None


@pytest.mark.parametrize("name", ["", "a", "Li", "li na", "李娜", ".li", "li-", "a" * 65, "li\n"])
def test_a_name_that_cannot_be_typed_is_refused(engine: Engine, name: str) -> None:
    """Small letters, digits and three signs, 2 to 64 of them."""
    with session(engine) as register, pytest.raises(EntryError) as refused:
        made(register, name)
    assert refused.value.fields == ("name",)


def test_a_name_is_given_once(engine: Engine) -> None:
    """A second account of the same name is refused in words."""
    with session(engine) as register:
        made(register)
        with pytest.raises(EntryError, match=r"li\.na"):
            made(register)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_whoever_holds_an_account_holds_up_nobodys_notes(engine: Engine) -> None:
    """Who writes a note may be waited for by the holder: neither may wait for the other."""
    with session(engine) as register:
        account = made(register)
        case = open_case(register, Opening("heping", account.id or 0, "blank", Content({}, {})), NOW)
    with session(engine) as holding, session(engine) as noting:
        assert held_account(holding, account.id or 0) is not None
        noting.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        assert add_note(noting, case.id or 0, account.id or 0, "来电", NOW).id


def test_what_ends_sessions(engine: Engine) -> None:
    """Another password, role, centre or second factor, and being kept out; another name to show does not."""
    with session(engine) as register:
        account, epochs = made(register), []
        made(register, "wang", "administrator", "tianjin")
        for change in (
            lambda: set_password(register, account, "$argon2id$y", NOW),
            lambda: change_account(register, account, "李娜", "supervisor", "heping"),
            lambda: change_account(register, account, "李娜", "supervisor", "hedong"),
            lambda: set_second_factor(register, account, "sealed", 1),
            lambda: set_active(register, account, False),
            lambda: change_account(register, account, "李 娜", "supervisor", "hedong"),
        ):
            change()
            epochs.append(account.epoch)
        assert epochs == [1, 2, 3, 4, 5, 5]


def test_a_new_password_unlocks(engine: Engine) -> None:
    """Whoever is given another password may try it at once, and must change it where it was given out."""
    with session(engine) as register:
        account = made(register)
        subject = account_subject(account.id or 0)
        add_attempt(register, "sign_in", "1" * 64, NOW, NOW, subject=subject)
        add_attempt(register, "sign_in", "1" * 64, NOW, NOW, subject=account_subject(0))
        set_password(register, account, "$argon2id$y", NOW, must_change=True)
        assert tried(register, [subject, account_subject(0)], NOW - timedelta(minutes=1)) == {account_subject(0): 1}
        assert account.must_change


def test_the_last_administrator_of_the_city_stays(engine: Engine) -> None:
    """Neither kept out, nor moved, nor given another role, until there is another one who is active."""
    with session(engine) as register:
        account = made(register, "wang", "administrator", "tianjin")
        made(register, "zhao", "administrator", "heping")
        gone = made(register, "sun", "administrator", "tianjin")
        set_active(register, gone, False)
        for change in (
            lambda: set_active(register, account, False),
            lambda: change_account(register, account, "王", "clerk", "tianjin"),
            lambda: change_account(register, account, "王", "administrator", "heping"),
        ):
            with pytest.raises(EntryError, match="last administrator"):
                change()
        assert change_account(register, account, "王", "administrator", "tianjin") == ("display_name",)
        made(register, "zhou", "administrator", "tianjin")
        set_active(register, account, False)


def test_two_administrators_cannot_turn_each_other_out(engine: Engine) -> None:
    """At the same moment, one of them succeeds and the other is refused."""
    with session(engine) as register:
        for name in ("wang", "zhou"):
            made(register, name, "administrator", "tianjin")
    together = Barrier(2)

    def turn_out(name: str) -> str:
        together.wait()
        try:
            with session(engine) as register:
                set_active(register, found(register, name), False)
        except EntryError:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(turn_out, ("wang", "zhou"))) == ["done", "refused"]


def test_a_role_that_does_not_exist_is_refused(engine: Engine) -> None:
    """In words, before the database does."""
    with session(engine) as register, pytest.raises(EntryError, match="role"):
        made(register, role="king")


def test_accounts_are_listed_by_centre(engine: Engine) -> None:
    """All or one centre's, those who may come in first."""
    with session(engine) as register:
        for name, centre in (("li.na", "heping"), ("wang", "hedong"), ("zhao", "heping")):
            made(register, name, centre=centre)
        set_active(register, found(register, "li.na"), False)
        assert [a.name for a in list_accounts(register, "heping")] == ["zhao", "li.na"]
        assert [a.name for a in list_accounts(register)] == ["wang", "zhao", "li.na"]


def found(register: Session, name: str) -> Account:
    """The account of this name, held."""
    account = find_account(register, name)
    assert account is not None
    held = held_account(register, account.id or 0)
    assert held is account
    return held
