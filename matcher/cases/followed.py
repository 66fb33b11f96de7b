"""What became of the firms that a centre told: who has a case since, and who a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from matcher.outreach import FirmTold

from .models import Case, CaseLetter


@dataclass(frozen=True, slots=True)
class Followed:
    """Firms told by one channel or note: how many, how many of them have a case opened since then, and how many a letter in it."""

    note: str | None
    firms: int
    came: int
    lettered: int


def followed(session: Session, centre: str, since: datetime) -> Sequence[Followed]:
    """What became of the firms that a centre told since a moment, by what was noted; the most firms first."""
    told = (
        select(
            col(FirmTold.firm_id).label("firm_id"), col(FirmTold.note).label("note"), func.min(col(FirmTold.told_at)).label("at")
        )
        .where(col(FirmTold.centre) == centre, col(FirmTold.told_at) >= since)
        .group_by(col(FirmTold.firm_id), col(FirmTold.note))
        .subquery()
    )  # fmt: skip
    own = and_(col(Case.firm_id) == told.c.firm_id, col(Case.centre) == centre, col(Case.opened_at) >= told.c.at)
    rows = (
        select(
            told.c.note,
            func.count(told.c.firm_id.distinct()),
            func.count(case((col(Case.id).is_not(None), told.c.firm_id)).distinct()),
            func.count(case((col(CaseLetter.case_id).is_not(None), told.c.firm_id)).distinct()),
        )
        .select_from(told)
        .outerjoin(Case, own)
        .outerjoin(CaseLetter, col(CaseLetter.case_id) == col(Case.id))
        .group_by(told.c.note)
        .order_by(func.count(told.c.firm_id.distinct()).desc(), told.c.note)
    )
    return [Followed(*row) for row in session.execute(rows.limit(50))]
