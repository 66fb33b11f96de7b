"""Adds to the audit trail, each entry with the digest of the one before, and reads it for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.db import canonical
from matcher.firms.workbook import CellValue

from .models import AuditEntry, AuditHead

# ---------------------------------------------------------------------------------------------------------------------
# Adds to the audit trail: each entry holds the digest of the one before, so that no later hand can change one
# unseen.
# ---------------------------------------------------------------------------------------------------------------------


NOTHING_BEFORE = "0" * 64

"""What the first entry holds in the place of a digest."""


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be remembered: the moment (aware), who (``cli:<user>`` at the command line), what, to what, from where.

    ``detail`` names what changed (``{"facts": ["employees"]}``), never a value of a firm's facts.
    """

    at: datetime
    actor: str
    role: str
    centre: str | None
    action: str
    subject: str
    client: str
    detail: Mapping[str, object] = field(default_factory=dict)


def append(session: Session, event: Event) -> AuditEntry:
    """Add an entry at the end of the chain, within the caller's transaction: no act without its entry, and none alone.

    Whoever appends waits for the one before to commit (the head is locked), so numbers have no gap.
    """
    head = session.exec(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one()
    number, previous = head.number + 1, head.digest
    digest = digest_of_entry(number, event, previous)
    entry = AuditEntry(
        number=number,
        at=event.at,
        actor=event.actor,
        role=event.role,
        centre=event.centre,
        action=event.action,
        subject=event.subject,
        client=event.client,
        detail=dict(event.detail),
        previous=previous,
        digest=digest,
    )
    session.add(entry)
    head.number, head.digest = number, digest
    session.add(head)
    session.flush()
    return entry


def digest_of_entry(number: int, event: Event, previous: str) -> str:
    """The SHA-256 of an entry's canonical text, in hexadecimal."""
    text = canonical(
        {
            "number": number,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "role": event.role,
            "centre": event.centre,
            "action": event.action,
            "subject": event.subject,
            "client": event.client,
            "detail": dict(event.detail),
            "previous": previous,
        }
    )
    return hashlib.sha256(text.encode()).hexdigest()


# ---------------------------------------------------------------------------------------------------------------------
# Reads the audit trail for people: by who, what, to what, at which centre and when, the newest first.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# The audit trail as another program or a spreadsheet takes it along.
# ---------------------------------------------------------------------------------------------------------------------


COLUMNS = (
    *("number", "at", "actor", "role", "centre", "action", "subject", "client", "detail"),
    *("previous", "digest"),
)


def as_json(entry: AuditEntry) -> str:
    """An entry as a JSON object on one line, its moment in UTC with microseconds."""
    return json.dumps(_row(entry), ensure_ascii=False)


def as_cells(entry: AuditEntry) -> tuple[CellValue, ...]:
    """The same, a cell for each of `COLUMNS`; what changed is JSON in its cell."""
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    return tuple((_row(entry) | {"detail": detail}).values())


def _row(entry: AuditEntry) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
    return told | {"at": entry.at.isoformat(timespec="microseconds")}
