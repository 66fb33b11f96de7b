"""A form that came when the session was over: it waits, sealed, in the sign-in page, and goes on from there."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from matcher.web import errors
from matcher.web.keep import sealed

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
    text = sealed.close(_USE, zlib.compress(whole))
    return text if len(text) <= _LARGEST else None


def opened() -> Carried | None:
    """The form that this request carries along, if any."""
    packed = sealed.opened(_USE, request.form.get(FIELD, ""), _SECONDS)
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
