"""The desk's pages of webhooks: what a centre tells to which address, its secret once, a test, and the last deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import centres_reached, me, reach, record, refuse_request, require
from matcher.db import DELIVERY, EntryError, enqueue, reading, session
from matcher.presentation import office
from matcher.text import sentences
from matcher.web import engine, language, now

from .models import Webhook
from .service import EVENTS, add_test, add_webhook, deliveries, webhooks
from .signing import closed, new_secret

pages = Blueprint("desk_webhooks", __name__)

Answer = Response | str | tuple[str, int]

_REFUSED = 422

_SHOWN = 50


@pages.get("/desk/webhooks")
@require("client.manage")
def every() -> str:
    """The webhooks of the centre, and the form for another."""
    return _page("", me().centre, ("letter.issued", "letter.revoked"))


@pages.post("/desk/webhooks")
@require("client.manage")
def add() -> Answer:
    """Add a webhook; its secret is shown once."""
    url, centre = request.form.get("url", "").strip(), request.form.get("centre", "") or me().centre
    events = [one for one in EVENTS if one in request.form.getlist("events")]
    if centre not in centres_reached("client.manage"):
        refuse_request()
    secret = new_secret()
    try:
        with session(engine()) as writing:
            kept = closed(current_app.config["SECRET_KEY"], secret)
            made = add_webhook(writing, centre, url, events, kept, me().id or 0, now())
            record(writing, "webhook.added", f"webhook {made.id}", centre, events=events)
    except EntryError as error:
        return _page(url, centre, events, error), _REFUSED
    return _shown_once(url, secret)


@pages.get("/desk/webhooks/<int:webhook_id>")
@require("client.manage")
def show(webhook_id: int) -> str:
    """A webhook with its last deliveries."""
    with reading(engine()) as active:
        found = _reached(active, webhook_id)
        last = deliveries(active, webhook_id, _SHOWN)
    return render_template("desk/webhook.html", webhook=found, deliveries=last, events=_events())


@pages.post("/desk/webhooks/<int:webhook_id>/test")
@require("client.manage")
def send_test(webhook_id: int) -> Response:
    """Send a test; the worker does it, and the page shows what came of it."""
    with session(engine()) as writing:
        found = _reached(writing, webhook_id)
        made = add_test(writing, found, now())
        record(writing, "webhook.tested", f"webhook {found.id}", found.centre)
        number = made.id
    enqueue(DELIVERY, number or 0, office().instance)
    flash(sentences.say("已发出测试，几秒后刷新本页看结果。", language.lang()))
    return redirect(url_for("desk_webhooks.show", webhook_id=webhook_id), 303)


@pages.post("/desk/webhooks/<int:webhook_id>/secret")
@require("client.manage")
def change_secret(webhook_id: int) -> Answer:
    """Another secret, shown once; from now on everything is signed with it."""
    secret = new_secret()
    with session(engine()) as writing:
        found = _reached(writing, webhook_id)
        found.secret, found.is_active = closed(current_app.config["SECRET_KEY"], secret), True
        writing.add(found)
        record(writing, "webhook.secret_made", f"webhook {found.id}", found.centre)
        url = found.url
    return _shown_once(url, secret)


@pages.post("/desk/webhooks/<int:webhook_id>/remove")
@require("client.manage")
def remove(webhook_id: int) -> Response:
    """Tell this address nothing more; what still waits for it is dropped."""
    with session(engine()) as writing:
        found = _reached(writing, webhook_id)
        record(writing, "webhook.removed", f"webhook {found.id}", found.centre)
        writing.delete(found)
    flash(sentences.say("已删去推送地址。", language.lang()))
    return redirect(url_for("desk_webhooks.every"), 303)


def _reached(active: Session, webhook_id: int) -> Webhook:
    found = active.get(Webhook, webhook_id)
    reach(found.centre if found is not None else None)
    assert found is not None
    return found


def _events() -> dict[str, str]:
    lang = language.lang()
    return {name: text.get(lang) for name, text in EVENTS.items()}


def _page(url: str, centre: str, chosen: Sequence[str], error: EntryError | None = None) -> str:
    with reading(engine()) as active:
        found = webhooks(active, centres_reached("client.manage"))
        last = {one.id: next(iter(deliveries(active, one.id or 0, 1)), None) for one in found}
    return render_template(
        "desk/webhooks.html",
        webhooks=found,
        last=last,
        centres=centres_reached("client.manage"),
        url=url,
        centre=centre,
        chosen=chosen,
        events=_events(),
        faults={field: error.text.get(language.lang()) for field in error.fields} if error else {},
    )


def _shown_once(url: str, secret: str) -> Response:
    answer = make_response(render_template("desk/webhook_secret.html", url=url, secret=secret))
    answer.headers["Cache-Control"] = "no-store"
    return answer
