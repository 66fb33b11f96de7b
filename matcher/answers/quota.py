"""Encrypted answers kept for a time, and how much of them strangers may store here."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, has_request_context, request
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from matcher.web import add_attempt, client_of, database, hashed, tries, wider_network_of

from .answers import Answers
from .models import Draft, Handover

# ---------------------------------------------------------------------------------------------------------------------
# Keeps encrypted answers for a time under a name that tells nothing; the key never comes here.
# ---------------------------------------------------------------------------------------------------------------------


def put_draft(session: Session, draft_id: str, ciphertext: bytes, expires_at: datetime, now: datetime) -> int:
    """Write a draft, or write it anew; whatever has expired goes at the same time. Gives the bytes that it grew by.

    :param draft_id: 64 hex digits that cannot be guessed and do not open it.
    :param now: the moment, aware; the store reads no clock.
    """
    session.execute(delete(Draft).where(col(Draft.expires_at) <= now))
    found = session.get(Draft, draft_id)
    before = found.size if found is not None else 0
    session.merge(Draft(id=draft_id, ciphertext=ciphertext, size=len(ciphertext), expires_at=expires_at))
    session.flush()
    return len(ciphertext) - before


def stored_bytes(session: Session, table: type[Draft] | type[Handover]) -> int:
    """How many bytes of answers lie in a table."""
    return int(session.exec(select(func.coalesce(func.sum(table.size), 0))).one())


def find_draft(session: Session, draft_id: str, now: datetime) -> Draft | None:
    """The draft of this name, None if there is none or it has expired."""
    found = session.get(Draft, draft_id)
    return found if found is not None and found.expires_at > now else None


def delete_draft(session: Session, draft_id: str) -> bool:
    """Delete a draft; whether there was one."""
    found = session.get(Draft, draft_id)
    if found is not None:
        session.delete(found)
    return found is not None


# ---------------------------------------------------------------------------------------------------------------------
# Limits how much strangers may store here: by address and day, and in all, with words for whoever is refused.
# ---------------------------------------------------------------------------------------------------------------------


SETTING = "MATCHER_ANSWERS_MB"

"""Megabytes of links and long answers that may lie here at once; as many again of what was handed over."""

DAY = timedelta(hours=24)

MOST_OF_ONE_KB = 4 * 1024

"""Kibibytes that an address may store in a day: some thousand firms' answers, or thirty of the longest."""

WIDER = 4

"""A wider network of IPv6 (a /48, which anybody can have) may store so many times as much as one of its /64."""

_KB, _RETRY_MINUTES = 1024, 60


class StorageFull(Exception):
    """Nothing was stored. ``is_own``: this address has stored too much today, else the site is full; ``answers`` wait."""

    def __init__(self, minutes: int, *, is_own: bool) -> None:
        super().__init__("this address has stored too much" if is_own else "the store of answers is full")
        self.minutes, self.is_own = minutes, is_own
        self.answers: Answers | None = None


def charge(writing: Session, table: type[Draft] | type[Handover], grown: int) -> None:
    """Count what the present request has just stored; StorageFull, which undoes the transaction, where it is too much.

    What only takes the place of what was there, and is no longer, counts nothing; nor does what no visitor stored.
    """
    if grown <= 0 or not has_request_context():
        return
    now, client = database.moment(), client_of(request)
    wider = hashed(wider_network_of(request.remote_addr))
    add_attempt(writing, "storage", client, now, now - DAY, subject=wider, weight=-(-grown // _KB))
    for most, of in ((MOST_OF_ONE_KB, {"client": client}), (WIDER * MOST_OF_ONE_KB, {"subject": wider})):
        number, oldest = tries(writing, "storage", since=now - DAY, **of)
        if number > most and oldest is not None:
            raise StorageFull(max(1, -int(-(oldest + DAY - now) // timedelta(minutes=1))), is_own=True)
    if stored_bytes(writing, table) > most_bytes():
        raise StorageFull(_RETRY_MINUTES, is_own=False)


def most_bytes() -> int:
    """The bytes that each of the two tables may hold."""
    return int(current_app.config[SETTING]) * _KB * _KB
