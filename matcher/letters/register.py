"""The register of letters: numbers without a gap, what was decided, the files that went out, revoked and superseded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy import select as sqlalchemy_select
from sqlmodel import Session, col, select

from matcher.db import EntryError

from .models import DecisionEntry, DecisionRecord, IssuedLetter, LetterEntry, LetterRecord, Withdrawal
from .packing import unpack


def last_signed(session: Session, key_id: str) -> dict[int, int]:
    """The last place that this key signed, by year: what a closed key's entry in the trust list ends with."""
    wanted = select(IssuedLetter.year, func.max(IssuedLetter.place)).where(IssuedLetter.key_id == key_id)
    return dict(session.exec(wanted.group_by(col(IssuedLetter.year))).all())


# ---------------------------------------------------------------------------------------------------------------------
# Writes decisions and letters into the register, and finds a letter by the bytes of its file.
# ---------------------------------------------------------------------------------------------------------------------


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
    record = DecisionRecord(id=str(uuid4()), **dict(entry))  # as it was read: nobody else has it to change
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
    record = LetterRecord(id=str(uuid4()), **dict(entry))
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


# ---------------------------------------------------------------------------------------------------------------------
# Keeps the letters that went out under a number: their files, their entries in the register, and their withdrawal.
# ---------------------------------------------------------------------------------------------------------------------


State = Literal["valid", "expired", "past", "revoked", "superseded"]

MAX_REASON = 500

_SHOWN = tuple(
    getattr(IssuedLetter, name)
    for name in (
        "number", "centre", "year", "place", "code", "key_id", "credit_code", "addressee", "written_on", "valid_until",
        "withdrawal", "withdrawn_at", "reason", "superseded_by",
    )
) + tuple(getattr(LetterRecord, name) for name in ("kind", "language", "schemes", "made_at", "sha256"))  # fmt: skip


class WithdrawnError(EntryError):
    """The letter was revoked or superseded before: it cannot be withdrawn again."""


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
        if self.valid_until is None:  # it says how things stood on a day that was over
            return "past"
        return "expired" if self.valid_until < day else "valid"


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
    wanted = sqlalchemy_select(col(IssuedLetter.receipt), col(LetterRecord.sha256)).join(
        LetterRecord, col(LetterRecord.number) == col(IssuedLetter.number)
    )
    wanted = wanted.where(col(IssuedLetter.key_id) == key_id)
    for row in session.execute(wanted.order_by(col(IssuedLetter.year), col(IssuedLetter.place))):
        yield row[0], row[1]


def kept_file(session: Session, number: str) -> bytes:
    """The signed file of a letter, byte for byte as it went out. Raises NoResultFound for no such letter."""
    letter = session.get_one(IssuedLetter, number)
    return unpack(session, letter.pdf, letter.outlines)


def kept_receipt(session: Session, number: str) -> str:
    """The receipt of a letter, byte for byte as it stands in its file. Raises NoResultFound for no such letter."""
    return session.get_one(IssuedLetter, number).receipt


def kept_seed(session: Session, number: str) -> bytes | None:
    """What the salts of the facts that a letter withholds are made from; None where it withholds none."""
    return session.get_one(IssuedLetter, number).seed


def kept_facts(session: Session, number: str) -> dict[str, str]:
    """The facts that a letter was decided on, as text; empty once they were forgotten. Raises NoResultFound for no such letter."""
    wanted = select(DecisionRecord.profile).join(
        LetterRecord, col(LetterRecord.decision_record_id) == col(DecisionRecord.id)
    )
    told = session.exec(wanted.where(LetterRecord.number == number)).one()
    return {name: str(value) for name, value in (told or {}).items()}


def revoke_letter(session: Session, number: str, reason: str, now: datetime) -> RegisterEntry:
    """Take a letter back for good, and give its entry as it is then.

    :raises EntryError: for a reason that is empty or longer than 500 characters, or an unknown letter.
    :raises WithdrawnError: for one that was withdrawn before.
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
    return sqlalchemy_select(*_SHOWN).join(LetterRecord, col(LetterRecord.number) == col(IssuedLetter.number))


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
        raise WithdrawnError(("number",), f"{number} {zh}{by_whom}，不能再改。", f"{number} {en}{by_whom} already.")
    letter.withdrawal, letter.withdrawn_at = withdrawal, now
    letter.reason, letter.superseded_by = reason, by
    session.add(letter)
    session.flush()
    found = find_issued(session, number)
    assert found is not None
    return found


_WITHDRAWN = {"revoked": ("已撤销", "was revoked"), "superseded": ("已被替代", "was superseded by")}


# ---------------------------------------------------------------------------------------------------------------------
# Finds issued letters of a centre for a list: by number, code, addressee or credit code, page by page.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LettersWanted:
    """Which letters a list shows: of a centre, with this text, in this state (empty: any) on a day."""

    centre: str
    text: str
    state: str
    day: date


def search_letters(
    session: Session, wanted: LettersWanted, offset: int, limit: int
) -> tuple[Sequence[RegisterEntry], int]:
    """The entries wanted, the last issued first, and how many there are in all."""
    conditions = _conditions(wanted)
    total = session.exec(select(func.count()).select_from(IssuedLetter).where(*conditions)).one()
    found = entries_selected().where(*conditions).order_by(*_LAST_FIRST).offset(offset).limit(limit)
    return [RegisterEntry(*row) for row in session.execute(found)], total


class LetterLine(NamedTuple):
    """A letter as a list of suggestions names it."""

    code: str
    number: str
    addressee: str | None


def first_letters(session: Session, wanted: LettersWanted, limit: int) -> list[LetterLine]:
    """The first of the entries wanted, the last issued first; they are not counted, since this is asked at each letter typed."""
    table = IssuedLetter.__table__  # type: ignore[attr-defined]
    named = sqlalchemy_select(table.c.code, table.c.number, table.c.addressee)
    found = named.where(*_conditions(wanted)).order_by(*_LAST_FIRST).limit(limit)
    return [LetterLine._make(row) for row in session.connection().execute(found)]


_LAST_FIRST = (col(IssuedLetter.year).desc(), col(IssuedLetter.place).desc())


def _conditions(wanted: LettersWanted) -> list[ColumnElement[bool]]:
    conditions = [col(IssuedLetter.centre) == wanted.centre, *_state(wanted)]
    if wanted.text:
        # A part of the text itself is looked for, so that no sign in it stands for others.
        text = wanted.text.upper()
        columns = (IssuedLetter.number, IssuedLetter.code, IssuedLetter.addressee, IssuedLetter.credit_code)
        conditions.append(or_(*(func.upper(col(one)).contains(text, autoescape=True) for one in columns)))
    return conditions


def _state(wanted: LettersWanted) -> list[ColumnElement[bool]]:
    withdrawal, until = col(IssuedLetter.withdrawal), col(IssuedLetter.valid_until)
    if wanted.state in ("revoked", "superseded"):
        return [withdrawal == wanted.state]
    if wanted.state == "expired":
        return [withdrawal.is_(None), until < wanted.day]
    if wanted.state == "valid":
        return [withdrawal.is_(None), until >= wanted.day]
    if wanted.state == "past":
        return [withdrawal.is_(None), until.is_(None)]
    return []
