"""Keeps accounts, their open sessions, and what each centre has settled for itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, col, select

from matcher.audit import AuditHead
from matcher.db import EntryError
from matcher.web import account_subject, drop_attempts

from .models import CITY, NO_PASSWORD, Account, CentreSetting, Role, SignedIn

# ---------------------------------------------------------------------------------------------------------------------
# Keeps the sessions that are open at the desk, so that signing out ends one wherever its cookie may have got to.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without a request, and in any case."""

    idle: timedelta
    longest: timedelta


def open_session(
    session: Session, session_id: str, account: Account, now: datetime, id_token: str | None = None
) -> SignedIn:
    """Write down that an account is signed in.

    :param session_id: the SHA-256 of a random text that only the browser keeps.
    :param id_token: what the sign-in service said of it, sealed; None for a local sign-in.
    """
    made = SignedIn(id=session_id, account_id=account.id or 0, began_at=now, seen_at=now, id_token=id_token)
    session.add(made)
    session.flush()
    return made


def drop_over(session: Session, now: datetime, limits: Limits) -> None:
    """Delete the sessions of anybody that are over: in a transaction of its own, since those rows are other accounts'."""
    over = or_(col(SignedIn.seen_at) < now - limits.idle, col(SignedIn.began_at) < now - limits.longest)
    session.execute(delete(SignedIn).where(over))


def whose_session(
    session: Session, session_id: str, now: datetime, limits: Limits
) -> tuple[Account | None, SignedIn | None]:
    """The account of a session and the session; two Nones where it is over or the account may not come in."""
    found = session.get(SignedIn, session_id)
    if found is None or now - found.seen_at > limits.idle or now - found.began_at > limits.longest:
        return None, None
    account = session.get(Account, found.account_id)
    return (account, found) if account is not None and account.is_active else (None, None)


def seen(session: Session, session_id: str, now: datetime) -> None:
    """A session is in use."""
    found = session.get(SignedIn, session_id)
    if found is not None:
        found.seen_at = now


def close_session(session: Session, session_id: str) -> None:
    """End a session."""
    session.execute(delete(SignedIn).where(col(SignedIn.id) == session_id))


def close_sessions(session: Session, account: Account, but: str | None = None) -> None:
    """End every session of an account, except one."""
    session.execute(delete(SignedIn).where(col(SignedIn.account_id) == account.id, col(SignedIn.id) != (but or "")))


def sessions_of(session: Session, account: Account, now: datetime, limits: Limits) -> Sequence[SignedIn]:
    """The sessions of an account that are not over, the latest used first."""
    wanted = select(SignedIn).where(
        SignedIn.account_id == account.id,
        col(SignedIn.seen_at) >= now - limits.idle,
        col(SignedIn.began_at) >= now - limits.longest,
    )
    return session.exec(wanted.order_by(col(SignedIn.seen_at).desc())).all()


# ---------------------------------------------------------------------------------------------------------------------
# Keeps the accounts of the desk: who there is, and every change that ends open sessions.
# ---------------------------------------------------------------------------------------------------------------------


_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]")

_LONGEST_DISPLAY = 64

_PROGRAM = "client:"

"""How the account of a program is called; no name that people sign in with has a colon."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made of; ``must_change``: the password was given out and holds for the first sign-in alone."""

    name: str
    display_name: str
    role: str
    centre: str
    password_hash: str
    must_change: bool = False


def add_account(session: Session, new: NewAccount, at: datetime) -> Account:
    """Add an account. Raises EntryError for a name that is taken or cannot be typed, no name to show, or no such role."""
    if not _NAME.fullmatch(new.name):
        raise EntryError(
            ("name",),
            "登录名为2至64个小写字母、数字或 . _ -，首尾为字母或数字。",
            "A name to sign in with is 2 to 64 small letters, digits or . _ -, with a letter or digit at both ends.",
        )
    _check(new.display_name, new.role)
    if find_account(session, new.name) is not None:
        raise EntryError(("name",), f"登录名{new.name}已有人用。", f"The name {new.name} is taken.")
    account = Account(
        name=new.name,
        display_name=new.display_name,
        role=new.role,
        centre=new.centre,
        password_hash=new.password_hash,
        must_change=new.must_change,
        created_at=at,
        password_changed_at=at,
    )
    session.add(account)
    session.flush()
    return account


def find_account(session: Session, name: str) -> Account | None:
    """The account of this name, as it is typed to sign in; None if there is none. A program's is none that signs in."""
    wanted = select(Account).where(Account.name == name.strip().lower(), _is_person())
    return session.exec(wanted).one_or_none()


def program_account(session: Session, client_id: int, display_name: str, centre: str, at: datetime) -> Account:
    """The account under which a program of the interface stands where a row names who did it; made at its first use.

    Nobody signs in with it: it is inactive, its password is none, and it is among no list of accounts.
    """
    found = find_program(session, client_id)
    if found is None:
        found = Account(
            name=f"{_PROGRAM}{client_id}",
            display_name=display_name,
            role="clerk",
            centre=centre,
            password_hash=NO_PASSWORD,
            is_active=False,
            created_at=at,
            password_changed_at=at,
        )
        session.add(found)
        session.flush()
    return found


def find_program(session: Session, client_id: int) -> Account | None:
    """The account of a program; None before its first use."""
    return session.exec(select(Account).where(Account.name == f"{_PROGRAM}{client_id}")).one_or_none()


