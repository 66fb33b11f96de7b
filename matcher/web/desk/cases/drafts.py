"""Keeps what is typed into a case's form and not saved, for the one who typed it, and shows it when she comes back."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from matcher.store import session
from matcher.store.desk import Case, CaseDraft
from matcher.store.desk.case_drafts import draft_of, drop_draft, keep_draft
from matcher.web import language
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.again import again
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import Drafted, Filled, Loaded, stored
from matcher.web.desk.cases.sent import NOTE, Sent, read, unsaved
from matcher.web.desk.cases.settings import SETTINGS
from matcher.web.desk.gate import can, me, now
from matcher.web.forms import AS_OF, field_name
from matcher.web.keep.database import engine

_VERSION, _HERE, _OPEN = "version", "here", "open"
_NOT_KEPT = ("csrf_token", "do", "look", _OPEN, _VERSION)


def draft(reading: Session, case: Case) -> CaseDraft | None:
    """What the account has typed into the case and not saved."""
    return draft_of(reading, *_key(case))


def keep(case: Case, sent: Sent, had: CaseDraft | None, writing: Session | None = None) -> bool:
    """Keep what a form has that the case has not, in place of what was kept (`had`); whether it is kept.

    A form without facts has not all that may be kept, and leaves it as it is. Written only where it makes a difference,
    in a transaction of its own where none is told.
    """
    if not sent.has_facts or case.forgotten_at is not None:
        return False
    is_wanted = bool(unsaved(case, sent))
    if not is_wanted and had is None:
        return False
    if is_wanted and had is not None and had.fields == [list(pair) for pair in _pairs(sent)]:
        return True
    if writing is not None:
        return _write(writing, case, sent, is_wanted=is_wanted)
    with session(engine()) as alone:
        return _write(alone, case, sent, is_wanted=is_wanted)


def drop(writing: Session, case: Case, sent: Sent | None = None) -> None:
    """Delete what is kept; where a form is told that is saved, only what it has too."""
    if sent is None:
        drop_draft(writing, *_key(case))
    elif sent.has_facts:
        drop_draft(writing, *_key(case), sent.brought.version)


def drafted(reading: Session, loaded: Loaded, opened: str = "") -> Filled | None:
    """The form as the account left it, and when that was; None where nothing of it is unsaved.

    A closed case has no form to fill in: it is only said that something waits.
    """
    case = loaded.case
    had = draft(reading, case) if can("case.write", case.centre) and case.forgotten_at is None else None
    if had is None:
        return None
    sent = read(reading, case, MultiDict([(name, told) for name, told in had.fields]))
    names = unsaved(case, sent)
    if not names:
        return None
    labels = tuple(label_of(catalogue(), name, language.lang()) for name in names)
    found = Drafted(had.made_at, labels, _field(names[0]), had.version < case.version)
    if case.state == "closed":
        return replace(stored(loaded, opened), drafted=found)
    return replace(again(loaded, sent, opened=opened), faults=(), is_kept=True, drafted=found)


def _write(writing: Session, case: Case, sent: Sent, *, is_wanted: bool) -> bool:
    if is_wanted:
        return keep_draft(writing, *_key(case), sent.brought.version, _pairs(sent), now())
    drop(writing, case, sent)
    return False


def _key(case: Case) -> tuple[int, int]:
    account = me()
    assert case.id is not None
    assert account.id is not None
    return case.id, account.id


def _pairs(sent: Sent) -> list[tuple[str, str]]:
    told = [(name, value) for name, value in sent.fields.items(multi=True) if name not in _NOT_KEPT]
    brought = [(_HERE, group) for group in sent.fields.getlist(_OPEN)]
    return [(_VERSION, str(sent.brought.version)), *told, *brought]


def _field(name: str) -> str:
    """The id of something's field on the page."""
    if name == "schemes":
        return "settings"
    return name if name in (AS_OF, NOTE, *SETTINGS) else field_name(name)
