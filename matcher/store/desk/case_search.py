"""Finds cases: for a list with its filters, and those of one firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from matcher.store.desk.case_tables import Case, CaseState

ALIVE: tuple[CaseState, ...] = ("open", "waiting", "decided")
"""The states of a case that is not closed."""

_SHORTEST_CODE = 5  # fewer characters are hardly a piece of a credit code


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows: of a centre (None: all), in these states, of an assignee (0: nobody's), with this text in
    the firm's name, code or the case's own number."""

    centre: str | None = None
    states: Sequence[CaseState] = ALIVE
    assignee: int | None = None
    text: str = ""


def cases_of_firm(
    session: Session, centre: str, firm_id: str | None, credit_code: str | None, *, alive: bool = False
) -> Sequence[Case]:
    """A centre's cases of a firm, by its place in the register or its credit code, the newest first."""
    same: list[ColumnElement[bool]] = []
    if firm_id is not None:
        same.append(col(Case.firm_id) == firm_id)
    if credit_code is not None:
        same.append(col(Case.credit_code) == credit_code)
    if not same:
        return ()
    wanted = select(Case).where(Case.centre == centre, or_(*same))
    if alive:
        wanted = wanted.where(col(Case.state).in_(ALIVE))
    return session.exec(wanted.order_by(col(Case.id).desc())).all()


def list_cases(session: Session, wanted: Wanted, offset: int = 0, limit: int = 50) -> tuple[Sequence[Case], int]:
    """The cases wanted, the last changed first, and how many there are in all."""
    conditions: list[ColumnElement[bool]] = [col(Case.state).in_(list(wanted.states))]
    if wanted.centre is not None:
        conditions.append(col(Case.centre) == wanted.centre)
    if wanted.assignee == 0:
        conditions.append(col(Case.assignee_id).is_(None))
    elif wanted.assignee is not None:
        conditions.append(col(Case.assignee_id) == wanted.assignee)
    text = wanted.text.strip()
    if text:
        texts: list[ColumnElement[bool]] = [col(Case.name).contains(text, autoescape=True)]
        if len(text) >= _SHORTEST_CODE:
            texts.append(col(Case.credit_code).contains(text.upper(), autoescape=True))
        if text.isascii() and text.isdecimal() and len(text) < _SHORTEST_CODE * 2:
            texts.append(col(Case.id) == int(text))
        conditions.append(or_(*texts))
    total = session.exec(select(func.count()).select_from(Case).where(*conditions)).one()
    found = select(Case).where(*conditions).order_by(col(Case.changed_at).desc(), col(Case.id).desc())
    return session.exec(found.offset(offset).limit(limit)).all(), total
