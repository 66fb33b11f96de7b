"""The tables of webhooks and of what is delivered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, Text
from sqlmodel import Field

from matcher.accounts import Account  # noqa: F401 (its table is referred to)
from matcher.db import AwareDateTime, CanonicalJson, Register, one_of

DeliveryState = Literal["waiting", "delivered", "failed"]

"""To be tried (again); taken by the other side; given up."""


class Webhook(Register, table=True):
    """An address of another program that is told what happens at a centre. ``events``: which, a list of names.

    ``secret`` is encrypted under the site's own. ``last_entry`` is the number of the last entry of the audit trail that was looked
    at: an event is one of the trail, so that none is lost and none is told twice, whoever did it and wherever.
    """

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32, index=True)
    url: str = Field(max_length=500)
    events: list[str] = Field(sa_type=CanonicalJson)
    secret: str = Field(max_length=500)
    is_active: bool = True
    last_entry: int
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    created_at: datetime = Field(sa_type=AwareDateTime)


class WebhookDelivery(Register, table=True):
    """One event for one webhook: the body as it is signed, how often it was tried, and what came of the last try.

    ``message_id`` is the same at every try, so that the other side can tell a repetition. Of an answer its status alone is kept.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (one_of("state", DeliveryState), Index("ix_webhook_delivery_due", "state", "next_at"))

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(index=True, foreign_key="webhook.id", ondelete="CASCADE")
    message_id: str = Field(max_length=40, unique=True)
    event: str = Field(max_length=40)
    body: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=AwareDateTime)
    state: str = Field(default="waiting", max_length=16)
    tries: int = 0
    next_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    status: int | None = None
    fault: str | None = Field(default=None, max_length=40)
