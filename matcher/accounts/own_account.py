"""One's own account (password, second factor, sessions) and what a centre settles for itself."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import EntryError, reading, session
from matcher.letters import centres
from matcher.text import sentences
from matcher.web import TooManyTries, engine, language, now, sealing

from . import identity, passkeys, passwords, rights, second_factor, sessions, sign_in_tries
from .authorization import me, reach, record, require
from .models import Account
from .service import (
    close_sessions,
    held_account,
    save_settings,
    sessions_of,
    set_password,
    set_second_factor,
    settings_of,
)
from .views import reached

# ---------------------------------------------------------------------------------------------------------------------
# One's own account: who one is, the password, the second factor, and the end of sessions open elsewhere.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_mine", __name__)

Answer = Response | str | tuple[str, int]

_NEW, _NEW_SECONDS = "desk new factor", 30 * 60

_REFUSED = 422


@pages.get("/desk/me")
@require("self.change")
def show() -> str:
    """Who one is here, and what one may change of it."""
    return page()


@pages.get("/desk/me/password")
@require("self.change")
def password() -> Answer:
    """The form for another password."""
    return _password_form({})


@pages.post("/desk/me/password")
@require("self.change")
def change_password() -> Answer:
    """Take another password; the account's other sessions end. After the first one of all, work begins: to the desk's first page."""
    present, new = request.form.get("present", ""), request.form.get("new", "")
    faults = _faults(present, new, request.form.get("again", ""))
    if faults:
        return _password_form(faults), _REFUSED
    with session(engine()) as writing:
        account = mine(writing)
        is_first = account.must_change
        set_password(writing, account, passwords.hashed(new), now(), keep=sessions.present())
        record(writing, "account.password_changed", f"account {account.name}")
    return done(
        account,
        sentences.Sentence("密码已修改，别处的登录都已退出。"),
        rights.first_page(account.role) if is_first else "desk_mine.show",
    )


@pages.post("/desk/me/sessions")
@require("self.change")
def end_others() -> Answer:
    """End the sessions that the account has open elsewhere."""
    with session(engine()) as writing:
        account = mine(writing)
        close_sessions(writing, account, but=sessions.present())
        record(writing, "account.sessions_ended", f"account {account.name}")
    return done(account, sentences.Sentence("别处的登录都已退出。"))


@pages.get("/desk/me/factor")
@require("self.change")
def new_factor() -> Answer:
    """A fresh secret as a picture and as text, to be confirmed with the first code."""
    return _factor_form(second_factor.new_secret())


@pages.post("/desk/me/factor")
@require("self.change")
def turn_on() -> Answer:
    """Turn the second factor on, once the password is right and a code shows that the app has the secret.

    Without the password whoever finds a desk unattended could shut its owner out.
    """
    secret = sealing.opened(f"{_NEW} {me().id}", request.form.get("secret", ""), _NEW_SECONDS)
    if secret is None:
        return _factor_form(
            second_factor.new_secret(), sentences.Sentence("页面开得太久，密钥已换，请重新扫描。")
        ), _REFUSED
    wrong = wrong_password(request.form.get("present", ""))
    if wrong:
        return _factor_form(secret, wrong=wrong), _REFUSED
    step = second_factor.step_of(secret, request.form.get("code", ""), now(), None)
    if step is None:
        return _factor_form(
            secret, sentences.Sentence("验证码不对，或已用过。请等应用换出下一个再输；手机时间要准。")
        ), _REFUSED
    with session(engine()) as writing:
        account = mine(writing)
        set_second_factor(writing, account, second_factor.kept(account, secret), step, sessions.present())
        record(writing, "account.factor_on", f"account {account.name}")
    return done(account, sentences.Sentence("两步验证已开启，下次登录要用验证码。"))


@pages.post("/desk/me/factor/off")
@require("self.change")
def turn_off() -> Answer:
    """Turn the second factor off; the password is asked once more."""
    fault = wrong_password(request.form.get("present", ""))
    if fault:
        return page({"factor": fault}), _REFUSED
    with session(engine()) as writing:
        account = mine(writing)
        set_second_factor(writing, account, None, None, sessions.present())
        record(writing, "account.factor_off", f"account {account.name}")
    return done(account, sentences.Sentence("两步验证已关闭。"))


def _faults(present: str, new: str, again: str) -> dict[str, str]:
    """What is wrong with the three fields, by field."""
    lang, faults = language.lang(), {}
    account, centre = me(), centres().get(me().centre)
    known = (account.display_name, account.centre, *((centre.name.zh, centre.name.en) if centre else ()))
    reason = passwords.refused(new, account.name, *known)
    if reason is not None:
        faults["new"] = reason.get(lang)
    elif new == present:
        faults["new"] = sentences.say("新密码和现在的一样，请换一个。", lang)
    elif new != again:
        faults["again"] = sentences.say("两遍不一样，请重新输入。", lang)
    fault = wrong_password(present) if not faults else None
    return {"present": fault, **faults} if fault else faults


def wrong_password(told: str) -> str | None:
    """Why this is not taken as the account's present password; a wrong one counts for this session."""
    lang = language.lang()
    try:
        with sign_in_tries.at_present_password(me()).try_() as going_on:
            going_on.was_right = passwords.holds(me().password_hash, told)
    except TooManyTries as error:
        return sentences.say("错得太多，请过{wait}再试。", lang, wait=sentences.count(lang, error.minutes, "minute"))
    return None if going_on.was_right else sentences.say("现在的密码不对。", lang)


