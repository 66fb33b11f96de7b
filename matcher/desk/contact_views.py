"""Whom the centre reaches: people at a firm, people at departments, and the texts that it sends. All of it the centre's own."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, people, record, require
from matcher.contacts import (
    LONGEST_TEXT,
    PLACES,
    DepartmentContact,
    FirmContact,
    MessageText,
    add_department_contact,
    add_firm_contact,
    department_contacts,
    keep_text,
    person_of,
    texts_of,
)
from matcher.db import EntryError, reading, session
from matcher.firms import Firm
from matcher.presentation import catalogue
from matcher.text import sentences
from matcher.web import engine, language, now

pages = Blueprint("desk_contacts", __name__)

_DROP = "drop"

_Owned = TypeVar("_Owned", FirmContact, DepartmentContact, MessageText)


@pages.post("/desk/firms/contacts")
@require("case.write")
def keep_firm_contact() -> Response:
    """Enter somebody at a firm (`firm`), or take an entry away (`drop`)."""
    account, firm_id = me(), request.form.get("firm", "")
    assert account.id is not None
    with session(engine()) as writing:
        if not firm_id or writing.get(Firm, firm_id) is None:
            return redirect(url_for("desk_home.home"), 303)
        if _DROP in request.form:
            found = _own(writing, FirmContact, _number(_DROP), account.centre)
            if found is not None and found.firm_id == firm_id:
                writing.delete(found)
                record(writing, "firm.contact_dropped", f"firm {firm_id}")
        else:
            try:
                person = person_of(request.form)
                add_firm_contact(writing, firm_id, account.centre, person, account.id, now())
            except EntryError as error:
                flash(error.text.get(language.lang()))
            else:
                record(writing, "firm.contact_entered", f"firm {firm_id}")
    return redirect(url_for("desk_home.firm", firm_id=firm_id, _anchor="contacts"), 303)


@pages.get("/desk/contacts")
@require("case.see")
def contacts() -> str:
    """The centre's people at departments: who is asked about what. None of it is law, and none stands on a letter."""
    with reading(engine()) as active:
        found = department_contacts(active, me().centre)
        named = people(active, [one.account_id for one in found])
    return render_template(
        "desk/contacts.html", contacts=found, people=named, schemes=_schemes(), departments=_departments()
    )


@pages.post("/desk/contacts")
@require("case.write")
def keep_contact() -> Response:
    """Enter somebody at a department, or take an entry away (`drop`)."""
    account = me()
    assert account.id is not None
    with session(engine()) as writing:
        if _DROP in request.form:
            found = _own(writing, DepartmentContact, _number(_DROP), account.centre)
            if found is not None:
                writing.delete(found)
                record(writing, "contact.dropped", f"centre {account.centre}")
        else:
            try:
                add_department_contact(
                    writing,
                    account.centre,
                    request.form.get("department", ""),
                    _scheme(),
                    person_of(request.form),
                    account.id,
                    now(),
                )
            except EntryError as error:
                flash(error.text.get(language.lang()))
            else:
                record(writing, "contact.entered", f"centre {account.centre}")
    return redirect(url_for("desk_contacts.contacts"), 303)


@pages.get("/desk/texts")
@require("case.see")
def texts() -> str:
    """The centre's texts of messages, one of which can be written over (`?text=`)."""
    with reading(engine()) as active:
        found = texts_of(active, me().centre)
    chosen = next((one for one in found if str(one.id) == request.args.get("text")), None)
    return render_template(
        "desk/texts.html",
        texts=found,
        chosen=chosen,
        schemes=_schemes(),
        names=dict(_schemes()),
        places=PLACES,
        most=LONGEST_TEXT,
    )


@pages.post("/desk/texts")
@require("case.write")
def write_text() -> Response:
    """Keep a text, new or in the place of one (`text`); or take one away (`drop`)."""
    account = me()
    assert account.id is not None
    with session(engine()) as writing:
        if _DROP in request.form:
            found = _own(writing, MessageText, _number(_DROP), account.centre)
            if found is not None:
                writing.delete(found)
                record(writing, "text.dropped", f"centre {account.centre}")
            return redirect(url_for("desk_contacts.texts"), 303)
        try:
            keep_text(
                writing,
                account.centre,
                _number("text") if request.form.get("text") else None,
                _scheme(),
                request.form.get("title", ""),
                request.form.get("body", ""),
                account.id,
                now(),
            )
        except EntryError as error:
            flash(error.text.get(language.lang()))
        else:
            record(writing, "text.written", f"centre {account.centre}")
            flash(sentences.say("已存下。", language.lang()))
    return redirect(url_for("desk_contacts.texts"), 303)


def _own(session: Session, table: type[_Owned], id_: int, centre: str) -> _Owned | None:
    """The centre's entry of this number; None where there is none, or another centre's."""
    found = session.get(table, id_)
    return found if found is not None and found.centre == centre else None


def _number(name: str) -> int:
    told = request.form.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


def _scheme() -> str | None:
    told = request.form.get("scheme", "")
    return told if told in catalogue().rulebook.schemes else None


def _schemes() -> list[tuple[str, str]]:
    lang = language.lang()
    return [(scheme.slug, scheme.name.get(lang)) for scheme in catalogue().rulebook.schemes.values()]


def _departments() -> list[str]:
    """What the law calls the departments, to be picked from; a clerk may write another."""
    return sorted({scheme.department.get(language.lang()) for scheme in catalogue().rulebook.schemes.values()})
