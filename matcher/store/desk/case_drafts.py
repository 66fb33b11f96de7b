"""Keeps what clerks have typed into cases and not saved yet: one draft for each case and account, the last that was typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from matcher.store.columns import canonical
from matcher.store.desk.case_tables import Case, CaseDraft

LARGEST_DRAFT = 60_000
"""Characters of a draft's text; what is larger is not kept."""


def draft_of(session: Session, case_id: int, account_id: int) -> CaseDraft | None:
    """What this account typed into this case and did not save."""
    return session.get(CaseDraft, (case_id, account_id))


def keep_draft(
    session: Session, case_id: int, account_id: int, version: int, fields: Iterable[tuple[str, str]], at: datetime
) -> bool:
    """Keep what was typed in the place of what was kept before; whether it is kept.

    It is not where it is too large, where what is kept is of a later version (the form is an old tab's), and for a case
    that was forgotten.

    :param fields: the form as it is sent: names and values in their order.
    """
    typed = [list(pair) for pair in fields]
    if len(canonical(typed)) > LARGEST_DRAFT:
        return False
    # Held until the end of the transaction, so that no draft can come after the forgetting; savers need not wait for it.
    alive = select(col(Case.id)).where(col(Case.id) == case_id, col(Case.forgotten_at).is_(None))
    if session.execute(alive.with_for_update(read=True, key_share=True)).first() is None:
        return False
    # One statement, so that two tabs that send at the same moment do not stand in each other's way.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(CaseDraft).values(case_id=case_id, account_id=account_id, version=version, made_at=at, fields=typed)
    new = row.excluded
    kept = row.on_conflict_do_update(
        index_elements=[col(CaseDraft.case_id), col(CaseDraft.account_id)],
        set_={"version": new.version, "made_at": new.made_at, "fields": new.fields},
        where=col(CaseDraft.version) <= new.version,
    ).returning(col(CaseDraft.case_id))
    return session.execute(kept).first() is not None


def drop_draft(session: Session, case_id: int, account_id: int, version: int | None = None) -> None:
    """Delete what an account typed into a case; only what is of this version or an earlier one, where it is told."""
    wanted = delete(CaseDraft).where(col(CaseDraft.case_id) == case_id, col(CaseDraft.account_id) == account_id)
    session.execute(wanted if version is None else wanted.where(col(CaseDraft.version) <= version))
