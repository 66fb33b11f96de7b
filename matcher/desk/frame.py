"""What the frame of the desk's pages shows: its rooms, who is signed in, the centre's name, the switch of languages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, request
from flask_login import current_user

from matcher.accounts import Account, Action, may
from matcher.answers import moment
from matcher.letters import centres
from matcher.web import language

_ROOMS: tuple[tuple[str, str, Action], ...] = (
    ("/desk", "home", "firm.see"),
    ("/desk/cases", "cases", "case.see"),
    ("/desk/letters", "letters", "letter.see"),
    ("/desk/handover", "handover", "handover.open"),
    ("/desk/runs", "runs", "run.see"),
    ("/desk/outreach", "outreach", "outreach.see"),
    ("/desk/dashboard", "dashboard", "dashboard.see"),
    ("/desk/audit", "audit", "audit.see"),
    ("/desk/accounts", "accounts", "account.manage"),
)


@dataclass(frozen=True)
class Room:
    """An entry of the navigation: its path, the key of its name, whether this page belongs to it."""

    path: str
    key: str
    is_here: bool


def install(app: Flask) -> None:
    """Give templates `desk_account()`, `desk_rooms()`, `desk_query()`, `centre_name(id)`, `desk_moment(at)`."""
    app.add_template_global(account, "desk_account")
    app.add_template_global(rooms, "desk_rooms")
    app.add_template_global(query, "desk_query")
    app.add_template_global(centre_name, "centre_name")
    app.add_template_global(lambda at: moment(at, language.lang()), "desk_moment")


def account() -> Account | None:
    """The account that is signed in, if one is."""
    return current_user.account if current_user.is_authenticated else None


def rooms() -> tuple[Room, ...]:
    """The rooms that the account may enter."""
    signed = account()
    if signed is None:
        return ()
    return tuple(Room(path, key, _is_here(path)) for path, key, action in _ROOMS if may(signed.role, action))


def query() -> str:
    """What the address of this page asks for besides its language."""
    return urlencode([(name, told) for name, told in request.args.items(multi=True) if name != "lang"])


def centre_name(centre: str) -> str:
    """A centre's name in the page's language; its id for one that the list no longer has."""
    found = centres().get(centre)
    return found.name.get(language.lang()) if found else centre


def _is_here(path: str) -> bool:
    return request.path == path or (path != "/desk" and request.path.startswith(f"{path}/"))
