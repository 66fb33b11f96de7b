"""Writes decisions and letters into the register, and finds a letter by the bytes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import uuid4

from sqlmodel import Session, col, select

from matcher.store.entries import DecisionEntry, LetterEntry
from matcher.store.faults import EntryError
from matcher.store.tables import DecisionRecord, LetterRecord


def record_decisions(
    session: Session,
    *,
    receipt_id: str,
    created_at: datetime,
    as_of: date,
    rulebook_hash: str,
    decisions: Sequence[Mapping[str, object]],
    origin: str,
    profile: Mapping[str, object] | None = None,
) -> DecisionRecord:
    """Put one answer into the register.

    :param receipt_id: the id that the caller gave the answer, as printed on its letter (letters, digits, ``. _ -``).
    :param created_at: the moment of the answer, aware; the store reads no clock.
    :param rulebook_hash: ``Rulebook.hash``.
    :param decisions: each as ``Decision.to_json()`` gives it.
    :param origin: ``cli``, ``web`` or ``desk``.
    :param profile: the facts as told (flat; figures and dates as text); None keeps nothing of the firm.
    :raises EntryError: naming every faulty field.
    """
    entry = DecisionEntry.read(
        {
            "receipt_id": receipt_id,
            "created_at": created_at,
            "as_of": as_of,
            "rulebook_hash": rulebook_hash,
            "profile": None if profile is None else dict(profile),
            "decisions": [dict(decision) for decision in decisions],
            "origin": origin,
        }
    )
    record = DecisionRecord(id=str(uuid4()), **entry.model_dump())
    session.add(record)
    session.flush()  # the database's own checks speak here, at the call that caused them
    return record


def record_letter(
    session: Session,
    *,
    decision_record_id: str,
    kind: str,
    language: str,
    pdf: bytes,
    made_at: datetime,
    schemes: Iterable[str],
    number: str | None = None,
) -> LetterRecord:
    """Put a letter into the register, under the SHA-256 of its bytes (the file itself is not kept).

    :param decision_record_id: ``DecisionRecord.id``; the record must be in the register.
    :param kind: ``eligibility``, ``missing`` or ``self_check``; ``language``: ``zh`` or ``en``.
    :param schemes: slugs of the schemes that the letter speaks of, each decided in that record.
    :param number: the whole document number as printed, for a letter that has one.
    :raises EntryError: naming every faulty field, an unknown record, or a scheme that was not decided there.
    """
    entry = LetterEntry.read(
        {
            "decision_record_id": decision_record_id,
            "kind": kind,
            "language": language,
            "number": number,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "made_at": made_at,
            "schemes": list(schemes),
        }
    )
    _must_be_decided(session, entry)
    record = LetterRecord(id=str(uuid4()), **entry.model_dump())
    session.add(record)
    session.flush()
    return record


def find_letter(session: Session, sha256: str) -> LetterRecord | None:
    """The letter whose file has this SHA-256 (hexadecimal, either case), or None.

    The same bytes may have been made more than once: the first is given, since it says since when they exist.
    """
    wanted = select(LetterRecord).where(LetterRecord.sha256 == sha256.strip().lower())
    return session.exec(wanted.order_by(col(LetterRecord.made_at), col(LetterRecord.id))).first()


def _must_be_decided(session: Session, entry: LetterEntry) -> None:
    """A letter may only speak of what its decision record holds."""
    record = session.get(DecisionRecord, entry.decision_record_id)
    if record is None:
        raise EntryError(
            ("decision_record_id",),
            "登记簿中没有这份判定记录，请先登记判定再登记文书。",
            "The register holds no such decision record; record the decisions before the letter.",
        )
    strangers = sorted(set(entry.schemes) - {str(decision.get("scheme")) for decision in record.decisions})
    if strangers:
        listed = ", ".join(strangers)
        raise EntryError(
            ("schemes",),
            f"文书所列事项未在该判定记录中判定：{listed}。请按判定记录重新生成文书。",
            f"The letter names schemes that its record does not decide: {listed}. Make it again from the record.",
        )
