"""The table of the audit trail: rows are only ever added, and each holds the digest of the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from matcher.db import SHA256_LENGTH, AwareDateTime, CanonicalJson, Register, digest_of


class AuditEntry(Register, table=True):
    """Who did what to what, when and from where; ``number`` counts from 1 without a gap.

    ``detail`` names what changed and never a value of a firm's facts, so that forgetting a firm leaves the chain whole.
    ``digest`` is the SHA-256 of the row's canonical text, ``previous`` among it.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (digest_of("previous"), digest_of("digest"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=AwareDateTime, index=True)
    actor: str = Field(max_length=64, index=True)
    role: str = Field(max_length=16)
    centre: str | None = Field(default=None, max_length=32)
    action: str = Field(max_length=40, index=True)
    subject: str = Field(max_length=100, index=True)
    client: str = Field(max_length=64)
    detail: dict[str, Any] = Field(sa_type=CanonicalJson)
    previous: str = Field(max_length=SHA256_LENGTH)
    digest: str = Field(max_length=SHA256_LENGTH, unique=True)


class AuditHead(Register, table=True):
    """The one row that whoever adds an entry locks first: the last number and its digest."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int
    digest: str = Field(max_length=SHA256_LENGTH)
