"""The tables of the store: what was decided, which letters were made of it and issued, what owners keep or hand over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal, get_args

from sqlalchemy import CheckConstraint, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from matcher.store.columns import AwareDateTime, CanonicalJson

Origin = Literal["cli", "web", "desk"]
"""Where a decision was asked for: the command line, the public page, a clerk's desk."""

Kind = Literal["eligibility", "missing", "self_check"]
"""What a letter is: it states entitlement, asks for what is missing, or is the sheet of a self-check."""

Language = Literal["zh", "en", "both"]
"""The language that a letter is written in; both is Chinese with its translation."""

Withdrawal = Literal["revoked", "superseded"]
"""How a letter ends before its time: taken back with a reason, or replaced by a later one."""

Purpose = Literal["code", "sign_in", "known_device", "factor", "password", "storage"]
"""What is limited: tries at a handover's code; at a password of the desk, from anywhere or from a device that has signed in
before; at a second factor's code; at the password asked again of whoever is signed in; kibibytes of answers stored."""

SHA256_LENGTH = 64
"""Hexadecimal digits of a SHA-256."""

# Every constraint has a name, so that a later migration can change it on SQLite as well.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Register(SQLModel):
    """The base of every table of the store. Table models do not validate: entries.py does, before a row is made."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


def one_of(column: str, values: object) -> CheckConstraint:
    """A CHECK for a column with these strings; a native enum cannot be migrated in step on both databases."""
    listed = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def digest_of(column: str) -> CheckConstraint:
    """A CHECK for a column with a SHA-256 in hexadecimal."""
    return CheckConstraint(f"length({column}) = {SHA256_LENGTH} AND {column} = lower({column})", name=column)


class DecisionRecord(Register, table=True):
    """One answer given: the decisions on one profile, as of one day, under one rulebook.

    ``profile`` holds the facts as they were told (flat, figures as decimal strings) and is null where nothing of the
    firm is to be kept; ``decisions`` holds what ``Decision.to_json()`` gave, in the catalogue's order.
    """

    __tablename__ = "decision_record"
    __table_args__ = (one_of("origin", Origin), digest_of("rulebook_hash"))

    id: str = Field(primary_key=True, max_length=36)
    receipt_id: str = Field(max_length=64, index=True)
    created_at: datetime = Field(sa_type=AwareDateTime)
    as_of: date
    rulebook_hash: str = Field(max_length=SHA256_LENGTH)
    profile: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    decisions: list[dict[str, Any]] = Field(sa_type=CanonicalJson)
    origin: str = Field(max_length=16)


class LetterRecord(Register, table=True):
    """One letter made of a decision record; the file itself is known by the SHA-256 of its bytes.

    ``number`` is the whole document number as printed, unique in the register; null for a letter without one.
    """

    __tablename__ = "letter_record"
    __table_args__ = (one_of("kind", Kind), one_of("language", Language), digest_of("sha256"))

    id: str = Field(primary_key=True, max_length=36)
    decision_record_id: str = Field(max_length=36, index=True, foreign_key="decision_record.id", ondelete="RESTRICT")
    kind: str = Field(max_length=32)
    language: str = Field(max_length=8)
    number: str | None = Field(default=None, max_length=64, unique=True)
    sha256: str = Field(max_length=SHA256_LENGTH, index=True)
    made_at: datetime = Field(sa_type=AwareDateTime)
    schemes: list[str] = Field(sa_type=CanonicalJson)


class NumberSeries(Register, table=True):
    """The document numbers of a centre in a year: the last that was given, from 1 without a gap."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    centre: str = Field(primary_key=True, max_length=32)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class IssuedLetter(Register, table=True):
    """A letter that went out under a number: the signed file itself, its receipt, and whether it still holds.

    ``place`` is its place in the series of its centre and year. ``receipt`` is the text inside the file, byte for byte;
    the rulebook that it names is kept among the archives.
    """

    __tablename__ = "issued_letter"
    __table_args__ = (
        UniqueConstraint("centre", "year", "place", name="uq_issued_letter_place"),
        one_of("withdrawal", Withdrawal),
        CheckConstraint("(withdrawal IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_at"),
        CheckConstraint(
            "(superseded_by IS NOT NULL) = (coalesce(withdrawal, '') = 'superseded')", name="superseded_by"
        ),
        Index("ix_issued_letter_counted", "written_on", "centre"),  # as the figures count, without reading a letter
    )

    number: str = Field(primary_key=True, max_length=64, foreign_key="letter_record.number", ondelete="RESTRICT")
    centre: str = Field(max_length=32)
    year: int
    place: int
    code: str = Field(max_length=12, unique=True)
    key_id: str = Field(max_length=12, index=True)
    credit_code: str | None = Field(default=None, max_length=18, index=True)
    addressee: str | None = Field(default=None, sa_type=Text)
    written_on: date
    valid_until: date | None = None
    receipt: str = Field(sa_type=Text)
    pdf: bytes = Field(sa_type=LargeBinary)
    withdrawal: str | None = Field(default=None, max_length=16)
    withdrawn_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    reason: str | None = Field(default=None, sa_type=Text)
    superseded_by: str | None = Field(
        default=None, max_length=64, foreign_key="issued_letter.number", ondelete="RESTRICT"
    )


