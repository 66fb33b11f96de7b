"""The accounts of the store: names, wrong passwords in a row, ends of sessions, the last administrator, settings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from matcher.store import EntryError, session
from matcher.store.desk import Account
from matcher.store.desk.accounts import (
    LOCKED_FOR,
    MOST_WRONG,
    NewAccount,
    add_account,
    begin_try,
    change_account,
    end_try,
    find_account,
    held_account,
    list_accounts,
    set_active,
    set_password,
    set_second_factor,
    take_back_try,
)
from matcher.store.desk.case_files import add_note
from matcher.store.desk.cases import Content, Opening, open_case

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


def test_the_fifth_wrong_password_locks(engine: Engine) -> None:
    """Four count only; the fifth locks for a quarter of an hour, and afterwards the count begins anew."""
    with session(engine) as register:
        account = made(register)
        assert [begin_try(register, account, NOW) for _ in range(MOST_WRONG)] == [None] * MOST_WRONG
        assert begin_try(register, account, NOW) == NOW + LOCKED_FOR
        later = NOW + LOCKED_FOR
        assert begin_try(register, account, later) is None
        assert account.failures == 1


def test_a_right_password_ends_the_count(engine: Engine) -> None:
    """After it five are free again; even the fifth in a row unlocks what it locked."""
    with session(engine) as register:
        account = made(register)
        for _ in range(MOST_WRONG):
            begin_try(register, account, NOW)
        end_try(register, account)
        assert begin_try(register, account, NOW) is None
        assert account.failures == 1


@pytest.mark.parametrize("before", range(MOST_WRONG))
def test_a_try_taken_back_leaves_those_before(engine: Engine, before: int) -> None:
    """A right password that is not enough by itself neither counts nor forgives."""
    with session(engine) as register:
        account = made(register)
        for _ in range(before):
            begin_try(register, account, NOW)
        begin_try(register, account, NOW)
        take_back_try(register, account)
        assert (account.failures, account.locked_until) == (before, None)


def test_a_lock_that_is_over_is_not_this_tries(engine: Engine) -> None:
    """After the quarter of an hour a right password that is taken back leaves nothing that counts."""
    with session(engine) as register:
        account = made(register)
        for _ in range(MOST_WRONG):
            begin_try(register, account, NOW)
        begin_try(register, account, NOW + LOCKED_FOR)
        take_back_try(register, account)
        assert (account.failures, account.locked_until) == (0, None)


def test_whoever_holds_an_account_holds_up_nobodys_notes(engine: Engine) -> None:
    """Who writes a note may be waited for by the holder: neither may wait for the other."""
    if engine.name == "sqlite":
        pytest.skip("one writer at a time: nothing can wait in a circle")
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
        for _ in range(MOST_WRONG):
            begin_try(register, account, NOW)
        set_password(register, account, "$argon2id$y", NOW + timedelta(minutes=1), must_change=True)
        assert (account.locked_until, account.must_change) == (None, True)


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


def test_tries_made_together_cannot_outrun_the_count(engine: Engine) -> None:
    """Of eight at once five are looked at, and the rest find the account locked."""
    with session(engine) as register:
        made(register)
    together = Barrier(8)

    def tries(_: int) -> bool:
        together.wait()
        with session(engine) as register:
            return begin_try(register, found(register, "li.na"), NOW) is None

    with ThreadPoolExecutor(8) as all_of_them:
        assert sum(all_of_them.map(tries, range(8))) == MOST_WRONG


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
