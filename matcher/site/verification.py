"""The pages to verify a letter: by its twelve characters, by what a phone read, by its file, or later without a network."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher import places
from matcher.db import reading
from matcher.letters import verify_code, verify_known, verify_opened, verify_text, withdrawn
from matcher.letters.compose import GROUPS, NOTES
from matcher.letters.proof import (
    ALPHABET_43,
    AMOUNTS,
    CAPITALS,
    LARGEST,
    LONGEST,
    PREFIX,
    PREFIX_3,
    SMALL,
    STALE_AFTER,
    STATUSES,
    Against,
    KeyFolder,
    TrustList,
    Verdict,
    fault,
    holds,
    is_statement,
    labels,
    mark_of,
    meaning,
    notes,
    rows,
    state_word,
    words_of_kinds,
    words_of_states,
)
from matcher.presentation import catalogue
from matcher.text import STATUS, CodeMistyped, read_code, sentences, spaced, today
from matcher.web import RateLimit, UploadRefusedError, engine, language, scan, token_holds

pages = Blueprint("verification", __name__)

_FORM_BESIDE_FILE = 64 * 1024

# Of one network address, in each process: an office of many clerks behind one address is not to notice them.
_LOOKED_UP = RateLimit(600, seconds=600)

_OPENED = RateLimit(60, seconds=600)

_TOO_HEAVY = RateLimit(3, seconds=600)

_SEE_OTHER, _NOT_FOUND, _UNPROCESSABLE = 303, 404, 422


@pages.get("/verify")
def form() -> str:
    """Ask for the code on the paper, for what a phone read, or for the file."""
    return render_template("verify/form.html", typed="", wrong=None)


@pages.post("/verify")
def posted() -> str | tuple[str, int] | AnyResponse:
    """Verify what was sent. A code leads to an address of its own, which can be kept and asked again."""
    request.max_content_length = LARGEST + _FORM_BESIDE_FILE
    typed, file = request.form.get("code", "").strip("\r\n\t"), request.files.get("file")
    if not token_holds(request.form.get("csrf_token")):
        return _again(typed, sentences.Sentence("页面打开太久了，请再按一次“核验”；选过的文件要重新选。"))
    if file is not None and file.filename:
        return _of_file(file.stream.read(LARGEST + 1))
    if is_statement(typed.lstrip()) and len(typed) <= LONGEST:
        _LOOKED_UP.spend(request)
        return _page(verify_text(engine(), typed.lstrip(), _against()))
    if not typed.strip():
        return _again(typed, sentences.Sentence("请输入校验码，或选择函件的PDF文件。"))
    try:
        return redirect(url_for("verification.of_code", code=spaced(read_code(typed))), _SEE_OTHER)
    except CodeMistyped:
        return _again(
            typed,
            sentences.Sentence(
                "校验码不对：共12位，不含0、1、2、5、8、B、I、L、O、Q、S、U、Z。请对照函件再输一次；"
                "二维码内容要从TJ起或连同网址整段粘贴。"
            ),
        )


@pages.get("/v/<code>")
def of_code(code: str) -> tuple[str, int]:
    """What the register says of the letter with this code: its statement and its state, and no fact beyond the paper."""
    try:
        wanted = read_code(code)
    except CodeMistyped:
        return _again(
            code,
            sentences.Sentence(
                "校验码不对：共12位，不含0、1、2、5、8、B、I、L、O、Q、S、U、Z。请对照函件再输一次；"
                "二维码内容要从TJ起或连同网址整段粘贴。"
            ),
        )
    _LOOKED_UP.spend(request)
    verdict = verify_code(engine(), wanted, _against())
    if verdict is None:
        return _page(Verdict("unknown", None, (fault("code_not_found"),))), _NOT_FOUND
    return _page(verdict, wanted), 200


@pages.get("/verify/offline")
def offline() -> Response:
    """The verifier as one file, with the trust list of today inside; a browser opens it without a network."""
    answer = make_response(_verifier(None))
    answer.headers["Content-Disposition"] = 'attachment; filename="verify-letter.html"'
    return answer


@pages.get("/v")
@pages.get("/V")
def here() -> Response:
    """The same page, opened by a camera: what it verifies stands behind the # of its address, which no browser sends."""
    answer = make_response(_verifier(url_for("verification.posted")))
    answer.headers["Content-Security-Policy"] = _VERIFIER_POLICY
    return answer


