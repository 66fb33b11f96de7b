"""The tables of answers that are kept encrypted for a time, and of what was handed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from matcher.db import SHA256_LENGTH, AwareDateTime, Register, digest_of


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
