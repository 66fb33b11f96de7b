"""Counts tries at codes and passwords, and what is stored, for all processes of the site together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from matcher.store.tables import Attempt, Purpose


def account_subject(account_id: int) -> str:
    """What tries at this account are counted under; the command line knows it without the site's secret."""
    return sha256(f"account {account_id}".encode()).hexdigest()


def add_attempt(
    session: Session,
    purpose: Purpose,
    client: str,
    now: datetime,
    since: datetime,
    *,
    subject: str | None = None,
    weight: int = 1,
) -> Attempt:
    """Record a try; those at the same that were made before `since` go at the same time.

    :param client: a hash of 64 hex digits; ``subject`` is one too.
    """
    session.execute(delete(Attempt).where(col(Attempt.purpose) == purpose, col(Attempt.made_at) < since))
    made = Attempt(purpose=purpose, client=client, subject=subject, weight=weight, made_at=now)
    session.add(made)
    session.flush()
    return made


def drop_attempt(session: Session, attempt: Attempt) -> None:
    """Take back a try that should not count."""
    session.execute(delete(Attempt).where(col(Attempt.id) == attempt.id))


def drop_attempts(session: Session, subject: str, client: str | None = None) -> None:
    """Take back every try at a subject, of one client or from wherever it was made."""
    of_subject = delete(Attempt).where(col(Attempt.subject) == subject)
    session.execute(of_subject if client is None else of_subject.where(col(Attempt.client) == client))


def tries(
    session: Session,
    purpose: Purpose,
    client: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
) -> tuple[int, datetime | None]:
    """How much is counted (of one client, at one subject, after `since`), and when the oldest of it was made."""
    wanted: list[ColumnElement[bool]] = [col(Attempt.purpose) == purpose]
    if client is not None:
        wanted.append(col(Attempt.client) == client)
    if subject is not None:
        wanted.append(col(Attempt.subject) == subject)
    if since is not None:
        wanted.append(col(Attempt.made_at) > since)
    number, oldest = session.exec(
        select(func.coalesce(func.sum(Attempt.weight), 0), func.min(Attempt.made_at)).where(*wanted)
    ).one()
    return int(number), oldest


def tried(session: Session, subjects: Sequence[str], since: datetime) -> dict[str, int]:
    """How many tries at each of these subjects were made after `since`, from wherever; those without any are left out."""
    counted = select(Attempt.subject, func.count()).where(col(Attempt.made_at) > since).group_by(col(Attempt.subject))
    wanted = set(subjects)
    return {subject: number for subject, number in session.exec(counted) if subject in wanted}
