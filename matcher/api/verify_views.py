"""Verification for programs: a letter by what stands on its paper, or by its file."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from matcher.firms import Fault, shown
from matcher.letters import verify_code, verify_known, verify_opened, verify_text
from matcher.letters.proof import (
    LARGEST,
    LONGEST,
    Against,
    KeyFolder,
    Verdict,
    fault,
    is_statement,
)
from matcher.rulebook import Text
from matcher.text import CodeMistyped, read_code, today
from matcher.web import RateLimit, engine, scan

from .access import spend
from .blueprint import pages
from .catalogue_views import answer
from .operations import JSON, PDF, Operation, operation, ref
from .problems import refused
from .requests import document, must_be, only

# Opening a stranger's file costs a process of its own: of one network address so many in ten minutes.
_OPENED = RateLimit(60, seconds=600)

# Those that used up their time hold up everybody else's, here as on the page.
_TOO_HEAVY = RateLimit(3, seconds=600)

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
        return verify_text(engine(), told, _against())
    try:
        code = read_code(told)
    except CodeMistyped:
        return Verdict("unknown", None, (fault("code_mistyped"),))
    return verify_code(engine(), code, _against()) or Verdict("unknown", None, (fault("code_not_found"),))


def _of_file(pdf: bytes) -> Verdict:
    """One that is in the register as it is needs no more than its digest; any other is opened in a process apart."""
    known = verify_known(engine(), pdf, _against())
    if known is not None:
        return known
    _TOO_HEAVY.check(request)
    _OPENED.spend(request)
    scan(pdf)
    verdict = verify_opened(engine(), pdf, _against())
    _TOO_HEAVY.count(request, sum(one.word == "too_heavy" for one in verdict.faults))
    return verdict


def _against() -> Against:
    return Against(KeyFolder.own().known(), today())
