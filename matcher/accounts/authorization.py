"""Who may open a page of the desk: signed in, allowed, with a good token; and the trail of what was done."""

from __future__ import annotations

import inspect
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, NoReturn, TypeVar, cast

from flask import Flask, abort, current_app, g, request
from flask_login import current_user
from sqlmodel import Session, col, select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from matcher.audit import Event, append
from matcher.db import session as transaction
from matcher.firms import has_half_character
from matcher.letters import centres
from matcher.text import sentences
from matcher.web import engine, is_desk, now, token_holds

from . import late_forms, rights, sessions
from .models import Account
from .rights import ROLES, Action

# ---------------------------------------------------------------------------------------------------------------------
# The right that each page of the desk declares, and its check at the start and at every request; the trail of what was
# done.
# ---------------------------------------------------------------------------------------------------------------------


_View = TypeVar("_View", bound=Callable[..., Any])

OPEN: Literal["open"] = "open"

"""The right of a page that needs no account: signing in."""

OUT: Literal["out"] = "out"

"""The right of the way out: no session is needed for it, but the form's token is, so that nobody is put out by others."""

_DECLARED = "desk_right"

_REFUSED = "desk_refused"

_FORBIDDEN, _NOT_FOUND = 403, 404

_STALE = _BAD_REQUEST = 400

_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Right:
    """What a view declares: whose page it is, how large a request to it may be, and whether it keeps a session alive."""

    action: Action | Literal["open", "out"]
    largest: int | None = None
    by_itself: bool = False


class UndeclaredRightError(RuntimeError):
    """A page of the desk says not who may open it, or says it with a word that the table of rights does not have."""


def require(
    action: Action | Literal["open", "out"], largest: int | None = None, *, by_itself: bool = False
) -> Callable[[_View], _View]:
    """Declare the right of a view: only those in whose role it lies may open the page.

    :param action: an action of `rights.ROLES`; or OPEN, OUT.
    :param largest: bytes that a request to this view may have, where files are sent; else the site's limit holds.
    :param by_itself: a page asks for it again and again though nobody may sit there: it keeps no session alive.
    """

    def mark(view: _View) -> _View:
        setattr(view, _DECLARED, Right(action, largest, by_itself))
        return view

    return mark


def install(app: Flask) -> None:
    """Ask for the right before every view that declares one and every page of the desk; give templates `can()`."""
    app.before_request(_only_if_allowed)
    app.after_request(_remember_refusal)
    app.add_template_global(can, "can")


def check_rights(app: Flask) -> None:
    """Refuse to start with a page of the desk whose view declares no right.

    :raises UndeclaredRightError: naming endpoint, address, file and line of each such view, and what to write there.
    """
    faults = [
        _undeclared(app, rule)
        for rule in app.url_map.iter_rules()
        if ((right := _right_of(app, rule.endpoint)) is None and is_desk(rule.rule)) or (right and not _is_known(right))
    ]
    if faults:
        raise UndeclaredRightError("\n".join(faults))


def action_of(endpoint: str) -> str | None:
    """The action that the view of an endpoint declares; None for a view without a right."""
    right = _right_of(current_app, endpoint)
    return right.action if right else None


def _right_of(app: Flask, endpoint: str | None) -> Right | None:
    return getattr(app.view_functions.get(endpoint or ""), _DECLARED, None)


def _is_known(right: Right) -> bool:
    return right.action in (*ROLES, OPEN, OUT)


def _undeclared(app: Flask, rule: Rule) -> str:
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    code = getattr(view, "__code__", None)
    place = f"{code.co_filename}:{code.co_firstlineno}" if code else repr(view)
    return (
        f'{place}: 页面 {rule.endpoint}（{rule.rule}）没有声明权限。请在视图函数上方写 @require("…")，'
        f"取 matcher/accounts/rights.py 中的一项操作 / the page {rule.endpoint} ({rule.rule}) declares no right. "
        f'Write @require("…") above its view, with an action of matcher/accounts/rights.py: {", ".join(ROLES)}'
    )


def me() -> Account:
    """The account that is signed in. Only in a view that requires an action."""
    return cast(Account, current_user.account)


def reach(centre: str | None) -> None:
    """Go on only if the account may do this page's action to what belongs to this centre; else the page of refusal."""
    action = cast(Action, action_of(request.endpoint or ""))
    account = me()
    if centre is None or not rights.reaches(account.role, account.centre, action, centre):
        refuse_request()


def centres_reached(action: Action) -> tuple[str, ...]:
    """The ids of the centres to whose things the account may do this, the own first."""
    account = me()
    every = (account.centre, *(centre for centre in centres() if centre != account.centre))
    return tuple(one for one in every if rights.reaches(account.role, account.centre, action, one))


def refuse_request() -> NoReturn:
    """Answer with the page of refusal; that somebody tried what is not theirs is recorded."""
    setattr(g, _REFUSED, True)
    abort(_FORBIDDEN)


def can(action: Action, centre: str | None = None) -> bool:
    """Whether the account may do something (to what belongs to a centre): for templates, to show a button or not."""
    if not current_user.is_authenticated:
        return False
    account = me()
    return rights.reaches(account.role, account.centre, action, centre or account.centre)


