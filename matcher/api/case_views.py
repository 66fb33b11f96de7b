"""Cases of a centre for its programs: listed, read, opened, changed, by the same services as the pages of the desk."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from flask import Response, url_for

from matcher.cases import (
    ALIVE,
    DECLARED,
    DUE_FILTERS,
    Case,
    CaseState,
    Content,
    Opening,
    Wanted,
    case_of,
    cases_of_firm,
    centre_with_case,
    change_case,
    content_told,
    firm_of,
    letters_of_case,
    list_cases,
    open_case,
    opened_by_form,
    read_due,
    refresh_found,
    save_content,
    set_due,
    sources_of,
)
from matcher.db import ConstraintError, EntryError, reading, session
from matcher.firms import Fault, shown
from matcher.presentation import catalogue
from matcher.rulebook import Text
from matcher.text import today, yuan
from matcher.web import engine, now

from .access import spend
from .acting import acting, ours, record, record_look
from .blueprint import pages
from .catalogue_views import answer
from .desk_requests import (
    LIMIT,
    LONGEST_QUERY,
    NUMBER,
    OFFSET,
    Body,
    body,
    must_be_stored,
    must_be_version,
    one_of,
    page_asked,
    query_asked,
    whole,
    word,
)
from .idempotency import Created, created_once
from .operations import IDEMPOTENCY_KEY, JSON, Operation, Parameter, operation, ref
from .problems import ProblemError, refused
from .requests import only

STATES: tuple[CaseState, ...] = get_args(CaseState)

DUE_ON = "due_on"

_ID = Parameter("case_id", NUMBER, Text(zh="办件的号", en="the number of the case"), "path", True)


@pages.get("/cases")
@operation(
    Operation(
        Text(zh="本中心的办件", en="The cases of the centre"),
        {JSON: ref("Cases")},
        parameters=(
            Parameter(
                "q",
                {"type": "string", "maxLength": LONGEST_QUERY},
                Text(zh="名称、信用代码或办件号", en="a name, a credit code, or the number of a case"),
            ),
            Parameter(
                "state",
                {"enum": list(STATES)},
                Text(zh="只要这种状态的；不写是还没办结的", en="those of this state; without it those not closed"),
            ),
            Parameter(
                "due",
                {"enum": list(DUE_FILTERS)},
                Text(zh="只要已逾期的，或七天内到期的", en="those overdue, or due within seven days"),
            ),
            OFFSET,
            LIMIT,
        ),
        refuses=(401, 403, 422, 429),
        scope="cases",
    )
)
def cases() -> Response:
    """The last changed first."""
    only("q", "state", "due", "offset", "limit")
    spend()
    state, due, (offset, limit) = one_of("state", STATES), one_of("due", DUE_FILTERS), page_asked()
    wanted = Wanted(acting().centre, (state,) if state else ALIVE, text=query_asked(), due=due, today=today())
    with reading(engine()) as active:
        found, total = list_cases(active, wanted, offset, limit)
        return answer({"total": total, "cases": [_item(case) for case in found]})


@pages.get("/cases/<int:case_id>")
@operation(
    Operation(
        Text(zh="一件办件", en="One case"),
        {JSON: ref("Case")},
        parameters=(_ID,),
        refuses=(401, 403, 404, 422, 429),
        scope="cases",
    )
)
def case(case_id: int) -> Response:
    """The facts with who stated them, what they come to, the letters asked for; that it was read is recorded."""
    only()
    spend()
    must_be_stored(case_id)
    with reading(engine()) as active:
        found = ours(case_of(active, case_id))
        letters = letters_of_case(active, case_id)
    record_look("case.seen", f"case {case_id}")
    come_to = found.found or {}
    return answer(
        {
            **_item(found),
            "facts": {name: _stated(value, found.sources.get(name)) for name, value in found.facts.items()},
            "statuses": come_to.get("counts", {}),
            "entitled": come_to.get("schemes", []),
            "letters": [
                {"id": one.id, "state": one.state, "number": one.number, "reason": one.reason} for one in letters
            ],
        }
    )


@pages.post("/cases")
@operation(
    Operation(
        Text(zh="开一件办件", en="Open a case"),
        {JSON: ref("CaseVersion")},
        takes={JSON: ref("CaseOpening")},
        parameters=(IDEMPOTENCY_KEY,),
        refuses=(400, 401, 403, 409, 413, 415, 422, 429),
        scope="cases.write",
        status=201,
    )
)
def open_for_firm() -> Response:
    """A case of the firm that `facts` name, upon what the register has of it; nobody's until a clerk takes it."""
    only()
    spend()
    told = body("although_open", must=("facts",))
    although = told.beside.get("although_open", False)
    if not isinstance(although, bool):
        text = Text(zh="应是 true 或 false", en="must be true or false")
        raise refused([Fault("although_open", None, shown(although), text, ("although_open",))])
    return created_once(lambda token: _opened(told, token, is_second=although))


def _opened(told: Body, token: str, *, is_second: bool) -> Created:
    who, once = acting(), f"api:{token}"
    try:
        with session(engine()) as writing:
            made = opened_by_form(writing, once)
            if made is None:
                made = _open(writing, told, once, is_second=is_second)
    except ConstraintError:  # a request that had broken off went on after all
        with reading(engine()) as active:
            first = opened_by_form(active, once)
        if first is None:
            raise
        made = first
    assert made.centre == who.centre
    return Created(url_for("api.case", case_id=made.id), {"id": made.id, "version": made.version})


