"""The tables of whom a centre talks to. What a centre enters here is its own: no other sees it, and none of it is law."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from matcher.accounts import Account  # noqa: F401 (its table is referred to)
from matcher.db import AwareDateTime, Register
from matcher.firms import Firm  # noqa: F401 (its table is referred to)


class _Contact(Register):
    """How somebody is reached, and who of the centre entered it when."""

    name: str = Field(max_length=100)
    role: str = Field(max_length=100)
    phone: str = Field(max_length=60)
    email: str = Field(max_length=254)
    remark: str = Field(max_length=500)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)


class FirmContact(_Contact, table=True):
    """Somebody at a firm whom the centre reaches: forgotten with what the firm told the centre."""

    __tablename__ = "firm_contact"
    __table_args__ = (Index("ix_firm_contact_listed", "firm_id", "centre"),)

    id: int | None = Field(default=None, primary_key=True)
    firm_id: str = Field(max_length=64, foreign_key="firm.id", ondelete="CASCADE")
    centre: str = Field(max_length=32)


class DepartmentContact(_Contact, table=True):
    """Somebody at a department whom the centre asks about a scheme, or about all of the department's (``scheme`` null).

    The rulebook's offices are what instruments publish; this is what a clerk knows, and stands on no letter.
    """

    __tablename__ = "department_contact"

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32, index=True)
    department: str = Field(max_length=200)
    scheme: str | None = Field(default=None, max_length=80)


class MessageText(Register, table=True):
    """A text that the centre sends to firms, about a scheme or about any (``scheme`` null), with places to be filled."""

    __tablename__ = "message_text"

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32, index=True)
    scheme: str | None = Field(default=None, max_length=80)
    title: str = Field(max_length=100)
    body: str = Field(sa_type=Text)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    changed_at: datetime = Field(sa_type=AwareDateTime)
