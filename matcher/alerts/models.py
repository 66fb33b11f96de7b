"""The tables of alerts: who asked for them, and which changes of the law were there to be told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from matcher.db import AwareDateTime, CanonicalJson, Register

LONGEST_ADDRESS = 254


class AlertSubscription(Register, table=True):
    """An address that is told of changes. There is no row before its owner has confirmed it, and none after they stopped it.

    ``schemes``: of which schemes alone, None of all. ``last_change``: the number of the last change that it was told, or that was
    there before it. ``token`` stops it. ``refused``: how often in a row the mail server has not known the address.
    """

    __tablename__ = "alert_subscription"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(max_length=LONGEST_ADDRESS, unique=True)
    language: str = Field(max_length=2)
    schemes: list[str] | None = Field(default=None, sa_type=CanonicalJson)
    token: str = Field(max_length=43, unique=True)
    last_change: int
    refused: int = 0
    confirmed_at: datetime = Field(sa_type=AwareDateTime)


class AlertChange(Register, table=True):
    """A change of the law, numbered when the site first knew it: from a day on a scheme begins, changes or ends."""

    __tablename__ = "alert_change"
    __table_args__ = (UniqueConstraint("scheme", "day", "kind", name="uq_alert_change_scheme"),)

    id: int | None = Field(default=None, primary_key=True)
    scheme: str = Field(max_length=80)
    day: date
    kind: str = Field(max_length=16)
    noted_at: datetime = Field(sa_type=AwareDateTime)