def record(session: Session, action: str, subject: str, centre: str | None = None, **detail: object) -> None:
    """Put into the audit trail what the signed-in account did, in the transaction that does it.

    :param action: as ``<what>.<verb>``, for example ``case.changed``; ``subject``: ``case 12``, ``letter 津辰惠函〔2026〕1号``.
    :param detail: what changed, by name; never a value of a firm's facts.
    """
    account = me()
    client = request.remote_addr or "?"
    event = Event(now(), account.name, account.role, centre or account.centre, action, subject, client, detail)
    append(session, event)


def record_look(action: str, subject: str, centre: str | None = None, **detail: object) -> None:
    """The same for what was only looked at, after it was read: nobody holds up other writers while he reads."""
    with transaction(engine()) as writing:
        record(writing, action, subject, centre, **detail)


def _only_if_allowed() -> Response | tuple[str, int] | None:
    right = _right_of(current_app, request.endpoint)
    if request.url_rule is None or (right is None and not is_desk(request.url_rule.rule)):
        return None
    if right is not None and right.action == OUT:
        return None if _token_holds() or not current_user.is_authenticated else late_forms.leave()
    _must_be_storable(_all(request.args), (request.view_args or {}).values())
    if right is not None and right.action == OPEN:
        _must_be_storable(_all(request.form))
        return None if _token_holds() else _stale_door()
    if not current_user.is_authenticated:
        return sessions.ask_to_sign_in()
    if right is None or not rights.may(me().role, cast(Action, right.action)):
        refuse_request()
    if me().must_change and right.action != "self.change":
        return sessions.ask_to_change()
    if not right.by_itself:
        sessions.keep_alive(now())
    if right.largest is not None:
        # Before the body is read: where files are sent, a request may be as large as its view says.
        request.max_content_length = right.largest
    return None if _token_holds() else _once_more()


def _stale_door() -> tuple[str, int]:
    """A sign-in page whose token is over: to be sent again; whoever signed in meanwhile in another window gets the form that waited."""
    waiting = late_forms.opened() if current_user.is_authenticated else None
    if waiting is not None and waiting.account_id in (None, me().id):
        return late_forms.again(waiting)
    return late_forms.sign_in_page(sentences.Sentence("登录页开得太久了，请再登录一次；刚才填写的内容没有丢。"), _STALE)


def _token_holds() -> bool:
    return request.method in ("GET", "HEAD") or token_holds(request.form.get("csrf_token"))


def _once_more() -> tuple[str, int]:
    """A form from a page that was left open too long, or shown before signing in again: nothing is done, nothing is lost."""
    form = late_forms.sent(me().id)
    return late_forms.again(form, _STALE) if form else late_forms.ended(me().id)


def _all(fields: MultiDict[str, str]) -> Iterator[str]:
    return (told for _, told in fields.items(multi=True))


def _must_be_storable(*told: Iterable[object]) -> None:
    """Refuse what no database takes: a number beyond all that it counts is nothing's, and no keyboard types a NUL."""
    for value in chain(*told):
        if isinstance(value, int) and value > _LARGEST_NUMBER:
            abort(_NOT_FOUND)
        if isinstance(value, str) and ("\0" in value or has_half_character(value)):
            abort(_BAD_REQUEST)


def _remember_refusal(answer: Response) -> Response:
    """Into the trail, once what was begun has been rolled back: which page, which number, by whom."""
    if g.pop(_REFUSED, False):
        numbers = {name: told for name, told in (request.view_args or {}).items() if isinstance(told, int)}
        with transaction(engine()) as writing:
            record(writing, "desk.refused", f"page {request.endpoint}"[:100], None, **numbers)
    return answer


# ---------------------------------------------------------------------------------------------------------------------
# Marks a form, so that pressed twice, in two tabs or after going back it does its work once.
# ---------------------------------------------------------------------------------------------------------------------


FIELD = "once"

_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def new_once() -> str:
    """A mark for a new form."""
    return secrets.token_urlsafe(16)


def sent_once() -> str | None:
    """The mark of the form that was sent, as the store keeps it: with whoever sent it. None for a form without one."""
    told = request.form.get(FIELD, "")
    return f"{me().id}:{told}" if _SHAPE.fullmatch(told) else None


# ---------------------------------------------------------------------------------------------------------------------
# Names of accounts for pages: who did something, and to whom a case may be given.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class People:
    """The accounts that a page speaks of, by id and by name."""

    by_id: dict[int, str]

    def of(self, account_id: int | None) -> str:
        """What an account is called; empty for nobody."""
        return self.by_id.get(account_id, "?") if account_id is not None else ""


def people(session: Session, ids: Iterable[int | None]) -> People:
    """The names of these accounts."""
    wanted = {one for one in ids if one is not None}
    found = select(Account.id, Account.display_name).where(col(Account.id).in_(wanted))
    return People({number: name for number, name in session.exec(found) if number is not None})


def names_by_login(session: Session, logins: Iterable[str]) -> dict[str, str]:
    """The names of the accounts with these login names; what is no account's is left out."""
    found = select(Account.name, Account.display_name).where(col(Account.name).in_(set(logins)))
    return dict(session.exec(found).all())


def staff(session: Session, centre: str) -> list[tuple[int, str]]:
    """Those of a centre who work on cases, by name: to choose from."""
    able = list(ROLES["case.write"])
    wanted = select(Account.id, Account.display_name).where(
        Account.centre == centre, col(Account.is_active).is_(True), col(Account.role).in_(able)
    )
    return [
        (number, name) for number, name in session.exec(wanted.order_by(Account.display_name)) if number is not None
    ]
