"""Keeps what belongs to a case beside its facts: the notes of clerks, and files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.store.desk.case_tables import Case, CaseAttachment, CaseNote
from matcher.store.faults import EntryError

LONGEST_NOTE = 4000
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file without its content."""

    id: int
    account_id: int
    made_at: datetime
    filename: str
    media_type: str
    size: int


def add_note(session: Session, case_id: int, account_id: int, text: str, at: datetime) -> CaseNote:
    """Add a remark. Raises EntryError for one that is empty or longer than 4,000 characters."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise EntryError(
            ("text",),
            f"备注要写1至{LONGEST_NOTE}字；现有{len(text)}字。",
            f"A note has 1 to {LONGEST_NOTE} characters; this has {len(text)}.",
        )
    note = CaseNote(case_id=case_id, account_id=account_id, made_at=at, text=text)
    session.add(note)
    session.flush()
    return note


def notes_of(session: Session, case_id: int) -> Sequence[CaseNote]:
    """The remarks on a case, the newest first."""
    return session.exec(select(CaseNote).where(CaseNote.case_id == case_id).order_by(col(CaseNote.id).desc())).all()


def add_file(
    session: Session, case_id: int, account_id: int, name: str, media_type: str, content: bytes, at: datetime
) -> CaseAttachment:
    """Keep a file with a case. Raises EntryError where the case has twenty already.

    :param media_type: as the content itself says (`matcher.desk.cases.attachments`), not as whoever sent it says.
    """
    # Locked, so that of two files at once the second counts the first.
    session.get(Case, case_id, with_for_update=True)
    kept = session.exec(select(func.count()).select_from(CaseAttachment).where(CaseAttachment.case_id == case_id)).one()
    if kept >= MOST_FILES:
        raise EntryError(
            ("file",),
            f"一件最多附{MOST_FILES}个文件，已满。",
            f"A case holds at most {MOST_FILES} files; this one is full.",
        )
    made = CaseAttachment(
        case_id=case_id,
        account_id=account_id,
        made_at=at,
        filename=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    session.add(made)
    session.flush()
    return made


def files_of(session: Session, case_id: int) -> list[FileShown]:
    """The files of a case without their content, the oldest first."""
    columns = [col(getattr(CaseAttachment, name)) for name in FileShown.__slots__]
    wanted = select(*columns).where(col(CaseAttachment.case_id) == case_id).order_by(col(CaseAttachment.id))
    return [FileShown(*row) for row in session.execute(wanted)]


def file_of(session: Session, case_id: int, file_id: int) -> CaseAttachment | None:
    """A file of this case; None for another case's."""
    found = session.get(CaseAttachment, file_id)
    return found if found is not None and found.case_id == case_id else None