# One page with its script and style inside, as it is when it is saved; nothing on it comes from a visitor.
_VERIFIER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src blob:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def _verifier(here: str | None) -> str:
    schemes = catalogue().rulebook.schemes
    return render_template(
        "verify/offline.html",
        here=here,
        script=_static("offline.js"),
        style=_static("offline.css"),
        data={
            "trust": _trust_json(),
            "made": today().isoformat(),
            "root": KeyFolder.own().root_fingerprint(),
            "stale_after": STALE_AFTER.days,
            "prefix": PREFIX,
            "statuses": [STATUS[one].letter.model_dump() for one in STATUSES],
            "waiting": STATUSES.index("needs_information"),
            "amounts": AMOUNTS,
            "kinds": words_of_kinds(),
            "prefix3": PREFIX_3,
            "groups": GROUPS,
            "notes": NOTES,
            "alphabets": {"code": CAPITALS, "slug": SMALL, "page": ALPHABET_43},
            "schemes": {slug: one.name.model_dump() for slug, one in schemes.items()},
            "marks": {mark_of(slug).hex(): slug for slug in schemes},
            "states": words_of_states(),
            "labels": labels(),
        },
    )


def _of_file(pdf: bytes) -> str | tuple[str, int]:
    """Verify a file: one that is in the register as it is needs no more than its digest, and is never opened."""
    known = verify_known(engine(), pdf, _against())
    if known is not None:
        _LOOKED_UP.spend(request)
        return _page(known)
    _TOO_HEAVY.check(request)
    _OPENED.spend(request)
    try:
        scan(pdf)
    except UploadRefusedError as refused:
        return _refused("", refused.text.get(language.lang()))
    verdict = verify_opened(engine(), pdf, _against())
    _TOO_HEAVY.count(request, sum(one.word == "too_heavy" for one in verdict.faults))
    return _page(verdict)


def _page(verdict: Verdict, code: str | None = None) -> str:
    lang = language.lang()
    return render_template(
        "verify/result.html",
        verdict=verdict,
        word=state_word(verdict, lang),
        meaning=meaning(verdict, lang),
        rows=rows(verdict, catalogue().rulebook, lang),
        holds=holds(verdict),
        faults=[one.what.get(lang) for one in verdict.faults],
        notes=notes(verdict, lang),
        code=spaced(code) if code else None,
    )


def _again(typed: str, key: str) -> tuple[str, int]:
    """The form again with what was typed, and what is wrong with it."""
    return _refused(typed, sentences.say(key, language.lang()))


def _refused(typed: str, wrong: str) -> tuple[str, int]:
    return render_template("verify/form.html", typed=typed[:LONGEST], wrong=wrong), _UNPROCESSABLE


def _against() -> Against:
    return Against(_trust(), today())


def _trust() -> TrustList | None:
    """The keys of this site; the register, which is asked as well, knows what was withdrawn."""
    return KeyFolder.own().known()


def _trust_json() -> dict[str, object]:
    trust = _trust()
    with reading(engine()) as register:
        letters = {number: one.model_dump() for number, one in withdrawn(register).items()}
    # Of files it knows nothing: their digests would only make the page longer.
    keys = [one.model_dump(exclude={"signed_before": {"files"}}) for one in trust.keys] if trust else []
    return {"keys": keys, "letters": letters}


def _static(name: str) -> str:
    return (places.static_dir() / "verify" / name).read_text(encoding="utf-8")
