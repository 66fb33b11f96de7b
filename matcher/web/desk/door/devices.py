"""Remembers in a browser which accounts have signed in there: wrong passwords tried elsewhere are not held against it.

The cookie says nothing that can be read, opens nothing and is worth five tries like any other place: it only takes the
device out of the count that a stranger can fill. See OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

from __future__ import annotations

import json
import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from matcher.web.keep import sealed

COOKIE = "desk_device"
DAYS = 180
_USE, _AGE = "desk device", DAYS * 24 * 3600
_MOST = 20  # accounts of one browser: a computer that a whole shift shares


def device_of(account_id: int | None) -> str | None:
    """The name of this device, where the account has signed in here before; None where it has not, or nobody has."""
    device, accounts = _opened()
    return device if account_id is not None and account_id in accounts else None


def remember(answer: Response, account_id: int) -> None:
    """Let the browser remember that the account has signed in here."""
    device, accounts = _opened()
    known = [account_id, *(known for known in accounts if known != account_id)][:_MOST]
    text = sealed.close(_USE, json.dumps([device or secrets.token_hex(16), known]).encode())
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    path = f"{request.script_root}/desk"
    answer.set_cookie(COOKIE, text, max_age=_AGE, path=path, secure=secure, httponly=True, samesite="Strict")


def _opened() -> tuple[str | None, list[int]]:
    packed = sealed.opened(_USE, request.cookies.get(COOKIE, ""), _AGE)
    if packed is None:
        return None, []
    device, accounts = json.loads(packed)
    return str(device), [int(account) for account in accounts]
