"""Counts for the dashboard: cases by state, letters by month, what was found for firms, and how long they waited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from statistics import median

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.store.desk.audit_table import AuditEntry
from matcher.store.desk.case_tables import Case, CaseLetter
from matcher.store.tables import IssuedLetter

SUMS = ("firm_fen", "deferred_fen", "others_fen")
"""The sums of a case that are never added to one another: the firm's own money, what it pays later, what others get."""

_TIANJIN = timezone(timedelta(hours=8))
_AT_ONCE = 500
_SETTLED = "case.settled"
_CASE = re.compile(r"case (\d{1,12})")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of Tianjin's calendar: cases opened, letters issued, and the exact sums in fen found for the firms."""

    first: date
    cases: int
    letters: int
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long firms waited, in days: the middle one of so many; None where there is none."""

    cases: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the dashboard shows of a centre (or of all) for some months.

    ``schemes``: for how many cases each was found; ``decided`` and ``lettered`` from the opening of a case to its first
    decision and to its first letter.
    """

    states: Mapping[str, int]
    months: tuple[Month, ...]
    schemes: Mapping[str, int]
    decided: Waits
    lettered: Waits


@dataclass(slots=True)
class _Seen:
    cases: Counter[date] = field(default_factory=Counter)
    sums: dict[str, Counter[date]] = field(default_factory=lambda: {name: Counter() for name in SUMS})
    schemes: Counter[str] = field(default_factory=Counter)
    opened: dict[int, datetime] = field(default_factory=dict)


def figures(session: Session, centre: str | None, until: date, months: int = 12) -> Figures:
    """The figures of a centre (None: of all) for so many months up to the one of ``until``.

    Cases count in the month in which they were opened, letters in the one in which they were written; letters that were
    withdrawn later were issued all the same. States are those of now.
    """
    firsts = tuple(_months_back(until, back) for back in reversed(range(months)))
    start = datetime(firsts[0].year, firsts[0].month, 1, tzinfo=_TIANJIN)
    seen = _seen(session, centre, start)
    letters = _letters(session, centre, firsts[0])
    return Figures(
        _states(session, centre),
        tuple(
            Month(first, seen.cases[first], letters[first], {name: seen.sums[name][first] for name in SUMS})
            for first in firsts
        ),
        dict(sorted(seen.schemes.items(), key=lambda item: (-item[1], item[0]))),
        _waits(seen.opened, _decisions(session, centre, start)),
        _waits(seen.opened, _first_letters(session, centre, start)),
    )


def _states(session: Session, centre: str | None) -> dict[str, int]:
    found = select(Case.state, func.count()).group_by(col(Case.state))
    return dict(session.exec(found if centre is None else found.where(Case.centre == centre)).all())


def _seen(session: Session, centre: str | None, start: datetime) -> _Seen:
    """Go over the cases opened since, a few hundred in memory at a time."""
    seen = _Seen()
    wanted = select(Case.id, Case.opened_at, Case.found).where(col(Case.opened_at) >= start)
    wanted = wanted if centre is None else wanted.where(Case.centre == centre)
    for number, opened_at, found in session.execute(wanted, execution_options={"yield_per": _AT_ONCE}):
        first = opened_at.astimezone(_TIANJIN).date().replace(day=1)
        seen.cases[first] += 1
        seen.opened[number] = opened_at
        seen.schemes.update((found or {}).get("schemes", ()))
        for name in SUMS:
            seen.sums[name][first] += int((found or {}).get(name, 0))
    return seen


def _letters(session: Session, centre: str | None, first: date) -> Counter[date]:
    written = select(col(IssuedLetter.written_on), func.count()).where(col(IssuedLetter.written_on) >= first)
    written = written if centre is None else written.where(IssuedLetter.centre == centre)
    months: Counter[date] = Counter()
    for day, count in session.exec(written.group_by(col(IssuedLetter.written_on))):
        months[day.replace(day=1)] += count
    return months


def _decisions(session: Session, centre: str | None, start: datetime) -> Iterator[tuple[int, datetime]]:
    """When cases were decided, as the audit trail remembers it; the earliest first."""
    settled = select(AuditEntry.subject, AuditEntry.at, AuditEntry.detail).where(
        AuditEntry.action == _SETTLED, col(AuditEntry.at) >= start
    )
    settled = settled if centre is None else settled.where(AuditEntry.centre == centre)
    for subject, at, detail in session.exec(settled.order_by(col(AuditEntry.number))):
        found = _CASE.fullmatch(subject)
        if found and detail.get("state") == "decided":
            yield int(found[1]), at


def _first_letters(session: Session, centre: str | None, start: datetime) -> Iterator[tuple[int, datetime]]:
    """When the cases opened since had their first letter."""
    first = func.min(CaseLetter.settled_at, type_=CaseLetter.__table__.c.settled_at.type)  # type: ignore[attr-defined]
    issued = select(CaseLetter.case_id, first).join(Case, col(Case.id) == col(CaseLetter.case_id))
    issued = issued.where(CaseLetter.state == "issued", col(Case.opened_at) >= start)
    issued = issued if centre is None else issued.where(Case.centre == centre)
    for case_id, at in session.exec(issued.group_by(col(CaseLetter.case_id))):
        if at is not None:
            yield case_id, at


def _waits(opened: Mapping[int, datetime], ends: Iterator[tuple[int, datetime]]) -> Waits:
    """From the opening to the first end, of the cases that came to one."""
    first: dict[int, datetime] = {}
    for number, at in ends:
        if number in opened:
            first.setdefault(number, at)
    days = [(at - opened[number]).total_seconds() / 86_400 for number, at in first.items()]
    return Waits(len(days), round(median(days), 1) if days else None)


def _months_back(day: date, back: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(years, month + 1, 1)
