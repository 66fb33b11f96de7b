"""What the next day on which the rules change takes from the firms of a centre, and gives them: decided ahead by the worker.

Each version of a case is decided for that day and for its eve, so that nothing but the rules differs; pages only count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_
from sqlmodel import Session, col, select

from matcher.db import reading, session
from matcher.engine import Decision
from matcher.letters import Office
from matcher.rulebook import Rulebook

from .content import decisions_on, found_now
from .models import Case, OutlookCase, OutlookShift, OutlookSide
from .money import money_of

MOST_AT_ONCE = 100

"""Cases that are decided before the worker looks whether something else waits."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a scheme's firm has more or less: fen of its own money (0: no sum is known), and the scheme's status from then on."""

    scheme: str
    side: OutlookSide
    fen: int
    later: str


@dataclass(frozen=True, slots=True)
class SideSum:
    """How many firms of a centre lose or gain, and their own money in fen, together."""

    firms: int
    fen: int


@dataclass(frozen=True, slots=True)
class SchemeSum:
    """The same of one scheme."""

    scheme: str
    side: OutlookSide
    firms: int
    fen: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next rule day changes at a centre: the day, of how many firms it is known, both sides, and the schemes that do it,
    the most money first."""

    next_on: date
    firms: int
    lost: SideSum
    gained: SideSum
    schemes: tuple[SchemeSum, ...]


def changes_of(rulebook: Rulebook, facts: Mapping[str, Any], schemes: Sequence[str] | None, on: date) -> list[Change]:
    """What changes for a firm on a day against its eve: certain money of its own, or an entitlement without a sum."""
    before, after = (_standing(rulebook, facts, schemes, day) for day in (on - timedelta(days=1), on))
    found = []
    for slug in sorted({*before, *after}):
        (was, fen), (becomes, later) = before.get(slug, ("", 0)), after.get(slug, ("", 0))
        more = later - fen
        if not more and was != becomes and "eligible" in (was, becomes):
            found.append(Change(slug, "lost" if was == "eligible" else "gained", 0, becomes))
        elif more:
            found.append(Change(slug, "gained" if more > 0 else "lost", abs(more), becomes))
    return found


def _standing(
    rulebook: Rulebook, facts: Mapping[str, Any], schemes: Sequence[str] | None, day: date
) -> dict[str, tuple[str, int]]:
    """Of each scheme that supports somebody: its best status, and the certain money of the firm's own in fen."""
    told, decisions = decisions_on(rulebook, facts, day, schemes)
    money = money_of(rulebook, told, decisions, day)
    found: dict[str, tuple[str, int]] = {}
    for one in _best(decisions):
        if rulebook.schemes[one.scheme].kind == "support":
            sure = sum(entry.fen for entry in money.entries_of(one.scheme) if entry.standing == "certain")
            found[one.scheme] = (one.status, sure)
    return found


