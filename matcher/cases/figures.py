"""The figures of the dashboard, and the tallies they are counted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlmodel import Session, col, select

from matcher.letters import IssuedLetter
from matcher.text import midnight

from .models import SUMS, Case, CaseTally

# ---------------------------------------------------------------------------------------------------------------------
# Keeps what the figures count of a case in step with the case: its sums and schemes, and how long its firm waited.
# ---------------------------------------------------------------------------------------------------------------------


BETWEEN = ","

"""What stands between two schemes of a tally."""

_LONGEST = 2**63 - 1

"""What a column holds; only facts that are no firm's come to more, and they must not stop a case from being saved."""


def tally_of(session: Session, case: Case) -> CaseTally:
    """The tally of a case, locked; it is made where there is none."""
    found = session.get(CaseTally, case.id, with_for_update=True, populate_existing=True)
    if found is None:
        assert case.id is not None
        found = CaseTally(case_id=case.id, centre=case.centre, opened_at=case.opened_at)
        session.add(found)
    return found


def keep_found(session: Session, case: Case, found: Mapping[str, Any]) -> None:
    """Keep with a case what its last check came to (``schemes`` and the three sums among it)."""
    case.found = dict(found)
    tally = tally_of(session, case)
    for name in SUMS:
        setattr(tally, name, min(int(found.get(name, 0)), _LONGEST))
    tally.schemes = BETWEEN.join(found.get("schemes", ()))
    session.add_all([case, tally])
    session.flush()


def note_decision(session: Session, case: Case, at: datetime) -> None:
    """Note that a case was decided; its first decision stays the one that counts."""
    tally = tally_of(session, case)
    if tally.decided_after is None:
        tally.decided_after = _seconds(case, at)
        session.add(tally)
        session.flush()


def note_letter(session: Session, case: Case, at: datetime) -> None:
    """Note that a case had a letter; its first one stays the one that counts."""
    tally = tally_of(session, case)
    if tally.lettered_after is None:
        tally.lettered_after = _seconds(case, at)
        session.add(tally)
        session.flush()


def _seconds(case: Case, at: datetime) -> int:
    return int((at - case.opened_at).total_seconds())


# ---------------------------------------------------------------------------------------------------------------------
# Counts for the dashboard: cases by state, letters by month, what was found for firms, and how long they waited.
# ---------------------------------------------------------------------------------------------------------------------


_AT_ONCE = 5_000

_SECONDS_A_DAY = 86_400

_BILLION = 10**9


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


def figures(session: Session, centre: str | None, until: date, months: int = 12) -> Figures:
    """The figures of a centre (None: of all) for so many months up to the one of ``until``.

    Cases count in the month in which they were opened, letters in the one in which they were written; letters that were
    withdrawn later were issued all the same. States are those of now.
    """
    firsts = tuple(_months_back(until, back) for back in reversed(range(months)))
    counted = (col(CaseTally.opened_at) >= midnight(firsts[0]), *_of(CaseTally.centre, centre))
    opened, letters = _opened(session, counted, firsts), _letters(session, centre, firsts[0])
    nothing = 0, dict.fromkeys(SUMS, 0)
    return Figures(
        _states(session, centre),
        tuple(
            Month(first, opened.get(place, nothing)[0], letters[first], opened.get(place, nothing)[1])
            for place, first in enumerate(firsts)
        ),
        _schemes(session, counted),
        _waits(session, counted, col(CaseTally.decided_after)),
        _waits(session, counted, col(CaseTally.lettered_after)),
    )


def _states(session: Session, centre: str | None) -> dict[str, int]:
    found = select(Case.state, func.count()).where(*_of(Case.centre, centre))
    return dict(session.exec(found.group_by(col(Case.state))).all())


def _opened(
    session: Session, counted: Sequence[ColumnElement[bool]], firsts: Sequence[date]
) -> dict[int, tuple[int, dict[str, int]]]:
    """The cases opened in each month, by its place among ``firsts``, and the sums found for their firms."""
    ends = ((col(CaseTally.opened_at) < midnight(after), place) for place, after in enumerate(firsts[1:]))
    month: ColumnElement[int] = case(*ends, else_=len(firsts) - 1) if len(firsts) > 1 else func.abs(0)
    # In billions and the rest: the sum of a hundred thousand great ones would be too long for SQLite.
    parts = [part for name in SUMS for part in _halves(col(getattr(CaseTally, name)))]
    wanted = select(month.label("month"), func.count(), *parts).where(*counted).group_by("month")
    found = {}
    for row in session.execute(wanted):
        place, count, halves = row[0], row[1], row[2:]
        pairs = zip(SUMS, halves[::2], halves[1::2], strict=True)
        found[int(place)] = count, {name: int(great) * _BILLION + int(rest) for name, great, rest in pairs}
    return found


def _halves(fen: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.sum(fen // _BILLION), func.sum(fen % _BILLION)


def _letters(session: Session, centre: str | None, first: date) -> Counter[date]:
    written = select(col(IssuedLetter.written_on), func.count()).where(col(IssuedLetter.written_on) >= first)
    written = written.where(*_of(IssuedLetter.centre, centre))
    months: Counter[date] = Counter()
    for day, count in session.exec(written.group_by(col(IssuedLetter.written_on))):
        months[day.replace(day=1)] += count
    return months


def _schemes(session: Session, counted: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    """For how many cases each scheme was found, the most first."""
    found: Counter[str] = Counter()
    wanted = select(CaseTally.schemes).where(*counted)
    for part in session.connection().execute(wanted, execution_options={"yield_per": _AT_ONCE}).scalars().partitions():
        found.update(BETWEEN.join(filter(None, part)).split(BETWEEN))
    del found[""]
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _waits(session: Session, counted: Sequence[ColumnElement[bool]], seconds: Any) -> Waits:
    """From the opening to the first end, of the cases that came to one."""
    cases = session.exec(select(func.count(seconds)).where(*counted)).one()
    if not cases:
        return Waits(0, None)
    waited = select(seconds).where(*counted, seconds.is_not(None)).order_by(seconds)
    middle = session.exec(waited.offset((cases - 1) // 2).limit(2 - cases % 2)).all()
    return Waits(cases, round(mean(middle) / _SECONDS_A_DAY, 1))


def _of(column: Any, centre: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if centre is None else (column == centre,)


def _months_back(day: date, back: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(years, month + 1, 1)
