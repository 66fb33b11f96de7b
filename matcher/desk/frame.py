"""What the frame of the desk's pages shows: its rooms, who is signed in, the centre's name, the switch of languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from flask import Flask, request, url_for
from flask_login import current_user

from matcher.accounts import Account, Action, may
from matcher.answers import moment, this_page
from matcher.db import reading
from matcher.letters import centres
from matcher.text import figures
from matcher.web import engine, language

from .inbox import count_urgent

_HOME = "desk_home.home"

_ROOMS: tuple[tuple[str, str, Action], ...] = (
    (_HOME, "home", "firm.see"),
    ("desk_counter.counter", "counter", "case.write"),
    ("desk_cases.cases", "cases", "case.see"),
    ("desk_case_letters.register", "letters", "letter.see"),
    ("desk_handovers.form", "handover", "handover.open"),
    ("desk_runs.index", "runs", "run.see"),
    ("desk_outreach.index", "outreach", "outreach.see"),
    ("desk_dashboard.index", "dashboard", "dashboard.see"),
    ("desk_rules.queue", "rules", "rules.see"),
    ("desk_audit.index", "audit", "audit.see"),
    ("desk_accounts.every", "accounts", "account.manage"),
)


@dataclass(frozen=True)
class Room:
    """An entry of the navigation: its address, the key of its name, whether this is its page, or one that belongs to it."""

    address: str
    key: str
    current: Literal["page", "true"] | None
    count: int = 0


def install(app: Flask) -> None:
    """Give templates `desk_account()`, `desk_rooms()`, `desk_query()`, `centre_name(id)`, `desk_moment(at)`, `desk_day(on)`."""
    app.add_template_global(account, "desk_account")
    app.add_template_global(rooms, "desk_rooms")
    app.add_template_global(query, "desk_query")
    app.add_template_global(centre_name, "centre_name")
    app.add_template_global(lambda at: moment(at, language.lang()), "desk_moment")
    app.add_template_global(lambda on: figures.day(on, language.lang()), "desk_day")


def account() -> Account | None:
    """The account that is signed in, if one is."""
    return current_user.account if current_user.is_authenticated else None


def rooms() -> tuple[Room, ...]:
    """The rooms that the account may enter."""
    signed = account()
    if signed is None:
        return ()
    found = [_room(endpoint, key) for endpoint, key, action in _ROOMS if may(signed.role, action)]
    if found and found[0].key == "home":
        with reading(engine()) as opened:
            found[0] = replace(found[0], count=count_urgent(opened, signed))
    return tuple(found)


def query() -> str:
    """What the address of this page asks for besides its language."""
    return urlencode([(name, told) for name, told in request.args.items(multi=True) if name != "lang"])


def centre_name(centre: str) -> str:
    """A centre's name in the page's language; its id for one that the list no longer has."""
    found = centres().get(centre)
    return found.name.get(language.lang()) if found else centre


def _room(endpoint: str, key: str) -> Room:
    address, here = url_for(endpoint), this_page()
    if here == address:
        return Room(address, key, "page")
    return Room(address, key, "true" if endpoint != _HOME and here.startswith(f"{address}/") else None)
