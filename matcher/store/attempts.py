"""Counts tries at codes and tokens, for all processes of the site together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from matcher.store.tables import Attempt, Purpose


def add_attempt(session: Session, purpose: Purpose, client: str, now: datetime, since: datetime) -> Attempt:
    """Record a try; those made before `since` go at the same time. `client` is a hash of 64 hex digits."""
    session.execute(delete(Attempt).where(col(Attempt.made_at) < since))
    made = Attempt(purpose=purpose, client=client, made_at=now)
    session.add(made)
    session.flush()
    return made


def drop_attempt(session: Session, attempt: Attempt) -> None:
    """Take back a try that should not count."""
    session.execute(delete(Attempt).where(col(Attempt.id) == attempt.id))


def tries(session: Session, purpose: Purpose, client: str | None) -> tuple[int, datetime | None]:
    """How many tries are recorded (of one client, or of all), and when the oldest of them was made."""
    wanted: list[ColumnElement[bool]] = [col(Attempt.purpose) == purpose]
    if client is not None:
        wanted.append(col(Attempt.client) == client)
    number, oldest = session.exec(select(func.count(), func.min(Attempt.made_at)).where(*wanted)).one()
    return number, oldest
