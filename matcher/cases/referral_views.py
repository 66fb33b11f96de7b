"""The pages of referrals between centres: passing a case on, taking one over, sending it back with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, people, reach, record, record_look, require
from matcher.db import EntryError, reading, session
from matcher.firms import Firm
from matcher.letters import centres
from matcher.presentation import catalogue, entries
from matcher.text import day_of, sentences, today
from matcher.web import engine, language, now

from .blueprint import reached, subject
from .content import DECLARED, centre_with_case, content_told, sources_of
from .files import add_note
from .form import told_rows
from .models import Case, Referral
from .referrals import LONGEST, refer_case, referrals_of
from .service import Content, Opening, open_case
from .views import refresh_found

pages = Blueprint("desk_referrals", __name__)

_NOT_FOUND, _UNPROCESSABLE = 404, 422


@pages.get("/desk/cases/<int:case_id>/refer")
@require("case.write")
def refer(case_id: int) -> str:
    """The form that passes a case on, and what became of those passed on before."""
    with reading(engine()) as active:
        return _form(active, reached(active, case_id))


@pages.post("/desk/cases/<int:case_id>/refer")
@require("case.write")
def send(case_id: int) -> Response | tuple[str, int]:
    """Pass the case on; it stays with this centre, which waits for the answer."""
    text = entries.printable(request.form.get("text", "")).strip()
    account = me()
    assert account.id is not None
    with session(engine()) as active:
        case = reached(active, case_id, to_write=True)
        try:
            to_centre, agreed = request.form.get("to_centre", ""), "agreed" in request.form
            made = refer_case(active, case, to_centre, text, account.id, now(), with_facts=agreed)
        except EntryError as error:
            return _form(active, case, [(error.fields[0], error.text.get(language.lang()))]), _UNPROCESSABLE
        record(active, "case.referred", subject(case), case.centre, to_centre=to_centre, referral=made.id)
    flash(sentences.say("已转给{centre}。对方答复后会出现在“今天”。", language.lang(), centre=_name(to_centre)))
    return redirect(url_for("desk_cases.case", case_id=case_id), 303)


@pages.get("/desk/referrals/<int:referral_id>")
@require("case.see")
def show(referral_id: int) -> str:
    """A referral, to the centre that it goes to and to the one that it comes from."""
    account = me()
    with session(engine()) as active:
        found = _reached(active, referral_id)
        if found.account_id == account.id and found.state != "sent" and not found.is_seen:
            found.is_seen = True
            active.add(found)
        named = people(active, [found.account_id, found.answered_by])
        sources = sources_of(found.facts, DECLARED, day_of(found.made_at), "")
        page = render_template(
            "desk/referral.html",
            referral=found,
            people=named,
            rows=told_rows(catalogue(), found.facts, sources, language.lang()),
            is_to_us=found.to_centre == account.centre,
            is_from_us=found.centre == account.centre,
        )
    record_look("referral.seen", f"referral {referral_id}")
    return page


@pages.post("/desk/referrals/<int:referral_id>")
@require("case.write")
def answer(referral_id: int) -> Response:
    """Take it over in a case of one's own (`do=accept`), or send it back with a reason."""
    account, lang = me(), language.lang()
    assert account.id is not None
    text = entries.printable(request.form.get("answer", "")).strip()[:LONGEST]
    made = None
    with session(engine()) as active:
        found = active.get(Referral, referral_id, with_for_update=True, populate_existing=True)
        if found is None:
            abort(_NOT_FOUND)
        reach(found.to_centre)
        is_accepted = request.form.get("do") == "accept"
        if found.state != "sent":
            flash(sentences.say("这件转办已经答复过了。", lang))
        elif not is_accepted and not text:
            flash(sentences.say("退回要写明原因。", lang))
        else:
            made = _take_over(active, found) if is_accepted else None
            found.state = "accepted" if is_accepted else "declined"
            found.answer, found.answered_by, found.answered_at = text or None, account.id, now()
            active.add(found)
            active.flush()
            record(active, f"referral.{found.state}", f"referral {referral_id}", account.centre)
    if made is not None:
        return redirect(url_for("desk_cases.case", case_id=made.id), 303)
    return redirect(url_for("desk_referrals.show", referral_id=referral_id), 303)


def _take_over(active: Session, found: Referral) -> Case:
    """A case of this centre, with what the firm agreed to pass on upon what the register has."""
    account, book = me(), catalogue()
    assert account.id is not None
    firm = active.get(Firm, found.firm_id) if found.firm_id else None
    if firm is not None:
        centre = centre_with_case(active, account.centre, firm)
        content = content_told(active, book.rulebook, firm, found.facts, None, today(), account.name, centre)
    else:
        own = {name: value for name, value in (("name", found.name), ("credit_code", found.credit_code)) if value}
        told = {**found.facts, **own}
        content = Content(told, sources_of(told, DECLARED, today(), account.name))
    once = f"referral:{found.id}"
    opening = Opening(account.centre, account.id, "referral", content, firm.id if firm else None, once)
    made = open_case(active, opening, now())
    assert made.id is not None
    refresh_found(active, made)
    note = sentences.say("{centre}转来：{text}", language.lang(), centre=_name(found.centre), text=found.text)
    add_note(active, made.id, account.id, note, now())
    record(active, "case.opened", subject(made), made.centre, origin="referral")
    return made


def _reached(active: Session, referral_id: int) -> Referral:
    """The referral, for a centre that it comes from or goes to; for the city's readers, as they read those centres."""
    found = active.get(Referral, referral_id)
    if found is None:
        abort(_NOT_FOUND)
    reach(found.centre if found.centre == me().centre else found.to_centre)
    return found


def _form(active: Session, case: Case, faults: Sequence[tuple[str, str]] = ()) -> str:
    assert case.id is not None
    sent = referrals_of(active, [case.id])
    return render_template(
        "desk/refer.html",
        case=case,
        faults=faults,
        sent=sent,
        people=people(active, [each.account_id for each in sent]),
        centres=[(one.id, one.name.get(language.lang())) for one in centres().values() if one.id != case.centre],
        to_centre=request.form.get("to_centre", ""),
        typed=entries.shown(request.form.get("text", "")),
        is_agreed="agreed" in request.form,
    )


def _name(centre: str) -> str:
    found = centres().get(centre)
    return found.name.get(language.lang()) if found else centre
