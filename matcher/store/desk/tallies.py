"""Keeps what the figures count of a case in step with the case: its sums and schemes, and how long its firm waited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.store.desk.case_tables import Case
from matcher.store.desk.tally_table import SUMS, CaseTally

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
