"""What is done with a case beside its form: drafts, files, writing back into the register, forgetting."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matcher.accounts import can, me, record, record_look, require
from matcher.db import EntryError, reading, session
from matcher.firms import read_key
from matcher.presentation import AS_OF, catalogue, field_name
from matcher.text import sentences, today
from matcher.web import UploadRefusedError, download, engine, language, now, scan

from .blueprint import label_of, pages, reached, subject
from .clashes import again
from .content import write_back as write_into_register
from .files import MOST_BYTES, add_file, delete_draft, draft_of, file_of, keep_draft, read_file
from .form_reading import NOTE, SETTINGS, Sent, read, unsaved
from .items import PASTE
from .models import Case, CaseDraft
from .page import Drafted, Filled, Loaded, stored
from .service import forget_case

# ---------------------------------------------------------------------------------------------------------------------
# Keeps what is typed into a case's form and not saved, for the one who typed it, and shows it when she comes back.
# ---------------------------------------------------------------------------------------------------------------------


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


def discard_draft(writing: Session, case: Case, sent: Sent | None = None) -> None:
    """Delete what is kept; where a form is told that is saved, only what it has too."""
    if sent is None:
        delete_draft(writing, *_key(case))
    elif sent.has_facts:
        delete_draft(writing, *_key(case), sent.brought.version)


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
    discard_draft(writing, case, sent)
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
    return name if name in (AS_OF, NOTE, *SETTINGS) or read_key(name) or name.startswith(PASTE) else field_name(name)


# ---------------------------------------------------------------------------------------------------------------------
# What is done with a case beside its form: dropping a draft, files, writing back into the register, forgetting.
# ---------------------------------------------------------------------------------------------------------------------


_NOT_FOUND = 404

_AROUND = 64 * 1024


@pages.post("/desk/cases/<int:case_id>/draft")
@require("case.write")
def drop_draft(case_id: int) -> Response:
    """Drop what the account typed and did not save; the case stays as it is, and nothing is recorded."""
    with session(engine()) as active:
        discard_draft(active, reached(active, case_id))
    flash(sentences.say("已放弃未保存的内容。", language.lang()))
    return redirect(url_for("desk_cases.case", case_id=case_id), 303)


@pages.post("/desk/cases/<int:case_id>/aside")
@require("case.write")
def put_aside(case_id: int) -> Response:
    """Ask a fact no more in this case (`aside`), or all of them again (empty); what is typed is kept as a draft."""
    fact = request.form.get("aside", "")
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        sent = read(active, found, request.form)
        keep(found, sent, draft(active, found), active)
        known = [name for name in found.put_aside or () if name in catalogue().rulebook.facts]
        found.put_aside = sorted({*known, fact}) if fact in catalogue().rulebook.facts else None
        active.add(found)
        record(active, "case.settled", subject(found), found.centre, settings=["put_aside"])
    return redirect(url_for("desk_cases.case", case_id=case_id, _anchor="section-next"), 303)


@pages.post("/desk/cases/<int:case_id>/files")
@require("case.write", largest=MOST_BYTES + _AROUND)
def attach(case_id: int) -> Response:
    """Keep a file with the case, if it is what its name says."""
    sent = request.files.get("file")
    content = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    try:
        scan(content)  # before the case is held, since it may take its time
    except UploadRefusedError as refused:
        flash(refused.text.get(language.lang()))
        return redirect(url_for("desk_cases.case", case_id=case_id, _anchor="files"), 303)
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        try:
            if sent is None or not sent.filename:
                raise EntryError(("file",), "请先选一个文件。", "Choose a file first.")
            if found.forgotten_at is not None or found.state == "closed":
                raise EntryError(("file",), "本件已办结，不能再加文件。", "The case is closed: no file can be added.")
            name, media_type = read_file(sent.filename, content)
            account = me()
            assert account.id is not None
            add_file(active, case_id, account.id, name, media_type, content, now())
        except EntryError as error:
            flash(error.text.get(language.lang()))
        else:
            record(active, "case.attached", subject(found), found.centre)
            flash(sentences.say("已收到附件：{name}", language.lang(), name=name))
    return redirect(url_for("desk_cases.case", case_id=case_id, _anchor="files"), 303)


@pages.get("/desk/cases/<int:case_id>/files/<int:file_id>")
@require("case.see")
def attachment(case_id: int, file_id: int) -> Response:
    """A file of the case, never shown in the page: it comes from outside."""
    with reading(engine()) as active:
        found = reached(active, case_id)
        kept = file_of(active, case_id, file_id)
        if kept is None:
            abort(_NOT_FOUND)
    record_look("case.file_read", subject(found), found.centre, file=file_id)
    return download(kept.content, kept.media_type, kept.filename)


@pages.post("/desk/cases/<int:case_id>/write-back")
@require("case.write")
def write_back(case_id: int) -> Response:
    """Write the facts that somebody saw the paper of into the register of firms."""
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        try:
            written = write_into_register(active, found, today(), now())
        except EntryError as error:
            flash(error.text.get(language.lang()))
        else:
            record(active, "case.written_back", subject(found), found.centre, facts=list(written))
            flash(
                sentences.say(
                    "已写回登记簿：{count}",
                    language.lang(),
                    count=sentences.count(language.lang(), len(written), "fact"),
                )
            )
    return redirect(url_for("desk_cases.case", case_id=case_id), 303)


@pages.get("/desk/cases/<int:case_id>/forget")
@require("case.forget")
def ask_to_forget(case_id: int) -> str:
    """Say what would be deleted and what stays."""
    with reading(engine()) as active:
        found = reached(active, case_id)
    return render_template("desk/case_forget.html", case=found)


@pages.post("/desk/cases/<int:case_id>/forget")
@require("case.forget")
def forget(case_id: int) -> Response:
    """Delete what the firm told, for good."""
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        if found.forgotten_at is None:
            forget_case(active, case_id, now())
            record(active, "case.forgotten", subject(found), found.centre)
    flash(sentences.say("企业情况已删除。", language.lang()))
    return redirect(url_for("desk_cases.case", case_id=case_id), 303)
