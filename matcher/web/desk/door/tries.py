"""Tries at the door: counted for an account and an address together, so that nobody locks out anybody but himself.

A name that nobody has is counted like any other, in the same rows and the same words. A device on which the account has
signed in before has a count of its own. What is counted is in no account: `matcher.store.attempts` keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import request
from sqlmodel import Session

from matcher.store import reading
from matcher.store.attempts import account_subject, drop_attempts
from matcher.store.desk import Account
from matcher.store.desk.accounts import find_account
from matcher.store.tables import Purpose
from matcher.web.clients import client_of, hashed
from matcher.web.desk.door import devices, sessions
from matcher.web.keep.database import engine
from matcher.web.keep.tries import Limit, Try, limited, minutes_left

MOST_WRONG = 5
"""Wrong passwords for one account from one address, or from one known device, in a quarter of an hour."""

MOST_OF_ONE_CLIENT = 30
"""Wrong passwords from one address, whatever the accounts: a whole centre may share one."""

MOST_FROM_ANYWHERE = 100
"""Wrong passwords for one account from all unknown devices together: what NIST SP 800-63B-4 (3.2.2) allows a guesser."""


@dataclass(frozen=True)
class Counted:
    """What a try counts as: for what, of whom, at which account, and what is allowed."""

    purpose: Purpose
    client: str
    subject: str
    limits: Sequence[Limit]

    def try_(self) -> AbstractContextManager[Try]:
        """Spend a try. Raises TooManyTries, StoreError."""
        return limited(self.purpose, self.client, self.subject, self.limits)

    def minutes(self) -> int:
        """Minutes to wait before the next one, 0 for none."""
        return minutes_left(self.purpose, self.limits)

    def forgive(self, writing: Session) -> None:
        """Forget the wrong ones of this client at this account: it was let in."""
        drop_attempts(writing, self.subject, self.client)


def at_sign_in(name: str) -> tuple[Account | None, Counted]:
    """The account of this name, if there is one, and what a try at its password counts as."""
    with reading(engine()) as register:
        account = find_account(register, name)
    subject = account_subject(account.id or 0) if account else hashed(f"name {name.strip().lower()}")
    device = devices.device_of(account.id if account else None)
    if device is not None:
        return account, _of_device(device, subject)
    client = client_of(request)
    limits = (
        Limit(MOST_WRONG, client, subject),
        Limit(MOST_OF_ONE_CLIENT, client),
        Limit(MOST_FROM_ANYWHERE, subject=subject),
    )
    return account, Counted("sign_in", client, subject, limits)


def at_code(account: Account) -> Counted:
    """What a try at the second factor's code counts as, after a right password.

    Six digits are guessed soon from many addresses, and only who has the password gets here: all unknown devices share
    one count. A known device is not held up by it.
    """
    subject = account_subject(account.id or 0)
    device = devices.device_of(account.id)
    if device is not None:
        return _of_device(device, subject)
    return Counted("factor", client_of(request), subject, [Limit(MOST_WRONG, subject=subject)])


def at_present_password(account: Account) -> Counted:
    """What a try at the password counts as that is asked again of whoever is signed in: this session's own count."""
    client = sessions.present()
    return Counted("password", client, account_subject(account.id or 0), [Limit(MOST_WRONG, client)])


def _of_device(device: str, subject: str) -> Counted:
    client = hashed(f"device {device}")
    return Counted("known_device", client, subject, [Limit(MOST_WRONG, client, subject)])
