"""Letters that wait for a second signature, and the register of a centre's letters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import CITY, can, me, people, record, record_look, refuse_request, require, rights
from matcher.db import reading, session
from matcher.letters import (
    STATES,
    LettersWanted,
    RegisterEntry,
    centres,
    find_issued,
    kept_file,
    kept_receipt,
    revoke_letter,
    rows,
    search_letters,
)
from matcher.letters import preview as draft
from matcher.letters.proof import read_receipt
from matcher.presentation import catalogue, office
from matcher.text import sentences, today, without_blanks
from matcher.web import engine, language, last_page, now, page_number

from .form import told_rows
from .letter_views import Refused, issued, pages, pdf, refusing, waiting, warn
from .letters import (
    Record,
    asked_of,
    countersign,
    letter_of_number,
    needs_countersign,
    order_of,
    settle_letter,
    waiting_letters,
)
from .models import Case
from .review import differences, money_of_letter
from .withdrawn_copy import as_printed

# ---------------------------------------------------------------------------------------------------------------------
# Letters that wait for a second signature: the supervisor looks at one, and signs it or turns it down.
# ---------------------------------------------------------------------------------------------------------------------


@pages.get("/desk/letters/waiting/<int:letter_id>")
@require("letter.see")
def asked_letter(letter_id: int) -> str:
    """What the letter is to say, on which facts, and who asked for it."""
    book, lang = catalogue(), language.lang()
    with reading(engine()) as active:
        letter, case = waiting(active, letter_id)
        named = people(active, (letter.asked_by, letter.settled_by))
        entry = find_issued(active, letter.number) if letter.number else None
        other = differences(active, book, case, letter.facts, lang) if letter.state == "waiting" else ()
    record_look("case.seen", f"case {case.id}", case.centre)
    names = [book.scheme(slug).name.get(lang) for slug in book.chosen(letter.schemes)]
    return render_template(
        "desk/letter_waiting.html",
        letter=letter,
        case=case,
        people=named,
        entry=entry,
        names=names,
        money=money_of_letter(book, letter, lang) if letter.state == "waiting" else "",
        differences=other,
        rows=told_rows(book, letter.facts, letter.sources, lang),
        is_mine=letter.asked_by == me().id,
    )


@pages.get("/desk/letters/waiting/<int:letter_id>/preview")
@require("letter.see")
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
    return pdf(content, sentences.say("预览", language.lang(), "watermark or file"), is_shown=True)


@pages.post("/desk/letters/waiting/<int:letter_id>/sign")
@require("letter.countersign")
def sign(letter_id: int) -> Response:
    """Give the second signature: the letter goes out as it was asked for."""
    account = me()
    assert account.id is not None
    with reading(engine()) as active:
        letter, case = waiting(active, letter_id)
        if letter.state != "waiting":
            return _settled_before(letter_id)
    if letter.asked_by == account.id:
        flash(sentences.say("复核签发须由另一人办理。", language.lang()))
        return _back(letter_id)
    try:
        with refusing():
            entry = countersign(office(), letter, case.centre, account.id, now(), _recorded(case))
    except Refused as error:
        warn(error)
        return _back(letter_id)
    flash(sentences.say("已签发：{number}", language.lang(), number=entry.number))
    return redirect(url_for("desk_case_letters.letter", code=entry.code), 303)


@pages.post("/desk/letters/waiting/<int:letter_id>/refuse")
@require("letter.countersign")
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
    flash(sentences.say("已退回。", language.lang()))
    return redirect(url_for("desk_case_letters.register"), 303)


def _recorded(case: Case) -> Record:
    def write(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id, signed="second")

    return write


def _settled_before(letter_id: int) -> Response:
    flash(sentences.say("这份函件已经有人处理过了。", language.lang()))
    return _back(letter_id)


def _back(letter_id: int) -> Response:
    return redirect(url_for("desk_case_letters.asked_letter", letter_id=letter_id), 303)


# ---------------------------------------------------------------------------------------------------------------------
# The register of a centre's letters: the list, one letter, its file again, taking it back.
# ---------------------------------------------------------------------------------------------------------------------


_ON_A_PAGE, _LONGEST = 50, 100


@pages.get("/desk/letters")
@require("letter.see")
def register() -> str:
    """The centre's letters, the last first, found by number, code, firm or credit code; those that wait stand above."""
    account, asked = me(), request.args
    centre = asked.get("centre", account.centre)
    if account.centre != CITY or centre not in centres():
        centre = account.centre
    q = asked.get("q", "")[:_LONGEST].strip()
    page = page_number()
    wanted = LettersWanted(centre, _written(q), asked.get("state", ""), today())
    with reading(engine()) as active:
        waits = waiting_letters(active, centre)
        found, total = search_letters(active, wanted, (page - 1) * _ON_A_PAGE, _ON_A_PAGE)
        named = people(active, [letter.asked_by for letter, _ in waits])
    return render_template(
        "desk/letters.html",
        waiting=waits,
        letters=found,
        people=named,
        total=total,
        page=page,
        last=last_page(total, _ON_A_PAGE),
        q=q,
        state=wanted.state,
        states=STATES,
        today=today(),
        centre=centre,
        centres=centres().values() if account.centre == CITY else (),
    )


