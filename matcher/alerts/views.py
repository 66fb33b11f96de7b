"""The pages of alerts: an address is asked for, confirmed by its owner, and forgotten at a click."""

from __future__ import annotations

import json

from flask import Blueprint, abort, current_app, render_template, request

from matcher.contacts import AddressRefusedError, MailError, mail_server
from matcher.db import ConstraintError, EntryError, session
from matcher.presentation import catalogue, changes_of_law
from matcher.text import sentences, today
from matcher.web import RateLimit, Window, engine, hashed, language, now, sealing, token_holds

from .sending import is_offered, send_confirmation
from .service import note_changes, read_address, stop, subscribe

pages = Blueprint("alerts", __name__)

_USE, _SECONDS = "alerts", 48 * 3600

# Of one network address in each process: a mail costs, and nobody is to write to strangers through us.
_ASKED = RateLimit(20, seconds=3600)

_MOST_TO_ONE, _TO_ONE = 2, Window(24 * 3600)

_MOST_SCHEMES = 60

_UNPROCESSABLE, _BAD_REQUEST, _UNAVAILABLE = 422, 400, 503


@pages.before_request
def _offered() -> None:
    """There is nothing here where no mail can be sent; whoever is subscribed may stop it all the same."""
    if not is_offered() and request.endpoint not in ("alerts.stopping", "alerts.stopped"):
        abort(404)


@pages.get("/alerts")
def form() -> str:
    """Ask for an address; `?scheme=` names the schemes that the visitor comes from."""
    return _form(_chosen(request.args.getlist("scheme")), "", "")


@pages.post("/alerts")
def asked() -> str | tuple[str, int]:
    """Send a message that asks for confirmation; nothing is kept, and the answer is the same whether the address is known here or not."""
    schemes, typed = _chosen(request.form.getlist("scheme")), request.form.get("address", "")
    lang = language.lang()
    if not token_holds(request.form.get("csrf_token")):
        return _form(schemes, typed, sentences.say("页面打开太久了，请再按一次。", lang)), _BAD_REQUEST
    try:
        address = read_address(typed)
    except EntryError as error:
        return _form(schemes, typed, error.text.get(lang)), _UNPROCESSABLE
    _ASKED.spend(request)
    wish = [] if request.form.get("which") == "all" else schemes
    server = mail_server()
    if server is not None and _TO_ONE.take(hashed(address), 1, _MOST_TO_ONE)[0]:
        sealed = sealing.close(_USE, json.dumps([address, lang, wish]).encode())
        try:
            send_confirmation(server, address, sealed, lang)
        except AddressRefusedError:
            return _form(schemes, typed, sentences.say("邮件服务器不认这个地址，请检查。", lang)), _UNPROCESSABLE
        except MailError:
            current_app.logger.warning(
                "an alert's confirmation was not sent: the mail server does not answer or refuses"
            )
            return _form(schemes, typed, sentences.say("邮件现在发不出去，请过一会儿再试。", lang)), _UNAVAILABLE
    return render_template("alerts/asked.html", address=address)


@pages.get("/alerts/confirm/<sealed>")
def confirm(sealed: str) -> str | tuple[str, int]:
    """A button, since mail programs open links by themselves."""
    wish = _opened(sealed)
    if wish is None:
        return render_template("alerts/expired.html"), _BAD_REQUEST
    address, _, schemes = wish
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
    """The button, for whoever opened the link in a message."""
    return render_template("alerts/stop.html", token=token)


@pages.post("/alerts/stop/<token>")
def stopped(token: str) -> str:
    """Forget the address: from the page, or from a mail program's own button (RFC 8058), which knows no form of ours."""
    with session(engine()) as writing:
        stop(writing, token)
    return render_template("alerts/stopped.html")


def _form(schemes: list[str], typed: str, wrong: str) -> str:
    return render_template("alerts/form.html", schemes=schemes, names=_names(schemes), typed=typed, wrong=wrong)


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
