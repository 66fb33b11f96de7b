"""Keeps cases: opens them, writes every version of their facts, closes and forgets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from matcher.store.desk.case_tables import Case, CaseOrigin, CaseRevision, CaseState
from matcher.store.desk.forgetting import forget_case
from matcher.store.desk.tallies import note_decision, tally_of
from matcher.store.faults import EntryError

__all__ = [
    "Content",
    "Opening",
    "case_of",
    "change_case",
    "forget_case",
    "open_case",
    "opened_by_form",
    "revision",
    "revisions_after",
    "save_content",
]


@dataclass(frozen=True, slots=True)
class Content:
    """What a case says of its firm: the facts as told, who stated each, and the day asked about (None: today)."""

    facts: Mapping[str, Any]
    sources: Mapping[str, Any]
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened by an account, for a firm of the register or one that is not in it."""

    centre: str
    account_id: int
    origin: CaseOrigin
    content: Content
    firm_id: str | None = None
    once: str | None = None
    schemes: Sequence[str] | None = None


def open_case(session: Session, opening: Opening, at: datetime) -> Case:
    """Open a case, assigned to whoever opens it; its first version is kept at once."""
    content = opening.content
    case = Case(
        centre=opening.centre,
        firm_id=opening.firm_id,
        origin=opening.origin,
        state="open",
        assignee_id=opening.account_id,
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
