"""Forgets what a firm told in a case; what was decided and the letters that went out stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from matcher.store.desk.case_tables import Case, CaseAttachment, CaseDraft, CaseLetter, CaseNote, CaseRevision
from matcher.store.faults import EntryError

_WHY = "企业情况已删除 / the firm's facts were deleted"


def forget_case(session: Session, case_id: int, at: datetime) -> Case:
    """Delete a case's facts, their sources, every version, what is typed and not saved, the notes and the files.

    The case itself stays, closed and with ``forgotten_at``, with its dates and what it came to (``found``). Its name and
    code stay only where the register of firms has them anyway; letters that went out stay, those still waiting are
    turned down. Forgetting twice changes nothing. Raises EntryError for no such case.
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
    if case.firm_id is None:
        case.name = case.credit_code = None
    case.facts, case.sources = {}, {}
    case.closed_at = case.closed_at or at
    case.state, case.forgotten_at, case.changed_at = "closed", at, at
    case.version += 1
    session.add(case)
    session.flush()
    return case
