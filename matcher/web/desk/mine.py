"""One's own account: who one is, the password, the second factor, and the end of sessions open elsewhere."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.desk import passwords, second_factor
from matcher.issuing import centres
from matcher.store import reading, session
from matcher.store.desk import Account
from matcher.store.desk.accounts import held_account, set_password, set_second_factor
from matcher.store.desk.signed_in import close_sessions, sessions_of
from matcher.web import language, words
from matcher.web.desk.door import factor, sessions, tries
from matcher.web.desk.gate import allow, guard, me, now, record
from matcher.web.keep import sealed
from matcher.web.keep.database import engine
from matcher.web.keep.tries import TooManyTries

pages = Blueprint("desk_mine", __name__)
guard(pages)

Answer = Response | str | tuple[str, int]
_NEW, _NEW_SECONDS = "desk new factor", 30 * 60
_REFUSED = 422


@pages.get("/desk/me")
@allow("self.change")
def show() -> str:
    """Who one is here, and what one may change of it."""
    return _page()


@pages.get("/desk/me/password")
@allow("self.change")
def password() -> Answer:
    """The form for another password."""
    return _password_form({})


@pages.post("/desk/me/password")
@allow("self.change")
def change_password() -> Answer:
    """Take another password; the account's other sessions end."""
    present, new = request.form.get("present", ""), request.form.get("new", "")
    faults = _faults(present, new, request.form.get("again", ""))
    if faults:
        return _password_form(faults), _REFUSED
    with session(engine()) as writing:
        account = _mine(writing)
        set_password(writing, account, passwords.hashed(new), now(), keep=sessions.present())
        record(writing, "account.password_changed", f"account {account.name}")
    return _done(account, "desk.password.done")


@pages.post("/desk/me/sessions")
@allow("self.change")
def end_others() -> Answer:
    """End the sessions that the account has open elsewhere."""
    with session(engine()) as writing:
        account = _mine(writing)
        close_sessions(writing, account, but=sessions.present())
        record(writing, "account.sessions_ended", f"account {account.name}")
    return _done(account, "desk.sessions.done")


@pages.get("/desk/me/factor")
@allow("self.change")
def new_factor() -> Answer:
    """A fresh secret as a picture and as text, to be confirmed with the first code."""
    return _factor_form(second_factor.new_secret())


@pages.post("/desk/me/factor")
@allow("self.change")
def turn_on() -> Answer:
    """Turn the second factor on, once the password is right and a code shows that the app has the secret.

    Without the password whoever finds a desk unattended could shut its owner out.
    """
    secret = sealed.opened(f"{_NEW} {me().id}", request.form.get("secret", ""), _NEW_SECONDS)
    if secret is None:
        return _factor_form(second_factor.new_secret(), "desk.factor.late"), _REFUSED
    wrong = _wrong_password(request.form.get("present", ""))
    if wrong:
        return _factor_form(secret, wrong=wrong), _REFUSED
    step = second_factor.step_of(secret, request.form.get("code", ""), now(), None)
    if step is None:
        return _factor_form(secret, "desk.code.wrong"), _REFUSED
    with session(engine()) as writing:
        account = _mine(writing)
        set_second_factor(writing, account, factor.kept(account, secret), step, sessions.present())
        record(writing, "account.factor_on", f"account {account.name}")
    return _done(account, "desk.factor.done")


@pages.post("/desk/me/factor/off")
@allow("self.change")
def turn_off() -> Answer:
    """Turn the second factor off; the password is asked once more."""
    fault = _wrong_password(request.form.get("present", ""))
    if fault:
        return _page(fault), _REFUSED
    with session(engine()) as writing:
        account = _mine(writing)
        set_second_factor(writing, account, None, None, sessions.present())
        record(writing, "account.factor_off", f"account {account.name}")
    return _done(account, "desk.factor.off.done")


def _faults(present: str, new: str, again: str) -> dict[str, str]:
    """What is wrong with the three fields, by field."""
    lang, faults = language.lang(), {}
    account, centre = me(), centres().get(me().centre)
    known = (account.display_name, account.centre, *((centre.name.zh, centre.name.en) if centre else ()))
    reason = passwords.refused(new, account.name, *known)
    if reason is not None:
        faults["new"] = reason.get(lang)
    elif new == present:
        faults["new"] = words.say("desk.password.same", lang)
    elif new != again:
        faults["again"] = words.say("desk.password.differs", lang)
    fault = _wrong_password(present) if not faults else None
    return {"present": fault, **faults} if fault else faults


def _wrong_password(told: str) -> str | None:
    """Why this is not taken as the account's present password; a wrong one counts for this session."""
    lang = language.lang()
    try:
        with tries.at_present_password(me()).try_() as going_on:
            going_on.was_right = passwords.holds(me().password_hash, told)
    except TooManyTries as error:
        return words.say("desk.password.wait", lang, wait=words.count(lang, error.minutes, "minute"))
    return None if going_on.was_right else words.say("desk.password.wrong", lang)


def _page(fault: str | None = None) -> str:
    with reading(engine()) as register:
        opened = sessions_of(register, me(), now(), sessions.limits())
    return render_template("desk/me.html", account=me(), fault=fault, opened=opened, present=sessions.present())


def _password_form(faults: dict[str, str]) -> str:
    return render_template("desk/password.html", account=me(), faults=faults, shortest=passwords.SHORTEST)


def _factor_form(secret: bytes, fault: str | None = None, wrong: str | None = None) -> str:
    said = words.say(fault, language.lang()) if fault else None
    return render_template(
        "desk/factor.html",
        picture=second_factor.picture(secret, me().name),
        typed=second_factor.typed(secret),
        secret=sealed.close(f"{_NEW} {me().id}", secret),
        fault=said,
        wrong=wrong,
    )


def _mine(writing: Session) -> Account:
    account = held_account(writing, me().id or 0)
    if account is None:
        raise LookupError(f"account {me().id} is gone")
    return account


def _done(account: Account, key: str) -> Response:
    """Go on with this session (the account's others have ended), and say what was done."""
    sessions.renew(account)
    flash(words.say(key, language.lang()))
    return redirect(f"{request.script_root}/desk/me", 303)
