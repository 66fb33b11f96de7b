"""Keeps what owners handed over to the service centre: encrypted, for a time, with every opening and the withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.store.tables import Handover, HandoverOpening


def put_handover(
    session: Session, handover_id: str, ciphertext: bytes, consent: str, made_at: datetime, expires_at: datetime
) -> Handover:
    """Write a handover; one that is there under this name stays as it is. Whatever has expired goes at the same time.

    :param handover_id: 64 hex digits that come out of the code, and from which the code does not come.
    :param consent: the version of the text that the owner agreed to.
    """
    session.execute(delete(Handover).where(col(Handover.expires_at) <= made_at))
    found = session.get(Handover, handover_id)
    if found is None:
        found = Handover(
            id=handover_id,
            ciphertext=ciphertext,
            size=len(ciphertext),
            consent=consent,
            made_at=made_at,
            expires_at=expires_at,
        )
        session.add(found)
        session.flush()
    return found


def find_handover(session: Session, handover_id: str, now: datetime) -> Handover | None:
    """The handover of this name, withdrawn or not; None if there is none or it has expired."""
    found = session.get(Handover, handover_id)
    return found if found is not None and found.expires_at > now else None


def withdraw_handover(session: Session, handover: Handover, now: datetime) -> None:
    """Empty a handover for good; a second time changes nothing."""
    if handover.withdrawn_at is None:
        handover.ciphertext, handover.size, handover.withdrawn_at = None, 0, now
        session.add(handover)


def record_opening(session: Session, handover: Handover, now: datetime) -> None:
    """Record that the service centre looked at a handover."""
    session.add(HandoverOpening(handover_id=handover.id, opened_at=now))


def openings(session: Session, handover_id: str) -> Sequence[datetime]:
    """When the service centre looked at a handover, the first time first."""
    found = select(HandoverOpening.opened_at).where(HandoverOpening.handover_id == handover_id)
    return session.exec(found.order_by(col(HandoverOpening.opened_at))).all()
