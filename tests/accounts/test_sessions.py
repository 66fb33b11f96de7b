"""Open sessions of the desk: whose, for how long, and how they end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.accounts.models import Account, SignedIn
from matcher.accounts.service import (
    Limits,
    NewAccount,
    add_account,
    close_session,
    drop_over,
    end_sessions,
    open_session,
    seen,
    sessions_of,
    set_active,
    whose_session,
)
from matcher.db.database import session

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=12))
ONE, OTHER = "1" * 64, "2" * 64


def clerk(register: Session, name: str = "li.na") -> Account:
    """An account."""
    return add_account(register, NewAccount(name, "李娜", "clerk", "heping", "$argon2id$x"), NOW)


@pytest.mark.parametrize(
    ("idle", "age", "is_open"),
    [(30, 60, True), (31, 60, False), (1, 12 * 60, True), (1, 12 * 60 + 1, False)],
)
def test_a_session_lasts_so_long(engine: Engine, idle: int, age: int, is_open: bool) -> None:
    """Half an hour without a request, twelve hours in any case."""
    with session(engine) as register:
        account = clerk(register)
        open_session(register, ONE, account, NOW - timedelta(minutes=age))
        seen(register, ONE, NOW - timedelta(minutes=idle))
        found, _ = whose_session(register, ONE, NOW, LIMITS)
        assert (found is account) is is_open
        assert len(sessions_of(register, account, NOW, LIMITS)) == is_open


def test_a_session_that_does_not_exist_is_nobodys(engine: Engine) -> None:
    """An id that was never given, or one that was closed."""
    with session(engine) as register:
        open_session(register, ONE, clerk(register), NOW)
        assert whose_session(register, OTHER, NOW, LIMITS) == (None, None)
        close_session(register, ONE)
        assert whose_session(register, ONE, NOW, LIMITS) == (None, None)


def test_who_may_not_come_in_has_no_session(engine: Engine) -> None:
    """Keeping an account out closes what it has open."""
    with session(engine) as register:
        account = clerk(register)
        open_session(register, ONE, account, NOW)
        account.is_active = False
        assert whose_session(register, ONE, NOW, LIMITS) == (None, None)
        account.is_active = True
        set_active(register, account, False)
        assert register.get(SignedIn, ONE) is None


def test_all_but_one_end(engine: Engine) -> None:
    """The one from which it is asked goes on, another account's too."""
    with session(engine) as register:
        account, colleague = clerk(register), clerk(register, "wang")
        for session_id, whose in ((ONE, account), (OTHER, account), ("3" * 64, colleague)):
            open_session(register, session_id, whose, NOW)
        end_sessions(register, account, keep=ONE)
        assert {one.id for one in register.exec(select(SignedIn))} == {ONE, "3" * 64}


def test_what_is_over_is_swept_away(engine: Engine) -> None:
    """What is not over stays."""
    with session(engine) as register:
        account = clerk(register)
        open_session(register, ONE, account, NOW - timedelta(hours=1))
        open_session(register, OTHER, account, NOW)
        drop_over(register, NOW, LIMITS)
        assert [one.id for one in register.exec(select(SignedIn))] == [OTHER]
