"""What a firm handed over, opened by its code; and the case that is opened from it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as BaseResponse

from matcher.accounts import me, people, record, require
from matcher.answers import HandedOver, file, presentation, said, standing, store
from matcher.db import ConstraintError, reading, session
from matcher.firms import Firm, FirmIndex
from matcher.firms.search import find_firm_names
from matcher.presentation import asked_day, catalogue, entries
from matcher.text import codes, interview_labels, punctuation, sentences, today
from matcher.web import derive, downloads, engine, language, now, one_try, sealing

from .content import centre_with_case, content_told, firm_of
from .files import LONGEST_NOTE, add_note
from .models import Case
from .service import Opening, cases_of_firm, open_case, opened_by_form
from .views import refresh_found

pages = Blueprint("desk_handovers", __name__)

_PROOF, _PROOF_SECONDS = "clerk has opened", 60 * 60

_MOST_ALIKE = 3

_BAD_REQUEST, _NOT_FOUND, _GONE, _UNPROCESSABLE = 400, 404, 410, 422


@pages.get("/desk/handover")
@require("handover.open")
def form() -> Response:
    """Ask for the code; it never stands in an address."""
    return _private(render_template("desk/handover.html", typed="", wrong=""))


@pages.post("/desk/handover")
@require("handover.open")
def show() -> Response:
    """What was handed over; that it was looked at is recorded for the owner, and in the audit trail."""
    try:
        code = codes.read_code(request.form.get("code", ""))
    except codes.CodeMistyped:
        return _again("mistyped", _UNPROCESSABLE)
    with one_try(request, "code") as going_on:
        found = store.open_for_centre(code)
        going_on.was_right = found is not None
    if found is None:
        return _again("no_code", _NOT_FOUND)
    if found.answers is None:
        return _again("withdrawn", _GONE)
    with session(engine()) as active:
        record(active, "handover.opened", _subject(code))
        before = opened_by_form(active, _once(code))
        firms, is_sure = _in_register(active, found)
        cases = [case for firm in firms for case in _open_cases(active, firm)]
        named = people(active, [case.assignee_id for case in cases])
    groups = presentation.told_groups(catalogue().rulebook, found.answers, language.lang())
    proof = sealing.close(_PROOF, code.encode())
    page = render_template(
        "desk/handover_facts.html",
        groups=groups,
        standing=standing(found),
        proof=proof,
        before=before,
        firms=firms,
        is_sure=is_sure,
        cases=cases,
        people=named,
    )
    return _private(page)


def _in_register(active: Session, found: HandedOver) -> tuple[list[Firm], bool]:
    """The firm of the register with the credit code that was told, which is sure; else those that are called alike."""
    told = found.answers.facts if found.answers else {}
    known = firm_of(active, told.get("credit_code"))
    if known is not None:
        return [known], True
    name = told.get("name")
    if told.get("credit_code") or not isinstance(name, str) or not name.strip():
        return [], False
    hits = find_firm_names(name, FirmIndex(active), _MOST_ALIKE)
    return [firm for hit in hits if (firm := active.get(Firm, hit.id)) is not None], False


def _open_cases(active: Session, firm: Firm) -> Sequence[Case]:
    return cases_of_firm(active, me().centre, firm.id, firm.credit_code, alive=True)


def _again(key: str, status: int) -> Response:
    """The form with the code as it was typed, and why it opens nothing."""
    lang = language.lang()
    heading = sentences.say(interview_labels.MESSAGE[key], lang)
    wrong = f"{heading}{'。' if lang == 'zh' else '. '}{sentences.say(interview_labels.MESSAGE_TEXT[key], lang)}"
    typed = entries.shown(request.form.get("code", ""))
    return _private(render_template("desk/handover.html", typed=typed, wrong=wrong), status)


@pages.post("/desk/handover/file")
@require("handover.open")
def download() -> Response:
    """The same as a file: part of the opening that the proof on the page comes from, and of no other."""
    opened = _opened()
    if isinstance(opened, Response):
        return opened
    code, found = opened
    assert found.answers is not None
    with session(engine()) as active:
        record(active, "handover.saved", _subject(code))
    return downloads.download(file.write(catalogue().rulebook, found.answers), "application/json", "handover.json")


@pages.post("/desk/handover/case")
@require("handover.open")
def open_from() -> Response:
    """Open a case from what was handed over; from one handover a centre opens one case."""
    opened = _opened()
    if isinstance(opened, Response):
        return opened
    code, found = opened
    try:
        with session(engine()) as active:
            made = opened_by_form(active, _once(code)) or _open(active, code, found)
    except ConstraintError:  # sent twice at the same moment
        with reading(engine()) as active:
            first = opened_by_form(active, _once(code))
        if first is None:
            raise
        made = first
    return _private(redirect(url_for("desk_cases.case", case_id=made.id), 303))


def _open(active: Session, code: str, found: HandedOver) -> Case:
    account, answers = me(), found.answers
    assert account.id is not None
    assert answers is not None
    rulebook = catalogue().rulebook
    firms, is_sure = _in_register(active, found)
    picked = request.form.get("firm", "")
    firm = next((one for one in firms if is_sure or one.id == picked), None)
    centre = centre_with_case(active, account.centre, firm) if firm is not None else None
    content = content_told(active, rulebook, firm, answers.keyed, _day(answers.as_of), today(), account.name, centre)
    schemes = catalogue().chosen(answers.schemes)
    firm_id = firm.id if firm else None
    opening = Opening(account.centre, account.id, "handover", content, firm_id, _once(code), schemes)
    made = open_case(active, opening, now())
    assert made.id is not None
    refresh_found(active, made)
    add_note(active, made.id, account.id, _note(found), now())
    record(active, "case.opened", f"case {made.id}", made.centre, origin="handover", consent=found.consent)
    return made


def _note(found: HandedOver) -> str:
    """What a case does not hold as a fact: the consent, and what was told as a band or as unsure."""
    answers, lang = found.answers, language.lang()
    assert answers is not None
    made = presentation.moment(found.made_at, lang)
    lines = [sentences.say("企业于{at}移交，同意事项第{version}版。", lang, at=made, version=found.consent)]
    bare = replace(answers.without(*answers.facts), others=())
    for group in presentation.told_groups(catalogue().rulebook, bare, lang):
        lines += [f"{row.label}{punctuation(lang).colon}{row.value}" for row in group.rows]
    return "\n".join(lines)[:LONGEST_NOTE]


def _day(told: str | None) -> date | None:
    day, wrong = asked_day(told or "")
    return day if told and not wrong else None


def _opened() -> tuple[str, HandedOver] | Response:
    """The code that the page proves to have been opened, with what was handed over; or the page that says why not."""
    code = sealing.opened(_PROOF, request.form.get("proof", ""), _PROOF_SECONDS)
    found = store.open_for_centre(code.decode(), is_recorded=False) if code else None
    if code is None or found is None or found.answers is None:
        return _private(
            *said(
                "withdrawn" if found else "stale", _GONE if found else _BAD_REQUEST, back=url_for("desk_handovers.form")
            )
        )
    return code.decode(), found


def _once(code: str) -> str:
    """What the store knows a handover's case by: the code itself does not come out of it."""
    return f"{me().centre}:{_digest(code)}"


def _subject(code: str) -> str:
    return f"handover {_digest(code)[:12]}"


def _digest(code: str) -> str:
    key = derive(current_app.config["SECRET_KEY"], "handover case")
    return hmac.digest(key, code.encode(), hashlib.sha256).hex()[:40]


def _private(page: str | BaseResponse, code: int = 200) -> Response:
    answer = make_response(page) if isinstance(page, BaseResponse) else make_response(page, code)
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return answer
