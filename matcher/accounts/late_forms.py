"""A form that came when the session was over: it waits, sealed, in the sign-in page, and goes on after."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from matcher.text import sentences
from matcher.web import errors, language, sealing

from . import identity
from .passkeys import Asked

# ---------------------------------------------------------------------------------------------------------------------
# A form that came when the session was over: it waits, sealed, in the sign-in page, and goes on from there.
# ---------------------------------------------------------------------------------------------------------------------


FIELD = "carried"

_USE = "desk form"

_SECONDS = 12 * 3600

_LARGEST = 150_000  # characters, so that the sign-in form that brings it is not refused itself

_LARGEST_OPEN = 1_000_000

_OWN = re.compile(r"/desk(?:[/?][!-\[\]-~]*)?")


@dataclass(frozen=True)
class Carried:
    """What was sent: to which path, the fields in their order, by whose session, and whether files were among it."""

    path: str
    fields: tuple[tuple[str, str], ...]
    account_id: int | None
    had_files: bool


def sent(account_id: int | None) -> Carried | None:
    """The form of this request; None where it is too large to be kept (a browser still sends: it is read away)."""
    try:
        fields = [(name, told) for name, told in request.form.items(multi=True) if name != "csrf_token"]
        had_files = any(file.filename for file in request.files.values())
    except RequestEntityTooLarge:
        errors.drain()
        return None
    return Carried(request.full_path.rstrip("?"), tuple(fields), account_id, had_files)


def close(form: Carried) -> str | None:
    """A text for a hidden field, which only this site opens; None for a form too long to be carried."""
    told = json.dumps([form.path, form.fields, form.account_id, form.had_files], ensure_ascii=False)
    whole = told.encode("utf-8", "replace")
    if len(whole) > _LARGEST_OPEN:
        return None
    text = sealing.close(_USE, zlib.compress(whole))
    return text if len(text) <= _LARGEST else None


def opened() -> Carried | None:
    """The form that this request carries along, if any."""
    packed = sealing.opened(_USE, request.form.get(FIELD, ""), _SECONDS)
    if packed is None:
        return None
    whole = zlib.decompressobj().decompress(packed, _LARGEST_OPEN)
    path, fields, account_id, had_files = json.loads(whole)
    return Carried(path, tuple((name, told) for name, told in fields), account_id, had_files)


def own_path(told: str | None) -> str | None:
    """A path of the desk that one may be sent to after signing in; None for anything else, above all for other sites."""
    if not told or not _OWN.fullmatch(told) or ".." in told or told.startswith("/desk/sign-"):
        return None
    return told


# ---------------------------------------------------------------------------------------------------------------------
# The pages of the door: the form to sign in with, what is said there, and the form that waited meanwhile.
# ---------------------------------------------------------------------------------------------------------------------


_BAD_REQUEST = 400

_FORBIDDEN = 403

_UNPROCESSABLE = 422


def sign_in_page(fault: str | None = None, code: int = 200, **values: object) -> tuple[str, int]:
    """The form to sign in with; `fault` is the sentence that says what is wrong. Name, target and waiting form are kept."""
    said = sentences.say(fault, language.lang(), **values) if fault else None
    return _page(said, code, request.form.get(FIELD, ""), request.values.get("next", "")), code


def second(
    first: str, asked: Asked | None, has_codes: bool, fault: str | None = None, code: int = 200, wanted: str = ""
) -> tuple[str, int]:
    """The second step, with the first step sealed in `first`: the code of the app (`has_codes`), or a passkey, as ``asked``."""
    said = sentences.say(fault, language.lang()) if fault else None
    page = render_template(
        "desk/sign_in_code.html",
        first=first,
        fault=said,
        carried=request.form.get(FIELD, ""),
        next=request.form.get("next", "") or wanted,
        asked=asked,
        has_codes=has_codes,
    )
    return page, code


def ended(account_id: int | None) -> tuple[str, int]:
    """The session is over and a form came: the form to sign in with, which carries the other one along."""
    form = sent(account_id)
    waiting = close(form) if form else None
    said = sentences.say(
        "登录已过期，为安全请重新登录。您刚才填写的内容还在，登录后接着用。"
        if waiting
        else "登录已过期，刚才的内容太大，没法带过来：请按浏览器的“返回”，在另一个窗口登录后再发一次。",
        language.lang(),
    )
    return _page(said, _FORBIDDEN, waiting or "", ""), _FORBIDDEN


def closed() -> Response:
    """What a script gets that asks without a session."""
    return Response(sentences.say("登录已过期，请重新登录。", language.lang()), _FORBIDDEN, mimetype="text/plain")


def leave() -> tuple[str, int]:
    """The button to sign out once more, on a page with a token that holds: the other was too old, or not of this site."""
    return render_template("desk/sign_out.html"), _BAD_REQUEST


def again(form: Carried, code: int = 200) -> tuple[str, int]:
    """The page with the form that waited, to be sent again with a fresh token."""
    return render_template("desk/again.html", form=form), code


def _page(said: str | None, code: int, waiting: str, wanted: str) -> str:
    name = request.form.get("name", "") if request.blueprint == "desk_sign_in" else ""
    is_notice = code == _FORBIDDEN and bool(waiting)
    return render_template(
        "desk/sign_in.html",
        said=said,
        is_notice=is_notice,
        name=name,
        carried=waiting,
        next=wanted,
        has_service=identity.is_offered(),
    )