def _best(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """One decision a scheme: of several loans, projects … the one that is held."""
    by_scheme: dict[str, Decision] = {}
    for one in decisions:
        if one.scheme not in by_scheme or one.status == "eligible":
            by_scheme[one.scheme] = one
    yield from by_scheme.values()


# ---------------------------------------------------------------------------------------------------------------------
# The worker's part: what is not decided yet for the next rule day, a few cases at a time.
# ---------------------------------------------------------------------------------------------------------------------


def decide_ahead(
    office: Office, today: date, stopping: Callable[[], bool] = lambda: False, most: int = MOST_AT_ONCE
) -> int:
    """Decide cases for the next rule day after ``today`` that are not, or whose facts changed since; gives how many.

    :param stopping: asked between two cases whether the worker is to end; what is decided stays.
    """
    rulebook = office.rulebook
    on = rulebook.next_turn(today)
    if on is None or rulebook.is_draft:
        return 0
    with reading(office.engine) as opened:
        cases = _undecided(opened, rulebook.hash, on, most)
        newer = {case.id: _newer(opened, case) for case in cases}
    done = 0
    for case in cases:
        if stopping():
            break
        changes = [] if newer[case.id] else changes_of(rulebook, case.facts, case.schemes, on)
        found = found_now(rulebook, case, today)
        with session(office.engine) as writing:
            _write(writing, case, changes, found, rulebook.hash, on)
        done += 1
    return done


def _undecided(opened: Session, rulebook_hash: str, on: date, most: int) -> Sequence[Case]:
    decided = (
        col(OutlookCase.version) == col(Case.version),
        col(OutlookCase.next_on) == on,
        col(OutlookCase.rulebook_hash) == rulebook_hash,
    )
    beside = select(OutlookCase.case_id).where(col(OutlookCase.case_id) == col(Case.id), *decided).exists()
    wanted = select(Case).where(~beside, col(Case.forgotten_at).is_(None)).order_by(col(Case.id).desc()).limit(most)
    found = opened.exec(wanted).all()
    for case in found:
        opened.expunge(case)
    return found


def _newer(opened: Session, case: Case) -> bool:
    """Whether the centre has a newer case of the same firm: that one speaks for it."""
    same = _same_firm(case)
    if not same:
        return False
    newer = select(Case.id).where(
        col(Case.centre) == case.centre, col(Case.id) > case.id, col(Case.forgotten_at).is_(None), or_(*same)
    )
    return opened.exec(newer.limit(1)).first() is not None


def _write(
    writing: Session, case: Case, changes: Sequence[Change], found: Mapping[str, Any], rulebook_hash: str, on: date
) -> None:
    """Put what was found in the place of what was; older cases of the same firm say nothing any more.

    What the case comes to by these rules stands with it from now on; the figures of the month in which it was opened stay.
    """
    now = writing.get(Case, case.id, with_for_update={"key_share": True}, populate_existing=True)
    if now is None or now.version != case.version or now.forgotten_at is not None:
        return  # it changed meanwhile and comes again, or is no more
    assert case.id is not None
    if now.found and dict(found) != now.found:
        now.found = dict(found)
        writing.add(now)
    older = select(Case.id).where(
        col(Case.centre) == case.centre, col(Case.id) < case.id, or_(*(_same_firm(case) or (col(Case.id) == case.id,)))
    )
    gone = or_(col(OutlookShift.case_id) == case.id, col(OutlookShift.case_id).in_(older))
    writing.execute(delete(OutlookShift).where(gone))
    writing.execute(delete(OutlookCase).where(col(OutlookCase.case_id) == case.id))
    writing.add(
        OutlookCase(case_id=case.id, centre=case.centre, version=case.version, next_on=on, rulebook_hash=rulebook_hash)
    )
    writing.add_all(
        OutlookShift(
            case_id=case.id,
            scheme=one.scheme,
            centre=case.centre,
            next_on=on,
            side=one.side,
            fen=one.fen,
            later=one.later,
        )
        for one in changes
    )


def _same_firm(case: Case) -> list[ColumnElement[bool]]:
    same: list[ColumnElement[bool]] = []
    if case.firm_id is not None:
        same.append(col(Case.firm_id) == case.firm_id)
    if case.credit_code is not None:
        same.append(col(Case.credit_code) == case.credit_code)
    return same


# ---------------------------------------------------------------------------------------------------------------------
# The pages' part: counted from the index, nothing decided.
# ---------------------------------------------------------------------------------------------------------------------


def outlook_of(session: Session, rulebook: Rulebook, centre: str, today: date) -> Outlook | None:
    """What the next rule day changes at a centre; None before the worker has decided any of its cases for it."""
    on = rulebook.next_turn(today)
    if on is None:
        return None
    of_centre = (col(OutlookShift.centre) == centre, col(OutlookShift.next_on) == on)
    decided = select(func.count()).select_from(OutlookCase)
    firms = session.exec(decided.where(OutlookCase.centre == centre, OutlookCase.next_on == on)).one()
    if not firms:
        return None
    counted = (func.count(func.distinct(col(OutlookShift.case_id))), func.sum(col(OutlookShift.fen)))
    by_side = select(col(OutlookShift.side), *counted).where(*of_centre).group_by(col(OutlookShift.side))
    sides = {side: SideSum(many, int(fen)) for side, many, fen in session.execute(by_side)}
    nothing = SideSum(0, 0)
    by_scheme = (
        select(col(OutlookShift.scheme), col(OutlookShift.side), *counted)
        .where(*of_centre)
        .group_by(col(OutlookShift.scheme), col(OutlookShift.side))
    )
    rows = [SchemeSum(slug, side, many, int(fen)) for slug, side, many, fen in session.execute(by_scheme)]
    rows.sort(key=lambda one: (one.side != "lost", -one.fen, -one.firms, one.scheme))
    return Outlook(on, firms, sides.get("lost", nothing), sides.get("gained", nothing), tuple(rows))


def shifted_cases(
    session: Session, centre: str, on: date, side: OutlookSide, scheme: str | None, offset: int, limit: int
) -> Sequence[tuple[Case, int, str]]:
    """The cases whose firms lose or gain on a rule day, by a scheme or by all together, the most money first: the case, fen, and
    the scheme (or one of several)."""
    conditions = [
        col(OutlookShift.centre) == centre,
        col(OutlookShift.next_on) == on,
        col(OutlookShift.side) == side,
        *((col(OutlookShift.scheme) == scheme,) if scheme else ()),
    ]
    fen = func.sum(col(OutlookShift.fen))
    found = (
        select(col(OutlookShift.case_id), fen, func.min(col(OutlookShift.scheme)))
        .where(*conditions)
        .group_by(col(OutlookShift.case_id))
        .order_by(fen.desc(), col(OutlookShift.case_id))
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(found).all()
    cases = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_([row[0] for row in rows])))}
    return [(cases[number], int(total), slug) for number, total, slug in rows]
