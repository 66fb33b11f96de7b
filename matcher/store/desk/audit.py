"""Adds to the audit trail: each entry holds the digest of the one before, so that no later hand can change one unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import Session, select

from matcher.store.columns import canonical
from matcher.store.desk.audit_table import AuditEntry, AuditHead

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
