"""The catalogue for programs: schemes as of a day, the vocabulary, industries, and the schemas; nothing of it is anybody's own."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import Response, request, url_for

from matcher.firms import LONGEST_TEXT, Fault, fact_response, industry_response, shown
from matcher.presentation import catalogue
from matcher.rulebook import Scheme, Text, version_on

from .access import spend
from .blueprint import pages
from .operations import AS_OF, JSON, Operation, Parameter, operation, ref
from .problems import ProblemError, refused
from .requests import asked_day, only
from .schemas import DIALECT, decision_schema, profile_schema

_FRESH_SECONDS = 300


@pages.get("/schemes")
@operation(
    Operation(
        Text(zh="某一天的全部政策", en="All schemes as of a day"),
        {JSON: ref("Catalogue")},
        parameters=(AS_OF,),
        refuses=(422,),
        may_be_unchanged=True,
    )
)
def schemes() -> Response:
    """The catalogue of a day."""
    book = catalogue().rulebook
    return kept_for_all(Response(_catalogue_text(book.hash, asked_day(), request.script_root), mimetype=JSON))


@lru_cache(maxsize=8)
def _catalogue_text(rulebook_hash: str, day: date, root: str) -> str:
    """The catalogue of a day, written once: it is asked for again and again, and changes with the rules alone."""
    entries = [_entry(scheme, day) for scheme in catalogue().rulebook.schemes.values()]
    found = {"rulebook": rulebook_hash, "as_of": day.isoformat(), "schemes": entries}
    return json.dumps(found, ensure_ascii=False) + "\n"


@pages.get("/schemes/<slug>")
@operation(
    Operation(
        Text(zh="某一天的一项政策", en="One scheme as of a day"),
        {JSON: ref("Scheme")},
        parameters=(
            Parameter("slug", {"type": "string"}, Text(zh="政策编号", en="the id of a scheme"), "path", True),
            AS_OF,
        ),
        refuses=(404, 422),
        may_be_unchanged=True,
    )
)
def scheme(slug: str) -> Response:
    """One scheme, with papers, where to go and notes."""
    day, book = asked_day(), catalogue().rulebook
    found = book.schemes.get(slug)
    if found is None:
        raise ProblemError(404, Text(zh=f"没有编号为 {shown(slug)} 的政策", en=f"there is no scheme {shown(slug)}"))
    more = {
        "rulebook": book.hash,
        "as_of": day.isoformat(),
        "evidence": [one.to_json() for one in found.evidence],
        "channel": found.channel.to_json() if found.channel else None,
        "notes": [one.to_json() for one in found.notes],
    }
    return lasting({**_entry(found, day), **more})


@pages.get("/facts")
@operation(
    Operation(
        Text(zh="企业资料可以写的全部事实", en="Every fact that a profile may hold"),
        {JSON: ref("Facts")},
        refuses=(422,),
        may_be_unchanged=True,
    )
)
def facts() -> Response:
    """The vocabulary."""
    only()
    book = catalogue().rulebook
    return lasting({"rulebook": book.hash, "facts": [fact_response(fact) for fact in book.facts.values()]})


@pages.get("/industries")
@operation(
    Operation(
        Text(zh="按大白话找行业", en="Industries by plain words"),
        {JSON: ref("Industries")},
        parameters=(
            Parameter(
                "q",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
                Text(zh="做什么、卖什么、代码或企业名称", en="what the firm makes or sells, a code, or its name"),
                is_required=True,
            ),
        ),
        refuses=(422, 429),
    )
)
def industries() -> Response:
    """The groups of the industry standard that a query means."""
    only("q")
    query = request.args.get("q", "")
    if not 0 < len(query) <= LONGEST_TEXT or "\0" in query:
        text = Text(zh=f"请写 1 至 {LONGEST_TEXT} 个字", en=f"write 1 to {LONGEST_TEXT} characters")
        raise refused([Fault("q", None, shown(query), text, ("q",))])
    spend()
    return answer(industry_response(query))


@pages.get("/schemas/profile.json")
@operation(
    Operation(
        Text(zh="企业资料的 JSON Schema", en="The JSON Schema of a profile"),
        {"application/schema+json": {"type": "object"}},
        may_be_unchanged=True,
    )
)
def profile_shape() -> Response:
    """The schema of a profile, by the vocabulary in force."""
    return _schema("profile", profile_schema(catalogue().rulebook))


@pages.get("/schemas/decision.json")
@operation(
    Operation(
        Text(zh="一项判断的 JSON Schema", en="The JSON Schema of a decision"),
        {"application/schema+json": {"type": "object"}},
        may_be_unchanged=True,
    )
)
def decision_shape() -> Response:
    """The schema of a decision."""
    return _schema("decision", decision_schema())


def answer(found: dict[str, Any]) -> Response:
    """An answer for whoever asked alone."""
    made = Response(json.dumps(found, ensure_ascii=False) + "\n", mimetype=JSON)
    made.headers["Cache-Control"] = "no-store"
    return made


def lasting(found: dict[str, Any], media_type: str = JSON) -> Response:
    """An answer that is the same for everybody: kept for some minutes, then asked about by its ETag (304 where it still holds)."""
    body = json.dumps(found, ensure_ascii=False) + "\n"
    return kept_for_all(Response(body, mimetype=media_type))


def kept_for_all(made: Response) -> Response:
    """The same for an answer of any type."""
    made.set_etag(sha256(made.get_data()).hexdigest()[:32])
    made.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    return made.make_conditional(request)  # type: ignore[return-value]


def _entry(scheme: Scheme, day: date) -> dict[str, Any]:
    version, state = version_on(scheme, day)
    span = version and {
        "from": version.from_.isoformat() if version.from_ else None,
        "until": version.until.isoformat() if version.until else None,
        "instrument": version.instrument,
    }
    return {
        "scheme": scheme.slug,
        "name": scheme.name.to_json(),
        "summary": scheme.summary.to_json(),
        "kind": scheme.kind,
        "family": scheme.family,
        "recipient": scheme.recipient,
        "department": scheme.department.to_json(),
        "state": state,
        "version": span or None,
        "reads": list(catalogue().rulebook.facts_needed((scheme.slug,))),
        "page": url_for("document.scheme", slug=scheme.slug),
    }


def _schema(name: str, schema: dict[str, Any]) -> Response:
    head = {"$schema": DIALECT, "$id": f"/api/v1/schemas/{name}.json", "title": name}
    return lasting({**head, **schema}, "application/schema+json")