@pages.get("/desk/letters/<code>")
@require("letter.see")
def letter(code: str) -> str:
    """What the register holds of a letter, and what can be done with it."""
    lang = language.lang()
    with reading(engine()) as active:
        entry = issued(active, code)
        receipt = read_receipt(kept_receipt(active, entry.number).encode())
        asked = letter_of_number(active, entry.number)
        named = people(active, (asked.asked_by, asked.settled_by) if asked else ())
        needs_second = needs_countersign(active, entry.centre)
    record_look("letter.seen", f"letter {entry.number}", entry.centre)
    may_revoke = can("letter.revoke", entry.centre) and (not needs_second or can("letter.countersign", entry.centre))
    return render_template(
        "desk/letter.html",
        entry=entry,
        state=entry.state(today()),
        state_words=STATES[entry.state(today())].get(lang),
        rows=rows(entry, receipt, catalogue().rulebook, lang, today(), ("number",)),
        asked=asked,
        people=named,
        may_revoke=may_revoke and entry.withdrawal is None,
        needs_second=needs_second,
    )


@pages.get("/desk/letters/<code>/file")
@require("letter.see")
def letter_file(code: str) -> Response:
    """The signed file, byte for byte as it went out: as a download, or with `?show=1` in the browser, to be printed.

    What is shown of a letter that holds no more says so across each page.
    """
    with reading(engine()) as active:
        entry = issued(active, code)
        content = kept_file(active, entry.number)
    if "show" in request.args:
        content = as_printed(entry, content)
    record_look("letter.reprinted", f"letter {entry.number}", entry.centre)
    return pdf(content, "-".join(filter(None, (entry.number, entry.addressee))), is_shown="show" in request.args)


@pages.post("/desk/letters/<code>/revoke")
@require("letter.revoke")
def revoke(code: str) -> Response:
    """Take the letter back for good; where letters need a second signature, a supervisor must."""
    try:
        with refusing(), session(engine()) as active:
            entry = issued(active, code)
            if needs_countersign(active, entry.centre) and not rights.may(me().role, "letter.countersign"):
                refuse_request()
            revoke_letter(active, entry.number, request.form.get("reason", ""), now())
            record(active, "letter.revoked", f"letter {entry.number}", entry.centre)
    except Refused as error:
        warn(error)
    else:
        flash(sentences.say("已撤销：{number}", language.lang(), number=entry.number))
    return redirect(url_for("desk_case_letters.letter", code=code), 303)


def _written(typed: str) -> str:
    """What was typed as the register writes it: brackets of any kind, wide or narrow characters, no blanks."""
    return without_blanks(typed).translate(str.maketrans("[]【】", "〔〕〔〕"))
