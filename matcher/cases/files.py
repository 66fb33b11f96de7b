"""What belongs to a case beside its facts: notes, files that are what they say, drafts not saved yet."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy import delete, func
from sqlalchemy import select as sqlalchemy_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from matcher.db import EntryError, canonical

from .models import Case, CaseAttachment, CaseDraft, CaseNote

# ---------------------------------------------------------------------------------------------------------------------
# Keeps what belongs to a case beside its facts: the notes of clerks, and files.
# ---------------------------------------------------------------------------------------------------------------------


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

    :param media_type: as the content itself says (`matcher.cases.files`), not as whoever sent it says.
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


# ---------------------------------------------------------------------------------------------------------------------
# Says what a file really is, by its own bytes; only papers that a case needs are let in.
# ---------------------------------------------------------------------------------------------------------------------


MOST_BYTES = 5 * 1024 * 1024

_LONGEST_NAME = 120

_MOST_MEMBERS = 5000

_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}

_STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}

_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}

_STRANGE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def read_file(name: str, content: bytes) -> tuple[str, str]:
    """The name under which a file is kept, and its type.

    :raises EntryError: for an empty or too large file, a type that is not taken, or content that is not what the name says.
    """
    if not content:
        raise EntryError(("file",), "文件是空的，请另选一个。", "The file is empty; choose another.")
    if len(content) > MOST_BYTES:
        raise EntryError(
            ("file",),
            f"文件超过{MOST_BYTES // 1024 // 1024} MB。请压缩或拆分后再传。",
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller or split it.",
        )
    kept = _name(name)
    kind = kept.rpartition(".")[2].lower() if "." in kept else ""
    if kind not in _TYPES:
        raise EntryError(
            ("file",),
            "只收 PDF、PNG、JPEG、XLSX、DOCX、TXT 文件，请转换后再传。",
            "Only PDF, PNG, JPEG, XLSX, DOCX and TXT files are taken; convert it first.",
        )
    if not _is(kind, content):
        raise EntryError(
            ("file",),
            f"文件内容与扩展名 .{kind} 不符。请用原来的程序另存后再传。",
            f"The content is not what .{kind} says. Save it again in the program it comes from.",
        )
    return kept, _TYPES[kind]


def _name(told: str) -> str:
    """The name without folders and without what a file system refuses; what it ends with is kept."""
    base = unicodedata.normalize("NFC", told.replace("\\", "/").rpartition("/")[2])
    base = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    base = _STRANGE.sub("_", base).strip(" .") or "file"
    stem, dot, end = base.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{end[:10]}" if dot else base[:_LONGEST_NAME]


def _is(kind: str, content: bytes) -> bool:
    if kind in _STARTS:
        return content.startswith(_STARTS[kind])
    return _has_part(content, _PARTS[kind]) if kind in _PARTS else _is_text(content)


def _has_part(content: bytes, part: str) -> bool:
    if content.count(b"PK\1\2") > _MOST_MEMBERS:  # before the list of them is read, which takes a while
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    # A workbook with macros has another ending; one that hides them under this one is not let in.
    return part in names and len(names) <= _MOST_MEMBERS and not any(name.endswith("vbaProject.bin") for name in names)


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text)
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Keeps what clerks have typed into cases and not saved yet: one draft for each case and account, the last that was
# typed.
# ---------------------------------------------------------------------------------------------------------------------


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
    alive = sqlalchemy_select(col(Case.id)).where(col(Case.id) == case_id, col(Case.forgotten_at).is_(None))
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


def delete_draft(session: Session, case_id: int, account_id: int, version: int | None = None) -> None:
    """Delete what an account typed into a case; only what is of this version or an earlier one, where it is told."""
    wanted = delete(CaseDraft).where(col(CaseDraft.case_id) == case_id, col(CaseDraft.account_id) == account_id)
    session.execute(wanted if version is None else wanted.where(col(CaseDraft.version) <= version))
