"""The day by which a case is to be done: set by a clerk, or the first day that a scheme of its firm must be applied for or filed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from matcher.db import EntryError
from matcher.engine import POSITIVE, Decision, due_days
from matcher.firms import ReadItems
from matcher.rulebook import Rulebook

from .models import Case, CaseRevision, CaseState

DueFilter = Literal["overdue", "week"]

"""Past its day; due today or within the seven days from today on."""

DUE_FILTERS: tuple[DueFilter, ...] = get_args(DueFilter)

WEEK_DAYS = 7

BEING_WORKED_ON: tuple[CaseState, ...] = ("open", "waiting")

"""The states in which a case can be late: what was decided and told, or closed, is done."""


@dataclass(frozen=True, slots=True)
class DueIn:
    """When a case is due, seen from today: ``days`` left, negative once it is overdue."""

    on: date
    days: int


def due_in(case: Case, today: date) -> DueIn | None:
    """When a case that is still worked on is due; None where no day is set, or it is done."""
    if case.due_on is None or case.state not in BEING_WORKED_ON:
        return None
    return DueIn(case.due_on, (case.due_on - today).days)


def first_deadline(
    rulebook: Rulebook, told: ReadItems, decisions: Iterable[Decision], day: date, today: date
) -> date | None:
    """The earliest day, today or later, by which one of the firm's schemes must be applied for or filed; None where none is known.

    :param day: the day that the case asks about, for which the decisions are.
    """
    open_to_it = {one.scheme for one in decisions if one.status in POSITIVE}
    closes = (
        due.closes
        for slug in sorted(open_to_it)
        if rulebook.schemes[slug].kind == "support"
        for due in due_days(rulebook.scheme_at(slug, day), told.firm, day)
    )
    return min((each for each in closes if each is not None and each >= today), default=None)


def prefill_due(session: Session, case: Case, due_on: date | None) -> None:
    """Give a case the day that was reckoned, unless somebody set one; a day that has come stays, so that it is seen to be late.

    It belongs to the version of the case that stands.
    """
    if case.due_set_by is not None or (due_on is None and case.due_on is None):
        return
    case.due_on = due_on or case.due_on
    session.add(case)
    kept = session.get(CaseRevision, (case.id, case.version))
    if kept is not None:
        kept.due_on = case.due_on
        session.add(kept)
    session.flush()


def read_due(told: str) -> date | None:
    """The day that a form tells (ISO form), None for an empty one. Raises EntryError for what is no day."""
    if not told.strip():
        return None
    try:
        return date.fromisoformat(told.strip())
    except ValueError:
        raise EntryError(
            ("due",),
            "办理期限请填一个日期，例如2026-12-15，或留空。",
            "Give a day such as 2026-12-15, or leave it empty.",
        ) from None


def is_due(which: DueFilter, today: date) -> ColumnElement[bool]:
    """The condition of a list of cases that are overdue, or due within the week."""
    on = col(Case.due_on)
    worked_on = col(Case.state).in_(BEING_WORKED_ON)
    if which == "overdue":
        return worked_on & (on < today)
    return worked_on & on.between(today, today + timedelta(days=WEEK_DAYS - 1))
