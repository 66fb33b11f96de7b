"""Signed-in sessions of the desk: whose they are, when they end, and where one is sent who has none."""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import reading
from matcher.db import session as transaction
from matcher.web import engine, sealing

from . import late_forms, passwords
from .models import Account, SignedIn
from .service import Limits, close_session, drop_over, open_session, seen, whose_session

SIGN_IN = "desk_sign_in.form"

CHANGE = "desk_mine.password"

IDLE, LONGEST = "DESK_IDLE_MINUTES", "DESK_SESSION_HOURS"

"""The settings after which a session ends: without a request, and in any case."""

_KEY, _WHOSE = "desk_session", "_user_id"

_TOKEN = "desk id token"

_OFTEN = timedelta(minutes=1)

"""How exactly it is known when a session was last in use."""


@dataclass
class Signed(UserMixin):  # type: ignore[misc]
    """The signed-in account as Flask-Login wants it; its id changes with the account's epoch, which ends old sessions."""

    account: Account

    def get_id(self) -> str:
        return f"{self.account.id}:{self.account.epoch}"


def install(app: Flask) -> None:
    """Let Flask-Login know the accounts."""
    passwords.prepare()
    manager = LoginManager()
    # A clerk's address may change within a day; what guards a session is its row, its short life and the epoch.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)


def limits() -> Limits:
    """How long a session lasts here."""
    settings = current_app.config
    return Limits(timedelta(minutes=int(settings[IDLE])), timedelta(hours=int(settings[LONGEST])))


def sweep(now: datetime) -> None:
    """Delete the sessions of anybody that are over."""
    with transaction(engine()) as writing:
        drop_over(writing, now, limits())


def begin(writing: Session, account: Account, now: datetime, id_token: str = "") -> None:
    """Sign an account in; whatever the session held goes, so that nobody can have prepared it.

    :param id_token: what the sign-in service said of it; empty for a local sign-in.
    """
    session.clear()
    login_user(Signed(account))
    stamp(session, writing, account, now, sealing.close(_TOKEN, id_token.encode()) if id_token else None)


def stamp(
    held: MutableMapping[str, Any], writing: Session, account: Account, now: datetime, id_token: str | None = None
) -> None:
    """Write into a browser's session, and into the store, whose it is from now on."""
    token = secrets.token_urlsafe(32)
    open_session(writing, _hash(token), account, now, id_token)
    held[_KEY], held[_WHOSE], held["_fresh"] = token, Signed(account).get_id(), True


def renew(account: Account) -> None:
    """Go on with this session where the account's epoch has just changed."""
    session[_WHOSE] = Signed(account).get_id()


def present() -> str:
    """The id of this session in the store."""
    return _hash(str(session.get(_KEY, "")))


def end(writing: Session) -> str:
    """Sign out: the session is over wherever its cookie may still be. What the sign-in service had said of it; empty for nothing."""
    found = writing.get(SignedIn, present())
    kept = (
        sealing.opened(_TOKEN, found.id_token, limits().longest // timedelta(seconds=1))
        if found and found.id_token
        else None
    )
    close_session(writing, present())
    logout_user()
    session.clear()
    return (kept or b"").decode()


def keep_alive(now: datetime) -> None:
    """Remember, once a minute at most, that the session is in use."""
    signed_in = cast(SignedIn, g.desk_signed_in)
    if now - signed_in.seen_at >= _OFTEN:
        with transaction(engine()) as writing:
            seen(writing, signed_in.id, now)


def last_account() -> int | None:
    """Whose session this was, though it may have ended."""
    number = str(session.get(_WHOSE, "")).partition(":")[0]
    return int(number) if number.isdecimal() else None


def ask_to_sign_in() -> Response | tuple[str, int]:
    """Send somebody without a session to the door, and back afterwards; a form that was filled in meanwhile is kept."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return late_forms.closed()  # a script asks: it must not take the door's page for an answer
    if request.method in ("GET", "HEAD"):
        return redirect(url_for(SIGN_IN, next=request.full_path.rstrip("?")), 303)
    return late_forms.ended(last_account())


def ask_to_change() -> Response:
    """Send somebody with a first password to where it is changed."""
    return redirect(url_for(CHANGE), 303)


def _load(told: str) -> Signed | None:
    with reading(engine()) as register:
        account, signed_in = whose_session(register, present(), datetime.now(UTC), limits())
    if account is None or Signed(account).get_id() != told:
        return None
    g.desk_signed_in = signed_in
    return Signed(account)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
