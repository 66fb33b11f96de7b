"""Keeps the answers in a sealed cookie of thirty days; what is too long for one lies locked on the server instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from flask import Request, Response, current_app, g
from flask import request as this_request

from matcher.presentation import catalogue
from matcher.web import SealBroken, SealExpired, sealing

from . import store, wire
from .answers import Answers
from .merging import merged
from .wire import fitted, vocabulary_of

COOKIE = "answers"

FIELD = "base"

DAYS = 30

# Browsers take 4,096 characters for name, value and the rest of the line.
LONGEST_COOKIE = 3800

Trouble = Literal["damaged", "expired", "gone"]

_AGE = DAYS * 24 * 3600

_HERE, _LOCKED = b"A", b"K"


def load(request: Request) -> Answers:
    """What was told so far. Nothing (and :func:`trouble` says why) if the cookie cannot be opened. Raises StoreError."""
    if "answers" not in g:
        g.answers, g.answers_trouble = _load(request)
    answers: Answers = g.answers
    return answers


def trouble(request: Request) -> Trouble | None:
    """Why answers that were kept cannot be had: the cookie is damaged or expired, or the server's part is gone."""
    load(request)
    found: Trouble | None = g.answers_trouble
    return found


def save(response: Response, answers: Answers) -> None:
    """Keep the answers with this response, for thirty days from now. Raises StoreError where the server must help."""
    old_key = _locker_key(this_request)
    answers = _stamped(answers)
    packed = _HERE + wire.pack(answers)
    text = sealing.close(COOKIE, packed)
    if len(text) > LONGEST_COOKIE:
        key = old_key or store.new_key()
        store.put(key, answers, DAYS)
        text = sealing.close(COOKIE, _LOCKED + key.encode())
    elif old_key:
        store.clear(old_key)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or this_request.is_secure
    response.set_cookie(COOKIE, text, max_age=_AGE, secure=secure, httponly=True, samesite="Lax")
    g.answers, g.answers_trouble = answers, None


def forget(response: Response) -> None:
    """Delete the answers: the cookie, and what lies on the server for it. Raises StoreError."""
    key = _locker_key(this_request)
    if key:
        store.clear(key)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    g.answers, g.answers_trouble = Answers(), None


def field(answers: Answers, use: str = FIELD) -> str:
    """A sealed snapshot for a form's hidden field `base`, so that the form knows what it started from; for one use alone."""
    return sealing.close(use, wire.pack(_stamped(answers)))


def base(request: Request, use: str = FIELD) -> Answers:
    """What the posted form started from; nothing if it does not say so, or says it illegibly, or for another use."""
    text = request.form.get(FIELD, "")
    try:
        return fitted(catalogue().rulebook, wire.unpack(sealing.open_sealed(use, text, _AGE)))
    except ValueError:
        return Answers()


def merge(request: Request, mine: Answers) -> Answers:
    """`mine`, made of the posted form, with what another tab has told since the form was shown."""
    theirs = load(request)
    # No cookie (refused, run out, or deleted in another tab): what this form brings is all there is.
    return merged(base(request), theirs, mine) if theirs != Answers() else _stamped(mine)


def _load(request: Request) -> tuple[Answers, Trouble | None]:
    text = request.cookies.get(COOKIE)
    if not text:
        return Answers(), None
    try:
        content = sealing.open_sealed(COOKIE, text, _AGE)
        found = _unlocked(content) if content[:1] == _LOCKED else wire.unpack(content[1:])
    except SealExpired:
        return Answers(), "expired"
    except ValueError:
        return Answers(), "damaged"
    return (Answers(), "gone") if found is None else (fitted(catalogue().rulebook, found), None)


def _unlocked(content: bytes) -> Answers | None:
    return store.look_into_locker(content[1:].decode())


def _locker_key(request: Request) -> str | None:
    """The key in the cookie that came, if the answers lie on the server."""
    try:
        content = sealing.open_sealed(COOKIE, request.cookies.get(COOKIE, ""), _AGE)
    except SealBroken:
        return None
    return content[1:].decode() if content[:1] == _LOCKED else None


def _stamped(answers: Answers) -> Answers:
    return replace(answers, vocabulary=vocabulary_of(catalogue().rulebook))
