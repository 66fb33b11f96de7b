"""The door of every page of the desk: signed in, allowed, with a good token; and the trail of what was done behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, current_app, g, request
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.desk import rights
from matcher.desk.rights import Action
from matcher.store.desk import Account
from matcher.store.desk.audit import Event, append
from matcher.web.desk import sessions
from matcher.web.saving.said import said
from matcher.web.security import token_holds

_View = TypeVar("_View", bound=Callable[..., Any])
_ACTION = "desk_action"
_FORBIDDEN = 403
_STALE = 400
OPEN = "open"
"""The action of a page that needs no account: signing in."""


def allow(action: Action | str) -> Callable[[_View], _View]:
    """Say what a view does; `guard` lets only those in whose role may do it. A view that says nothing is open to nobody."""

    def mark(view: _View) -> _View:
        setattr(view, _ACTION, action)
        return view

    return mark


def action_of(endpoint: str) -> str | None:
    """What the view of an endpoint was marked with; None for a view without a mark."""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, _ACTION, None)


def guard(pages: Blueprint) -> None:
    """Put the door before every view of a blueprint."""
    pages.before_request(_only_if_allowed)


def me() -> Account:
    """The account that is signed in. Only behind `guard`."""
    return cast(Account, current_user.account)


def reach(centre: str | None) -> None:
    """Go on only if the account may do this page's action to what belongs to this centre; else the page of refusal."""
    action = cast(Action, action_of(request.endpoint or ""))
    account = me()
    if centre is None or not rights.reaches(account.role, account.centre, action, centre):
        abort(_FORBIDDEN)


def can(action: Action, centre: str | None = None) -> bool:
    """Whether the account may do something (to what belongs to a centre): for templates, to show a button or not."""
    if not current_user.is_authenticated:
        return False
    account = me()
    return rights.reaches(account.role, account.centre, action, centre or account.centre)


def now() -> datetime:
    """The moment of this request, the same for everything that it writes."""
    if "desk_now" not in g:
        g.desk_now = datetime.now(UTC)
    return cast(datetime, g.desk_now)


def record(session: Session, action: str, subject: str, centre: str | None = None, **detail: object) -> None:
    """Put into the audit trail what the signed-in account did, in the transaction that does it.

    :param action: as ``<what>.<verb>``, for example ``case.changed``; ``subject``: ``case 12``, ``letter 津辰惠函〔2026〕1号``.
    :param detail: what changed, by name; never a value of a firm's facts.
    """
    account = me()
    client = request.remote_addr or "?"
    event = Event(now(), account.name, account.role, centre or account.centre, action, subject, client, detail)
    append(session, event)


def _only_if_allowed() -> Response | tuple[str, int] | None:
    action = action_of(request.endpoint or "")
    if action == OPEN:
        return _refuse_stale()
    if not current_user.is_authenticated:
        return sessions.ask_to_sign_in()
    if action is None or not rights.may(me().role, cast(Action, action)):
        abort(_FORBIDDEN)
    if me().must_change and action != "self.change":
        return sessions.ask_to_change()
    return _refuse_stale()


def _refuse_stale() -> tuple[str, int] | None:
    if request.method in ("GET", "HEAD") or token_holds(request.form.get("csrf_token")):
        return None
    return said("stale", _STALE, back=request.path)
