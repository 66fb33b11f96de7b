"""Opens cases, writes every version of their facts, closes, forgets and finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from matcher.contacts import forget_contacts
from matcher.db import EntryError
from matcher.firms import Firm, forget_statements
from matcher.outreach import Entitlement

from .due import DueFilter, is_due
from .figures import note_decision, tally_of
from .models import (
    Case,
    CaseAttachment,
    CaseDraft,
    CaseLetter,
    CaseNote,
    CaseOrigin,
    CaseRevision,
    CaseState,
    FirmNote,
    OutlookCase,
    OutlookShift,
    Referral,
)

# ---------------------------------------------------------------------------------------------------------------------
# Forgets what a firm told in a case; what was decided and the letters that went out stay.
# ---------------------------------------------------------------------------------------------------------------------


_WHY = "企业情况已删除 / the firm's facts were deleted"


def forget_case(session: Session, case_id: int, at: datetime) -> Case:
    """Delete a case's facts, their sources, every version, what is typed and not saved, the notes and the files.

    The case itself stays, closed and with ``forgotten_at``, with its dates and what it came to (``found``). Its name and
    code stay only where the register of firms has them anyway; letters that went out stay, those still waiting are
    turned down. With the centre's last case of the firm go the firm's statements to it and those that it confirmed, and
    what a screening found by them. Forgetting twice changes nothing. Raises EntryError for no such case.
    """
    case = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise EntryError(("case",), f"没有第 {case_id} 件。", f"There is no case {case_id}.")
    if case.forgotten_at is not None:
        return case
    for table in (CaseRevision, CaseDraft, CaseNote, CaseAttachment, OutlookShift, OutlookCase):
        session.execute(delete(table).where(col(table.case_id) == case_id))
    of_case = update(CaseLetter).where(col(CaseLetter.case_id) == case_id)
    session.execute(
        of_case.where(col(CaseLetter.state) == "waiting").values(state="refused", settled_at=at, reason=_WHY)
    )
    session.execute(of_case.values(facts={}, sources={}))
    session.execute(update(Referral).where(col(Referral.case_id) == case_id).values(facts={}, text="", answer=None))
    _forget_firm(session, case)
    if case.firm_id is None:
        case.name = case.credit_code = None
    case.facts, case.sources = {}, {}
    case.closed_at = case.closed_at or at
    case.state, case.forgotten_at, case.changed_at = "closed", at, at
    case.version += 1
    session.add(case)
    session.flush()
    return case


def forget_firm(session: Session, firm_id: str, centre: str) -> None:
    """Delete what a firm declared to a centre and what the centre confirmed, whom it reached there, and what a screening found by it."""
    session.execute(delete(FirmNote).where(col(FirmNote.firm_id) == firm_id, col(FirmNote.centre) == centre))
    forget_contacts(session, firm_id, centre)
    if forget_statements(session, firm_id, centre):
        session.execute(delete(Entitlement).where(col(Entitlement.firm_id) == firm_id))


def _forget_firm(session: Session, case: Case) -> None:
    """The same where this was the centre's last case of the firm that was not forgotten, by its id or its credit code."""
    known = [col(Firm.id) == case.firm_id] if case.firm_id else [col(Firm.credit_code) == case.credit_code]
    firm = session.exec(select(Firm).where(*known)).first()
    if firm is None:
        return
    others = select(Case.id).where(
        col(Case.id) != case.id,
        col(Case.centre) == case.centre,
        col(Case.forgotten_at).is_(None),
        or_(col(Case.firm_id) == firm.id, col(Case.credit_code) == firm.credit_code),
    )
    if session.exec(others.limit(1)).first() is None:
        forget_firm(session, firm.id, case.centre)


# ---------------------------------------------------------------------------------------------------------------------
# Forgets what has been kept long enough: what firms told in closed cases and spreadsheets, answers that expired, and
# what clerks typed and never saved.
#
# Letters and what they rest on stay, and so does the audit trail, which holds no value of a firm's facts.
# ---------------------------------------------------------------------------------------------------------------------


KEPT_DAYS = 365


