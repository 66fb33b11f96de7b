"""The table of tries at codes and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from matcher.db import SHA256_LENGTH, AwareDateTime, Register, digest_of, one_of

Purpose = Literal["code", "sign_in", "known_device", "factor", "password", "storage", "alert", "alert_mail"]


class Attempt(Register, table=True):
    """One try at a code or password that may still have been wrong, answers stored, or mail asked for: what counts against a limit.

    ``client`` is a keyed hash of whoever tried: a network address, a known device or a session. ``subject`` is a hash of
    what was tried, an account or a name that nobody has, of a wider network, or of a mailbox. ``weight`` is 1 for a try,
    and kibibytes for what was stored.
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
