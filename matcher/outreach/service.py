"""Keeps what screenings of the register found, which firms were told, and compares two screenings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Select, bindparam, delete, func, insert, text
from sqlalchemy import select as sqlalchemy_select
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.accounts import CITY
from matcher.db import AwareDateTime, parts
from matcher.firms import Firm, FirmStatement
from matcher.letters import RegisterEntry

from .listing import POSITIVE, FoundFirm, found_columns
from .models import Entitlement, FirmTold, Screening

# ---------------------------------------------------------------------------------------------------------------------
# Keeps what screenings of the register found, and which firms were told.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundEntitlement:
    """A scheme that a firm is entitled to (``eligible``) or one decision away from (``needs_decision``); or that it would have by
    the last terms of what is ``unconfirmed`` now. ``is_own``: there is money in it, or something that the firm told speaks for it."""

    scheme: str
    firm_id: str
    district: str | None
    status: str
    recipient: str | None
    fen: int | None
    is_own: bool = field(default=True, compare=False)

    @property
    def counted_as(self) -> str:
        """Its status; ``common`` where it is true of everybody, and no firm need be told of it."""
        return self.status if self.is_own or self.status == "unconfirmed" else "common"


def districts(centre: str) -> Sequence[str] | None:
    """The districts whose firms belong to a centre; None, all of them, for the city's."""
    return None if centre == CITY else (centre,)


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


def keep_found(session: Session, screening: Screening, found: Iterable[FoundEntitlement]) -> None:
    """Add what a screening found, and count it; what is unconfirmed, or true of everybody, is counted alone: no firm is told of it."""
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
        if one.counted_as in POSITIVE
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


# A firm may be told by two at the same moment: the first is who told it.
_TOLD = text(
    "INSERT INTO firm_told (firm_id, scheme, centre, account_id, told_at, note) "
    "VALUES (:firm_id, :scheme, :centre, :account_id, :told_at, :note) ON CONFLICT (firm_id, scheme) DO NOTHING"
)


def count_as_told(session: Session, letter: RegisterEntry, account_id: int) -> None:
    """Count a firm of the register as told of every scheme that a letter to it speaks of; in the letter's own transaction.

    Whom someone has told before stays as it is. A firm that is not in the register, or of whose code there are several, counts for none.
    """
    if letter.kind != "eligibility" or letter.credit_code is None:
        return
    firms = session.exec(select(Firm.id).where(Firm.credit_code == letter.credit_code).limit(2)).all()
    if len(firms) != 1:
        return
    rows = [
        {
            "firm_id": firms[0],
            "scheme": scheme,
            "centre": letter.centre,
            "account_id": account_id,
            "told_at": letter.made_at,
            "note": letter.number,
        }
        for scheme in sorted(letter.schemes)
    ]
    if rows:
        session.connection().execute(_TOLD.bindparams(bindparam("told_at", type_=AwareDateTime())), rows)


def told_marks(session: Session, firm_id: str, centre: str) -> Sequence[FirmTold]:
    """What a centre told a firm, the last first."""
    wanted = select(FirmTold).where(FirmTold.firm_id == firm_id, FirmTold.centre == centre)
    return session.exec(wanted.order_by(col(FirmTold.told_at).desc())).all()


def unmark_told(session: Session, scheme: str, firm_ids: Sequence[str]) -> Sequence[str]:
    """Take the mark off again; the ids that had one."""
    found = [one.firm_id for part in parts(firm_ids) for one in session.exec(_marks(scheme, part))]
    for part in parts(found):
        session.execute(delete(FirmTold).where(col(FirmTold.scheme) == scheme, col(FirmTold.firm_id).in_(part)))
    return found


def _counted(before: Mapping[str, Any], found: Iterable[FoundEntitlement]) -> dict[str, Any]:
    counts = {(scheme, *row[:3]): [row[3], row[4]] for scheme, rows in before.items() for row in rows}
    for one in found:
        counted = counts.setdefault((one.scheme, one.counted_as, one.recipient, one.district), [0, 0])
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


# ---------------------------------------------------------------------------------------------------------------------
# Compares two screenings: which firms a scheme is for in the later and was not in the earlier, and the reverse.
# ---------------------------------------------------------------------------------------------------------------------


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
) -> Sequence[FoundFirm]:
    """The firms that gained or lost a scheme, by name, as the screening that has them found them."""
    of, without = (after, before) if side == "gained" else (before, after)
    here, rows = _only_in(of, without, districts)
    page = (
        rows.with_only_columns(*found_columns(here))
        .join(Firm, col(Firm.id) == col(here.firm_id))
        .where(col(here.scheme) == scheme)
        .order_by(col(Firm.name), col(Firm.id))
    )
    return [FoundFirm(*row) for row in session.execute(page.offset(offset).limit(limit))]


def _only_in(of: int, without: int, districts: Sequence[str] | None) -> tuple[type[Entitlement], Select[Any]]:
    """The rows of one screening that the other has not, and the name by which their table goes."""
    here, there = aliased(Entitlement), aliased(Entitlement)
    same = (
        col(there.screening_id) == without,
        col(there.scheme) == col(here.scheme),
        col(there.firm_id) == col(here.firm_id),
    )
    rows = sqlalchemy_select(here).where(
        col(here.screening_id) == of,
        ~sqlalchemy_select(col(there.scheme)).where(*same).exists(),
    )
    return here, rows if districts is None else rows.where(col(here.district).in_(districts))
