"""A case on its page: shown, tried out, saved."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, make_response, redirect, request
from werkzeug.wrappers import Response

from matcher.store import EntryError, reading, session
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases import drafts
from matcher.web.desk.cases.again import again
from matcher.web.desk.cases.blueprint import pages, reached, subject
from matcher.web.desk.cases.clashes import clashing
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import load, render, stored
from matcher.web.desk.cases.saving import save
from matcher.web.desk.cases.sent import read
from matcher.web.desk.gate import allow, record_look
from matcher.web.keep.database import engine

_CONFLICT, _UNPROCESSABLE = 409, 422
OPEN = "open"


@pages.get("/desk/cases/<int:case_id>")
@allow("case.see")
def case(case_id: int) -> str:
    """The case, with what the account typed before and did not save; that it was looked at is recorded.

    `?open=` brings a group of facts.
    """
    opened = request.args.get(OPEN, "")
    with reading(engine()) as active:
        found = reached(active, case_id)
        loaded = load(active, found)
        filled = drafts.drafted(active, loaded, opened) or stored(loaded, opened)
    record_look("case.seen", subject(found), found.centre)
    return render(loaded, filled)


@pages.post("/desk/cases/<int:case_id>")
@allow("case.write")
def save_case(case_id: int) -> Response:
    """Save the form; or only show what it comes to (`do=look`), or a part that was asked for, and keep it as a draft."""
    if request.form.get("do") == "look" or OPEN in request.form:
        return _look(case_id)
    with session(engine()) as active:
        found = reached(active, case_id, to_write=True)
        sent, refused = read(active, found, request.form), []
        if not sent.brought.intake.faults and not sent.clashes:
            try:
                with active.begin_nested():
                    drafts.drop(active, found, sent)
                    changed = save(active, found, sent)
            except EntryError as error:
                active.refresh(found)
                refused.append((error.fields[0], error.zh if language.lang() == "zh" else error.en))
            else:
                _say(changed, sent.merged.theirs)
                return redirect(f"{request.script_root}/desk/cases/{case_id}#case", 303)
        is_kept = drafts.keep(found, sent, drafts.draft(active, found), active)
        loaded = load(active, found)
    is_clash = not sent.brought.intake.faults and not refused
    filled = clashing(loaded, sent) if is_clash else again(loaded, sent, *refused)
    answer = render(loaded, replace(filled, is_kept=is_kept))
    return make_response(answer, _CONFLICT if is_clash else _UNPROCESSABLE)


def _look(case_id: int) -> Response:
    """What the form comes to; whoever looks waits for no writer but the draft's own."""
    with reading(engine()) as active:
        found = reached(active, case_id)
        sent, had = read(active, found, request.form), drafts.draft(active, found)
        loaded = load(active, found)
    is_kept = drafts.keep(found, sent, had)
    filled = again(loaded, sent, opened=request.form.get(OPEN, ""))
    return make_response(render(loaded, replace(filled, is_kept=is_kept)))


def _say(changed: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Say what was saved, and what somebody else changed meanwhile."""
    lang, book = language.lang(), catalogue()
    names = words.listed([label_of(book, name, lang) for name in changed], lang)
    flash(words.say("case.saved", lang, names=names) if changed else words.say("case.saved.nothing", lang))
    if theirs:
        names = words.listed([label_of(book, name, lang) for name in theirs], lang)
        flash(words.say("case.merged", lang, names=names))