# ---------------------------------------------------------------------------------------------------------------------
# Keeps cases: opens them, writes every version of their facts, closes and forgets them.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    """What a case says of its firm: the facts as told, who stated each, and the day asked about (None: today)."""

    facts: Mapping[str, Any]
    sources: Mapping[str, Any]
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened by an account, for a firm of the register or one that is not in it.

    ``is_own``: whoever opens it works on it; what a program opens is nobody's until somebody takes it.
    """

    centre: str
    account_id: int
    origin: CaseOrigin
    content: Content
    firm_id: str | None = None
    once: str | None = None
    schemes: Sequence[str] | None = None
    is_own: bool = True


def open_case(session: Session, opening: Opening, at: datetime) -> Case:
    """Open a case, assigned to whoever opens it for himself; its first version is kept at once."""
    content = opening.content
    case = Case(
        centre=opening.centre,
        firm_id=opening.firm_id,
        origin=opening.origin,
        state="open",
        assignee_id=opening.account_id if opening.is_own else None,
        opened_by=opening.account_id,
        opened_at=at,
        changed_at=at,
        schemes=list(opening.schemes) if opening.schemes else None,
        facts={},
        sources={},
        version=1,
        once=opening.once,
    )
    _fill(case, content)
    session.add(case)
    session.flush()
    _keep_version(session, case, opening.account_id, at)
    tally_of(session, case)
    return case


def case_of(session: Session, case_id: int, *, to_write: bool = False) -> Case | None:
    """The case of this number as it is now; ``to_write`` locks it, so that of two changes the second sees the first."""
    wanted = select(Case).where(Case.id == case_id).execution_options(populate_existing=True)
    return session.exec(wanted.with_for_update(key_share=True) if to_write else wanted).first()


def opened_by_form(session: Session, once: str) -> Case | None:
    """The case that this form or handover opened, if it was sent before."""
    return session.exec(select(Case).where(Case.once == once)).first()


def save_content(session: Session, case: Case, content: Content, account_id: int, at: datetime) -> None:
    """Give the case its next version with this content. Raises EntryError for a case that was forgotten or is closed."""
    _must_be_alive(case)
    _fill(case, content)
    _next_version(session, case, at)
    _keep_version(session, case, account_id, at)


def change_case(
    session: Session,
    case: Case,
    at: datetime,
    *,
    state: CaseState,
    assignee_id: int | None,
    schemes: Sequence[str] | None,
) -> tuple[str, ...]:
    """Set a case's state, assignee and schemes; gives the names of what changed, none for no change.

    A closed case may be opened again, one that was forgotten may not. Raises EntryError.
    """
    if case.forgotten_at is not None:
        _must_be_alive(case)
    new = {"state": state, "assignee_id": assignee_id, "schemes": list(schemes) if schemes else None}
    changed = tuple(name for name, value in new.items() if getattr(case, name) != value)
    if not changed:
        return ()
    for name in changed:
        setattr(case, name, new[name])
    if "state" in changed:
        case.closed_at = at if state == "closed" else None
    if "state" in changed and state == "decided":
        note_decision(session, case, at)
    _next_version(session, case, at)
    return changed


def set_due(session: Session, case: Case, due_on: date | None, account_id: int, at: datetime) -> bool:
    """Set the day by which a case is to be done, None for no day, as its next version; whether that changed it. Raises EntryError."""
    if case.forgotten_at is not None:
        _must_be_alive(case)
    if case.due_on == due_on:
        return False
    case.due_on, case.due_set_by = due_on, account_id
    _next_version(session, case, at)
    _keep_version(session, case, account_id, at)
    return True


def revision(session: Session, case_id: int, version: int) -> CaseRevision | None:
    """The facts as the case had them at a version."""
    wanted = select(CaseRevision).where(CaseRevision.case_id == case_id, col(CaseRevision.version) <= version)
    return session.exec(wanted.order_by(col(CaseRevision.version).desc())).first()


def revisions_after(session: Session, case_id: int, version: int) -> Sequence[CaseRevision]:
    """The versions of the facts that came after, the oldest first."""
    wanted = select(CaseRevision).where(CaseRevision.case_id == case_id, col(CaseRevision.version) > version)
    return session.exec(wanted.order_by(col(CaseRevision.version))).all()


def _fill(case: Case, content: Content) -> None:
    case.facts, case.sources, case.as_of = dict(content.facts), dict(content.sources), content.as_of
    name, code = content.facts.get("name"), content.facts.get("credit_code")
    case.name = name if isinstance(name, str) else None
    case.credit_code = code if isinstance(code, str) else None


def _next_version(session: Session, case: Case, at: datetime) -> None:
    case.version += 1
    case.changed_at = at
    session.add(case)
    session.flush()


def _keep_version(session: Session, case: Case, account_id: int, at: datetime) -> None:
    assert case.id is not None
    kept = CaseRevision(
        case_id=case.id,
        version=case.version,
        account_id=account_id,
        made_at=at,
        as_of=case.as_of,
        facts=case.facts,
        sources=case.sources,
        due_on=case.due_on,
    )
    session.add(kept)
    session.flush()


def _must_be_alive(case: Case) -> None:
    if case.forgotten_at is not None:
        raise EntryError(
            ("case",),
            "本件的企业情况已按规定删除，不能再改。",
            "The facts of this case were deleted as the rules require: it cannot be changed any more.",
        )
    if case.state == "closed":
        raise EntryError(
            ("state",), "本件已办结。要修改请先重新打开。", "This case is closed. Open it again to change it."
        )


# ---------------------------------------------------------------------------------------------------------------------
# Finds cases: for a list with its filters, and those of one firm.
# ---------------------------------------------------------------------------------------------------------------------


ALIVE: tuple[CaseState, ...] = ("open", "waiting", "decided")

"""The states of a case that is not closed."""

_SHORTEST_CODE = 5  # fewer characters are hardly a piece of a credit code


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows: of a centre (None: all), in these states, of an assignee (0: nobody's), with this text in
    the firm's name, code or the case's own number, overdue or due within the week from ``today`` on; in this order, the last changed
    first where none is given."""

    centre: str | None = None
    states: Sequence[CaseState] = ALIVE
    assignee: int | None = None
    text: str = ""
    order: Sequence[SQLColumnExpression[Any]] = ()
    due: DueFilter | None = None
    today: date = date.min


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
    """The cases wanted, in the order wanted, and how many there are in all."""
    found = select(Case).where(*_conditions(wanted)).order_by(*_order(wanted))
    return session.exec(found.offset(offset).limit(limit)).all(), count_cases(session, wanted)


