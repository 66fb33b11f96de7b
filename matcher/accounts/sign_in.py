"""The door of the desk: name and password, then the code where an account wants one, and the way out."""

from __future__ import annotations

import json

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.db import reading, session
from matcher.presentation import own_address
from matcher.text import sentences
from matcher.web import TooManyTries, engine, language, now, sealing

from . import identity, late_forms, passkeys, passwords, rights, sessions, sign_in_tries
from .authorization import OPEN, OUT, me, require
from .models import Account
from .second_factor import FactorBroken, resealed, takes
from .service import held_account
from .sign_in_tries import Counted

pages = Blueprint("desk_sign_in", __name__)

Answer = Response | tuple[str, int]

_FIRST, _FIRST_SECONDS = "desk first step", 5 * 60

_REFUSED, _TOO_MANY = 422, 429

_NOT_YET = sentences.Sentence("还没有登录：请先在新窗口登录，再回到这里。")

_TOO_LATE = sentences.Sentence("超过5分钟没有输入验证码，请从密码重新开始。")


@pages.get("/desk/sign-in")
@require(OPEN)
def form() -> Answer:
    """The form; whoever is signed in already goes on."""
    return _on(me()) if current_user.is_authenticated else late_forms.sign_in_page()


@pages.post("/desk/sign-in")
@require(OPEN)
def enter() -> Answer:
    """Look at name and password. Words, waits and work are the same for a name that nobody has and for a wrong password."""
    if "resume" in request.form:  # signed in meanwhile, in another window
        return _on(me()) if current_user.is_authenticated else late_forms.sign_in_page(_NOT_YET, _REFUSED)
    password = request.form.get("password", "")
    account, counted = sign_in_tries.at_sign_in(request.form.get("name", ""))
    try:
        with counted.try_() as going_on:
            going_on.was_right = passwords.holds(account.password_hash if account else None, password)
    except TooManyTries as error:
        return wait(error.minutes)
    if account is None or not going_on.was_right:
        return _wrong(account, counted)
    if not account.is_active:
        sign_in_tries.failed(account, "inactive")
        return late_forms.sign_in_page(sentences.Sentence("这个账号已停用，请找本中心的管理员。"), _REFUSED)
    with reading(engine()) as register:
        has_more = passkeys.has_second_factor(register, account)
    if has_more:
        with session(engine()) as writing:
            _strengthen(_held(writing, account), account, password)
        return _second(account, _first_step(account))
    return _let_in(account, counted, password)


def proceed(account: Account, id_token: str, wanted: str) -> Answer:
    """Let somebody in whom the sign-in service proved: by the account's second factor, where it has one."""
    with reading(engine()) as register:
        has_more = passkeys.has_second_factor(register, account)
    if has_more:
        return _second(account, _first_step(account, id_token), wanted=wanted)
    return _let_in(account, None, id_token=id_token, wanted=wanted)


@pages.post("/desk/sign-in/code")
@require(OPEN)
def enter_code() -> Answer:
    """Look at the code; the first step must be no older than five minutes, and the account as it was."""
    account, id_token = _of_first_step(request.form.get("first", ""))
    if account is None:
        return late_forms.sign_in_page(_TOO_LATE, _REFUSED)
    counted = sign_in_tries.at_code(account)
    try:
        with counted.try_() as going_on:
            going_on.was_right = _spend(account, request.form.get("code", ""))
    except TooManyTries as error:
        return wait(error.minutes)
    except FactorBroken:
        return late_forms.sign_in_page(
            sentences.Sentence("两步验证的密钥打不开了（网站的密钥换过）。请管理员重置您的两步验证。"), _REFUSED
        )
    if going_on.was_right:
        return _let_in(account, counted, id_token=id_token)
    return _once_more(
        account,
        counted,
        "code",
        sentences.Sentence("验证码不对，或已用过。请等应用换出下一个再输；手机时间要准。"),
    )


@pages.post("/desk/sign-in/passkey")
@require(OPEN)
def enter_passkey() -> Answer:
    """Look at the passkey that was shown; the same first step, the same tries as for a code."""
    account, id_token = _of_first_step(request.form.get("first", ""))
    if account is None:
        return late_forms.sign_in_page(_TOO_LATE, _REFUSED)
    counted, why = sign_in_tries.at_code(account), ""
    try:
        with counted.try_() as going_on:
            why = _show(account, request.form.get("challenge", ""), request.form.get("credential", ""))
            going_on.was_right = not why
    except TooManyTries as error:
        return wait(error.minutes)
    if going_on.was_right:
        return _let_in(account, counted, id_token=id_token)
    fault = sentences.Sentence("这个通行密钥用不了。请再试一次，或换一个；都不行就请管理员重置您的两步验证。")
    return _once_more(account, counted, f"passkey {why}", fault)


