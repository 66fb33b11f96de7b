"""The tables of clients of the interface and their keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Text
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


class ApiCreation(Register, table=True):
    """What a client created, or is creating, under an idempotency key: kept for a day, so that sent again it is made once.

    ``token`` is what the creation is known by in its own table (``once``); ``begun_at`` moves when a request that broke off is taken
    up. ``status``, ``location`` and ``body`` are the answer, null until it is made; no fact of a firm is in it.
    """

    __tablename__ = "api_creation"
    __table_args__ = (digest_of("key_digest"), digest_of("request_digest"))

    client_id: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="api_client.id", ondelete="CASCADE"
    )
    key_digest: str = Field(primary_key=True, max_length=SHA256_LENGTH)
    request_digest: str = Field(max_length=SHA256_LENGTH)
    token: str = Field(max_length=43)
    created_at: datetime = Field(sa_type=AwareDateTime, index=True)
    begun_at: datetime = Field(sa_type=AwareDateTime)
    status: int | None = None
    location: str | None = Field(default=None, max_length=200)
    body: str | None = Field(default=None, sa_type=Text)
