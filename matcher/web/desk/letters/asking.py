"""Asking for a letter from a case: which schemes, which kind; a look at it; issuing it or putting it before the supervisor."""

from __future__ import annotations

from flask import flash, redirect, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.desk.cases.letters import issue_from_case, order_of
from matcher.issuing import centres
from matcher.issuing.preview import preview as draft
from matcher.store import ConstraintError, RegisterEntry, find_issued, reading, session
from matcher.store.desk import Case, CaseLetter
from matcher.store.desk.case_letters import Asked, ask_letter, asked_by_form
from matcher.tianjin import today
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.blueprint import reached, subject
from matcher.web.desk.gate import allow, me, now, record, record_look
from matcher.web.desk.letters.blueprint import Refused, pages, pdf, refusing
from matcher.web.desk.letters.form import KINDS, LANGUAGES, Desk, letter_page, load
from matcher.web.desk.office import office
from matcher.web.desk.once import sent_once
from matcher.web.keep.database import engine
from matcher.web.saving.said import said

_BAD_REQUEST, _UNPROCESSABLE, _CONFLICT = 400, 422, 409


@pages.get("/desk/cases/<int:case_id>/letters")
@allow("letter.issue")
def letters(case_id: int) -> str | tuple[str, int]:
    """The form for a letter of a case, and the letters that it has."""
    with reading(engine()) as active:
        case = reached(active, case_id)
        at_hand = load(active, case)
    record_look("case.seen", subject(case), case.centre)
    return letter_page(at_hand)


@pages.post("/desk/cases/<int:case_id>/letters/preview")
@allow("letter.issue")
def preview(case_id: int) -> Response | tuple[str, int]:
    """The letter as it would go out, without a number."""
    with reading(engine()) as active:
        case = reached(active, case_id)
        at_hand = load(active, case)
    record_look("letter.previewed", subject(case), case.centre)
    asked = _asked(case, "")
    wrong = _wrong(at_hand, asked)
    if wrong:
        return letter_page(at_hand, wrong), _UNPROCESSABLE
    try:
        with refusing():
            order = order_of(catalogue().rulebook, centres()[case.centre], asked)
            content = draft(catalogue().rulebook, order, now())
    except Refused as error:
        return letter_page(at_hand, error.words), _UNPROCESSABLE
    return pdf(content, words.say("letter.preview", language.lang()), is_shown=True)


@pages.post("/desk/cases/<int:case_id>/letters")
@allow("letter.issue")
def ask(case_id: int) -> Response | tuple[str, int]:
    """Issue the letter, or put it before the supervisor where the centre wants a second signature. Sent twice, once."""
    once = sent_once()
    with session(engine()) as active:
        case = reached(active, case_id)
        if once is None:
            return said("stale", _BAD_REQUEST, back=request.path)
        before = asked_by_form(active, once)
        if before is not None:
            return _to(active, before)
        at_hand = load(active, case)
    asked = _asked(case, once)
    wrong = _wrong(at_hand, asked)
    if wrong:
        return letter_page(at_hand, wrong), _UNPROCESSABLE
    if request.form.get("version") != str(case.version):
        return letter_page(at_hand, words.say("letter.case_changed", language.lang())), _CONFLICT
    try:
        with refusing():
            return _put_forward(at_hand, asked) if at_hand.needs_second else _issue(at_hand, asked)
    except Refused as error:
        return letter_page(at_hand, error.words), _UNPROCESSABLE
    except ConstraintError:  # the same form, sent at the same moment
        with reading(engine()) as active:
            first = asked_by_form(active, once)
            if first is None:
                raise
            return _to(active, first)


def _issue(at_hand: Desk, asked: Asked) -> Response:
    account, case = me(), at_hand.case
    assert account.id is not None

    def recorded(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id)

    entry = issue_from_case(office(), case, asked, account.id, now(), recorded)
    flash(words.say("letter.issued", language.lang(), number=entry.number))
    return redirect(f"{request.script_root}/desk/letters/{entry.code}", 303)


def _put_forward(at_hand: Desk, asked: Asked) -> Response:
    account = me()
    assert account.id is not None
    # What cannot be said is refused now, not before the supervisor.
    draft(catalogue().rulebook, order_of(catalogue().rulebook, centres()[at_hand.case.centre], asked), now())
    with session(engine()) as active:
        case = reached(active, at_hand.case.id or 0, to_write=True)
        letter = ask_letter(active, case, asked, account.id, now())
        record(active, "letter.asked", subject(case), case.centre, letter=letter.id)
    flash(words.say("letter.asked", language.lang()))
    return redirect(f"{request.script_root}/desk/cases/{at_hand.case.id}/letters", 303)


def _to(active: Session, letter: CaseLetter) -> Response:
    entry = find_issued(active, letter.number) if letter.number else None
    if entry is None:
        return redirect(f"{request.script_root}/desk/cases/{letter.case_id}/letters", 303)
    return redirect(f"{request.script_root}/desk/letters/{entry.code}", 303)


def _asked(case: Case, once: str) -> Asked:
    """What the form asks for, beside the case as it is now."""
    days = request.form.get("valid_days", "")
    return Asked(
        kind=request.form.get("kind", KINDS[0]),
        language=request.form.get("language", LANGUAGES[0]),
        as_of=case.as_of or today(),
        schemes=catalogue().chosen(request.form.getlist("scheme")),
        facts=case.facts,
        sources=case.sources,
        valid_days=int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0,
        supersedes=request.form.get("supersedes") or None,
        once=once,
    )


def _wrong(at_hand: Desk, asked: Asked) -> str:
    """What the form lacks, in words; empty for nothing."""
    lang, case = language.lang(), at_hand.case
    if case.forgotten_at is not None:
        return words.say("letter.forgotten", lang)
    if not asked.schemes:
        return words.say("letter.no_scheme", lang)
    if asked.kind not in KINDS or asked.language not in LANGUAGES:
        return words.say("letter.no_kind", lang)
    return ""
