"""One's own passkeys: a new one, another name, and away with it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import EntryError, reading, session
from matcher.text import sentences
from matcher.web import engine, language, now

from . import passkeys, sessions
from .authorization import me, record, require
from .models import Account, Passkey
from .own_account import done, mine, page, wrong_password
from .service import end_sessions

pages = Blueprint("desk_passkeys", __name__)

Answer = Response | str | tuple[str, int]

_NOT_FOUND, _REFUSED = 404, 422

_LONGEST_NAME = 64


@pages.get("/desk/me/passkeys/new")
@require("self.change")
def new() -> Answer:
    """The form for a new one; the browser asks for the device when it is sent."""
    return _form({}) if _has_form() else redirect(url_for("desk_mine.show"), 303)


@pages.post("/desk/me/passkeys/new")
@require("self.change")
def add() -> Answer:
    """Keep it, once the password is right and the browser's answer is believed; the account's other sessions end."""
    lang = language.lang()
    if not _has_form():
        return redirect(url_for("desk_mine.show"), 303)
    wrong = wrong_password(request.form.get("present", ""))
    if wrong:
        return _form({"present": wrong}), _REFUSED
    try:
        with session(engine()) as writing:
            account = mine(writing)
            told, challenge = request.form.get("credential", ""), request.form.get("challenge", "")
            made = passkeys.add(writing, account, challenge, told, request.form.get("name", ""), now())
            end_sessions(writing, account, sessions.present())
            record(writing, "account.passkey_added", f"account {account.name}", passkey=made.id)
    except EntryError as error:
        return _form({"name": error.text.get(lang)}), _REFUSED
    except passkeys.PasskeyError:
        return _form({"said": sentences.say("没有加上：浏览器没有给出能用的通行密钥。请再试一次。", lang)}), _REFUSED
    return done(account, sentences.Sentence("通行密钥已添加，下次登录可以用它。"))


@pages.post("/desk/me/passkeys/<int:number>/<any(name,remove):act>")
@require("self.change")
def change(number: int, act: str) -> Answer:
    """Call it otherwise; or, with the password, take it away."""
    fault = wrong_password(request.form.get("present", "")) if act == "remove" else None
    if fault:
        return page({"passkeys": fault}), _REFUSED
    with session(engine()) as writing:
        account = mine(writing)
        found = _own(writing, account, number)
        if act == "remove":
            passkeys.remove(writing, account, found, sessions.present())
            record(writing, "account.passkey_removed", f"account {account.name}", passkey=number)
        else:
            name = request.form.get("name", "").strip()[:_LONGEST_NAME]
            found.name = name or found.name
            record(writing, "account.passkey_named", f"account {account.name}", passkey=number)
    return done(
        account, sentences.Sentence("通行密钥已删除。") if act == "remove" else sentences.Sentence("名字已改。")
    )


def _own(writing: Session, account: Account, number: int) -> Passkey:
    found = writing.get(Passkey, number)
    if found is None or found.account_id != account.id:
        abort(_NOT_FOUND)
    return found


def _has_form() -> bool:
    """Whether one can be added: passkeys hold at an address that the site knows, beside a password of this account."""
    return me().has_password and passkeys.place() is not None


def _form(faults: dict[str, str]) -> str:
    with reading(engine()) as register:
        asked = passkeys.ask_to_add(register, me())
    return render_template("desk/passkey.html", asked=asked, faults=faults, name=request.form.get("name", ""))
