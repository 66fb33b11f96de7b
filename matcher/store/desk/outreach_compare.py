"""Compares two screenings: which firms a scheme is for in the later and was not in the earlier, and the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from matcher.store.desk.outreach_list import Found, found_columns
from matcher.store.desk.outreach_tables import Entitlement
from matcher.store.firms import Firm

Side = Literal["gained", "lost"]


@dataclass(frozen=True, slots=True)
class Shift:
    """What a scheme's firms gain and lose between two screenings."""

    scheme: str
    gained: int
    lost: int


def shifts(session: Session, before: int, after: int, districts: Sequence[str] | None) -> Sequence[Shift]:
    """By scheme, how many firms gained and lost it, for those schemes where any did."""
    counts: dict[str, dict[Side, int]] = {}
    sides: tuple[tuple[Side, int, int], ...] = (("gained", after, before), ("lost", before, after))
    for side, of, without in sides:
        here, rows = _only_in(of, without, districts)
        for scheme, firms in session.execute(
            rows.with_only_columns(col(here.scheme), func.count()).group_by(col(here.scheme))
        ):
            counts.setdefault(scheme, {"gained": 0, "lost": 0})[side] = firms
    return [Shift(scheme, found["gained"], found["lost"]) for scheme, found in sorted(counts.items())]


def moved(
    session: Session,
    before: int,
    after: int,
    scheme: str,
    side: Side,
    districts: Sequence[str] | None,
    offset: int,
    limit: int,
) -> Sequence[Found]:
    """The firms that gained or lost a scheme, by name, as the screening that has them found them."""
    of, without = (after, before) if side == "gained" else (before, after)
    here, rows = _only_in(of, without, districts)
    page = (
        rows.with_only_columns(*found_columns(here))
        .join(Firm, col(Firm.id) == col(here.firm_id))
        .where(col(here.scheme) == scheme)
        .order_by(col(Firm.name), col(Firm.id))
    )
    return [Found(*row) for row in session.execute(page.offset(offset).limit(limit))]


def _only_in(of: int, without: int, districts: Sequence[str] | None) -> tuple[type[Entitlement], Select[Any]]:
    """The rows of one screening that the other has not, and the name by which their table goes."""
    here, there = aliased(Entitlement), aliased(Entitlement)
    same = (
        col(there.screening_id) == without,
        col(there.scheme) == col(here.scheme),
        col(there.firm_id) == col(here.firm_id),
    )
    rows = select(here).where(
        col(here.screening_id) == of,
        ~select(col(there.scheme)).where(*same).exists(),
    )
    return here, rows if districts is None else rows.where(col(here.district).in_(districts))