@pages.post("/desk/sign-out")
@require(OUT)
def leave() -> Answer:
    """End the session, and the one at the sign-in service that it came from."""
    id_token = ""
    if current_user.is_authenticated:
        with session(engine()) as writing:
            account = me()
            id_token = sessions.end(writing)
            sign_in_tries.own(writing, account, "signed.out")
    elsewhere = identity.logout_address(id_token, own_address("desk_sign_in.form")) if id_token else None
    answer: Response
    if elsewhere is None:
        answer = redirect(url_for("desk_sign_in.form"), 303)
    else:  # a page, not a redirect: our forms may lead nowhere but to ourselves
        answer = make_response(render_template("desk/signed_out.html", elsewhere=elsewhere))
        answer.headers["Refresh"] = f"0;url={elsewhere}"
    answer.headers["Clear-Site-Data"] = '"cache"'  # on a shared computer the back button shows nothing of a firm
    return answer


def _wrong(account: Account | None, counted: Counted) -> Answer:
    minutes = counted.minutes()
    sign_in_tries.failed(account, "password", bool(minutes))
    return (
        wait(minutes)
        if minutes
        else late_forms.sign_in_page(
            sentences.Sentence("登录名或密码不对。请检查大小写和输入法后再试；在同一网络地址上错5次，要等15分钟。"),
            _REFUSED,
        )
    )


def _once_more(account: Account, counted: Counted, why: str, fault: str) -> Answer:
    minutes = counted.minutes()
    sign_in_tries.failed(account, why, bool(minutes))
    return wait(minutes) if minutes else _second(account, request.form.get("first", ""), fault, _REFUSED)


def _second(account: Account, first: str, fault: str | None = None, code: int = 200, wanted: str = "") -> Answer:
    """The page of the second step, with a fresh challenge for the account's passkeys."""
    with reading(engine()) as register:
        asked = passkeys.ask_to_show(register, account)
    return late_forms.second(first, asked, account.totp_secret is not None, fault, code, wanted)


def _show(account: Account, challenge: str, told: str) -> str:
    """Why a passkey is not believed; empty where it is. From then on its challenge is used."""
    with session(engine()) as writing:
        try:
            passkeys.shown(writing, _held(writing, account), challenge, told, now())
        except passkeys.PasskeyError as error:
            return str(error)
    return ""


def _spend(account: Account, code: str) -> bool:
    """Whether the code is right; from now on it is used."""
    with session(engine()) as writing:
        held = _held(writing, account)
        step = takes(held, code, now())
        if step is not None:
            held.totp_last = step
            held.totp_secret = resealed(held)
    return step is not None


def wait(minutes: int) -> Answer:
    """The page that says for how long nothing is tried from here."""
    page, code = late_forms.sign_in_page(
        sentences.Sentence(
            "从这里试错得太多，请过{wait}再试。在别处登录不受影响；"
            "您用过的电脑也不受别人试错的影响。急用时请管理员清除试错次数。"
        ),
        _TOO_MANY,
        wait=sentences.count(language.lang(), minutes, "minute"),
    )
    answer = make_response(page, code)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _strengthen(held: Account, account: Account, password: str) -> None:
    """Keep a stronger hash of the password that was right, unless it was changed meanwhile."""
    if held.epoch == account.epoch:
        held.password_hash = passwords.stronger(held.password_hash, password) or held.password_hash


def _held(writing: Session, account: Account) -> Account:
    held = held_account(writing, account.id or 0)
    if held is None:
        raise LookupError(f"account {account.id} is gone")
    return held


def _let_in(
    account: Account, counted: Counted | None, password: str | None = None, id_token: str = "", wanted: str = ""
) -> Answer:
    sessions.sweep(now())
    with session(engine()) as writing:
        held = _held(writing, account)
        if held.epoch != account.epoch:
            return late_forms.sign_in_page(
                sentences.Sentence("登录名或密码不对。请检查大小写和输入法后再试；在同一网络地址上错5次，要等15分钟。"),
                _REFUSED,
            )
        if password is not None:
            _strengthen(held, account, password)
        if counted is not None:
            counted.forgive(writing)
        sessions.begin(writing, held, now(), id_token)
        sign_in_tries.own(writing, held, "signed.in", **({"by": "identity"} if id_token else {}))
    answer = make_response(_on(held, wanted))
    sign_in_tries.remember(answer, held.id or 0)
    return answer


def _on(account: Account, wanted: str = "") -> Answer:
    """Where one goes from the door: to the form that waited, to the page that was asked for, or home."""
    waiting = late_forms.opened()
    if waiting is not None and waiting.account_id in (None, account.id) and not account.must_change:
        return late_forms.again(waiting)
    own = late_forms.own_path(wanted or request.values.get("next"))
    if own:
        return redirect(f"{request.script_root}{own}", 303)
    return redirect(url_for(rights.first_page(account.role)), 303)


def _first_step(account: Account, id_token: str = "") -> str:
    return sealing.close(_FIRST, json.dumps([account.id, account.epoch, id_token]).encode())


def _of_first_step(told: str) -> tuple[Account | None, str]:
    """The account of the first step and what the sign-in service said of it; None where it is over or the account changed."""
    packed = sealing.opened(_FIRST, told, _FIRST_SECONDS)
    if packed is None:
        return None, ""
    number, epoch, id_token = json.loads(packed)
    with reading(engine()) as register:
        account = register.get(Account, number)
    return (account, id_token) if account is not None and account.is_active and account.epoch == epoch else (None, "")