def is_program(account: Account) -> bool:
    """Whether an account is a program's, not a person's."""
    return account.name.startswith(_PROGRAM)


def _is_person() -> ColumnElement[bool]:
    return ~col(Account.name).startswith(_PROGRAM, autoescape=True)


def list_accounts(session: Session, centre: str | None = None) -> Sequence[Account]:
    """All accounts (of one centre), active ones first, by centre and name."""
    in_order = (col(Account.is_active).desc(), col(Account.centre), col(Account.name))
    wanted = select(Account).where(_is_person()).order_by(*in_order)
    if centre is not None:
        wanted = wanted.where(Account.centre == centre)
    return session.exec(wanted).all()


def held_account(session: Session, account_id: int) -> Account | None:
    """An account, fresh from the store and kept from other writers until the transaction ends."""
    # Not from those who only refer to it: a clerk's note, written with the trail's head in hand, must not wait for it.
    wanted = select(Account).where(Account.id == account_id, _is_person()).with_for_update(key_share=True)
    return session.exec(wanted.execution_options(populate_existing=True)).one_or_none()


def unlock(session: Session, account: Account) -> None:
    """Forget the wrong passwords and codes tried at an account, so that nobody need wait."""
    drop_attempts(session, account_subject(account.id or 0))


def set_password(
    session: Session,
    account: Account,
    password_hash: str,
    at: datetime,
    must_change: bool = False,
    keep: str | None = None,
) -> None:
    """Give an account another password, forget the tries at it and end its sessions except one."""
    account.password_hash, account.password_changed_at, account.must_change = password_hash, at, must_change
    unlock(session, account)
    end_sessions(session, account, keep)


def end_sessions(session: Session, account: Account, keep: str | None = None) -> None:
    """End every session that the account has open, except one; that one must take over the new epoch."""
    close_sessions(session, account, but=keep)
    account.epoch += 1
    session.add(account)
    session.flush()


def change_account(session: Session, account: Account, display_name: str, role: str, centre: str) -> tuple[str, ...]:
    """Change who an account is; returns the names of what changed. Another role or centre ends its sessions.

    Raises EntryError for the last administrator of the city.
    """
    _check(display_name, role)
    wanted = {"display_name": display_name, "role": role, "centre": centre}
    changed = tuple(name for name, told in wanted.items() if getattr(account, name) != told)
    if changed and changed != ("display_name",):
        _not_the_last(session, account)
        end_sessions(session, account)
    for name in changed:
        setattr(account, name, wanted[name])
    session.add(account)
    session.flush()
    return changed


def set_active(session: Session, account: Account, is_active: bool) -> None:
    """Let an account in or keep it out; what it did stays. Raises EntryError for the last administrator of the city."""
    if not is_active:
        _not_the_last(session, account)
    account.is_active = is_active
    unlock(session, account)
    end_sessions(session, account)


def set_second_factor(
    session: Session, account: Account, secret: str | None, last: int | None, keep: str | None = None
) -> None:
    """Turn the second factor on (with its encrypted secret and the step of the code just used) or off (None).

    The account's sessions end, except one.
    """
    account.totp_secret, account.totp_last = secret, last
    end_sessions(session, account, keep)


def _check(display_name: str, role: str) -> None:
    if not 0 < len(display_name.strip()) <= _LONGEST_DISPLAY:
        raise EntryError(("display_name",), "姓名为1至64个字。", "The name to show has 1 to 64 characters.")
    if role not in get_args(Role):
        raise EntryError(("role",), "请选一个角色。", "Choose a role.")


def _not_the_last(session: Session, account: Account) -> None:
    """Whoever could make new administrators must never be gone altogether."""
    if not (account.is_active and account.role == "administrator" and account.centre == CITY):
        return
    # Two administrators who turn each other out at the same moment come here one after the other. Not their rows are
    # locked for it, each of which the other may hold: all that is recorded waits for the head of the trail anyhow.
    session.exec(select(AuditHead).with_for_update()).one()
    wanted = select(Account.id).where(Account.role == "administrator", Account.centre == CITY, col(Account.is_active))
    if not [other for other in session.exec(wanted) if other != account.id]:
        raise EntryError(
            ("role",),
            "这是市中心最后一个管理员账号，不能停用或改任。请先新建另一个。",
            "This is the city's last administrator and must stay. Make another one first.",
        )


# ---------------------------------------------------------------------------------------------------------------------
# Keeps what each centre has settled for itself.
# ---------------------------------------------------------------------------------------------------------------------


_RETENTION = range(1, 3651)


def settings_of(session: Session, centre: str) -> CentreSetting:
    """What a centre has settled; what holds for all where it has settled nothing."""
    return session.get(CentreSetting, centre) or CentreSetting(centre=centre)


def save_settings(session: Session, centre: str, needs_countersign: bool, retention_days: int) -> tuple[str, ...]:
    """Settle something for a centre; returns the names of what changed. Raises EntryError for days out of 1 to 3650."""
    if retention_days not in _RETENTION:
        raise EntryError(("retention_days",), "保存期限为1至3650天。", "Facts are kept for 1 to 3650 days.")
    found = settings_of(session, centre)
    wanted = {"needs_countersign": needs_countersign, "retention_days": retention_days}
    changed = tuple(name for name, told in wanted.items() if getattr(found, name) != told)
    for name in changed:
        setattr(found, name, wanted[name])
    session.add(found)
    session.flush()
    return changed
