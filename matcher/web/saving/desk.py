"""The service centre's bare page, until its desk exists: an operator's token and a code show what was handed over."""

from __future__ import annotations

import hmac
from io import BytesIO

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, send_file

from matcher import short_codes
from matcher.web import language
from matcher.web.catalogue import catalogue
from matcher.web.keep import file, handovers, sealed
from matcher.web.keep.tries import one_try
from matcher.web.saving import shown
from matcher.web.saving.handover import standing
from matcher.web.saving.said import guard, said

pages = Blueprint("desk", __name__)

PATH = "/desk/handover"
SHORTEST_TOKEN = 20
_PROOF, _PROOF_SECONDS = "operator has opened", 15 * 60
_FORBIDDEN, _NOT_FOUND, _GONE, _UNPROCESSABLE = 403, 404, 410, 422


@pages.before_request
def _only_with_a_token() -> None:
    """Without a good OPERATOR_TOKEN in the settings these pages do not exist."""
    if len(current_app.config.get("OPERATOR_TOKEN") or "") < SHORTEST_TOKEN:
        abort(_NOT_FOUND)


guard(pages)


@pages.get(PATH)
def form() -> Response:
    """Ask for token and code; neither ever stands in an address."""
    return _private(render_template("keep/desk.html"))


@pages.post(PATH)
def show() -> Response:
    """What was handed over, as a table; that it was looked at is recorded."""
    if not _is_operator(request.form.get("token", "")):
        return _private(*said("no_operator", _FORBIDDEN, back=PATH))
    try:
        code = short_codes.read_code(request.form.get("code", ""))
    except short_codes.CodeMistyped:
        return _private(*said("mistyped", _UNPROCESSABLE, back=PATH))
    with one_try(request, "code") as going_on:
        found = handovers.open_for_centre(code)
        going_on.was_right = found is not None
    if found is None:
        return _private(*said("no_code", _NOT_FOUND, back=PATH))
    if found.answers is None:
        return _private(*said("withdrawn", _GONE, back=PATH))
    groups = shown.told_groups(catalogue().rulebook, found.answers, language.lang())
    proof = sealed.close(_PROOF, code.encode())
    return _private(render_template("keep/desk_facts.html", groups=groups, standing=standing(found), proof=proof))


@pages.post(f"{PATH}/file")
def download() -> Response:
    """The same as a file: part of the opening that the proof on the page comes from, and of no other."""
    code = sealed.opened(_PROOF, request.form.get("proof", ""), _PROOF_SECONDS)
    found = handovers.open_for_centre(code.decode(), is_recorded=False) if code else None
    if found is None or found.answers is None:
        return _private(*said("withdrawn" if found else "stale", _GONE if found else 400, back=PATH))
    data = BytesIO(file.write(catalogue().rulebook, found.answers))
    answer = send_file(data, mimetype="application/json", as_attachment=True, download_name="handover.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_operator(token: str) -> bool:
    expected = str(current_app.config["OPERATOR_TOKEN"])
    with one_try(request, "operator") as going_on:
        going_on.was_right = hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode())
    return going_on.was_right


def _private(page: str, code: int = 200) -> Response:
    answer = make_response(page, code)
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return answer
