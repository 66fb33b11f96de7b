"""Forgets what has been kept long enough: what firms told in closed cases and spreadsheets, answers that expired, and
what clerks typed and never saved.

Letters and what they rest on stay, and so does the audit trail, which holds no value of a firm's facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, func, or_
from sqlmodel import Session, col, select

from matcher.accounts import CentreSetting
from matcher.answers import Draft, Handover
from matcher.audit import Event, append
from matcher.batches import Run, forget_run
from matcher.cases import KEPT_DAYS, Case, CaseDraft, forget_case, forget_firm
from matcher.db import reading, session
from matcher.firms import FirmStatement
from matcher.outreach import ImpactStudy, Screening

"""How long what a firm declared is kept after its case was closed, where the centre has settled nothing else."""

DRAFT_DAYS = 90

"""How long what a clerk typed into a case and did not save waits for her."""

_OVER = ("done", "cancelled", "failed", "mapping")

Entry = Callable[[str, str, str | None, Mapping[str, object]], Event]

"""Makes the entry of the audit trail: action, subject, centre, detail."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be forgotten: cases, runs and impact studies as (number, centre), firms as (id, centre), and how many of what expired."""

    cases: Sequence[tuple[int, str]]
    runs: Sequence[tuple[int, str]]
    firms: Sequence[tuple[str, str]]
    screenings: Sequence[int]
    studies: Sequence[tuple[int, str]]
    handovers: int
    drafts: int
    case_drafts: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to forget."""
        listed = self.cases or self.runs or self.firms or self.screenings or self.studies
        return not (listed or self.handovers or self.drafts or self.case_drafts)


def due(engine: Engine, now: datetime) -> Due:
    """What has been kept long enough at this moment (aware). A firm is due at a centre that has no case of it any longer."""
    with reading(engine) as opened:
        days = _days(opened)
        cases = _cases(opened, days, now)
        return Due(
            cases,
            _runs(opened, days, now),
            _firms(opened, days, {number for number, _ in cases}, now),
            _screenings(opened, days, now),
            _studies(opened, days, now),
            _expired(opened, Handover, now),
            _expired(opened, Draft, now),
            opened.exec(select(func.count()).select_from(CaseDraft).where(_is_left(now))).one(),
        )


def forget(engine: Engine, found: Due, now: datetime, entry: Entry) -> None:
    """Forget what was found due, each in a transaction of its own with its entry in the audit trail."""
    for number, centre in found.cases:
        with session(engine) as writing:
            forget_case(writing, number, now)
            append(writing, entry("case.forgotten", f"case {number}", centre, {"why": "retention"}))
    for number, centre in found.runs:
        with session(engine) as writing:
            forget_run(writing, number, now)
            append(writing, entry("run.forgotten", f"run {number}", centre, {"why": "retention"}))
    for firm_id, centre in found.firms:
        with session(engine) as writing:
            forget_firm(writing, firm_id, centre)
            append(writing, entry("firm.forgotten", f"firm {firm_id}", centre, {"why": "retention"}))
    for number in found.screenings:
        with session(engine) as writing:
            writing.execute(delete(Screening).where(col(Screening.id) == number))
            append(writing, entry("screening.forgotten", f"screening {number}", None, {"why": "retention"}))
    for number, centre in found.studies:
        with session(engine) as writing:
            writing.execute(delete(ImpactStudy).where(col(ImpactStudy.id) == number))
            append(writing, entry("impact.forgotten", f"impact {number}", centre, {"why": "retention"}))
    if found.handovers or found.drafts or found.case_drafts:
        with session(engine) as writing:
            for table in (Handover, Draft):
                writing.execute(delete(table).where(col(table.expires_at) <= now))
            writing.execute(delete(CaseDraft).where(_is_left(now)))
            told = {"handovers": found.handovers, "drafts": found.drafts, "case_drafts": found.case_drafts}
            append(writing, entry("expired.deleted", "answers", None, told))


def _days(opened: Session) -> dict[str, int]:
    return {one.centre: one.retention_days for one in opened.exec(select(CentreSetting))}


def _kept_since(days: Mapping[str, int], centre: str, now: datetime) -> datetime:
    """Whatever was closed at or before this moment has been kept long enough."""
    return now - timedelta(days=days.get(centre, KEPT_DAYS))


def _cases(opened: Session, days: Mapping[str, int], now: datetime) -> Sequence[tuple[int, str]]:
    wanted = select(Case.id, Case.centre, Case.closed_at).where(
        Case.state == "closed", col(Case.forgotten_at).is_(None), col(Case.closed_at).is_not(None)
    )
    return [
        (number, centre)
        for number, centre, closed_at in opened.exec(wanted.order_by(col(Case.id)))
        if number is not None and closed_at is not None and closed_at <= _kept_since(days, centre, now)
    ]


def _runs(opened: Session, days: Mapping[str, int], now: datetime) -> Sequence[tuple[int, str]]:
    """Runs that came to an end, and those whose columns nobody matched in all that time."""
    ended = func.coalesce(Run.finished_at, Run.created_at, type_=Run.__table__.c.created_at.type)  # type: ignore[attr-defined]
    wanted = select(Run.id, Run.centre, ended).where(col(Run.state).in_(_OVER), col(Run.forgotten_at).is_(None))
    return [
        (number, centre)
        for number, centre, at in opened.exec(wanted.order_by(col(Run.id)))
        if number is not None and at <= _kept_since(days, centre, now)
    ]


def _firms(opened: Session, days: Mapping[str, int], going: set[int], now: datetime) -> Sequence[tuple[str, str]]:
    """Firms whose statements to a centre are old enough there, and of which it has no case any longer."""
    last = func.max(FirmStatement.recorded_at, type_=FirmStatement.__table__.c.recorded_at.type)  # type: ignore[attr-defined]
    own = select(FirmStatement.firm_id, FirmStatement.centre, last).where(col(FirmStatement.centre).is_not(None))
    old = {
        (firm_id, centre)
        for firm_id, centre, at in opened.exec(own.group_by(FirmStatement.firm_id, col(FirmStatement.centre)))
        if centre is not None and at <= _kept_since(days, centre, now)
    }
    kept = select(Case.firm_id, Case.centre, Case.id).where(
        col(Case.forgotten_at).is_(None), col(Case.firm_id).is_not(None)
    )
    busy = {(firm_id, centre) for firm_id, centre, number in opened.exec(kept) if number not in going}
    return sorted(old - busy)


def _screenings(opened: Session, days: Mapping[str, int], now: datetime) -> Sequence[int]:
    """Old screenings, but never the last one that is done: the list of firms to tell is made of it."""
    longest = max([KEPT_DAYS, *days.values()])
    done = select(Screening.id).where(Screening.state == "done").order_by(col(Screening.id).desc()).limit(1)
    last = opened.exec(done).first()
    wanted = select(Screening.id).where(
        col(Screening.created_at) <= now - timedelta(days=longest),
        or_(col(Screening.state) == "done", col(Screening.state) == "failed"),
    )
    return [number for number in opened.exec(wanted.order_by(col(Screening.id))) if number not in (None, last)]


def _studies(opened: Session, days: Mapping[str, int], now: datetime) -> Sequence[tuple[int, str]]:
    """What other figures would change for a centre's firms, worked out long ago: its lines name firms."""
    wanted = select(ImpactStudy.id, ImpactStudy.centre, ImpactStudy.created_at).where(
        col(ImpactStudy.state).in_(("done", "failed"))
    )
    return [
        (number, centre)
        for number, centre, at in opened.exec(wanted.order_by(col(ImpactStudy.id)))
        if number is not None and at <= _kept_since(days, centre, now)
    ]


def _is_left(now: datetime) -> ColumnElement[bool]:
    """Nobody went on with what was typed in all that time."""
    return col(CaseDraft.made_at) <= now - timedelta(days=DRAFT_DAYS)


def _expired(opened: Session, table: type[Handover] | type[Draft], now: datetime) -> int:
    return opened.exec(select(func.count()).select_from(table).where(col(table.expires_at) <= now)).one()