def page(faults: Mapping[str, str] | None = None) -> str:
    """One's account; ``faults`` are the words of what is wrong, by the part of the page."""
    with reading(engine()) as register:
        opened = sessions_of(register, me(), now(), sessions.limits())
        kept = passkeys.passkeys_of(register, me())
        is_linked = identity.identity_of(register, me()) is not None
    return render_template(
        "desk/me.html",
        account=me(),
        faults=faults or {},
        opened=opened,
        present=sessions.present(),
        passkeys=kept,
        has_place=passkeys.place() is not None,
        is_linked=is_linked,
        has_service=identity.is_offered(),
    )


def _password_form(faults: dict[str, str]) -> str:
    return render_template("desk/password.html", account=me(), faults=faults, shortest=passwords.SHORTEST)


def _factor_form(secret: bytes, fault: str | None = None, wrong: str | None = None) -> str:
    said = sentences.say(fault, language.lang()) if fault else None
    return render_template(
        "desk/factor.html",
        picture=second_factor.picture(secret, me().name),
        typed=second_factor.typed(secret),
        secret=sealing.close(f"{_NEW} {me().id}", secret),
        fault=said,
        wrong=wrong,
    )


def mine(writing: Session) -> Account:
    """The account that is signed in, to be written. Raises LookupError where it is gone."""
    account = held_account(writing, me().id or 0)
    if account is None:
        raise LookupError(f"account {me().id} is gone")
    return account


def done(account: Account, key: str, then: str = "desk_mine.show") -> Response:
    """Go on with this session (the account's others have ended), and say what was done on the page of the endpoint ``then``."""
    sessions.renew(account)
    flash(sentences.say(key, language.lang()))
    return redirect(url_for(then), 303)


# ---------------------------------------------------------------------------------------------------------------------
# What a centre settles for itself: whether its letters need a second signature, and how long declared facts are
# kept.
# ---------------------------------------------------------------------------------------------------------------------


centre_pages = Blueprint("desk_centre", __name__)

_CENTRE_REFUSED = 422


@centre_pages.get("/desk/accounts/centre")
@require("centre.set")
def centre() -> str:
    """The form with what holds for the centre."""
    wanted = _wanted(request.args.get("centre"))
    with reading(engine()) as register:
        found = settings_of(register, wanted)
    return _form(wanted, found.needs_countersign, str(found.retention_days))


@centre_pages.post("/desk/accounts/centre")
@require("centre.set")
def settle() -> Response | tuple[str, int]:
    """Settle it."""
    wanted = _wanted(request.form.get("centre"))
    needs_countersign, told = "needs_countersign" in request.form, request.form.get("retention_days", "").strip()
    try:
        with session(engine()) as writing:
            days = int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 0
            changed = save_settings(writing, wanted, needs_countersign, days)
            if changed:
                record(writing, "centre.set", f"centre {wanted}", wanted, fields=list(changed))
    except EntryError as error:
        fault = error.text.get(language.lang())
        return _form(wanted, needs_countersign, told, fault), _CENTRE_REFUSED
    flash(sentences.say("设置已保存。", language.lang()))
    return redirect(url_for("desk_centre.centre", centre=wanted), 303)


def _wanted(told: str | None) -> str:
    """The centre that is meant, one's own where none is said; the page of refusal for one that is out of reach."""
    wanted = told or me().centre
    reach(wanted if wanted in centres() else None)
    return wanted


def _form(centre: str, needs_countersign: bool, retention_days: str, fault: str | None = None) -> str:
    return render_template(
        "desk/centre.html",
        centre=centre,
        centres=reached(),
        needs_countersign=needs_countersign,
        retention_days=retention_days,
        fault=fault,
    )
