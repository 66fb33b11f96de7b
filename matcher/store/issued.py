"""Keeps the letters that went out under a number: their files, their entries in the register, and their withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlmodel import Session, col

from matcher.store.faults import EntryError
from matcher.store.tables import IssuedLetter, LetterRecord, Withdrawal

State = Literal["valid", "expired", "revoked", "superseded"]
MAX_REASON = 500

_SHOWN = tuple(
    getattr(IssuedLetter, name)
    for name in (
        "number", "centre", "year", "place", "code", "key_id", "credit_code", "addressee", "written_on", "valid_until",
        "withdrawal", "withdrawn_at", "reason", "superseded_by",
    )
) + tuple(getattr(LetterRecord, name) for name in ("kind", "language", "schemes", "made_at", "sha256"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What the register says of an issued letter, without its file and its receipt."""

    number: str
    centre: str
    year: int
    place: int
    code: str
    key_id: str
    credit_code: str | None
    addressee: str | None
    written_on: date
    valid_until: date | None
    withdrawal: Withdrawal | None
    withdrawn_at: datetime | None
    reason: str | None
    superseded_by: str | None
    kind: str
    language: str
    schemes: list[str]
    made_at: datetime
    sha256: str

    def state(self, day: date) -> State:
        """Whether the letter holds on ``day``; a withdrawal holds for every day, whenever it was made."""
        if self.withdrawal is not None:
            return self.withdrawal
        return "expired" if self.valid_until is not None and self.valid_until < day else "valid"


def find_issued(session: Session, asked: str) -> RegisterEntry | None:
    """The entry of the letter with this number or this twelve-character code, both as they are printed."""
    found = session.execute(
        entries_selected().where((col(IssuedLetter.number) == asked) | (col(IssuedLetter.code) == asked))
    ).first()
    return None if found is None else RegisterEntry(*found)


def find_issued_file(session: Session, sha256: str) -> RegisterEntry | None:
    """The entry of the letter whose file has this SHA-256 (hexadecimal), or None."""
    found = session.execute(entries_selected().where(col(LetterRecord.sha256) == sha256)).first()
    return None if found is None else RegisterEntry(*found)


def list_issued(
    session: Session, centre: str | None = None, credit_code: str | None = None, withdrawn: bool = False
) -> Sequence[RegisterEntry]:
    """The entries by centre, year and place; of one centre, of one firm, or only of letters withdrawn."""
    wanted = entries_selected().order_by(col(IssuedLetter.centre), col(IssuedLetter.year), col(IssuedLetter.place))
    if centre is not None:
        wanted = wanted.where(col(IssuedLetter.centre) == centre)
    if credit_code is not None:
        wanted = wanted.where(col(IssuedLetter.credit_code) == credit_code)
    if withdrawn:
        wanted = wanted.where(col(IssuedLetter.withdrawal).is_not(None))
    return [RegisterEntry(*row) for row in session.execute(wanted)]


def signed_by(session: Session, key_id: str) -> Iterator[tuple[str, str]]:
    """Of every letter that this key signed the receipt, and the SHA-256 of its file, by number; read one after the other."""
    wanted = select(col(IssuedLetter.receipt), col(LetterRecord.sha256)).join(
        LetterRecord, col(LetterRecord.number) == col(IssuedLetter.number)
    )
    wanted = wanted.where(col(IssuedLetter.key_id) == key_id)
    for row in session.execute(wanted.order_by(col(IssuedLetter.year), col(IssuedLetter.place))):
        yield row[0], row[1]


def kept_file(session: Session, number: str) -> bytes:
    """The signed file of a letter, byte for byte as it went out. Raises NoResultFound for no such letter."""
    return session.get_one(IssuedLetter, number).pdf


def kept_receipt(session: Session, number: str) -> str:
    """The receipt of a letter, byte for byte as it stands in its file. Raises NoResultFound for no such letter."""
    return session.get_one(IssuedLetter, number).receipt


def revoke_letter(session: Session, number: str, reason: str, now: datetime) -> RegisterEntry:
    """Take a letter back for good, and give its entry as it is then.

    :raises EntryError: for a reason that is empty or longer than 500 characters, an unknown letter, or one that was
        withdrawn before.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise EntryError(
            ("reason",),
            f"请写明撤销原因（1至{MAX_REASON}字）。",
            f"Say why the letter is revoked, in 1 to {MAX_REASON} characters.",
        )
    return _withdraw(session, number, "revoked", reason, None, now)


def supersede_letter(session: Session, number: str, by: str, now: datetime) -> RegisterEntry:
    """Mark a letter as replaced by the letter ``by``, which is in the register. Raises EntryError as `revoke_letter`."""
    return _withdraw(session, number, "superseded", None, by, now)


def entries_selected() -> Select[tuple[Any, ...]]:
    """What an entry is made of, without the file: a list of thousands must not read them all."""
    return select(*_SHOWN).join(LetterRecord, col(LetterRecord.number) == col(IssuedLetter.number))


def _withdraw(
    session: Session, number: str, withdrawal: Withdrawal, reason: str | None, by: str | None, now: datetime
) -> RegisterEntry:
    # Locked, so that of two withdrawals at once the second sees the first.
    letter = session.get(IssuedLetter, number, with_for_update=True)
    if letter is None:
        raise EntryError(("number",), f"登记簿中没有 {number}。", f"The register holds no letter {number}.")
    if letter.withdrawal is not None:
        zh, en = _WITHDRAWN[letter.withdrawal]
        by_whom = f" {letter.superseded_by}" if letter.superseded_by else ""
        raise EntryError(("number",), f"{number} {zh}{by_whom}，不能再改。", f"{number} {en}{by_whom} already.")
    letter.withdrawal, letter.withdrawn_at = withdrawal, now
    letter.reason, letter.superseded_by = reason, by
    session.add(letter)
    session.flush()
    found = find_issued(session, number)
    assert found is not None
    return found


_WITHDRAWN = {"revoked": ("已撤销", "was revoked"), "superseded": ("已被替代", "was superseded by")}
