"""The blueprint of the pages about cases, and how each of them comes by its case."""

from __future__ import annotations

from flask import Blueprint, abort
from sqlmodel import Session

from matcher.store.desk import Case
from matcher.store.desk.cases import case_of
from matcher.web.desk.gate import guard, reach

pages = Blueprint("desk_cases", __name__)
guard(pages)

_NOT_FOUND = 404


def reached(session: Session, case_id: int, *, to_write: bool = False) -> Case:
    """The case of this number, if there is one and the account may do this page's action to its centre's cases."""
    case = case_of(session, case_id, to_write=to_write)
    if case is None:
        abort(_NOT_FOUND)
    reach(case.centre)
    return case


def subject(case: Case | int) -> str:
    """What the audit trail calls a case."""
    return f"case {case if isinstance(case, int) else case.id}"
