"""What the door and the accounts' pages put into the audit trail, where nobody may be signed in yet."""

from __future__ import annotations

from flask import request
from sqlmodel import Session

from matcher.store import session
from matcher.store.desk import Account
from matcher.store.desk.audit import Event, append
from matcher.web.desk.gate import now
from matcher.web.keep.database import engine


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
    with session(engine()) as writing:
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
