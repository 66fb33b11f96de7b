"""The tables of the register: what was decided, and which letters were made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal, get_args

from sqlalchemy import CheckConstraint, MetaData
from sqlmodel import Field, SQLModel

from matcher.store.columns import AwareDateTime, CanonicalJson

Origin = Literal["cli", "web", "desk"]
"""Where a decision was asked for: the command line, the public page, a clerk's desk."""

Kind = Literal["eligibility", "missing", "self_check"]
"""What a letter is: it states entitlement, asks for what is missing, or is the sheet of a self-check."""

Language = Literal["zh", "en"]
"""The language that a letter is written in."""

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


def _one_of(column: str, values: object) -> CheckConstraint:
    """Strings with a CHECK and not a native enum, which migrations cannot change in step on both databases."""
    listed = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _digest(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = {SHA256_LENGTH} AND {column} = lower({column})", name=column)


class DecisionRecord(Register, table=True):
    """One answer given: the decisions on one profile, as of one day, under one rulebook.

    ``profile`` holds the facts as they were told (flat, figures as decimal strings) and is null where nothing of the
    firm is to be kept; ``decisions`` holds what ``Decision.to_json()`` gave, in the catalogue's order.
    """

    __tablename__ = "decision_record"
    __table_args__ = (_one_of("origin", Origin), _digest("rulebook_hash"))

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
    __table_args__ = (_one_of("kind", Kind), _one_of("language", Language), _digest("sha256"))

    id: str = Field(primary_key=True, max_length=36)
    decision_record_id: str = Field(max_length=36, index=True, foreign_key="decision_record.id", ondelete="RESTRICT")
    kind: str = Field(max_length=32)
    language: str = Field(max_length=8)
    number: str | None = Field(default=None, max_length=64, unique=True)
    sha256: str = Field(max_length=SHA256_LENGTH, index=True)
    made_at: datetime = Field(sa_type=AwareDateTime)
    schemes: list[str] = Field(sa_type=CanonicalJson)
