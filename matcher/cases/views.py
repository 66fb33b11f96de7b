"""A case on its page: shown, tried out, saved beside what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, record, record_look, require, staff
from matcher.db import EntryError, reading, session
from matcher.presentation import catalogue
from matcher.text import sentences, today
from matcher.web import engine, language, now

from . import action_views
from .blueprint import label_of, pages, reached, subject
from .clashes import again, clashing
from .content import decisions_on, found_in
from .due import first_deadline, prefill_due, read_due
from .figures import keep_found
from .files import add_note
from .form_reading import NOTE, STATES, Sent, read, settings_of
from .items import item_called
from .merging import Merged
from .models import Case
from .page import load, render, stored
from .presence_views import note_presence
from .service import change_case, save_content, set_due

# ---------------------------------------------------------------------------------------------------------------------
# Saves a case's form beside what others saved meanwhile: nothing is overwritten unseen, nothing that was typed is
# lost.
# ---------------------------------------------------------------------------------------------------------------------


def save(session: Session, case: Case, sent: Sent) -> tuple[str, ...]:
    """Write what the form changed, with the note, in one go, each into the audit trail; gives the names of what changed.

    Raises EntryError.
    """
    account, merged = me(), sent.merged
    changed: list[str] = []
    assert account.id is not None
    assert case.id is not None
    if merged.mine:
        save_content(session, case, merged.content, account.id, now())
        changed += merged.mine
    settings = _write_settings(session, case, sent.settled.settings)
    changed += settings
    if sent.note.strip():
        add_note(session, case.id, account.id, sent.note, now())
        changed.append(NOTE)
    if merged.mine or "schemes" in settings:
        refresh_found(session, case)
    session.flush()
    _record(session, case, merged, settings, is_noted=NOTE in changed)
    return tuple(changed)


def _record(session: Session, case: Case, merged: Merged, settings: tuple[str, ...], *, is_noted: bool) -> None:
    """Each into the audit trail, once all is written: whoever holds the trail's end must wait for nothing more."""
    if merged.mine:
        record(session, "case.changed", subject(case), case.centre, facts=list(merged.mine))
    if settings:
        due = case.due_on.isoformat() if case.due_on else None
        named = {"assignee": case.assignee_id, "state": case.state, "due": due}
        told = {name: named[name] for name in settings if name in named}
        record(session, "case.settled", subject(case), case.centre, settings=list(settings), **told)
    if is_noted:
        record(session, "case.noted", subject(case), case.centre)


def refresh_found(session: Session, case: Case) -> None:
    """Keep with the case what its facts come to now, and the day by which it is to be done where nobody set one."""
    rulebook, day = catalogue().rulebook, case.as_of or today()
    told, decisions = decisions_on(rulebook, case.facts, day, case.schemes)
    keep_found(session, case, found_in(rulebook, told, decisions, day))
    prefill_due(session, case, first_deadline(rulebook, told, decisions, day, today()))


def _write_settings(session: Session, case: Case, settings: Mapping[str, str]) -> tuple[str, ...]:
    told = settings["assignee"]
    known = {str(number) for number, _ in staff(session, case.centre)}
    if told and told not in known and told != settings_of(case)["assignee"]:
        raise EntryError(
            ("assignee",), "本中心没有这位经办人，请另选。", "Nobody here has this account; choose another."
        )
    state = next(each for each in STATES if each == settings["state"])
    schemes = [slug for slug in settings["schemes"].split(",") if slug]
    assignee = int(told) if told else None
    due, was = read_due(settings["due"]), case.due_on
    changed = change_case(session, case, now(), state=state, assignee_id=assignee, schemes=schemes)
    account_id = me().id
    assert account_id is not None
    return (*changed, "due") if due != was and set_due(session, case, due, account_id, now()) else changed


# ---------------------------------------------------------------------------------------------------------------------
# A case on its page: shown, tried out, saved.
# ---------------------------------------------------------------------------------------------------------------------


_CONFLICT, _UNPROCESSABLE = 409, 422

OPEN = "open"


@pages.get("/desk/cases/<int:case_id>")
@require("case.see")
def case(case_id: int) -> str:
    """The case, with what the account typed before and did not save; that it was looked at is recorded.

    `?open=` brings a group of facts; `?here=` those that were on the page before it was saved.
    """
    opened = request.args.get(OPEN, "")
    with reading(engine()) as active:
        found = reached(active, case_id)
        loaded = load(active, found)
        filled = action_views.drafted(active, loaded, opened) or stored(loaded, opened, request.args.getlist("here"))
    record_look("case.seen", subject(found), found.centre)
    with session(engine()) as active:
        note_presence(active, case_id, now())
    return render(loaded, filled)


@pages.post("/desk/cases/<int:case_id>")
@require("case.write")
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
                    action_views.discard_draft(active, found, sent)
                    changed = save(active, found, sent)
            except EntryError as error:
                active.refresh(found)
                refused.append((error.fields[0], error.text.get(language.lang())))
            else:
                _say(changed, sent.merged.theirs, found.facts)
                here = request.form.getlist("here")
                return redirect(url_for("desk_cases.case", case_id=case_id, here=here or None, _anchor="case"), 303)
        is_kept = action_views.keep(found, sent, action_views.draft(active, found), active)
        loaded = load(active, found)
    is_clash = not sent.brought.intake.faults and not refused
    filled = clashing(loaded, sent) if is_clash else again(loaded, sent, *refused)
    answer = render(loaded, replace(filled, is_kept=is_kept))
    return make_response(answer, _CONFLICT if is_clash else _UNPROCESSABLE)


def _look(case_id: int) -> Response:
    """What the form comes to; whoever looks waits for no writer but the draft's own."""
    with reading(engine()) as active:
        found = reached(active, case_id)
        sent, had = read(active, found, request.form), action_views.draft(active, found)
        loaded = load(active, found)
    is_kept = action_views.keep(found, sent, had)
    filled = again(loaded, sent, opened=request.form.get(OPEN, ""))
    return make_response(render(loaded, replace(filled, is_kept=is_kept)))


def _say(changed: tuple[str, ...], theirs: tuple[str, ...], facts: Mapping[str, Any]) -> None:
    """Say what was saved, and what somebody else changed meanwhile."""
    lang = language.lang()
    names = sentences.listed(_named(changed, facts, lang), lang)
    flash(
        sentences.say("已保存：{names}", lang, names=names) if changed else sentences.say("没有改动，无需保存。", lang)
    )
    if theirs:
        names = sentences.listed(_named(theirs, facts, lang), lang)
        flash(sentences.say("同时有人改了：{names}。两边的修改都已保留。", lang, names=names))


def _named(names: tuple[str, ...], facts: Mapping[str, Any], lang: str) -> list[str]:
    """What was changed; of an item its name alone, once, whatever of it was."""
    labels = (item_called(name, facts, lang) or label_of(catalogue(), name, lang) for name in names)
    return list(dict.fromkeys(labels))
