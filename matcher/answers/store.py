"""Answers locked away on the server under a key that only the owner gets, and handed over under a code."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request, Response, current_app, request, url_for
from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.db import reading, session
from matcher.text import ALPHABET, LENGTH, with_check
from matcher.web import SealBroken, database, decrypt, derive, encrypt, engine, sealing, sealing_secrets

from . import quota, wire
from .answers import Answers
from .models import Draft, Handover, HandoverOpening
from .quota import delete_draft, find_draft, put_draft

# ---------------------------------------------------------------------------------------------------------------------
# Locks answers away on the server under a key that only the owner gets: in the cookie, or in a private link.
# ---------------------------------------------------------------------------------------------------------------------


_LOCKER_USE = "draft"

_KEY_BYTES = 18  # 144 bits: 24 characters of a link, without padding


def new_key() -> str:
    """A key for one locker: 24 characters that may stand in an address."""
    return urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def put(key: str, answers: Answers, days: int) -> None:
    """Lock answers away for so many days, in place of what lay under this key. Raises StorageFull, StoreError."""
    _put(key, answers, days, is_new=False)


def put_new(key: str, answers: Answers, days: int) -> None:
    """The same under a key that only now comes into use: what lies under it already stays. Raises StorageFull, StoreError."""
    _put(key, answers, days, is_new=True)


def look_into_locker(key: str) -> Answers | None:
    """What lies under this key; None where there is nothing, or no longer. Raises StoreError."""
    with reading(engine()) as opened:
        found = find_draft(opened, _name(key), database.moment())
    if found is None:
        return None
    try:
        return wire.unpack(decrypt(derive(key, _LOCKER_USE), found.ciphertext, _LOCKER_USE))
    except (SealBroken, ValueError):
        return None


def clear(key: str) -> bool:
    """Throw away what lies under this key; whether there was anything. Raises StoreError."""
    with session(engine()) as writing:
        return delete_draft(writing, _name(key))


def _put(key: str, answers: Answers, days: int, *, is_new: bool) -> None:
    now = database.moment()
    ciphertext = encrypt(derive(key, _LOCKER_USE), wire.pack(answers), _LOCKER_USE)
    try:
        with session(engine()) as writing:
            if is_new and find_draft(writing, _name(key), now) is not None:
                return
            grown = put_draft(writing, _name(key), ciphertext, now + timedelta(days=days), now)
            quota.charge(writing, Draft, grown)
    except quota.StorageFull as full:
        full.answers = answers
        raise


def _name(key: str) -> str:
    """The name of the row: it comes out of the key, and the key does not come out of it."""
    return derive(key, "draft name").hex()


# ---------------------------------------------------------------------------------------------------------------------
# Codes for a handover: nobody can guess one, and the store holds neither the code nor what it opens.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodeKeys:
    """What comes out of a code: the name of the row in the store, and the key that opens it."""

    name: str
    key: bytes


def new_code() -> str:
    """A code nobody can guess (11 random characters, 49 bits, and the check), without hyphens."""
    return with_check(secrets.randbelow(len(ALPHABET) ** (LENGTH - 1)))


def keys(secret: str | bytes, code: str) -> CodeKeys:
    """Name and key of a code under a secret of the server.

    scrypt makes each guess dear for somebody who got hold of both database and secret; without the secret the database
    alone cannot be guessed at.
    """
    salt = derive(secret, "handover")
    master = hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return CodeKeys(derive(master, "handover name").hex(), derive(master, "handover key"))


# ---------------------------------------------------------------------------------------------------------------------
# Keeps what owners handed over to the service centre: encrypted, for a time, with every opening and the withdrawal.
# ---------------------------------------------------------------------------------------------------------------------


def put_handover(
    session: Session, handover_id: str, ciphertext: bytes, consent: str, made_at: datetime, expires_at: datetime
) -> Handover:
    """Write a handover; one that is there under this name stays as it is. Whatever has expired goes at the same time.

    :param handover_id: 64 hex digits that come out of the code, and from which the code does not come.
    :param consent: the version of the text that the owner agreed to.
    """
    session.execute(delete(Handover).where(col(Handover.expires_at) <= made_at))
    found = session.get(Handover, handover_id)
    if found is None:
        found = Handover(
            id=handover_id,
            ciphertext=ciphertext,
            size=len(ciphertext),
            consent=consent,
            made_at=made_at,
            expires_at=expires_at,
        )
        session.add(found)
        session.flush()
    return found


def find_handover(session: Session, handover_id: str, now: datetime) -> Handover | None:
    """The handover of this name, withdrawn or not; None if there is none or it has expired."""
    found = session.get(Handover, handover_id)
    return found if found is not None and found.expires_at > now else None


def withdraw_handover(session: Session, handover: Handover, now: datetime) -> None:
    """Empty a handover for good; a second time changes nothing."""
    if handover.withdrawn_at is None:
        handover.ciphertext, handover.size, handover.withdrawn_at = None, 0, now
        session.add(handover)


def record_opening(session: Session, handover: Handover, now: datetime) -> None:
    """Record that the service centre looked at a handover."""
    session.add(HandoverOpening(handover_id=handover.id, opened_at=now))


def openings(session: Session, handover_id: str) -> Sequence[datetime]:
    """When the service centre looked at a handover, the first time first."""
    found = select(HandoverOpening.opened_at).where(HandoverOpening.handover_id == handover_id)
    return session.exec(found.order_by(col(HandoverOpening.opened_at))).all()


# ---------------------------------------------------------------------------------------------------------------------
# Keys of private links: who has one may read a copy, and only the browser that made it may delete what lies under
# it.
# ---------------------------------------------------------------------------------------------------------------------


COOKIE = "links"

_NEW, _NEW_SECONDS = "new link", 12 * 3600

_OWN, _OWN_SECONDS = "own links", 30 * 24 * 3600

_MOST = 50


def new_link_key() -> str:
    """A fresh key, sealed for the form that makes a link: a key that somebody has read in a link makes none."""
    return sealing.close(_NEW, new_key().encode())


def read_new(text: str) -> str | None:
    """The key in that form; None where it was not made here, or the page was open for too long."""
    key = sealing.opened(_NEW, text, _NEW_SECONDS)
    return key.decode() if key is not None else None


def is_own(request_: Request, key: str) -> bool:
    """Whether this browser made the link."""
    return key in _own(request_)


def remember(answer: Response, key: str) -> None:
    """Let the browser remember that it made this link; the last fifty, for as long as a link lasts."""
    keys = [key, *(known for known in _own(request) if known != key)][:_MOST]
    text = sealing.close(_OWN, json.dumps(keys).encode())
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    path = url_for("links.form")
    answer.set_cookie(COOKIE, text, max_age=_OWN_SECONDS, path=path, secure=secure, httponly=True, samesite="Lax")


def _own(request_: Request) -> list[str]:
    packed = sealing.opened(_OWN, request_.cookies.get(COOKIE, ""), _OWN_SECONDS)
    return [str(key) for key in json.loads(packed)] if packed is not None else []


# ---------------------------------------------------------------------------------------------------------------------
# Hands answers over to the service centre under a code, lets the centre open them, and the owner take them back.
# ---------------------------------------------------------------------------------------------------------------------


DAYS = 30

CONSENT = "1"

"""The version of the consent text: its words are `handover.consent.<version>`, and a changed text is a new version."""

_USE = "handover"


@dataclass(frozen=True)
class HandedOver:
    """A handover as code and store tell it; `answers` is None where nobody asked for them or they were withdrawn."""

    consent: str
    made_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    opened_at: Sequence[datetime]
    answers: Answers | None = None


def hand_over(code: str, answers: Answers) -> HandedOver:
    """Leave answers for the service centre under a code; under the same code again nothing changes. Raises StorageFull."""
    now, opener = database.moment(), keys(current_app.config["SECRET_KEY"], code)
    ciphertext = encrypt(opener.key, wire.pack(answers), _USE)
    try:
        with session(engine()) as writing:
            is_new = find_handover(writing, opener.name, now) is None
            made = put_handover(writing, opener.name, ciphertext, CONSENT, now, now + timedelta(days=DAYS))
            quota.charge(writing, Handover, made.size if is_new else 0)
            return _told(writing, made)
    except quota.StorageFull as full:
        full.answers = answers
        raise


def look(code: str) -> HandedOver | None:
    """How a handover stands, without its answers; None if there is none under this code."""
    with reading(engine()) as opened:
        found = _find(opened, code)
        return _told(opened, found[0]) if found else None


def withdraw(code: str) -> HandedOver | None:
    """Take a handover back; None if there is none under this code."""
    with session(engine()) as writing:
        found = _find(writing, code)
        if found is None:
            return None
        withdraw_handover(writing, found[0], database.moment())
        return _told(writing, found[0])


def open_for_centre(code: str, *, is_recorded: bool = True) -> HandedOver | None:
    """A handover with its answers, which is recorded as an opening; None if there is none under this code."""
    with session(engine()) as writing:
        found = _find(writing, code)
        if found is None:
            return None
        row, opener = found
        if row.ciphertext is None:
            return _told(writing, row)
        if is_recorded:
            record_opening(writing, row, database.moment())
            writing.flush()
        return _told(writing, row, wire.unpack(decrypt(opener.key, row.ciphertext, _USE)))


def _find(active: Session, code: str) -> tuple[Handover, CodeKeys] | None:
    """The row of a code, whichever of the server's secrets it was made under."""
    for secret in sealing_secrets():
        opener = keys(secret, code)
        found = find_handover(active, opener.name, database.moment())
        if found is not None:
            return found, opener
    return None


def _told(active: Session, row: Handover, answers: Answers | None = None) -> HandedOver:
    opened = openings(active, row.id)
    return HandedOver(row.consent, row.made_at, row.expires_at, row.withdrawn_at, opened, answers)
