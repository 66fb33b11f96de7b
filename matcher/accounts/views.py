"""The accounts of a centre, for its administrators: who there is, new ones, changes, and the ways back in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import EntryError, reading, session
from matcher.letters import centres
from matcher.text import desk_labels, sentences
from matcher.web import WINDOW, account_subject, engine, language, now, tried

from . import passwords
from .authorization import centres_reached, me, reach, record, require
from .identity import identity_of
from .models import Account, Role
from .passkeys import has_second_factor, reset_second_factor
from .service import (
    NewAccount,
    add_account,
    change_account,
    held_account,
    is_program,
    list_accounts,
    set_active,
    set_password,
    unlock,
)

pages = Blueprint("desk_accounts", __name__)

Answer = Response | str | tuple[str, int]

Told = dict[str, str]

_FIELDS = ("name", "display_name", "role", "centre")

_NOT_FOUND, _REFUSED = 404, 422


def reached() -> tuple[str, ...]:
    """The ids of the centres whose accounts the administrator manages, the own first."""
    return centres_reached("account.manage")


@pages.get("/desk/accounts")
@require("account.manage")
def every() -> str:
    """The accounts, of one centre or of all that may be managed."""
    wanted = request.args.get("centre", "")
    with reading(engine()) as register:
        found = [a for a in list_accounts(register, wanted or None) if a.centre in reached()]
        wrong = _wrong_tries(register, found)
    return render_template("desk/accounts.html", accounts=found, centres=reached(), wanted=wanted, wrong=wrong)


@pages.get("/desk/accounts/new")
@require("account.manage")
def new() -> str:
    """The form for another account."""
    return _new_form({"role": "clerk", "centre": me().centre})


@pages.post("/desk/accounts/new")
@require("account.manage")
def add() -> Answer:
    """Make an account; its first password is shown once, and must be changed at the first sign-in."""
    told = {name: request.form.get(name, "").strip() for name in _FIELDS}
    first = passwords.generated()
    hashed = passwords.hashed(first)
    try:
        _reach(told["centre"])
        with session(engine()) as writing:
            wanted = NewAccount(told["name"].lower(), told["display_name"], told["role"], told["centre"], hashed, True)
            made = add_account(writing, wanted, now())
            record(writing, "account.added", f"account {made.name}", made.centre, role=made.role)
    except EntryError as error:
        return _new_form(told, error), _REFUSED
    return _shown_once(made, first)


@pages.get("/desk/accounts/<int:number>")
@require("account.manage")
def show(number: int) -> Answer:
    """One account: what it is, and what can be done with it."""
    with reading(engine()) as register:
        account = _reached(register.get(Account, number))
    return _form(account, {name: getattr(account, name) for name in _FIELDS})


@pages.post("/desk/accounts/<int:number>")
@require("account.manage")
def change(number: int) -> Answer:
    """Change who an account is."""
    told = {name: request.form.get(name, "").strip() for name in _FIELDS}
    with session(engine()) as writing:
        account = _reached(held_account(writing, number))
        told["name"] = account.name
        if account.id == me().id and (told["role"], told["centre"]) != (account.role, account.centre):
            return _form(account, told, _own("role")), _REFUSED
        try:
            _reach(told["centre"])
            changed = change_account(writing, account, told["display_name"], told["role"], told["centre"])
        except EntryError as error:
            return _form(account, told, error), _REFUSED
        if changed:
            record(writing, "account.changed", f"account {account.name}", account.centre, fields=list(changed))
    return _back(number, sentences.Sentence("已保存。"))


@pages.post("/desk/accounts/<int:number>/<any(activate,deactivate,unlock,password,factor):act>")
@require("account.manage")
def act(number: int, act: str) -> Answer:
    """Let an account in or keep it out, unlock it, or reset its password or second step."""
    first = passwords.generated() if act == "password" else ""
    hashed = passwords.hashed(first) if first else ""
    with session(engine()) as writing:
        account = _reached(held_account(writing, number))
        told = {name: getattr(account, name) for name in _FIELDS}
        if account.id == me().id:
            return _form(account, told, _own("acts")), _REFUSED
        try:
            _do(writing, account, act, hashed)
        except EntryError as error:
            return _form(account, told, error), _REFUSED
        record(writing, _ACTIONS[act], f"account {account.name}", account.centre)
    return _shown_once(account, first) if first else _back(number, desk_labels.ACCOUNT_ACTION_DONE[act])


_ACTIONS = {
    "activate": "account.activated",
    "deactivate": "account.deactivated",
    "unlock": "account.unlocked",
    "password": "account.password_reset",
    "factor": "account.factor_reset",
}


def _do(writing: Session, account: Account, act: str, hashed: str) -> None:
    if act in ("activate", "deactivate"):
        set_active(writing, account, act == "activate")
    elif act == "unlock":
        unlock(writing, account)
    elif act == "password":
        set_password(writing, account, hashed, now(), must_change=True)
    else:
        reset_second_factor(writing, account)


def _reach(centre: str) -> None:
    """Go on only with a centre that may be managed; EntryError where none was chosen."""
    if centre not in centres():
        raise EntryError(("centre",), "请选一个中心。", "Choose a centre.")
    reach(centre)


def _reached(account: Account | None) -> Account:
    if account is None or is_program(account):
        abort(_NOT_FOUND)
    reach(account.centre)
    return account


def _own(field: str) -> EntryError:
    return EntryError(
        (field,),
        "自己的账号请在“我的账号”里改；角色、中心和停用须由另一位管理员办理。",
        'Change your own account under "My account"; role, centre and deactivation are for another administrator.',
    )


def _new_form(told: Told, error: EntryError | None = None) -> str:
    faults = _faults(error)
    return render_template("desk/account_new.html", told=told, faults=faults, centres=reached(), roles=get_args(Role))


def _wrong_tries(register: Session, found: Sequence[Account]) -> dict[int, int]:
    """How often a wrong password or code was tried at each account of late, from wherever; only where it was."""
    subjects = {account_subject(account.id or 0): account.id or 0 for account in found}
    return {subjects[of]: number for of, number in tried(register, list(subjects), now() - WINDOW).items()}


def _form(account: Account, told: Told, error: EntryError | None = None) -> str:
    with reading(engine()) as register:
        wrong = _wrong_tries(register, [account])
        has_factor = has_second_factor(register, account)
        is_linked = identity_of(register, account) is not None
    return render_template(
        "desk/account.html",
        account=account,
        told=told,
        faults=_faults(error),
        centres=reached(),
        roles=get_args(Role),
        wrong=wrong.get(account.id or 0, 0),
        is_own=account.id == me().id,
        has_factor=has_factor,
        is_linked=is_linked,
    )


def _faults(error: EntryError | None) -> dict[str, str]:
    if error is None:
        return {}
    return dict.fromkeys(error.fields, error.text.get(language.lang()))


def _shown_once(account: Account, first: str) -> Response:
    answer = make_response(render_template("desk/account_password.html", account=account, first=first))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(number: int, key: str) -> Response:
    flash(sentences.say(key, language.lang()))
    return redirect(url_for("desk_accounts.show", number=number), 303)