class Draft(Register, table=True):
    """An owner's answers for a time, encrypted; ``id`` is a hash of the key, which only the owner holds.

    ``size`` is the ciphertext's in bytes: the index on it gives the whole store's without reading an answer.
    """

    __tablename__ = "draft"
    __table_args__ = (digest_of("id"),)

    id: str = Field(primary_key=True, max_length=SHA256_LENGTH)
    ciphertext: bytes = Field(sa_type=LargeBinary)
    size: int = Field(default=0, index=True)
    expires_at: datetime = Field(sa_type=AwareDateTime, index=True)


class Handover(Register, table=True):
    """Answers handed over to the service centre, encrypted with a key that comes out of the owner's code.

    ``consent`` names the version of the text agreed to. A withdrawal empties ``ciphertext`` at once; the row stays until
    it expires, so that the owner can still see whether it was opened. ``size`` is the ciphertext's in bytes.
    """

    __tablename__ = "handover"
    __table_args__ = (digest_of("id"),)

    id: str = Field(primary_key=True, max_length=SHA256_LENGTH)
    ciphertext: bytes | None = Field(default=None, sa_type=LargeBinary)
    size: int = Field(default=0, index=True)
    consent: str = Field(max_length=16)
    made_at: datetime = Field(sa_type=AwareDateTime)
    expires_at: datetime = Field(sa_type=AwareDateTime, index=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


class HandoverOpening(Register, table=True):
    """One time that the service centre looked at what was handed over."""

    __tablename__ = "handover_opening"

    id: int | None = Field(default=None, primary_key=True)
    handover_id: str = Field(max_length=SHA256_LENGTH, index=True, foreign_key="handover.id", ondelete="CASCADE")
    opened_at: datetime = Field(sa_type=AwareDateTime)


class Attempt(Register, table=True):
    """One try at a code or password that may still have been wrong, or answers stored: what counts against a limit.

    ``client`` is a keyed hash of whoever tried: a network address, a known device or a session. ``subject`` is a hash of
    what was tried, an account or a name that nobody has. ``weight`` is 1 for a try, and kibibytes for what was stored.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        one_of("purpose", Purpose),
        digest_of("client"),
        digest_of("subject"),
        CheckConstraint("weight >= 1", name="weight"),
    )

    id: int | None = Field(default=None, primary_key=True)
    purpose: str = Field(max_length=16)
    client: str = Field(max_length=SHA256_LENGTH, index=True)
    subject: str | None = Field(default=None, max_length=SHA256_LENGTH, index=True)
    weight: int = 1
    made_at: datetime = Field(sa_type=AwareDateTime, index=True)
