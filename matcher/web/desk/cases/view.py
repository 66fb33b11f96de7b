"""A case on its page: shown, tried out, saved."""

from __future__ import annotations

from flask import flash, make_response, redirect, request
from werkzeug.wrappers import Response

from matcher.store import EntryError, session
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.blueprint import pages, reached, subject
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import Filled, Loaded, load, render, stored
from matcher.web.desk.cases.posted import Brought, merged_into, read_form, settings_of
from matcher.web.desk.cases.saving import NOTE, clashing, posted_settings, save, settle
from matcher.web.desk.gate import allow, me, record
from matcher.web.forms import AS_OF
from matcher.web.intake import today
from matcher.web.keep.database import engine

_CONFLICT, _UNPROCESSABLE = 409, 422
OPEN = "open"


@pages.get("/desk/cases/<int:case_id>")
@allow("case.see")
def case(case_id: int) -> str:
    """The case; that it was looked at is recorded. `?open=` brings a group of facts."""
    with session(engine()) as active:
        found = reached(active, case_id)
        record(active, "case.seen", subject(found), found.centre)
        loaded = load(active, found)
    return render(loaded, stored(loaded, request.args.get(OPEN, "")))


@pages.post("/desk/cases/<int:case_id>")
@allow("case.write")
def save_case(case_id: int) -> Response:
    """Save the form; or only show what it comes to (`do=look`), or a part that was asked for, and save nothing."""
    is_look = request.form.get("do") == "look" or OPEN in request.form
    with session(engine()) as active:
        found = reached(active, case_id, to_write=not is_look)
        brought = read_form(catalogue(), active, found, me().name, today())
        if is_look or brought.intake.faults:
            loaded = load(active, found)
        else:
            merged, settled = merged_into(active, found, brought), settle(found)
            clashes = [*(clash.name for clash in merged.clashes), *settled.clashes]
            if not clashes:
                try:
                    with active.begin_nested():
                        changed = save(active, found, merged, settled)
                except EntryError as error:
                    active.refresh(found)
                    loaded = load(active, found)
                    return make_response(_refused(loaded, brought, error), _UNPROCESSABLE)
                _say(changed, merged.theirs)
                return redirect(f"{request.script_root}/desk/cases/{case_id}#case", 303)
            loaded = load(active, found)
            filled = clashing(loaded, brought, merged, settled)
    if is_look:
        return make_response(render(loaded, _typed(loaded, brought)))
    if brought.intake.faults:
        return make_response(render(loaded, _typed(loaded, brought)), _UNPROCESSABLE)
    return make_response(render(loaded, filled), _CONFLICT)


def _typed(loaded: Loaded, brought: Brought, *more: tuple[str, str]) -> Filled:
    """The form as it was sent, with what is wrong with it."""
    has = settings_of(loaded.case)
    return Filled(
        brought.form,
        brought.intake,
        brought.content.sources,
        brought.version,
        posted_settings(loaded.case),
        {name: request.form.get(f"was_{name}", told) for name, told in has.items()},
        posted=request.form.to_dict(),
        here=request.form.getlist("here"),
        opened=request.form.get(OPEN, ""),
        note=request.form.get(NOTE, ""),
        faults=(*_faults(brought), *more),
        is_unsaved=True,
    )


def _refused(loaded: Loaded, brought: Brought, error: EntryError) -> str:
    text = error.zh if language.lang() == "zh" else error.en
    return render(loaded, _typed(loaded, brought, (error.fields[0], text)))


def _faults(brought: Brought) -> list[tuple[str, str]]:
    """Each fault with the field that it belongs to and what the field is called."""
    lang, book = language.lang(), catalogue()
    colon = "：" if lang == "zh" else ": "
    found = []
    for fault in brought.intake.faults:
        name = AS_OF if fault.field == AS_OF else fault.field.removeprefix("fact_")
        found.append((fault.field, f"{label_of(book, name, lang)}{colon}{fault.text.get(lang)}"))
    return found


def _say(changed: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Say what was saved, and what somebody else changed meanwhile."""
    lang, book = language.lang(), catalogue()
    names = words.listed([label_of(book, name, lang) for name in changed], lang)
    flash(words.say("case.saved", lang, names=names) if changed else words.say("case.saved.nothing", lang))
    if theirs:
        names = words.listed([label_of(book, name, lang) for name in theirs], lang)
        flash(words.say("case.merged", lang, names=names))
