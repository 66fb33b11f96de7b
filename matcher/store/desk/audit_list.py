"""Reads the audit trail for people: by who, what, to what, at which centre and when, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.store.desk.audit_table import AuditEntry

VERIFIED = "audit.verified"
"""The action of the entry that a walk over the whole trail leaves behind."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: every field that is None is open. ``action`` may be the beginning of actions, as ``case.``.

    ``since`` is the first moment, ``until`` the first no longer wanted, both aware.
    """

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    centre: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def entries(session: Session, wanted: Wanted, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """At most ``limit`` entries with a number below ``before`` (None: from the end), the newest first."""
    found = _matching(wanted).order_by(col(AuditEntry.number).desc()).limit(limit)
    if before is not None:
        found = found.where(col(AuditEntry.number) < before)
    return session.exec(found).all()


def all_entries(session: Session, wanted: Wanted) -> Iterator[AuditEntry]:
    """Every entry that is wanted, the oldest first, a few hundred in memory at a time."""
    last = 0
    while True:
        page = session.exec(
            _matching(wanted).where(col(AuditEntry.number) > last).order_by(col(AuditEntry.number)).limit(_AT_ONCE)
        ).all()
        for entry in page:
            session.expunge(entry)  # else the session would hold them all
            yield entry
        if len(page) < _AT_ONCE:
            return
        last = page[-1].number


def count_entries(session: Session, wanted: Wanted) -> int:
    """How many entries are wanted."""
    return session.exec(select(func.count()).select_from(_matching(wanted).subquery())).one()


def known_actions(session: Session, centre: str | None) -> Sequence[str]:
    """The actions that occur (at a centre), in alphabetical order."""
    found = select(AuditEntry.action).distinct().order_by(col(AuditEntry.action))
    return session.exec(found if centre is None else found.where(AuditEntry.centre == centre)).all()


def last_verified(session: Session) -> AuditEntry | None:
    """The entry that the last walk over the whole trail left; None if nobody has walked it."""
    found = select(AuditEntry).where(AuditEntry.action == VERIFIED)
    return session.exec(found.order_by(col(AuditEntry.number).desc()).limit(1)).first()


def _matching(wanted: Wanted) -> SelectOfScalar[AuditEntry]:
    found = select(AuditEntry)
    if wanted.actor is not None:
        found = found.where(AuditEntry.actor == wanted.actor)
    if wanted.action is not None:
        found = found.where(col(AuditEntry.action).startswith(wanted.action, autoescape=True))
    if wanted.subject is not None:
        found = found.where(AuditEntry.subject == wanted.subject)
    if wanted.centre is not None:
        found = found.where(AuditEntry.centre == wanted.centre)
    if wanted.since is not None:
        found = found.where(col(AuditEntry.at) >= wanted.since)
    if wanted.until is not None:
        found = found.where(col(AuditEntry.at) < wanted.until)
    return found
