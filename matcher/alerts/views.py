"""The pages of alerts: an address is asked for, confirmed by its owner, and forgotten at a click."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from functools import partial

from flask import Blueprint, abort, current_app, render_template, request

from matcher.contacts import AddressRefusedError, MailError, mail_server
from matcher.db import ConstraintError, EntryError, reading, session
from matcher.presentation import catalogue, changes_of_law
from matcher.text import sentences, today
from matcher.web import (
    Limit,
    TooManyTries,
    client_of,
    engine,
    hashed,
    language,
    limited,
    now,
    sealing,
    token_holds,
    wider_network_of,
)

from .sending import is_offered, send_confirmation
from .service import holds, is_subscribed, mailbox_of, note_changes, read_address, stop, subscribe

pages = Blueprint("alerts", __name__)

_USE, _SECONDS = "alerts", 48 * 3600

# A mail costs, and nobody is to write to strangers through us: so many of one network address, and of the wider network of IPv6 (a
# /48, which anybody can have).
_ASKED, _ASKED_WIDER, _ASKED_WITHIN = 20, 80, timedelta(hours=1)

_TO_ONE, _TO_ONE_WITHIN = 2, timedelta(hours=24)

_MOST_SCHEMES = 60

_UNPROCESSABLE, _BAD_REQUEST, _TOO_MANY, _UNAVAILABLE = 422, 400, 429, 503


@pages.before_request
def _offered() -> None:
    """There is nothing here where no mail can be sent; whoever is subscribed may stop it all the same."""
    if not is_offered() and request.endpoint not in ("alerts.stopping", "alerts.stopped"):
        abort(404)


@pages.get("/alerts")
def form() -> str:
    """Ask for an address; `?scheme=` names the schemes that the visitor comes from."""
    return _form(_chosen(request.args.getlist("scheme")), "")


@pages.post("/alerts")
def asked() -> str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Send a message that asks for confirmation; nothing is kept, and the answer is the same whether the address is known here or not."""
    schemes, typed = _chosen(request.form.getlist("scheme")), request.form.get("address", "")
    lang, is_all = language.lang(), request.form.get("which") == "all"
    again = partial(_form, schemes, typed, is_all=is_all)
    if not token_holds(request.form.get("csrf_token")):
        return again(failed=sentences.say("页面打开太久了，请再按一次。", lang)), _BAD_REQUEST
    try:
        address = read_address(typed)
    except EntryError as error:
        return again(wrong=error.text.get(lang)), _UNPROCESSABLE
    wish = [] if is_all else schemes
    client, wider = client_of(request), hashed(wider_network_of(request.remote_addr))
    most = [Limit(_ASKED, client=client), Limit(_ASKED_WIDER, subject=wider)]
    try:
        with limited("alert", client, wider, most, _ASKED_WITHIN):
            _write_to(address, lang, wish)
    except TooManyTries as error:
        wait = sentences.count(lang, error.minutes, "minute")
        failed = sentences.say("这个网络一小时内请求的邮件太多了，请过{wait}再试。", lang, wait=wait)
        return again(failed=failed), _TOO_MANY, {"Retry-After": str(error.minutes * 60)}
    except AddressRefusedError:
        return again(wrong=sentences.say("邮件服务器不认这个地址，请检查。", lang)), _UNPROCESSABLE
    except MailError:
        current_app.logger.warning("an alert's confirmation was not sent: the mail server does not answer or refuses")
        return again(failed=sentences.say("邮件现在发不出去，请过一会儿再试。", lang)), _UNAVAILABLE
    return render_template("alerts/asked.html", address=address)


def _write_to(address: str, lang: str, schemes: list[str]) -> None:
    """Ask for confirmation, unless this mailbox has had its messages of the day. Raises MailError; what was not sent counts not."""
    server, mailbox = mail_server(), hashed(mailbox_of(address))
    if server is None:
        return
    with (
        suppress(TooManyTries),
        limited("alert_mail", mailbox, mailbox, [Limit(_TO_ONE, subject=mailbox)], _TO_ONE_WITHIN) as message,
    ):
        sealed = sealing.close(_USE, json.dumps([address, lang, schemes]).encode())
        try:
            send_confirmation(server, address, sealed, lang)
        except MailError:
            message.was_right = True  # or a server that is away for a moment would cost the address its whole day
            raise


@pages.get("/alerts/confirm/<sealed>")
def confirm(sealed: str) -> str | tuple[str, int]:
    """A button, since mail programs open links by themselves; whoever opens it again sees that it has been pressed."""
    wish = _opened(sealed)
    if wish is None:
        return render_template("alerts/expired.html"), _BAD_REQUEST
    address, lang, schemes = wish
    with reading(engine()) as opened:
        is_done = is_subscribed(opened, address, lang, schemes)
    if is_done:
        return render_template("alerts/confirmed.html", schemes=_names(schemes))
    return render_template("alerts/confirm.html", address=address, schemes=_names(schemes), sealed=sealed)


@pages.post("/alerts/confirm/<sealed>")
def confirmed(sealed: str) -> str | tuple[str, int]:
    """The sealed link is proof enough that the address is its owner's; now it is kept."""
    wish = _opened(sealed)
    if wish is None:
        return render_template("alerts/expired.html"), _BAD_REQUEST
    address, lang, schemes = wish
    changes = list(changes_of_law(catalogue().rulebook, today()))
    for _ in range(2):  # two buttons pressed at the same moment: the second finds what the first made
        try:
            with session(engine()) as writing:
                last = note_changes(writing, changes, now())
                subscribe(writing, address, lang, schemes, last, now())
            break
        except ConstraintError:
            continue
    return render_template("alerts/confirmed.html", schemes=_names(schemes))


@pages.get("/alerts/stop/<token>")
def stopping(token: str) -> str:
    """The button, for whoever opened the link in a message; a link that stops nothing says so, or half of one would seem to have."""
    with reading(engine()) as opened:
        is_there = holds(opened, token)
    if not is_there:
        return render_template("alerts/stopped.html", was_there=False)
    return render_template("alerts/stop.html", token=token)


@pages.post("/alerts/stop/<token>")
def stopped(token: str) -> str:
    """Forget the address: from the page, or from a mail program's own button (RFC 8058), which knows no form of ours."""
    with session(engine()) as writing:
        was_there = stop(writing, token)
    return render_template("alerts/stopped.html", was_there=was_there)


def _form(schemes: list[str], typed: str, *, is_all: bool = False, wrong: str = "", failed: str = "") -> str:
    """The form; ``wrong`` says it of the address, ``failed`` of what is not the address's fault."""
    told = {"typed": typed, "all": is_all, "wrong": wrong, "failed": failed}
    return render_template("alerts/form.html", schemes=schemes, names=_names(schemes), **told)


def _chosen(told: list[str]) -> list[str]:
    return list(dict.fromkeys(one for one in told if one in catalogue().rulebook.schemes))[:_MOST_SCHEMES]


def _names(schemes: list[str]) -> list[str]:
    book, lang = catalogue().rulebook.schemes, language.lang()
    return [book[one].name.get(lang) for one in schemes if one in book]


def _opened(sealed: str) -> tuple[str, str, list[str]] | None:
    plain = sealing.opened(_USE, sealed, _SECONDS)
    if plain is None:
        return None
    address, lang, schemes = json.loads(plain)
    return address, lang, schemes
