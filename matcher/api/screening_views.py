"""Screenings of the register of firms for programs of a centre: begun, looked at, and the firms that are the centre's to tell."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, url_for

from matcher.db import enqueue_screening, reading, session
from matcher.firms import Fault, read_date, shown
from matcher.outreach import Screening, Whom, districts_to_tell, listed, new_screening, screenings, tallies
from matcher.presentation import catalogue, office
from matcher.rulebook import Text
from matcher.text import today, yuan
from matcher.web import engine, now

from .access import spend
from .acting import acting, nothing_here, record
from .blueprint import pages
from .catalogue_views import answer
from .desk_requests import (
    LIMIT,
    LONGEST_QUERY,
    NUMBER,
    OFFSET,
    bare_body,
    must_be_stored,
    one_of,
    page_asked,
    query_asked,
)
from .idempotency import Created, created_once
from .operations import IDEMPOTENCY_KEY, JSON, Operation, Parameter, operation, ref
from .problems import ProblemError, refused
from .requests import only

_ID = Parameter("screening_id", NUMBER, Text(zh="筛查的号", en="the number of the screening"), "path", True)

_SHOWN = 50


@pages.get("/screenings")
@operation(
    Operation(
        Text(zh="对企业库的筛查", en="Screenings of the register of firms"),
        {JSON: ref("Screenings")},
        refuses=(401, 403, 422, 429),
        scope="screenings",
    )
)
def every_screening() -> Response:
    """The newest first."""
    only()
    spend()
    with reading(engine()) as active:
        found = screenings(active, _SHOWN)
        return answer({"screenings": [_item(one) for one in found]})


@pages.post("/screenings")
@operation(
    Operation(
        Text(zh="筛查企业库", en="Screen the register of firms"),
        {JSON: ref("ScreeningItem")},
        takes={JSON: ref("ScreeningOrder")},
        parameters=(IDEMPOTENCY_KEY,),
        refuses=(400, 401, 403, 409, 413, 415, 422, 429),
        scope="screenings",
        status=201,
    )
)
def begin_screening() -> Response:
    """A worker does it; one that waits or runs for the same day is given instead of a second."""
    only()
    spend()
    told = bare_body("as_of").get("as_of")
    day = today() if told is None else read_date(told)
    if not isinstance(day, date):
        raise refused([Fault("as_of", None, shown(told), day, ("as_of",))])
    return created_once(lambda token: _begun(day))


def _begun(day: date) -> Created:
    with session(engine()) as writing:
        asked = new_screening(writing, catalogue().rulebook, day, now(), acting().account_id)
        record(writing, "screening.asked", f"screening {asked.id}", as_of=day.isoformat())
    enqueue_screening(int(asked.id or 0), office().instance)
    return Created(url_for("api.one_screening", screening_id=asked.id), _item(asked))


@pages.get("/screenings/<int:screening_id>")
@operation(
    Operation(
        Text(zh="一次筛查的结果", en="What a screening found"),
        {JSON: ref("Screening")},
        parameters=(_ID,),
        refuses=(401, 403, 404, 422, 429),
        scope="screenings",
    )
)
def one_screening(screening_id: int) -> Response:
    """By scheme, how many of the centre's firms, how many of them nobody told, and the exact sums."""
    only()
    spend()
    with reading(engine()) as active:
        found = _screening(active, screening_id)
        counted = tallies(active, found, districts_to_tell(acting().centre))
        made = _item(found)
    return answer(
        {
            **made,
            "found": [
                {
                    "scheme": one.scheme,
                    "status": one.status,
                    "recipient": one.recipient,
                    "firms": one.firms,
                    "untold": one.untold,
                    "amount": yuan(one.fen),
                }
                for one in counted
            ],
        }
    )


@pages.get("/screenings/<int:screening_id>/schemes/<slug>")
@operation(
    Operation(
        Text(zh="一项政策适合本中心的哪些企业", en="The centre's firms that a scheme is for"),
        {JSON: ref("FirmsFound")},
        parameters=(
            _ID,
            Parameter("slug", {"type": "string"}, Text(zh="政策编号", en="the id of a scheme"), "path", True),
            Parameter(
                "told", {"enum": ["yes", "no"]}, Text(zh="只要已告知或还没告知的", en="those told, or those not")
            ),
            Parameter(
                "q",
                {"type": "string", "maxLength": LONGEST_QUERY},
                Text(zh="名称中的字，或信用代码的开头", en="a part of the name, or the beginning of the credit code"),
            ),
            OFFSET,
            LIMIT,
        ),
        refuses=(401, 403, 404, 422, 429),
        scope="screenings",
    )
)
def firms_found(screening_id: int, slug: str) -> Response:
    """With who was told and when."""
    only("told", "q", "offset", "limit")
    spend()
    (offset, limit), told = page_asked(), one_of("told", ("yes", "no"))
    if slug not in catalogue().rulebook.schemes:
        raise ProblemError(404, Text(zh=f"没有编号为 {shown(slug)} 的政策", en=f"there is no scheme {shown(slug)}"))
    whom = Whom(
        slug, districts_to_tell(acting().centre), {"yes": True, "no": False}.get(told or ""), text=query_asked()
    )
    with reading(engine()) as active:
        found = _screening(active, screening_id)
        rows, total = listed(active, found, whom, offset, limit)
    return answer(
        {
            "total": total,
            "firms": [
                {
                    "credit_code": row.credit_code,
                    "name": row.name,
                    "district": row.district,
                    "status": row.status,
                    "recipient": row.recipient,
                    "amount": None if row.fen is None else yuan(row.fen),
                    "told_on": row.told.told_at.date().isoformat() if row.told else None,
                }
                for row in rows
            ],
        }
    )


def _screening(active: Any, screening_id: int) -> Screening:
    must_be_stored(screening_id)
    found: Screening | None = active.get(Screening, screening_id)
    if found is None:
        raise nothing_here()
    return found


def _item(one: Screening) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "as_of": one.as_of.isoformat(),
        "rulebook": one.rulebook_hash,
        "firms": one.firms,
        "created_at": one.created_at.isoformat(),
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
    }
