"""Firms of the register for programs of a centre: what is public, and what the centre itself was told."""

from __future__ import annotations

from flask import Response, request

from matcher.cases import cases_of_firm, centre_with_case, closure_of, firm_of, known_of
from matcher.db import reading
from matcher.firms import Fault, FirmIndex, shown
from matcher.firms.search import find_firm_names
from matcher.letters import list_issued
from matcher.rulebook import Text
from matcher.web import engine

from .access import spend
from .acting import acting, nothing_here, record_look
from .blueprint import pages
from .catalogue_views import answer
from .desk_requests import LONGEST_QUERY, query_asked, whole_number
from .desk_schemas import MOST_LISTED
from .letter_views import letter_item
from .operations import AS_OF, JSON, Operation, Parameter, operation, ref
from .problems import refused
from .requests import asked_day, only

_USUAL = 10


@pages.get("/firms")
@operation(
    Operation(
        Text(zh="按名称或信用代码找企业", en="Find a firm by its name or credit code"),
        {JSON: ref("Firms")},
        parameters=(
            Parameter(
                "q",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY},
                Text(zh="名称、曾用名、拼音或信用代码", en="a name, a former name, pinyin, or a credit code"),
                is_required=True,
            ),
            Parameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST_LISTED},
                Text(zh=f"最多几家，不写是 {_USUAL}", en=f"how many at most, {_USUAL} without it"),
            ),
        ),
        refuses=(401, 403, 422, 429),
        scope="firms",
    )
)
def firms() -> Response:
    """The firms of the register that a text may mean."""
    only("q", "limit")
    spend()
    q, limit = query_asked(), whole_number("limit", _USUAL, 1, MOST_LISTED)
    if not q:
        text = Text(zh="请写要找的名称或代码", en="say which name or code to look for")
        raise refused([Fault("q", None, shown(request.args.get("q", "")), text, ("q",))])
    with reading(engine()) as active:
        found = find_firm_names(q, FirmIndex(active), limit)
    return answer(
        {"firms": [{"credit_code": one.credit_code, "name": one.name, "why": one.why.to_json()} for one in found]}
    )


@pages.get("/firms/<credit_code>")
@operation(
    Operation(
        Text(zh="一家企业：本中心可以知道的情况", en="One firm, with what the centre may know of it"),
        {JSON: ref("Firm")},
        parameters=(
            Parameter("credit_code", {"type": "string"}, Text(zh="信用代码", en="its credit code"), "path", True),
            AS_OF,
        ),
        refuses=(401, 403, 404, 422, 429),
        scope="firms",
    )
)
def firm(credit_code: str) -> Response:
    """What is public of a firm on a day; what it told the centre, where that has a case of it; its cases and letters there."""
    day = asked_day()
    spend()
    centre = acting().centre
    with reading(engine()) as active:
        found = firm_of(active, credit_code)
        if found is None:
            raise nothing_here()
        known = known_of(active, found, day, centre_with_case(active, centre, found))
        struck_off = closure_of(active, found.credit_code, found.id)
        answered = {
            "credit_code": found.credit_code,
            "name": found.name,
            "as_of": day.isoformat(),
            "facts": {
                name: {"value": one.value, "source": one.source, "on": one.on.isoformat()}
                for name, one in known.items()
            },
            "closed": struck_off and {"kind": struck_off.kind, "on": struck_off.closed_on.isoformat()},
            "cases": [case.id for case in cases_of_firm(active, centre, found.id, found.credit_code)],
            "letters": [letter_item(one) for one in list_issued(active, centre, found.credit_code)],
        }
    record_look("firm.seen", f"firm {found.id}")
    return answer(answered)
