"""Keys of private links: who has one may read a copy, and only the browser that made it may delete what lies under it."""

from __future__ import annotations

import json

from flask import Request, Response, current_app, request

from matcher.web.keep import lockers, sealed

COOKIE = "links"
_NEW, _NEW_SECONDS = "new link", 12 * 3600
_OWN, _OWN_SECONDS = "own links", 30 * 24 * 3600
_MOST = 50


def new_key() -> str:
    """A fresh key, sealed for the form that makes a link: a key that somebody has read in a link makes none."""
    return sealed.close(_NEW, lockers.new_key().encode())


def read_new(text: str) -> str | None:
    """The key in that form; None where it was not made here, or the page was open for too long."""
    key = sealed.opened(_NEW, text, _NEW_SECONDS)
    return key.decode() if key is not None else None


def is_own(request_: Request, key: str) -> bool:
    """Whether this browser made the link."""
    return key in _own(request_)


def remember(answer: Response, key: str) -> None:
    """Let the browser remember that it made this link; the last fifty, for as long as a link lasts."""
    keys = [key, *(known for known in _own(request) if known != key)][:_MOST]
    text = sealed.close(_OWN, json.dumps(keys).encode())
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    path = f"{request.script_root}/link"
    answer.set_cookie(COOKIE, text, max_age=_OWN_SECONDS, path=path, secure=secure, httponly=True, samesite="Lax")


def _own(request_: Request) -> list[str]:
    packed = sealed.opened(_OWN, request_.cookies.get(COOKIE, ""), _OWN_SECONDS)
    return [str(key) for key in json.loads(packed)] if packed is not None else []
