"""Signing in through a sign-in service: on the way there, on the way back, linking one's account, and out."""

from __future__ import annotations

import json
from typing import Any, get_args

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import ConstraintError, EntryError
from matcher.db import session as transaction
from matcher.letters import centres
from matcher.presentation import own_address
from matcher.settings import GroupRight
from matcher.text import sentences
from matcher.web import TooManyTries, engine, language, now, one_try, sealing

from . import identity, late_forms, sign_in, sign_in_tries
from .authorization import OPEN, me, record, require
from .identity import Proven
from .models import Account, Role
from .own_account import done, mine, page, wrong_password
from .service import end_sessions, held_account

pages = Blueprint("desk_identity", __name__)

Answer = Response | str | tuple[str, int]

_PENDING, _SECONDS = "desk_identity", 600

_LINK, _LINK_SECONDS = "desk identity link", 300

_FORBIDDEN, _NOT_FOUND, _REFUSED, _UNAVAILABLE = 403, 404, 422, 503

_NOT_DONE = sentences.Sentence("统一登录没有完成，请再试一次；也可以用本系统的登录名和密码。")

_LAST = sentences.Sentence(
    "您是市中心最后一个管理员，统一登录里的组却给了别的角色。请先用本系统的密码登录，另建一个管理员。"
)

_NO_GROUP = sentences.Sentence("您在统一登录里没有分到工作台的权限。请找本中心的管理员，把您加进对应的组。")

_AWAY = sentences.Sentence("统一登录现在连不上。请过一会儿再试，或用本系统的登录名和密码登录。")


@pages.get("/desk/sign-in/identity")
@require(OPEN)
def ask() -> Answer:
    """To the service; what must hold on the way back is remembered in this browser's session."""
    if not identity.is_offered():
        abort(_NOT_FOUND)
    back = own_address("desk_identity.answer")
    if back is None:
        return late_forms.sign_in_page(_AWAY, _UNAVAILABLE)
    try:
        address, remembered = identity.ask(back)
    except identity.ServiceError as error:
        return _away(error)
    remembered |= {"at": int(now().timestamp()), "next": late_forms.own_path(request.args.get("next")) or ""}
    asked = sealing.opened(_LINK, request.args.get("link", ""), _LINK_SECONDS)
    if asked is not None:
        remembered["link"] = json.loads(asked)
    session[_PENDING] = remembered
    return redirect(address, 303)


@pages.get("/desk/sign-in/identity/answer")
@require(OPEN)
def answer() -> Answer:
    """Back from the service: what was remembered is used up, whatever comes of it."""
    remembered: dict[str, Any] | None = session.pop(_PENDING, None)
    if remembered is None or not 0 <= int(now().timestamp()) - remembered["at"] <= _SECONDS:
        return late_forms.sign_in_page(_NOT_DONE, _REFUSED)
    try:
        with one_try(request, "sign_in", sign_in_tries.MOST_OF_ONE_CLIENT) as going_on:
            going_on.was_right = True  # a service that is silent, or a person who turned back, guessed nothing
            try:
                proven = identity.prove(remembered, request.args)
            except identity.NotProven as error:
                going_on.was_right = isinstance(error, identity.Denied)
                raise
    except TooManyTries as error:
        return sign_in.wait(error.minutes)
    except identity.Denied:
        return late_forms.sign_in_page(_NOT_DONE, _REFUSED)
    except identity.NotProven as error:
        current_app.logger.warning("sign-in service: not proven: %s", error)
        sign_in_tries.failed(None, "identity")
        return late_forms.sign_in_page(_NOT_DONE, _REFUSED)
    except identity.ServiceError as error:
        return _away(error)
    if "link" in remembered:
        return _link(proven, remembered["link"])
    try:
        return _enter(proven, remembered["next"])
    except ConstraintError:  # the same person at the same moment in another window: the account is there by now
        return _enter(proven, remembered["next"])


