"""Says of issued letters what a verifier asks the register for: how one stands, and which no longer hold."""

from __future__ import annotations

from sqlmodel import Session

from matcher.letters.proof import SignedBefore, Standing, Withdrawn, read_receipt
from matcher.letters.proof.trust import DIGEST_BYTES, digest
from matcher.store import (
    RegisterEntry,
    find_issued,
    find_issued_file,
    kept_receipt,
    list_issued,
    signed_by,
)
from matcher.tianjin import day_of


def standing(session: Session, number: str) -> Standing | None:
    """How the letter of this number stands, or None where the register has none."""
    entry = find_issued(session, number)
    if entry is None:
        return None
    on = day_of(entry.withdrawn_at) if entry.withdrawn_at else None
    qr = read_receipt(kept_receipt(session, entry.number).encode()).statement
    return Standing(entry.withdrawal or "valid", entry.sha256, qr, on, entry.superseded_by)


def statement_of_code(session: Session, code: str) -> str | None:
    """The text of the QR code on the letter with these twelve characters, or None where the register has none."""
    entry = find_issued(session, code)
    return None if entry is None else read_receipt(kept_receipt(session, entry.number).encode()).statement


def signed_before(session: Session, key_id: str) -> SignedBefore:
    """All that the register holds of a key's letters, as the trust list names it once the key is revoked."""
    statements, files = [], []
    for receipt, sha256 in signed_by(session, key_id):
        statements.append(digest(read_receipt(receipt.encode()).statement.encode()))
        files.append(sha256[: 2 * DIGEST_BYTES])
    return SignedBefore(statements=tuple(sorted(statements)), files=tuple(sorted(files)))


def statement_of_file(session: Session, sha256: str) -> str | None:
    """The text of the QR code on the letter whose file has this SHA-256 (hexadecimal), or None where the register has none."""
    entry = find_issued_file(session, sha256)
    return None if entry is None else read_receipt(kept_receipt(session, entry.number).encode()).statement


def withdrawn(session: Session) -> dict[str, Withdrawn]:
    """Every letter that no longer holds, by number, as the trust list names it."""
    return {entry.number: _withdrawn(entry) for entry in list_issued(session, withdrawn=True)}


def _withdrawn(entry: RegisterEntry) -> Withdrawn:
    assert entry.withdrawal is not None
    assert entry.withdrawn_at is not None
    return Withdrawn(state=entry.withdrawal, on=day_of(entry.withdrawn_at).isoformat(), by=entry.superseded_by)
