"""Decisions for programs: one firm, many firms line by line, the next question, the best set of offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context

from matcher.firms import Profile, Unreadable, bundle_response, check_response, decode, read_bundle, read_json
from matcher.presentation import catalogue
from matcher.rulebook import Rulebook, Text
from matcher.text import today

from .access import spend
from .blueprint import pages
from .catalogue_views import answer
from .operations import JSON, JSON_LINES, Operation, Parameter, operation, ref
from .problems import ProblemError, refused
from .requests import document, must_be, only, profile_of

MOST_LINES = 1000

LARGEST_BATCH = 8 * 1024 * 1024

_DETAIL = Parameter(
    "detail",
    {"enum": ["full", "essence"]},
    Text(
        zh="full 写出理由、差一点、算法和期限；essence 只写结论和金额",
        en="full adds reasons, near misses, arithmetic and days to keep; essence gives status and sum",
    ),
)

_REFUSES = (400, 401, 403, 413, 415, 422, 429)


@pages.post("/check")
@operation(
    Operation(
        Text(zh="判断一家企业", en="Decide for one firm"),
        {JSON: ref("Check")},
        takes={JSON: ref("Profile")},
        parameters=(_DETAIL,),
        refuses=_REFUSES,
        scope="check",
    )
)
def check() -> Response:
    """Every scheme (or those named) for the firm of the body."""
    in_full = _in_full("full")
    spend()
    profile = profile_of(document())
    if profile.faults:
        raise refused(profile.faults)
    spend(_more(profile))
    return answer(_decided(catalogue().rulebook, profile, in_full))


@pages.post("/check/batch")
@operation(
    Operation(
        Text(
            zh=f"判断多家企业：一行一家，最多 {MOST_LINES} 行，逐行答复",
            en=f"Decide for many firms: one a line, {MOST_LINES} at most, answered line by line",
        ),
        {JSON_LINES: ref("Line")},
        takes={JSON_LINES: ref("Profile")},
        parameters=(_DETAIL,),
        refuses=_REFUSES,
        scope="batch",
        largest=LARGEST_BATCH,
    )
)
def batch() -> Response:
    """Each line of the body is a profile; each line of the answer belongs to the line of its number, a bad one with its errors."""
    in_full = _in_full("essence")
    must_be(JSON_LINES)
    rows = [(number, row) for number, row in enumerate(request.get_data().splitlines(), 1) if row.strip()]
    if not rows:
        raise ProblemError(400, Text(zh="没有一行", en="there is no line"))
    if len(rows) > MOST_LINES:
        raise ProblemError(
            413,
            Text(
                zh=f"一次最多 {MOST_LINES} 行，这里有 {len(rows)} 行",
                en=f"at most {MOST_LINES} lines at once, and here are {len(rows)}",
            ),
        )
    spend(len(rows))
    read = [(number, _read(number, row)) for number, row in rows]
    spend(sum(_more(profile) for _, profile in read))
    lines = _lines(catalogue().rulebook, read, in_full)
    return Response(stream_with_context(lines), mimetype=JSON_LINES, headers={"Cache-Control": "no-store"})


@pages.post("/bundle")
@operation(
    Operation(
        Text(zh="在互相排斥的政策里选最优组合", en="Choose the best set among offers that exclude each other"),
        {JSON: ref("Bundle")},
        takes={JSON: ref("Offers")},
        refuses=_REFUSES,
        scope="check",
    )
)
def bundle() -> Response:
    """What may be had together, and is worth most."""
    only()
    spend()
    found = document()
    one = read_bundle(catalogue().rulebook, found.data, found, (), "bundle")
    chosen = bundle_response(catalogue().rulebook, one)
    if isinstance(chosen, tuple):
        raise refused(chosen)
    return answer(chosen)


def _in_full(default: str) -> bool:
    only("detail")
    told = request.args.get("detail", default)
    if told not in ("full", "essence"):
        raise ProblemError(422, Text(zh="detail 应是 full 或 essence", en="detail must be full or essence"))
    return told == "full"


def _decided(rulebook: Rulebook, profile: Profile, in_full: bool) -> dict[str, Any]:
    return check_response(rulebook, profile, profile.as_of or today(), profile.schemes, in_full=in_full)


def _more(profile: Profile) -> int:
    """What a profile counts besides one: each loan, project, machine is decided like a firm of its own."""
    return len(profile.items.all)


def _read(number: int, row: bytes) -> Profile:
    name = f"line-{number}"
    try:
        return profile_of(read_json(decode(row, number), number), name, number)
    except Unreadable as error:
        return Profile(name, None, None, {}, error.faults)


def _lines(rulebook: Rulebook, profiles: list[tuple[int, Profile]], in_full: bool) -> Iterator[str]:
    for number, profile in profiles:
        if profile.faults:
            errors = [{"pointer": one.pointer, **one.to_json()} for one in profile.faults]
            found: dict[str, Any] = {"line": number, "id": profile.id, "errors": errors}
        else:
            found = {"line": number, **_decided(rulebook, profile, in_full)}
        yield json.dumps(found, ensure_ascii=False) + "\n"
