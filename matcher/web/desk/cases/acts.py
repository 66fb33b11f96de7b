"""What is done with a case beside its form: dropping a draft, files, writing back into the register, forgetting."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matcher.desk.cases.attachments import MOST_BYTES, read_file
from matcher.desk.cases.case import write_back as write_into_register
from matcher.store import EntryError, reading, session
from matcher.store.desk.case_files import add_file, file_of
from matcher.store.desk.cases import forget_case
from matcher.tianjin import today
from matcher.web import language, words
from matcher.web.desk.cases import drafts
from matcher.web.desk.cases.blueprint import pages, reached, subject
from matcher.web.desk.gate import allow, me, now, record, record_look
from matcher.web.downloads import download
from matcher.web.keep.database import engine

_NOT_FOUND = 404
_AROUND = 64 * 1024


@pages.post("/desk/cases/<int:case_id>/draft")
@allow("case.write")
def drop_draft(case_id: int) -> Response:
    """Drop what the account typed and did not save; the case stays as it is, and nothing is recorded."""
    with session(engine()) as active:
        drafts.drop(active, reached(active, case_id))
    flash(words.say("case.draft.dropped", language.lang()))
    return redirect(f"{request.script_root}/desk/cases/{case_id}", 303)


@pages.post("/desk/cases/<int:case_id>/files")
@allow("case.write", largest=MOST_BYTES + _AROUND)
def attach(case_id: int) -> Response:
    """Keep a file with the case, if it is what its name says."""
    sent = request.files.get("file")
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        try:
            if sent is None or not sent.filename:
                raise EntryError(("file",), "请先选一个文件。", "Choose a file first.")
            if found.forgotten_at is not None or found.state == "closed":
                raise EntryError(("file",), "本件已办结，不能再加文件。", "The case is closed: no file can be added.")
            content = sent.stream.read(MOST_BYTES + 1)
            name, media_type = read_file(sent.filename, content)
            account = me()
            assert account.id is not None
            add_file(active, case_id, account.id, name, media_type, content, now())
        except EntryError as error:
            flash(error.zh if language.lang() == "zh" else error.en)
        else:
            record(active, "case.attached", subject(found), found.centre)
            flash(words.say("case.file.kept", language.lang(), name=name))
    return redirect(f"{request.script_root}/desk/cases/{case_id}#files", 303)


@pages.get("/desk/cases/<int:case_id>/files/<int:file_id>")
@allow("case.see")
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
@allow("case.write")
def write_back(case_id: int) -> Response:
    """Write the facts that somebody saw the paper of into the register of firms."""
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        try:
            written = write_into_register(active, found, today(), now())
        except EntryError as error:
            flash(error.zh if language.lang() == "zh" else error.en)
        else:
            record(active, "case.written_back", subject(found), found.centre, facts=list(written))
            flash(
                words.say(
                    "case.written_back", language.lang(), count=words.count(language.lang(), len(written), "fact")
                )
            )
    return redirect(f"{request.script_root}/desk/cases/{case_id}", 303)


@pages.get("/desk/cases/<int:case_id>/forget")
@allow("case.forget")
def ask_to_forget(case_id: int) -> str:
    """Say what would be deleted and what stays."""
    with reading(engine()) as active:
        found = reached(active, case_id)
    return render_template("desk/case_forget.html", case=found)


@pages.post("/desk/cases/<int:case_id>/forget")
@allow("case.forget")
def forget(case_id: int) -> Response:
    """Delete what the firm told, for good."""
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        if found.forgotten_at is None:
            forget_case(active, case_id, now())
            record(active, "case.forgotten", subject(found), found.centre)
    flash(words.say("case.forgotten", language.lang()))
    return redirect(f"{request.script_root}/desk/cases/{case_id}", 303)