@pages.post("/desk/me/identity")
@require("self.change")
def begin_link() -> Answer:
    """After the password: the way to the service, on a page of its own, since a form of ours may lead nowhere else."""
    fault = wrong_password(request.form.get("present", ""))
    if fault:
        return page({"identity": fault}), _REFUSED
    ticket = sealing.close(_LINK, json.dumps([me().id, me().epoch]).encode())
    return render_template("desk/identity.html", address=url_for("desk_identity.ask", link=ticket))


@pages.post("/desk/me/identity/off")
@require("self.change")
def unlink() -> Answer:
    """Sign in here with the password alone from now on."""
    fault = wrong_password(request.form.get("present", ""))
    if fault:
        return page({"identity": fault}), _REFUSED
    with transaction(engine()) as writing:
        account = mine(writing)
        found = identity.identity_of(writing, account)
        if found is not None:
            writing.delete(found)
            record(writing, "account.identity_unlinked", f"account {account.name}")
    return done(account, sentences.Sentence("已不再与统一登录关联。"))


def _away(error: Exception) -> Answer:
    current_app.logger.warning("sign-in service: %s", error)
    return late_forms.sign_in_page(_AWAY, _UNAVAILABLE)


def _enter(proven: Proven, wanted: str) -> Answer:
    """Let somebody in whom the service knows: with a group that has a right here, and a second factor where the account has one."""
    right, is_last = _right(proven), False
    with transaction(engine()) as writing:
        account = identity.account_of(writing, proven)
        if account is not None:
            account = held_account(writing, account.id or 0)
        if right is None:
            if account is not None:  # whoever lost the group loses what is open, too
                end_sessions(writing, account)
        elif account is None:
            account = identity.new_account(writing, proven, right, now())
            sign_in_tries.own(writing, account, "account.added", role=account.role)
        elif account.is_active:
            is_last = not _follow(writing, account, right)
    if right is None or account is None:
        return _refused(account, "group", _NO_GROUP)
    if not account.is_active:
        return _refused(account, "inactive", sentences.Sentence("这个账号已停用，请找本中心的管理员。"))
    if is_last:
        return _refused(account, "last administrator", _LAST)
    return sign_in.proceed(account, proven.id_token, wanted)


def _follow(writing: Session, account: Account, right: GroupRight) -> bool:
    """Give the account its role and centre; False where that would leave the city without an administrator."""
    try:
        changed = identity.follow_groups(writing, account, right)
    except EntryError:
        return False
    if changed:
        sign_in_tries.own(writing, account, "account.changed", fields=list(changed))
    return True


def _right(proven: Proven) -> GroupRight | None:
    """The person's right, if its role and centre are ones of ours."""
    right = proven.right
    is_known = right is not None and right.centre in centres() and right.role in get_args(Role)
    return right if is_known else None


def _refused(account: Account | None, why: str, fault: str) -> Answer:
    sign_in_tries.failed(account, why)
    return late_forms.sign_in_page(fault, _FORBIDDEN)


def _link(proven: Proven, whose: list[int]) -> Answer:
    """Link the account that is signed in; only the one that asked for it with its password, as it was then."""
    if not current_user.is_authenticated or [me().id, me().epoch] != whose:
        return late_forms.sign_in_page(_NOT_DONE, _REFUSED)
    with transaction(engine()) as writing:
        account: Account = mine(writing)
        if identity.account_of(writing, proven) is not None or identity.identity_of(writing, account) is not None:
            return page({"identity": _taken()}), _REFUSED
        identity.link(writing, account, proven, now())
        record(writing, "account.identity_linked", f"account {account.name}")
    return done(account, sentences.Sentence("已与统一登录关联：以后从那里登录，用的就是这个账号。"))


def _taken() -> str:
    return sentences.say("这个统一登录账号，或您这里的账号，已经关联过了。", language.lang())
