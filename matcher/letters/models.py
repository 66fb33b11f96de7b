"""The tables of decisions and letters, and what an entry must look like before a row is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError
from pydantic import Field as EntryField
from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from matcher.db import (
    SHA256_LENGTH,
    AwareDateTime,
    CanonicalJson,
    EntryError,
    PackedJson,
    PackedText,
    Register,
    canonical,
    digest_of,
    one_of,
)

# ---------------------------------------------------------------------------------------------------------------------
# The tables of the store: what was decided, which letters were made of it and issued, what owners keep or hand over.
# ---------------------------------------------------------------------------------------------------------------------


Origin = Literal["cli", "web", "desk"]

"""Where a decision was asked for: the command line, the public page, a clerk's desk."""

Kind = Literal["eligibility", "missing", "self_check"]

"""What a letter is: it states entitlement, asks for what is missing, or is the sheet of a self-check."""

Language = Literal["zh", "en", "both"]

"""The language that a letter is written in; both is Chinese with its translation."""

ReservationState = Literal["reserved", "void"]

Withdrawal = Literal["revoked", "superseded"]

"""How a letter ends before its time: taken back with a reason, or replaced by a later one."""

"""What is limited: tries at a handover's code; at a password of the desk, from anywhere or from a device that has signed in
before; at a second factor's code; at the password asked again of whoever is signed in; kibibytes of answers stored."""

"""Hexadecimal digits of a SHA-256."""


class DecisionRecord(Register, table=True):
    """One answer given: the decisions on one profile, as of one day, under one rulebook.

    ``profile`` holds the facts as they were told (flat, figures as decimal strings) and is null where nothing of the
    firm is to be kept; ``decisions`` holds what ``Decision.to_json()`` gave, in the catalogue's order; of a letter
    since 0.3.0 its reasons for the schemes alone that the letter speaks of.
    """

    __tablename__ = "decision_record"
    __table_args__ = (one_of("origin", Origin), digest_of("rulebook_hash"))

    id: str = Field(primary_key=True, max_length=36)
    receipt_id: str = Field(max_length=64, index=True)
    created_at: datetime = Field(sa_type=AwareDateTime)
    as_of: date
    rulebook_hash: str = Field(max_length=SHA256_LENGTH)
    profile: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    decisions: list[dict[str, Any]] = Field(sa_type=PackedJson)
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
    """The document numbers of a centre in a year: the last that was given, from 1 without a gap, and the day it was given for."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    centre: str = Field(primary_key=True, max_length=32)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
    dated: date | None = None


class NumberReservation(Register, table=True):
    """A number for which there is no letter: one is being made, or the number is void, with the reason."""

    __tablename__ = "number_reservation"
    __table_args__ = (
        one_of("state", ReservationState),
        CheckConstraint("(state = 'void') = (settled_at IS NOT NULL)", name="settled"),
    )

    centre: str = Field(primary_key=True, max_length=32)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reserved_at: datetime = Field(sa_type=AwareDateTime)
    state: str = Field(max_length=16)
    reason: str | None = Field(default=None, max_length=200)
    settled_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


class CommonOutlines(Register, table=True):
    """The dictionary with which files of letters are packed: outlines of common characters, which nearly every file has.

    ``id`` is the SHA-256 of what ``content`` (zstd) holds, ``made_from`` says of which faces it is.
    """

    __tablename__ = "common_outlines"

    id: str = Field(primary_key=True, max_length=SHA256_LENGTH)
    made_from: str = Field(max_length=SHA256_LENGTH, index=True)
    content: bytes = Field(sa_type=LargeBinary)


class IssuedLetter(Register, table=True):
    """A letter that went out under a number: the signed file itself, its receipt, and whether it still holds.

    ``place`` is its place in the series of its centre and year. ``receipt`` is the text inside the file, byte for byte;
    the rulebook that it names is kept among the archives. ``seed`` is what the salts of the facts that it withholds are made from.
    ``pdf`` is packed with the dictionary of the id ``outlines``, and ``size`` bytes long as it went out; without them it is kept whole.
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
    addressee: str | None = Field(default=None, index=True, sa_type=Text)
    written_on: date
    valid_until: date | None = None
    receipt: str = Field(sa_type=PackedText)
    pdf: bytes = Field(sa_type=LargeBinary)
    outlines: str | None = Field(default=None, max_length=SHA256_LENGTH)
    size: int | None = None
    seed: bytes | None = Field(default=None, sa_type=LargeBinary)
    withdrawal: str | None = Field(default=None, max_length=16)
    withdrawn_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    reason: str | None = Field(default=None, sa_type=Text)
    superseded_by: str | None = Field(
        default=None, max_length=64, foreign_key="issued_letter.number", ondelete="RESTRICT"
    )


# ---------------------------------------------------------------------------------------------------------------------
# What an entry for the register must look like before a row is made of it.
# ---------------------------------------------------------------------------------------------------------------------


def _as_read_back(value: Any) -> Any:
    """The value as the database will return it (tuples become lists), so that a record never changes by a reload."""
    return json.loads(canonical(value))


def _no_repeats(slugs: list[str]) -> list[str]:
    if len(set(slugs)) != len(slugs):
        raise ValueError("a scheme is named twice")
    return slugs


Digest = Annotated[str, EntryField(pattern=r"^[0-9a-f]{64}$")]

Slug = Annotated[str, EntryField(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]

ReceiptId = Annotated[str, EntryField(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

RecordId = Annotated[str, EntryField(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]

Facts = Annotated[dict[str, bool | int | str | None], AfterValidator(_as_read_back)]

Decisions = Annotated[list[dict[str, Any]], AfterValidator(_as_read_back)]


class _Entry(BaseModel):
    # The faults must not repeat what was put in: it may be a firm's facts.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, values: Mapping[str, object]) -> Self:
        """Check the values and give the entry.

        :raises EntryError: naming every faulty field with its reason, and no value.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors(include_input=False)]
        listed = "; ".join(f"{field}: {message}" for field, message in faults)
        raise EntryError(
            tuple(field for field, _ in faults),
            f"不能登记，请更正以下各项：{listed}",
            f"This cannot be registered; correct these: {listed}",
        )


class DecisionEntry(_Entry):
    """The decisions on one profile: times are aware, figures are decimal strings, a float is refused anywhere."""

    receipt_id: ReceiptId
    created_at: AwareDatetime
    as_of: date
    rulebook_hash: Digest
    profile: Facts | None
    decisions: Decisions
    origin: Origin


class LetterEntry(_Entry):
    """A letter made of a decision record that is in the register already."""

    decision_record_id: RecordId
    kind: Kind
    language: Language
    number: Annotated[str, EntryField(min_length=1, max_length=64)] | None
    sha256: Digest
    made_at: AwareDatetime
    schemes: Annotated[list[Slug], AfterValidator(_no_repeats)]
