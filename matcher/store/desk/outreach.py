"""Keeps what screenings of the register found, and which firms were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.store.desk.account_table import CITY
from matcher.store.desk.outreach_tables import Entitlement, FirmTold, Screening
from matcher.store.firms import Firm, FirmStatement
from matcher.store.parts import parts


@dataclass(frozen=True, slots=True)
class Found:
    """A scheme that a firm is entitled to (``eligible``) or one decision away from (``needs_decision``)."""

    scheme: str
    firm_id: str
    district: str | None
    status: str
    recipient: str | None
    fen: int | None


def firms_after(session: Session, last: str | None, limit: int) -> Sequence[str]:
    """The ids of the firms that come next in the register, in the order of the ids."""
    found = select(Firm.id).order_by(col(Firm.id)).limit(limit)
    return session.exec(found if last is None else found.where(col(Firm.id) > last)).all()


def told_on(session: Session, firm_ids: Sequence[str], day: date) -> dict[str, dict[str, object]]:
    """What the centre to which each firm is shown may know of it on a day, as ``facts_on`` gives it, without who said it.

    That is the centre of the firm's district, or the city's: what a firm told another centre must not show in a list.
    """
    told: dict[str, list[tuple[str | None, Mapping[str, object]]]] = {firm_id: [] for firm_id in firm_ids}
    order = [col(FirmStatement.firm_id), col(FirmStatement.told_on), col(FirmStatement.recorded_at)]
    for part in parts(firm_ids):
        wanted = select(FirmStatement.firm_id, FirmStatement.centre, FirmStatement.facts).where(
            col(FirmStatement.firm_id).in_(part), col(FirmStatement.told_on) <= day
        )
        for firm_id, centre, facts in session.exec(wanted.order_by(*order, col(FirmStatement.id))):
            told[firm_id].append((centre, facts))
    return {firm_id: _shown(statements) for firm_id, statements in told.items()}


def keep_found(session: Session, screening: Screening, found: Iterable[Found]) -> None:
    """Add what a screening found, and count it."""
    found = list(found)
    screening.found = _counted(screening.found or {}, found)
    session.add(screening)
    rows = [
        {
            "screening_id": screening.id,
            "scheme": one.scheme,
            "firm_id": one.firm_id,
            "district": one.district,
            "status": one.status,
            "recipient": one.recipient,
            "fen": one.fen,
        }
        for one in found
    ]
    if rows:
        session.execute(insert(Entitlement), rows)


def screenings(session: Session, limit: int = 50) -> Sequence[Screening]:
    """The screenings, the newest first; what each found is read only when it is looked at."""
    found = select(Screening).options(defer(Screening.found))  # type: ignore[arg-type]
    return session.exec(found.order_by(col(Screening.id).desc()).limit(limit)).all()


def current_screening(session: Session, rulebook_hash: str, today: date) -> Screening | None:
    """The last finished screening of a day that has come, under this rulebook if there is one, else under any."""
    done = select(Screening).where(Screening.state == "done", col(Screening.as_of) <= today)
    newest = done.order_by((col(Screening.rulebook_hash) == rulebook_hash).desc(), col(Screening.id).desc())
    return session.exec(newest.limit(1)).first()


def mark_told(
    session: Session, scheme: str, firms: Mapping[str, str], account_id: int, note: str | None, at: datetime
) -> Sequence[str]:
    """Mark firms (id → centre that told them) as told of a scheme; whom someone has marked before stays as it is.

    :returns: the ids that were marked now.
    """
    known = {one.firm_id for part in parts(list(firms)) for one in session.exec(_marks(scheme, part))}
    # In one order for all: two who mark the same firms at the same moment then wait for each other in no circle.
    fresh = sorted(firm_id for firm_id in firms if firm_id not in known)
    for firm_id in fresh:
        session.add(
            FirmTold(
                firm_id=firm_id, scheme=scheme, centre=firms[firm_id], account_id=account_id, told_at=at, note=note
            )
        )
    session.flush()
    return fresh


def unmark_told(session: Session, scheme: str, firm_ids: Sequence[str]) -> Sequence[str]:
    """Take the mark off again; the ids that had one."""
    found = [one.firm_id for part in parts(firm_ids) for one in session.exec(_marks(scheme, part))]
    for part in parts(found):
        session.execute(delete(FirmTold).where(col(FirmTold.scheme) == scheme, col(FirmTold.firm_id).in_(part)))
    return found


def _counted(before: Mapping[str, Any], found: Iterable[Found]) -> dict[str, Any]:
    counts = {(scheme, *row[:3]): [row[3], row[4]] for scheme, rows in before.items() for row in rows}
    for one in found:
        counted = counts.setdefault((one.scheme, one.status, one.recipient, one.district), [0, 0])
        counted[0] += 1
        counted[1] += one.fen or 0
    after: dict[str, Any] = {}
    for (scheme, *of), counted in counts.items():
        after.setdefault(scheme, []).append([*of, *counted])
    return after


def _shown(statements: Sequence[tuple[str | None, Mapping[str, object]]]) -> dict[str, object]:
    """The facts of the statements in their order that the centre to which they lead may see."""
    public = facts = _seen(statements, None)
    for _ in range(2):  # a centre may have seen that the firm sits in another's district
        centre = _centre_of(facts)
        facts = _seen(statements, centre)
        if _centre_of(facts) == centre:
            return facts
    return public


def _seen(statements: Sequence[tuple[str | None, Mapping[str, object]]], centre: str | None) -> dict[str, object]:
    latest: dict[str, object] = {}
    for whose, facts in statements:
        if whose in (None, centre):
            latest.update(facts)
    return {fact: value for fact, value in latest.items() if value is not None}


def _centre_of(facts: Mapping[str, object]) -> str:
    district = facts.get("district")
    return district if isinstance(district, str) else CITY


def _marks(scheme: str, firm_ids: Sequence[str]) -> SelectOfScalar[FirmTold]:
    return select(FirmTold).where(FirmTold.scheme == scheme, col(FirmTold.firm_id).in_(firm_ids))
