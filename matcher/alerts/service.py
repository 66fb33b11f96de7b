"""Keeps who is to be told of changes of the law, and numbers the changes as they become known."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.db import EntryError
from matcher.presentation import LawChange

from .models import LONGEST_ADDRESS, AlertChange, AlertSubscription

# What mail servers agree on: letters, digits and some marks before the @, a host name with a dot after it.
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.ASCII)


def read_address(typed: str) -> str:
    """An address as it is kept: in lower case, wide letters made narrow, a host name of other scripts as mail carries it (``xn--…``).

    :raises EntryError: it is none, or one whose name before the @ is not in ASCII, which few servers deliver.
    """
    found = _in_ascii(unicodedata.normalize("NFKC", typed.strip()).lower())
    if len(found) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(found):
        raise EntryError(
            ("address",),
            "邮箱地址不对，请检查，如 name@example.com。",
            "This is no e-mail address; check it, such as name@example.com.",
        )
    return found


def _in_ascii(told: str) -> str:
    name, at, host = told.partition("@")
    if len(told) > LONGEST_ADDRESS:
        return told
    try:
        return f"{name}{at}{host.encode('idna').decode('ascii')}"
    except UnicodeError:  # a part between two dots that is empty or too long: no host at all
        return told


def mailbox_of(address: str) -> str:
    """Where mail to an address ends up, to be counted: ``name+anything@host`` and ``na.me@host`` are ``name@host`` at large hosts.

    Where they are not, two people who share a count can still each be written to on another day.
    """
    name, _, host = address.rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{host}"


def note_changes(session: Session, changes: Iterable[LawChange], at: datetime) -> int:
    """Number the changes that were not known before; the number of the last of all, 0 without any."""
    known = {(one.scheme, one.day, one.kind) for one in session.exec(select(AlertChange))}
    for one in sorted(changes, key=lambda one: (one.day, one.scheme.slug)):
        if (one.scheme.slug, one.day, one.kind) not in known:
            session.add(AlertChange(scheme=one.scheme.slug, day=one.day, kind=one.kind, noted_at=at))
    session.flush()
    return session.exec(select(func.max(AlertChange.id))).one() or 0


def changes_after(session: Session, number: int) -> Sequence[AlertChange]:
    """The changes that became known after that number, by day."""
    wanted = select(AlertChange).where(col(AlertChange.id) > number).order_by(col(AlertChange.day), col(AlertChange.id))
    return session.exec(wanted).all()


def subscribe(
    session: Session, address: str, language: str, schemes: Sequence[str] | None, last_change: int, at: datetime
) -> AlertSubscription:
    """Tell this address of what comes after ``last_change``; one that is told already is told by its new wish from now on."""
    found = _of_address(session, address)
    if found is None:
        token = secrets.token_urlsafe(32)
        found = AlertSubscription(
            address=address, language=language, token=token, last_change=last_change, confirmed_at=at
        )
    found.language, found.schemes, found.refused = language, list(schemes) if schemes else None, 0
    session.add(found)
    session.flush()
    return found


def is_subscribed(session: Session, address: str, language: str, schemes: Sequence[str]) -> bool:
    """Whether the address is told of just these schemes (none: of all), in this language."""
    found = _of_address(session, address)
    return found is not None and (found.language, found.schemes or []) == (language, list(schemes))


def holds(session: Session, token: str) -> bool:
    """Whether this token stops anything."""
    return _of_token(session, token) is not None


def stop(session: Session, token: str) -> bool:
    """Forget the address with this token; whether there was one."""
    return _forget(session, _of_token(session, token))


def stop_address(session: Session, address: str) -> bool:
    """Forget an address; whether it was there. Raises EntryError for what is none."""
    return _forget(session, _of_address(session, read_address(address)))


def _of_address(session: Session, address: str) -> AlertSubscription | None:
    return session.exec(select(AlertSubscription).where(AlertSubscription.address == address)).first()


def _of_token(session: Session, token: str) -> AlertSubscription | None:
    return session.exec(select(AlertSubscription).where(AlertSubscription.token == token)).first()


def _forget(session: Session, found: AlertSubscription | None) -> bool:
    if found is not None:
        session.delete(found)
    return found is not None
