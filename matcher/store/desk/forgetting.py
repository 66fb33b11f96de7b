"""Forgets what a firm told in a case; what was decided and the letters that went out stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from matcher.store.desk.case_tables import Case, CaseAttachment, CaseDraft, CaseLetter, CaseNote, CaseRevision
from matcher.store.desk.outreach_tables import Entitlement
from matcher.store.faults import EntryError
from matcher.store.firms import Firm
from matcher.store.firms_register import forget_statements

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
    for table in (CaseRevision, CaseDraft, CaseNote, CaseAttachment):
        session.execute(delete(table).where(col(table.case_id) == case_id))
    of_case = update(CaseLetter).where(col(CaseLetter.case_id) == case_id)
    session.execute(
        of_case.where(col(CaseLetter.state) == "waiting").values(state="refused", settled_at=at, reason=_WHY)
    )
    session.execute(of_case.values(facts={}, sources={}))
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
    """Delete what a firm declared to a centre and what the centre confirmed, and what a screening found by it."""
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
