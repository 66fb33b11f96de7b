"""Tries at signing in, by account, address and known device, and what of them is recorded."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import current_app, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.audit import Event, append
from matcher.db import reading
from matcher.db import session as db_session
from matcher.web import (
    Limit,
    Purpose,
    Try,
    account_subject,
    client_of,
    drop_attempts,
    engine,
    hashed,
    limited,
    minutes_left,
    now,
    sealing,
)

from . import sessions
from .models import Account
from .service import find_account

# ---------------------------------------------------------------------------------------------------------------------
# What the door and the accounts' pages put into the audit trail, where nobody may be signed in yet.
# ---------------------------------------------------------------------------------------------------------------------


def own(writing: Session, account: Account, action: str, **detail: object) -> None:
    """An act of this account on itself."""
    client = request.remote_addr or "?"
    subject = f"account {account.name}"
    append(writing, Event(now(), account.name, account.role, account.centre, action, subject, client, detail))


def failed(account: Account | None, why: str, is_locked: bool = False) -> None:
    """Somebody did not get in, and perhaps has to wait now.

    What was typed as a name is remembered only if it is one: else it may be a password.
    """
    name, role, centre = (account.name, account.role, account.centre) if account else ("?", "?", None)
    client = request.remote_addr or "?"
    with db_session(engine()) as writing:
        append(
            writing,
            Event(
                now(),
                name,
                role,
                centre,
                "sign_in.failed",
                f"account {name}",
                client,
                {"why": why, "locked": is_locked},
            ),
        )


# ---------------------------------------------------------------------------------------------------------------------
# Remembers in a browser which accounts have signed in there: wrong passwords tried elsewhere are not held against
# it.
#
# The cookie says nothing that can be read, opens nothing and is worth five tries like any other place: it only takes
# the device out of the count that a stranger can fill. See OWASP, "Slow Down Online Guessing Attacks with Device
# Cookies".
# ---------------------------------------------------------------------------------------------------------------------


COOKIE = "desk_device"

DAYS = 180

_USE, _AGE = "desk device", DAYS * 24 * 3600

_MOST = 20  # accounts of one browser: a computer that a whole shift shares


def device_of(account_id: int | None) -> str | None:
    """The name of this device, where the account has signed in here before; None where it has not, or nobody has."""
    device, accounts = _opened()
    return device if account_id is not None and account_id in accounts else None


def remember(answer: Response, account_id: int) -> None:
    """Let the browser remember that the account has signed in here."""
    device, accounts = _opened()
    known = [account_id, *(known for known in accounts if known != account_id)][:_MOST]
    text = sealing.close(_USE, json.dumps([device or secrets.token_hex(16), known]).encode())
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    path = url_for("desk_home.home")
    answer.set_cookie(COOKIE, text, max_age=_AGE, path=path, secure=secure, httponly=True, samesite="Strict")


def _opened() -> tuple[str | None, list[int]]:
    packed = sealing.opened(_USE, request.cookies.get(COOKIE, ""), _AGE)
    if packed is None:
        return None, []
    device, accounts = json.loads(packed)
    return str(device), [int(account) for account in accounts]


# ---------------------------------------------------------------------------------------------------------------------
# Tries at the door: counted for an account and an address together, so that nobody locks out anybody but himself.
#
# A name that nobody has is counted like any other, in the same rows and the same words. A device on which the
# account has signed in before has a count of its own. What is counted is in no account: `matcher.web.limits`
# keeps it.
# ---------------------------------------------------------------------------------------------------------------------


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
    device = device_of(account.id if account else None)
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
    device = device_of(account.id)
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
