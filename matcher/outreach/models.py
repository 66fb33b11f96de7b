"""The tables behind the list of firms that nobody has told yet: screenings of the register, and who was told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from matcher.accounts import Account  # noqa: F401 (its table is referred to)
from matcher.db import SHA256_LENGTH, AwareDateTime, CanonicalJson, Register, digest_of, one_of
from matcher.firms import Firm  # noqa: F401 (its table is referred to)

ScreeningState = Literal["waiting", "running", "done", "failed"]


class Screening(Register, table=True):
    """One pass over the register of firms: for which day, under which rulebook, how far it has come.

    ``found`` counts what it found so far, so that no list has to: by scheme, rows of status, recipient, district, how
    many firms, and their exact sums in fen; status ``unconfirmed``: by the last terms of a scheme not confirmed for the day;
    ``common``: true of everybody, without money and without anything that speaks for the firm. Neither is listed.
    """

    __tablename__ = "screening"
    __table_args__ = (one_of("state", ScreeningState), digest_of("rulebook_hash"))

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    state: str = Field(max_length=16, index=True)
    as_of: date
    rulebook_hash: str = Field(max_length=SHA256_LENGTH)
    firms: int = 0
    last_firm_id: str | None = Field(default=None, max_length=64)
    found: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    created_at: datetime = Field(sa_type=AwareDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


class Entitlement(Register, table=True):
    """A scheme that a screening found a firm entitled to or one decision away from; ``fen`` is null without an exact amount."""

    __tablename__ = "entitlement"

    screening_id: int = Field(primary_key=True, foreign_key="screening.id", ondelete="CASCADE")
    scheme: str = Field(primary_key=True, max_length=80)
    firm_id: str = Field(primary_key=True, max_length=64, foreign_key="firm.id", ondelete="CASCADE")
    district: str | None = Field(default=None, max_length=32)
    status: str = Field(max_length=24)
    recipient: str | None = Field(default=None, max_length=24)
    fen: int | None = Field(default=None, sa_type=BigInteger)


class FirmTold(Register, table=True):
    """That a firm was told of a scheme, by whom and how."""

    __tablename__ = "firm_told"
    __table_args__ = (UniqueConstraint("firm_id", "scheme", name="uq_firm_told_scheme"),)

    id: int | None = Field(default=None, primary_key=True)
    firm_id: str = Field(max_length=64, index=True, foreign_key="firm.id", ondelete="CASCADE")
    scheme: str = Field(max_length=80, index=True)
    centre: str = Field(max_length=32)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    told_at: datetime = Field(sa_type=AwareDateTime)
    note: str | None = Field(default=None, max_length=200)


class ImpactStudy(Register, table=True):
    """What other figures of the rules would change for the firms of a centre, worked out firm by firm: which schemes, which figures (as
    typed; yuan for money), on which day, how far it has come. ``found``: what it comes to so far, as `Impact` has it, and the
    ``bounds`` of the ten groups."""

    __tablename__ = "impact_study"
    __table_args__ = (one_of("state", ScreeningState), digest_of("rulebook_hash"))

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32, index=True)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    state: str = Field(max_length=16, index=True)
    as_of: date
    rulebook_hash: str = Field(max_length=SHA256_LENGTH)
    schemes: list[str] = Field(sa_type=CanonicalJson)
    figures: dict[str, str] = Field(sa_type=CanonicalJson)
    firms: int = 0
    last_firm_id: str | None = Field(default=None, max_length=64)
    found: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    created_at: datetime = Field(sa_type=AwareDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


ImpactSide = Literal["gained", "lost", "changed"]


class ImpactLine(Register, table=True):
    """A firm that gains or loses a scheme by other figures, or has it otherwise; fen before and after: the sum, or the most of it."""

    __tablename__ = "impact_line"
    __table_args__ = (one_of("side", ImpactSide),)

    study_id: int = Field(primary_key=True, foreign_key="impact_study.id", ondelete="CASCADE")
    scheme: str = Field(primary_key=True, max_length=80)
    firm_id: str = Field(primary_key=True, max_length=64, foreign_key="firm.id", ondelete="CASCADE")
    side: str = Field(max_length=16)
    before: int | None = Field(default=None, sa_type=BigInteger)
    after: int | None = Field(default=None, sa_type=BigInteger)
