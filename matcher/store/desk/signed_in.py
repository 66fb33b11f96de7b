"""Keeps the sessions that are open at the desk, so that signing out ends one wherever its cookie may have got to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from matcher.store.desk.account_table import Account, SignedIn


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without a request, and in any case."""

    idle: timedelta
    longest: timedelta


def open_session(session: Session, session_id: str, account: Account, now: datetime) -> SignedIn:
    """Write down that an account is signed in.

    :param session_id: the SHA-256 of a random text that only the browser keeps.
    """
    made = SignedIn(id=session_id, account_id=account.id or 0, began_at=now, seen_at=now)
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
