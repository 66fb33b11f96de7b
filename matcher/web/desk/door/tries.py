"""Tries at the door, counted for each account, and for each name that nobody has, so that such a name looks like any other."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from sqlmodel import Session

from matcher.store import session
from matcher.store.attempts import add_attempt, tries
from matcher.store.desk import Account
from matcher.store.desk.accounts import LOCKED_FOR, MOST_WRONG, begin_try, find_account, held_account, take_back_try
from matcher.web.desk.gate import now
from matcher.web.keep.database import engine
from matcher.web.keep.seal import derive

MOST_OF_ONE_CLIENT = 30
"""Wrong passwords from one address in a quarter of an hour: a whole centre may share one."""


def counted(name: str) -> tuple[Account | None, int]:
    """Count a try under this name: its account, if there is one, and the minutes for which it is locked (0: it is not)."""
    with session(engine()) as writing:
        found = find_account(writing, name)
        account = held_account(writing, found.id or 0) if found else None
        until = begin_try(writing, account, now()) if account else None
    return account, minutes_to(until) if account else _as_if(name)


def forgive(writing: Session, account: Account, stronger: str | None = None) -> None:
    """Take back a try that was right; ``stronger`` is a stronger hash of the same password."""
    held = held_account(writing, account.id or 0)
    if held is not None:
        take_back_try(writing, held, stronger if held.epoch == account.epoch else None)


def minutes_to(until: datetime | None) -> int:
    """Whole minutes until then, at least 1; 0 where nothing is to be waited for."""
    if until is None or until <= now():
        return 0
    return -int(-(until - now()) // timedelta(minutes=1))


def left_as_if(name: str) -> int:
    """The minutes for which a name that nobody has would be locked."""
    with session(engine()) as writing:
        number, oldest = tries(writing, "sign_in", _hash(name))
    return minutes_to(oldest + LOCKED_FOR) if number >= MOST_WRONG and oldest is not None else 0


def _as_if(name: str) -> int:
    locked = left_as_if(name)
    if not locked:
        with session(engine()) as writing:
            add_attempt(writing, "sign_in", _hash(name), now(), now() - LOCKED_FOR)
    return locked


def _hash(name: str) -> str:
    key = derive(current_app.config["SECRET_KEY"], "name at the door")
    return hmac.digest(key, name.strip().lower().encode("utf-8", "replace"), sha256).hex()
