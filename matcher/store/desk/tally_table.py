"""The table that the figures are made of: one narrow row a case, so that counting reads no firm's facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from matcher.store.columns import AwareDateTime
from matcher.store.tables import Register

SUMS = ("firm_fen", "deferred_fen", "others_fen")
"""The sums of a case that are never added to one another: the firm's own money, what it pays later, what others get."""


class CaseTally(Register, table=True):
    """What the figures count of a case, written whenever the case changes in it; forgetting the case leaves it.

    The sums are those of ``Case.found`` in fen, ``schemes`` its schemes with a comma between two. ``decided_after`` and
    ``lettered_after`` are the seconds from the opening to the first decision and to the first letter; None before.
    """

    __tablename__ = "case_tally"
    # All but the schemes: what is counted of a year is read from the index alone.
    __table_args__ = (Index("ix_case_tally_counted", "opened_at", "centre", *SUMS, "decided_after", "lettered_after"),)

    case_id: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="case_file.id", ondelete="CASCADE"
    )
    centre: str = Field(max_length=32)
    opened_at: datetime = Field(sa_type=AwareDateTime)
    firm_fen: int = Field(default=0, sa_type=BigInteger)
    deferred_fen: int = Field(default=0, sa_type=BigInteger)
    others_fen: int = Field(default=0, sa_type=BigInteger)
    decided_after: int | None = None
    lettered_after: int | None = None
    schemes: str = Field(default="", sa_type=Text)
