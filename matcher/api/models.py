"""The tables of clients of the interface and their keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from matcher.db import SHA256_LENGTH, AwareDateTime, CanonicalJson, Register, digest_of


class ApiClient(Register, table=True):
    """A program of somebody else's that asks here, as a centre admitted it. ``scopes``: what it may do, a list of names.

    ``per_minute``: how many firms a minute it may ask about, in each process of the site.
    """

    __tablename__ = "api_client"
    __table_args__ = (CheckConstraint("per_minute BETWEEN 1 AND 100000", name="per_minute"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    centre: str = Field(max_length=32, index=True)
    scopes: object = Field(sa_type=CanonicalJson)
    per_minute: int
    is_active: bool = True
    created_at: datetime = Field(sa_type=AwareDateTime)


class ApiKey(Register, table=True):
    """A key of a client: only a hash of it is here, and its first characters, by which people know it again.

    ``expires_at``: from then on it opens nothing; set when another takes its place, or at once to withdraw it.
    """

    __tablename__ = "api_key"
    __table_args__ = (digest_of("digest"),)

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(index=True, foreign_key="api_client.id", ondelete="CASCADE")
    digest: str = Field(max_length=SHA256_LENGTH, unique=True)
    prefix: str = Field(max_length=16)
    created_at: datetime = Field(sa_type=AwareDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
