"""Verification for programs: a letter by what stands on its paper, or by its file."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from matcher.db import reading
from matcher.firms import Fault, shown
from matcher.letters import standing, statement_of_code, statement_of_file
from matcher.letters.proof import (
    LARGEST,
    LONGEST,
    Against,
    KeyFolder,
    Shelf,
    Verdict,
    beside_register,
    fault,
    is_statement,
    own_archives,
    trimmed,
    verify_apart,
    verify_statement,
)
from matcher.rulebook import Text
from matcher.text import CodeMistyped, read_code, today
from matcher.web import RateLimit, engine

from .access import spend
from .blueprint import pages
from .catalogue_views import answer
from .operations import JSON, PDF, Operation, operation, ref
from .problems import refused
from .requests import document, must_be, only

# Opening a stranger's file costs a process of its own: of one network address so many in ten minutes.
_OPENED = RateLimit(60, seconds=600)

_UNITS_OF_A_FILE = 5


@pages.post("/verify")
@operation(
    Operation(
        Text(
            zh="核验函件：校验码、二维码内容或 PDF 文件",
            en="Verify a letter by its code, what its QR code says, or its file",
        ),
        {JSON: ref("Verification")},
        takes={JSON: ref("Code"), PDF: {"type": "string", "format": "binary"}},
        refuses=(400, 401, 403, 413, 415, 422, 429, 503),
        scope="verify",
        largest=LARGEST,
    )
)
def verify() -> Response:
    """What verifying came to; also of an unknown or altered letter: that is an answer and no refusal."""
    only()
    must_be(JSON, PDF)
    if request.mimetype == PDF:
        spend(_UNITS_OF_A_FILE)
        verdict = _of_file(request.get_data())
    else:
        spend()
        verdict = _of_code(_code())
    found = verdict.to_json()
    # `valid` and `state` are the words of before 0.3.0 for `integrity`, `issuer` and `standing`: no program needs them here.
    return answer({key: value for key, value in found.items() if key not in ("valid", "state")})


def _code() -> str:
    raw: Any = document().data
    text = Text(
        zh='请写 {"code": "…"}：12 位校验码，或二维码的内容',
        en='send {"code": "…"}: the twelve characters, or the QR code',
    )
    if not isinstance(raw, dict) or not isinstance(raw.get("code"), str) or not 0 < len(raw["code"]) <= LONGEST:
        raise refused([Fault("code", None, "", text, ("code",))])
    strange = [key for key in raw if key != "code"]
    if strange:
        raise refused([Fault(shown(key), None, shown(raw[key]), text, (key,)) for key in strange])
    return str(raw["code"]).strip()


def _of_code(told: str) -> Verdict:
    if is_statement(told):
        return _beside_register(verify_statement(told, _against()))
    try:
        code = read_code(told)
    except CodeMistyped:
        return Verdict("unknown", None, (fault("code_mistyped"),))
    with reading(engine()) as register:
        statement = statement_of_code(register, code)
    if statement is None:
        return Verdict("unknown", None, (fault("code_not_found"),))
    return _beside_register(verify_statement(statement, _against()))


def _of_file(pdf: bytes) -> Verdict:
    """One that is in the register as it is needs no more than its digest; any other is opened in a process apart."""
    sha256 = hashlib.sha256(trimmed(pdf)).hexdigest()
    with reading(engine()) as register:
        statement = statement_of_file(register, sha256)
    if statement is not None:
        return _beside_register(verify_statement(statement, _against()), sha256)
    _OPENED.spend(request)
    verdict = verify_apart(pdf, _against().trust, today(), Shelf(own_archives()))
    return _beside_register(verdict, sha256 if verdict.proved == "file" else None)


def _beside_register(verdict: Verdict, sha256: str | None = None) -> Verdict:
    if verdict.number is None or verdict.statement is None:
        return verdict
    with reading(engine()) as register:
        return beside_register(verdict, standing(register, verdict.number), sha256)


def _against() -> Against:
    return Against(KeyFolder.own().known(), today())
