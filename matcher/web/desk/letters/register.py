"""The register of a centre's letters: the list, one letter, its file again, taking it back."""

from __future__ import annotations

import unicodedata

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matcher.desk import rights
from matcher.desk.rights import CITY
from matcher.issuing import centres
from matcher.issuing.extract import STATES, rows
from matcher.letters.proof import read_receipt
from matcher.store import kept_file, kept_receipt, reading, revoke_letter, session
from matcher.store.desk.case_letters import letter_of_number, needs_countersign, waiting_letters
from matcher.store.desk.letter_search import LettersWanted, search_letters
from matcher.tianjin import today
from matcher.web import language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.gate import allow, can, me, now, record, record_look, refuse
from matcher.web.desk.letters.blueprint import Refused, issued, pages, pdf, refusing, warn
from matcher.web.desk.page_number import last_page, page_number
from matcher.web.desk.people import people
from matcher.web.keep.database import engine

_ON_A_PAGE, _LONGEST = 50, 100


@pages.get("/desk/letters")
@allow("letter.see")
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
@allow("letter.see")
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
@allow("letter.see")
def letter_file(code: str) -> Response:
    """The signed file, byte for byte as it went out: as a download, or with `?show=1` in the browser, to be printed."""
    with reading(engine()) as active:
        entry = issued(active, code)
        content = kept_file(active, entry.number)
    record_look("letter.reprinted", f"letter {entry.number}", entry.centre)
    return pdf(content, "-".join(filter(None, (entry.number, entry.addressee))), is_shown="show" in request.args)


@pages.post("/desk/letters/<code>/revoke")
@allow("letter.revoke")
def revoke(code: str) -> Response:
    """Take the letter back for good; where letters need a second signature, a supervisor must."""
    try:
        with refusing(), session(engine()) as active:
            entry = issued(active, code)
            if needs_countersign(active, entry.centre) and not rights.may(me().role, "letter.countersign"):
                refuse()
            revoke_letter(active, entry.number, request.form.get("reason", ""), now())
            record(active, "letter.revoked", f"letter {entry.number}", entry.centre)
    except Refused as error:
        warn(error)
    else:
        flash(words.say("letter.revoked", language.lang(), number=entry.number))
    return redirect(f"{request.script_root}/desk/letters/{code}", 303)


def _written(typed: str) -> str:
    """What was typed as the register writes it: brackets of any kind, wide or narrow characters, no blanks."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    return plain.translate(str.maketrans("[]【】", "〔〕〔〕"))