def _open(writing: Any, told: Body, once: str, *, is_second: bool) -> Case:
    who, rulebook = acting(), catalogue().rulebook
    firm = firm_of(writing, told.stated.get("credit_code"))
    code = firm.credit_code if firm else told.stated.get("credit_code")
    same = cases_of_firm(writing, who.centre, firm.id if firm else None, code, alive=True)
    if same and not is_second:
        numbers = ", ".join(str(one.id) for one in same)
        text = Text(
            zh=f"本中心对这家企业已有没办结的办件：{numbers}。请改它，或写 although_open: true 另开一件。",
            en=f"the centre has open cases of this firm: {numbers}. Change one, or send although_open: true for another.",
        )
        raise ProblemError(409, text)
    centre = centre_with_case(writing, who.centre, firm) if firm else None
    content = content_told(writing, rulebook, firm, told.stated, told.profile.as_of, today(), who.name, centre)
    schemes = told.profile.schemes
    opening = Opening(
        who.centre,
        who.account_id,
        "search" if firm else "blank",
        content,
        firm.id if firm else None,
        once,
        catalogue().chosen(schemes) if schemes else None,
        is_own=False,
    )
    made = open_case(writing, opening, now())
    refresh_found(writing, made)
    record(writing, "case.opened", f"case {made.id}", origin=opening.origin)
    return made


@pages.patch("/cases/<int:case_id>")
@operation(
    Operation(
        Text(zh="改一件办件", en="Change a case"),
        {JSON: ref("CaseVersion")},
        takes={JSON: ref("CaseChange")},
        parameters=(_ID,),
        refuses=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        scope="cases.write",
    )
)
def change(case_id: int) -> Response:
    """Facts that are told replace those that were, null takes one away; only upon the `version` that was read (409 otherwise).

    `due_on` sets the day by which the case is to be done; null: there is none.
    """
    only()
    spend()
    must_be_stored(case_id)
    told = body("version", "state", DUE_ON, must=("version",))
    version, state = whole(told.beside, "version"), word(told.beside, "state", STATES)
    try:
        with session(engine()) as writing:
            found = ours(case_of(writing, case_id, to_write=True))
            must_be_version(version, found.version)
            _change(writing, found, told, state)
    except EntryError as error:
        raise ProblemError(422, error.text) from None
    return answer({"id": found.id, "version": found.version})


def _change(writing: Any, case: Case, told: Body, state: CaseState | None) -> None:
    who = acting()
    names = sorted(
        {name for name, value in told.stated.items() if case.facts.get(name) != value}
        | {name for name in told.withdrawn if name in case.facts}
    )
    as_of = told.profile.as_of or case.as_of
    if names or as_of != case.as_of:
        kept = {name: value for name, value in case.facts.items() if name not in names}
        sources = {name: source for name, source in case.sources.items() if name not in names}
        new = {name: told.stated[name] for name in names if name in told.stated}
        facts, by = {**kept, **new}, {**sources, **sources_of(new, DECLARED, today(), who.name)}
        save_content(writing, case, Content(facts, by, as_of), who.account_id, now())
    schemes = catalogue().chosen(told.profile.schemes) if told.profile.schemes else case.schemes
    to = next(one for one in STATES if one == (state or case.state))
    settled = change_case(writing, case, now(), state=to, assignee_id=case.assignee_id, schemes=schemes)
    due = _due_told(told.beside[DUE_ON]) if DUE_ON in told.beside else case.due_on
    if due != case.due_on and set_due(writing, case, due, who.account_id, now()):
        settled = (*settled, "due")
    if names or "schemes" in settled or as_of != case.as_of:
        refresh_found(writing, case)
    if names:
        record(writing, "case.changed", f"case {case.id}", facts=names)
    if settled:
        day = {"due": case.due_on.isoformat() if case.due_on else None} if "due" in settled else {}
        record(writing, "case.settled", f"case {case.id}", settings=list(settled), state=case.state, **day)


def _due_told(told: object) -> date | None:
    """The day that a program sets. Raises ProblemError for what is no day, EntryError for one that cannot be."""
    if told is not None and not isinstance(told, str):
        text = Text(zh="应是 YYYY-MM-DD 的日期，或 null", en="must be a day as YYYY-MM-DD, or null")
        raise refused([Fault(DUE_ON, None, shown(told), text, (DUE_ON,))])
    return read_due(told or "")


def _item(case: Case) -> dict[str, Any]:
    money = (case.found or {}).get("firm_fen")
    return {
        "id": case.id,
        "version": case.version,
        "state": case.state,
        "credit_code": case.credit_code,
        "name": case.name,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "schemes": case.schemes,
        "opened_at": case.opened_at.isoformat(),
        "changed_at": case.changed_at.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "firm_money": None if money is None else yuan(money),
        "page": url_for("desk_cases.case", case_id=case.id),
    }


def _stated(value: object, source: object) -> dict[str, Any]:
    told = source if isinstance(source, dict) else {}
    return {"value": value, "source": told.get("source") or DECLARED, "on": told.get("on")}
