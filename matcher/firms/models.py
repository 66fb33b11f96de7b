"""The tables of the register of firms: what each is called, what was told of it and when, and what finds its name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlmodel import Field

from matcher.db import AwareDateTime, CanonicalJson, Register

Source = Literal["declared", "imported", "confirmed"]

"""Who says so: the firm itself, a list that was read in, a clerk who saw the paper."""

# A key is looked up by its beginning: only byte order lets an index do that, and PostgreSQL's own order may differ.
_KEY = String(40).with_variant(String(40, collation="C"), "postgresql")


class Firm(Register, table=True):
    """One firm as the register calls it now. The credit code says which firm it is; a name never does.

    ``organisation`` is the code from its ninth character on, ``code_backwards`` the code from its end.
    """

    __tablename__ = "firm"

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)
    credit_code: str = Field(sa_type=_KEY, unique=True)
    organisation: str = Field(sa_type=_KEY, index=True)
    code_backwards: str = Field(sa_type=_KEY, index=True)
    parent_id: str | None = Field(default=None, max_length=64)


class FirmName(Register, table=True):
    """A name that a firm has or had; ``number`` counts all names up and is what the index knows them by."""

    __tablename__ = "firm_name"

    number: int = Field(primary_key=True)
    firm_id: str = Field(max_length=64, index=True, foreign_key="firm.id", ondelete="CASCADE")
    name: str = Field(max_length=200)
    former: bool
    initials: str = Field(sa_type=_KEY, index=True)
    core_initials: str = Field(sa_type=_KEY, index=True)


class FirmStatement(Register, table=True):
    """Facts of a firm told together: ``facts`` holds what was told (flat, figures as decimal strings, null: withdrawn).

    Nothing is overwritten: what a firm's facts were on a day comes out of all statements up to it. ``centre`` is the one
    that a firm declared them to or that saw the papers: no other centre sees them. A list that was read in is everybody's.
    """

    __tablename__ = "firm_statement"
    __table_args__ = (
        CheckConstraint("source IN ('declared', 'imported', 'confirmed')", name="source"),
        CheckConstraint("(source = 'imported') = (centre IS NULL)", name="centre"),
        Index("ix_firm_statement_firm_id", "firm_id", "told_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    firm_id: str = Field(max_length=64, foreign_key="firm.id", ondelete="CASCADE")
    source: str = Field(max_length=16)
    centre: str | None = Field(default=None, max_length=32)
    told_on: date
    recorded_at: datetime = Field(sa_type=AwareDateTime)
    facts: dict[str, Any] = Field(sa_type=CanonicalJson)


class NameGram(Register, table=True):
    """The names that hold a pair of syllables: ``members`` are their numbers within one block, two bytes each.

    Counts stand apart from members, so that a pair that very many names share is passed over without being read.
    """

    __tablename__ = "name_gram"

    gram: str = Field(primary_key=True, max_length=40)
    block: int = Field(primary_key=True)
    count: int
    members: bytes = Field(sa_type=LargeBinary)
