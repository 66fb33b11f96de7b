"""The table of accounts, and what each centre has settled for itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, Text
from sqlmodel import Field

from matcher.db import SHA256_LENGTH, AwareDateTime, Register, digest_of, one_of

Role = Literal["clerk", "supervisor", "administrator", "auditor"]

"""What an account may do; matcher.accounts.rights says it action by action."""

NO_PASSWORD = "!"

"""In the place of a hash: no password is this account's."""

CITY = "tianjin"

"""The city's own centre."""


class Account(Register, table=True):
    """Someone who works at a centre. ``epoch`` goes up with every change that ends the sessions open elsewhere.

    ``name`` is what is typed to sign in, in lower case; ``password_hash`` is argon2's own encoding, or `NO_PASSWORD` where one
    signs in elsewhere only. ``totp_secret`` is
    encrypted, and ``totp_last`` is the last time step used, so that no code works twice.
    """

    __tablename__ = "account"
    __table_args__ = (one_of("role", Role), CheckConstraint("name = lower(name)", name="name"))

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=64, unique=True)
    display_name: str = Field(max_length=64)
    role: str = Field(max_length=16)
    centre: str = Field(max_length=32, index=True)
    password_hash: str = Field(max_length=200)
    must_change: bool = False
    totp_secret: str | None = Field(default=None, max_length=200)
    totp_last: int | None = None
    is_active: bool = True
    epoch: int = 0
    created_at: datetime = Field(sa_type=AwareDateTime)
    password_changed_at: datetime = Field(sa_type=AwareDateTime)

    @property
    def has_password(self) -> bool:
        """Whether one can sign in with a password at all."""
        return self.password_hash != NO_PASSWORD


class SignedIn(Register, table=True):
    """A session that is open at the desk; ``id`` is a hash of what the browser holds, so that the row opens nothing.

    ``id_token`` is what the sign-in service said, sealed, so that signing out can end the session there too.
    """

    __tablename__ = "signed_in"
    __table_args__ = (digest_of("id"),)

    id: str = Field(primary_key=True, max_length=SHA256_LENGTH)
    account_id: int = Field(index=True, foreign_key="account.id", ondelete="CASCADE")
    began_at: datetime = Field(sa_type=AwareDateTime)
    seen_at: datetime = Field(sa_type=AwareDateTime)
    id_token: str | None = Field(default=None, sa_type=Text)


class ExternalIdentity(Register, table=True):
    """Whose account a person of a sign-in service has: found again by issuer and subject alone, never by name or address."""

    __tablename__ = "external_identity"

    issuer: str = Field(primary_key=True, max_length=250)
    subject: str = Field(primary_key=True, max_length=255)
    account_id: int = Field(unique=True, foreign_key="account.id", ondelete="CASCADE")
    linked_at: datetime = Field(sa_type=AwareDateTime)


class Passkey(Register, table=True):
    """A key of a device that an account may show as its second factor: the public half, how often it signed, what it is called.

    ``sign_count`` is the device's own count, 0 where it keeps none; ``uses`` is ours. Ids and keys are base64url.
    """

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(index=True, foreign_key="account.id", ondelete="CASCADE")
    credential_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(sa_type=Text)
    sign_count: int = Field(sa_type=BigInteger)
    uses: int = 0
    name: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=AwareDateTime)
    used_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


class CentreSetting(Register, table=True):
    """What a centre has settled: whether letters need a second signature, and how long declared facts are kept."""

    __tablename__ = "centre_setting"
    __table_args__ = (CheckConstraint("retention_days BETWEEN 1 AND 3650", name="retention_days"),)

    centre: str = Field(primary_key=True, max_length=32)
    needs_countersign: bool = False
    retention_days: int = 365
