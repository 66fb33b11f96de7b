"""The desk's page of programs that may ask here: who they are, what they may do, their keys, and when these were last used."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import centres_reached, me, reach, record, refuse_request, require
from matcher.db import EntryError, reading, session
from matcher.text import sentences
from matcher.web import engine, language, now

from .models import ApiClient
from .operations import SCOPES
from .service import GRACE, add_client, clients, keys_of, new_key, withdraw_keys

pages = Blueprint("desk_clients", __name__)

Answer = Response | str | tuple[str, int]

_REFUSED = 422

_USUAL = "1000"


@pages.get("/desk/clients")
@require("client.manage")
def every() -> str:
    """The programs that the centre admitted, and the form for another."""
    return _page({"per_minute": _USUAL, "centre": me().centre}, ("check",))


@pages.post("/desk/clients")
@require("client.manage")
def add() -> Answer:
    """Admit a program; its key is shown once."""
    told = {name: request.form.get(name, "").strip() for name in ("name", "centre", "per_minute")}
    scopes = [scope for scope in SCOPES if scope in request.form.getlist("scopes")]
    told["centre"] = told["centre"] or me().centre
    _must_reach(told["centre"])
    number = told["per_minute"]
    most = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 0
    try:
        with session(engine()) as writing:
            made = add_client(writing, told["name"], told["centre"], scopes, most, now())
            key = new_key(writing, made, now())
            record(writing, "client.added", f"client {made.id}", made.centre, scopes=scopes)
            name = made.name
    except EntryError as error:
        return _page(told, scopes, error), _REFUSED
    return _shown_once(name, key)


@pages.post("/desk/clients/<int:client_id>/key")
@require("client.manage")
def change_key(client_id: int) -> Answer:
    """Another key for a program; those it has go on for some days, so that nothing stops meanwhile."""
    with session(engine()) as writing:
        client = _reached(writing, client_id)
        key = new_key(writing, client, now())
        record(writing, "client.key_made", f"client {client.id}", client.centre)
        name = client.name
    return _shown_once(name, key)


@pages.post("/desk/clients/<int:client_id>/withdraw")
@require("client.manage")
def withdraw(client_id: int) -> Answer:
    """End every key of a program at once."""
    with session(engine()) as writing:
        client = _reached(writing, client_id)
        withdraw_keys(writing, client, now())
        record(writing, "client.keys_withdrawn", f"client {client.id}", client.centre)
    flash(sentences.say("密钥已全部作废。", language.lang()))
    return redirect(url_for("desk_clients.every"), 303)


def _reached(writing: Session, client_id: int) -> ApiClient:
    client = writing.get(ApiClient, client_id)
    reach(client.centre if client is not None else None)
    assert client is not None
    return client


def _must_reach(centre: str) -> None:
    if centre not in centres_reached("client.manage"):
        refuse_request()


def _page(told: dict[str, str], scopes: Sequence[str], error: EntryError | None = None) -> str:
    lang = language.lang()
    with reading(engine()) as register:
        found = [(client, keys_of(register, client)) for client in clients(register, centres_reached("client.manage"))]
    return render_template(
        "desk/clients.html",
        clients=found,
        centres=centres_reached("client.manage"),
        told=told,
        chosen=scopes,
        scopes={name: text.get(lang) for name, text in SCOPES.items()},
        faults={field: error.text.get(lang) for field in error.fields} if error else {},
        grace=GRACE.days,
        now=now(),
    )


def _shown_once(name: str, key: str) -> Response:
    answer = make_response(render_template("desk/client_key.html", name=name, key=key))
    answer.headers["Cache-Control"] = "no-store"
    return answer
