"""The list of cases, and opening one: for a firm of the register, or for one that has no name yet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlmodel import Session, select
from werkzeug.wrappers import Response

from matcher.accounts import CITY, me, new_once, people, record, require, sent_once, staff
from matcher.answers import said, this_page
from matcher.db import ConstraintError, reading, session
from matcher.firms import Firm, read_code
from matcher.letters import centres
from matcher.presentation import catalogue, entries
from matcher.text import sentences, today
from matcher.web import engine, language, last_page, now, page_number

from .blueprint import pages, subject
from .columns import LAST_CHANGED_FIRST, known_sort, order_of
from .content import centre_with_case, content_of_firm
from .due import DUE_FILTERS
from .form_reading import STATES
from .models import Case, CaseOrigin
from .saved_list_views import LONGEST_NAME, views_of
from .service import Content, Opening, Wanted, cases_of_firm, list_cases, open_case, opened_by_form
from .views import refresh_found

_ON_A_PAGE = 50

_ALL = "all"

_LONGEST = entries.LONGEST_ENTRY

_BAD_REQUEST, _UNPROCESSABLE, _CONFLICT, _NOT_FOUND = 400, 422, 409, 404


@pages.get("/desk/cases")
@require("case.see")
def cases() -> str:
    """The centre's cases, the last changed first or as a column's heading asks; the city's desk may look at another centre's."""
    account, asked = me(), request.args
    centre = asked.get("centre", account.centre)
    if account.centre != CITY or centre not in centres():
        centre = account.centre
    state, assignee, text = asked.get("state", ""), asked.get("assignee", ""), asked.get("q", "")[:_LONGEST]
    state = state if state in (*STATES, _ALL) else ""
    due = next((each for each in DUE_FILTERS if each == asked.get("due")), None)
    page, sort = page_number(), known_sort(asked.get("sort", LAST_CHANGED_FIRST))
    states = tuple(each for each in STATES if each == state or (not state and each != "closed") or state == _ALL)
    nobody, mine = "none", {"me": account.id}
    who = (
        0
        if assignee == nobody
        else mine.get(assignee, int(assignee) if assignee.isdecimal() and len(assignee) < 10 else None)
    )
    with reading(engine()) as active:
        wanted = Wanted(centre, states, who, text, order_of(sort), due, today())
        found, total = list_cases(active, wanted, (page - 1) * _ON_A_PAGE, _ON_A_PAGE)
        named = people(active, [case.assignee_id for case in found])
        clerks, saved = staff(active, centre), views_of(active, account.id or 0)
    return render_template(
        "desk/cases.html",
        cases=found,
        people=named,
        total=total,
        page=page,
        last=last_page(total, _ON_A_PAGE),
        states=STATES,
        state=state,
        assignee=assignee,
        due=due or "",
        due_filters=DUE_FILTERS,
        staff=clerks,
        q=text,
        centre=centre,
        sort=sort,
        saved=saved,
        most_name=LONGEST_NAME,
        centres=centres().values() if account.centre == CITY else (),
    )


@dataclass(frozen=True)
class _Asked:
    """What the form for a new case says: a firm of the register, or a name and a code as they were typed."""

    firm: Firm | None
    name: str
    code: str
    fault: str | None = None


@pages.get("/desk/cases/new")
@require("case.write")
def blank() -> str:
    """The form for a case of a firm that was not found, or has no name yet."""
    return _form(_Asked(None, request.args.get("name", "")[:_LONGEST], ""))


@pages.post("/desk/cases/new")
@require("case.write")
def new() -> Response | str | tuple[str, int]:
    """Open a case; where the firm has an open one, that is shown first. Sent twice, one case is opened."""
    once, account = sent_once(), me()
    if once is None:
        return said("stale", _BAD_REQUEST, back=this_page())
    with reading(engine()) as active:
        asked = _read(active)
        if asked is None:
            return said("no_firm", _NOT_FOUND, back=url_for("desk_home.home"))
        if asked.fault:
            return _form(asked), _UNPROCESSABLE
        before = opened_by_form(active, once)
        if before is not None:
            return _to(before)
        code = asked.firm.credit_code if asked.firm else asked.code
        same = cases_of_firm(active, account.centre, asked.firm.id if asked.firm else None, code or None, alive=True)
        if same and "sure" not in request.form:
            named = people(active, [case.assignee_id for case in same])
            page = render_template(
                "desk/case_same.html", same=same, asked=asked, once=request.form["once"], people=named
            )
            return page, _CONFLICT
    try:
        with session(engine()) as active:
            made = _open(active, asked, once)
    except ConstraintError:  # the same form, sent at the same moment
        with reading(engine()) as active:
            first = opened_by_form(active, once)
        if first is None:
            raise
        return _to(first)
    return _to(made)


def _read(active: Session) -> _Asked | None:
    firm_id = request.form.get("firm", "")
    if firm_id:
        firm = active.get(Firm, firm_id)
        return _Asked(firm, firm.name, firm.credit_code) if firm else None
    name = entries.printable(request.form.get("name", "")).strip()
    typed = entries.printable(request.form.get("credit_code", "")).strip()
    if len(name) > _LONGEST or len(typed) > _LONGEST:
        text = sentences.say("太长了，最多200个字", language.lang())
        return _Asked(None, entries.shown(name), entries.shown(typed), text)
    if not typed:
        return _Asked(None, name, "")
    read = read_code(typed)
    if read.code is None:
        return _Asked(None, name, typed, read.wrong.get(language.lang()) if read.wrong else None)
    known = active.exec(select(Firm).where(Firm.credit_code == read.code)).first()
    return _Asked(known, known.name if known else name, read.code)


def _open(active: Session, asked: _Asked, once: str) -> Case:
    account = me()
    assert account.id is not None
    if asked.firm is not None:
        centre = centre_with_case(active, account.centre, asked.firm)
        content = content_of_firm(active, catalogue().rulebook, asked.firm, today(), centre)
    else:
        told = {name: value for name, value in (("name", asked.name), ("credit_code", asked.code)) if value}
        source = {"source": "declared", "on": today().isoformat(), "by": account.name}
        content = Content(told, {name: dict(source) for name in told})
    origin: CaseOrigin = "search" if asked.firm else "blank"
    firm_id = asked.firm.id if asked.firm else None
    made = open_case(active, Opening(account.centre, account.id, origin, content, firm_id, once), now())
    refresh_found(active, made)
    record(active, "case.opened", subject(made), made.centre, origin=origin)
    return made


def _to(case: Case) -> Response:
    return redirect(url_for("desk_cases.case", case_id=case.id), 303)


def _form(asked: _Asked) -> str:
    return render_template("desk/case_new.html", asked=asked, once=request.form.get("once") or new_once())