def count_cases(session: Session, wanted: Wanted) -> int:
    """How many cases are wanted."""
    return session.exec(select(func.count()).select_from(Case).where(*_conditions(wanted))).one()


class CaseLine(NamedTuple):
    """A case as a list of suggestions names it: its number, and its firm's name where there is one."""

    id: int
    name: str | None


def first_cases(session: Session, wanted: Wanted, limit: int) -> list[CaseLine]:
    """The first of the cases wanted; they are neither counted nor read whole, since this is asked at each letter that is typed."""
    table = Case.__table__  # type: ignore[attr-defined]
    found = columns(table.c.id, table.c.name).where(*_conditions(wanted)).order_by(*_order(wanted)).limit(limit)
    return [CaseLine._make(row) for row in session.connection().execute(found)]


def _order(wanted: Wanted) -> Sequence[SQLColumnExpression[Any]]:
    return wanted.order or (col(Case.changed_at).desc(), col(Case.id).desc())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Case.state).in_(list(wanted.states))]
    if wanted.centre is not None:
        conditions.append(col(Case.centre) == wanted.centre)
    if wanted.assignee == 0:
        conditions.append(col(Case.assignee_id).is_(None))
    elif wanted.assignee is not None:
        conditions.append(col(Case.assignee_id) == wanted.assignee)
    if wanted.due is not None:
        conditions.append(is_due(wanted.due, wanted.today))
    text = wanted.text.strip()
    if text:
        texts: list[ColumnElement[bool]] = [col(Case.name).contains(text, autoescape=True)]
        if len(text) >= _SHORTEST_CODE:
            texts.append(col(Case.credit_code).contains(text.upper(), autoescape=True))
        if text.isascii() and text.isdecimal() and len(text) < _SHORTEST_CODE * 2:
            texts.append(col(Case.id) == int(text))
        conditions.append(or_(*texts))
    return conditions
