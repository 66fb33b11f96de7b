"""Lists what a screening found: how many firms each scheme is for, which they are, and who of them was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from matcher.db import IN_ONE, parts
from matcher.firms import Firm
from matcher.rulebook import Status

from .models import Entitlement, FirmTold, Screening

POSITIVE = ("eligible", "needs_decision")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many firms a scheme is for, of one status and recipient; ``untold`` of them were not told; ``fen`` all exact sums."""

    scheme: str
    status: str
    recipient: str | None
    firms: int
    untold: int
    fen: int


@dataclass(frozen=True, slots=True)
class Whom:
    """Which firms of a scheme: of these districts (None: of all; None among them: those of no known district), told or not
    (None: both), of a status, with this text in the name or at the beginning of the credit code."""

    scheme: str
    districts: Sequence[str | None] | None = None
    told: bool | None = None
    status: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FoundFirm:
    """A firm that a screening found a scheme for; status, recipient and fen as it found them."""

    firm_id: str
    name: str
    credit_code: str
    district: str | None
    status: Status
    recipient: str | None
    fen: int | None


@dataclass(frozen=True, slots=True)
class Listed(FoundFirm):
    """A firm in the list of a scheme; ``told`` where somebody told it."""

    told: FirmTold | None


def found_columns(of: type[Entitlement]) -> tuple[Mapped[Any], ...]:
    """The columns that make a `Found`, of a firm joined with its entitlement."""
    firm = (col(Firm.id), col(Firm.name), col(Firm.credit_code))
    return *firm, col(of.district), col(of.status), col(of.recipient), col(of.fen)


def tallies(session: Session, screening: Screening, districts: Sequence[str | None] | None) -> Sequence[Tally]:
    """What a screening found, by scheme, status and recipient, for the firms of these districts (None: of all)."""
    told = _told(session, screening, districts)
    counts: dict[tuple[str, str, str | None], list[int]] = {}
    for scheme, rows in (screening.found or {}).items():
        for status, recipient, district, firms, fen in rows:
            if status in POSITIVE and (districts is None or district in districts):
                counted = counts.setdefault((scheme, status, recipient), [0, 0])
                counted[0] += firms
                counted[1] += fen
    return [Tally(*of, firms, firms - told.get(of, 0), fen) for of, (firms, fen) in counts.items()]


def listed(session: Session, screening: Screening, whom: Whom, offset: int, limit: int) -> tuple[Sequence[Listed], int]:
    """The firms that a scheme is for, in the order of their ids, and how many there are in all: by what the screening counted,
    unless a text is looked for."""
    rows = _listed(int(screening.id or 0), whom)
    if whom.text:
        total = session.execute(rows.with_only_columns(func.count())).scalar_one()
    else:
        counted = [
            one
            for one in tallies(session, screening, whom.districts)
            if one.scheme == whom.scheme and whom.status in (None, one.status)
        ]
        told, untold = sum(one.firms - one.untold for one in counted), sum(one.untold for one in counted)
        total = {True: told, False: untold, None: told + untold}[whom.told]
    page = rows.order_by(col(Entitlement.firm_id)).offset(offset).limit(limit)
    return [Listed(*row) for row in session.execute(page)], total


def all_listed(session: Session, screening_id: int, whom: Whom) -> Iterator[Listed]:
    """The same, every one of them, a few hundred in memory at a time."""
    last = ""
    while True:
        page = (
            _listed(screening_id, whom)
            .where(col(Entitlement.firm_id) > last)
            .order_by(col(Entitlement.firm_id))
            .limit(IN_ONE)
        )
        rows = [Listed(*row) for row in session.execute(page)]
        yield from rows
        if len(rows) < IN_ONE:
            return
        last = rows[-1].firm_id


def districts_of(session: Session, screening_id: int, scheme: str, firm_ids: Sequence[str]) -> dict[str, str | None]:
    """The district of each of these firms that the scheme is for; the others are left out."""
    return {
        firm_id: district
        for part in parts(firm_ids)
        for firm_id, district in session.execute(
            select(col(Entitlement.firm_id), col(Entitlement.district)).where(
                col(Entitlement.screening_id) == screening_id,
                col(Entitlement.scheme) == scheme,
                col(Entitlement.firm_id).in_(part),
            )
        )
    }


def _told(
    session: Session, screening: Screening, districts: Sequence[str | None] | None
) -> dict[tuple[str, str, str | None], int]:
    """How many of the firms found were told, by scheme, status and recipient: from the side of those told, who are few.

    By an outer join, so that SQLite, too, begins there and looks each of them up among what was found.
    """
    of = (col(Entitlement.scheme), col(Entitlement.status), col(Entitlement.recipient))
    found = and_(_told_of(), col(Entitlement.screening_id) == screening.id, *in_districts(districts))
    wanted = select(*of, func.count()).select_from(FirmTold).outerjoin(Entitlement, found).group_by(*of)
    return {
        (scheme, status, recipient): count
        for scheme, status, recipient, count in session.execute(wanted)
        if scheme is not None
    }


def _listed(screening_id: int, whom: Whom) -> Select[*tuple[Any, ...]]:
    rows = (
        select(*found_columns(Entitlement), FirmTold)
        .select_from(Entitlement)
        .join(Firm, col(Firm.id) == col(Entitlement.firm_id))
        .outerjoin(FirmTold, _told_of())
        .where(col(Entitlement.screening_id) == screening_id, col(Entitlement.scheme) == whom.scheme)
    )
    return rows.where(*in_districts(whom.districts), *_as_asked(whom))


def _told_of() -> ColumnElement[bool]:
    return and_(col(FirmTold.firm_id) == col(Entitlement.firm_id), col(FirmTold.scheme) == col(Entitlement.scheme))


def in_districts(districts: Sequence[str | None] | None) -> Iterator[ColumnElement[bool]]:
    """The condition that leaves what was found for firms of these districts; None: no condition."""
    if districts is not None:
        named = col(Entitlement.district).in_([one for one in districts if one is not None])
        yield or_(named, col(Entitlement.district).is_(None)) if None in districts else named


def _as_asked(whom: Whom) -> Iterator[ColumnElement[bool]]:
    if whom.told is not None:
        yield col(FirmTold.id).is_not(None) if whom.told else col(FirmTold.id).is_(None)
    if whom.status is not None:
        yield col(Entitlement.status) == whom.status
    if whom.text:
        yield or_(
            col(Firm.name).contains(whom.text, autoescape=True),
            col(Firm.credit_code).startswith(whom.text.upper(), autoescape=True),
        )
