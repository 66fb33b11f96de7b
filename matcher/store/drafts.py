"""Keeps encrypted answers for a time under a name that tells nothing; the key never comes here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from matcher.store.tables import Draft, Handover


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
