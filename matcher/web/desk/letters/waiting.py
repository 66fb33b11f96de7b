"""Letters that wait for a second signature: the supervisor looks at one, and signs it or turns it down."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.desk.cases.letters import Record, asked_of, countersign, order_of
from matcher.issuing import centres
from matcher.issuing.preview import preview as draft
from matcher.store import RegisterEntry, find_issued, reading, session
from matcher.store.desk import Case
from matcher.store.desk.case_letters import settle_letter
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.form import told_rows
from matcher.web.desk.gate import allow, me, now, record, record_look
from matcher.web.desk.letters.blueprint import Refused, pages, pdf, refusing, waiting, warn
from matcher.web.desk.office import office
from matcher.web.desk.people import people
from matcher.web.keep.database import engine


@pages.get("/desk/letters/waiting/<int:letter_id>")
@allow("letter.see")
def asked_letter(letter_id: int) -> str:
    """What the letter is to say, on which facts, and who asked for it."""
    book, lang = catalogue(), language.lang()
    with reading(engine()) as active:
        letter, case = waiting(active, letter_id)
        named = people(active, (letter.asked_by, letter.settled_by))
        entry = find_issued(active, letter.number) if letter.number else None
    record_look("case.seen", f"case {case.id}", case.centre)
    names = [book.scheme(slug).name.get(lang) for slug in book.chosen(letter.schemes)]
    return render_template(
        "desk/letter_waiting.html",
        letter=letter,
        case=case,
        people=named,
        entry=entry,
        names=names,
        rows=told_rows(book, letter.facts, letter.sources, lang),
        is_mine=letter.asked_by == me().id,
    )


@pages.get("/desk/letters/waiting/<int:letter_id>/preview")
@allow("letter.see")
def asked_preview(letter_id: int) -> Response:
    """The letter as it would go out, without a number."""
    with reading(engine()) as active:
        letter, case = waiting(active, letter_id)
    record_look("letter.previewed", f"case {case.id}", case.centre)
    try:
        with refusing():
            order = order_of(catalogue().rulebook, centres()[case.centre], asked_of(letter))
            content = draft(catalogue().rulebook, order, now())
    except Refused as error:
        warn(error)
        return _back(letter_id)
    return pdf(content, words.say("letter.preview", language.lang()), is_shown=True)


@pages.post("/desk/letters/waiting/<int:letter_id>/sign")
@allow("letter.countersign")
def sign(letter_id: int) -> Response:
    """Give the second signature: the letter goes out as it was asked for."""
    account = me()
    assert account.id is not None
    with reading(engine()) as active:
        letter, case = waiting(active, letter_id)
        if letter.state != "waiting":
            return _settled_before(letter_id)
    if letter.asked_by == account.id:
        flash(words.say("letter.own", language.lang()))
        return _back(letter_id)
    try:
        with refusing():
            entry = countersign(office(), letter, case.centre, account.id, now(), _recorded(case))
    except Refused as error:
        warn(error)
        return _back(letter_id)
    flash(words.say("letter.issued", language.lang(), number=entry.number))
    return redirect(f"{request.script_root}/desk/letters/{entry.code}", 303)


@pages.post("/desk/letters/waiting/<int:letter_id>/refuse")
@allow("letter.countersign")
def refuse(letter_id: int) -> Response:
    """Turn the letter down, with a reason for whoever asked."""
    account = me()
    assert account.id is not None
    try:
        with refusing(), session(engine()) as active:
            _, case = waiting(active, letter_id)
            settle_letter(active, letter_id, account.id, now(), reason=request.form.get("reason", ""))
            record(active, "letter.refused", f"case {case.id}", case.centre, letter=letter_id)
    except Refused as error:
        warn(error)
        return _back(letter_id)
    flash(words.say("letter.refused", language.lang()))
    return redirect(f"{request.script_root}/desk/letters", 303)


def _recorded(case: Case) -> Record:
    def write(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id, signed="second")

    return write


def _settled_before(letter_id: int) -> Response:
    flash(words.say("letter.settled_before", language.lang()))
    return _back(letter_id)


def _back(letter_id: int) -> Response:
    return redirect(f"{request.script_root}/desk/letters/waiting/{letter_id}", 303)
