"""Signed-in sessions of the desk: whose they are, when they end, and where one is sent who has none."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response

from matcher.store import session
from matcher.store.desk import Account
from matcher.web.keep.database import engine

SIGN_IN = "desk_sign_in.form"
CHANGE = "desk_mine.password"


@dataclass
class Signed(UserMixin):  # type: ignore[misc]
    """The signed-in account as Flask-Login wants it; its id changes with the account's epoch, which ends old sessions."""

    account: Account

    def get_id(self) -> str:
        return f"{self.account.id}:{self.account.epoch}"


def install(app: Flask) -> None:
    """Let Flask-Login know the accounts."""
    manager = LoginManager()
    manager.user_loader(_load)
    manager.init_app(app)


def ask_to_sign_in() -> Response:
    """Send somebody without a session to the door, and back afterwards."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(SIGN_IN, next=wanted), 303)


def ask_to_change() -> Response:
    """Send somebody with a first password to where it is changed."""
    return redirect(url_for(CHANGE), 303)


def _load(told: str) -> Signed | None:
    number, _, epoch = told.partition(":")
    if not (number.isdecimal() and epoch.isdecimal()):
        return None
    with session(engine()) as reading:
        account = reading.get(Account, int(number))
    if account is None or not account.is_active or account.epoch != int(epoch):
        return None
    return Signed(account)
