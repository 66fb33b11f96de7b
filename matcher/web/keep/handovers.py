"""Hands answers over to the service centre under a code, lets the centre open them, and the owner take them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlmodel import Session

from matcher.store import reading, session
from matcher.store.handovers import find_handover, openings, put_handover, record_opening, withdraw_handover
from matcher.store.tables import Handover
from matcher.web.keep import clock, quota, wire
from matcher.web.keep.answers import Answers
from matcher.web.keep.codes import CodeKeys, keys
from matcher.web.keep.database import engine
from matcher.web.keep.seal import decrypt, encrypt
from matcher.web.keep.sealed import secrets

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
    now, opener = clock.moment(), keys(current_app.config["SECRET_KEY"], code)
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
        withdraw_handover(writing, found[0], clock.moment())
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
            record_opening(writing, row, clock.moment())
            writing.flush()
        return _told(writing, row, wire.unpack(decrypt(opener.key, row.ciphertext, _USE)))


def _find(active: Session, code: str) -> tuple[Handover, CodeKeys] | None:
    """The row of a code, whichever of the server's secrets it was made under."""
    for secret in secrets():
        opener = keys(secret, code)
        found = find_handover(active, opener.name, clock.moment())
        if found is not None:
            return found, opener
    return None


def _told(active: Session, row: Handover, answers: Answers | None = None) -> HandedOver:
    opened = openings(active, row.id)
    return HandedOver(row.consent, row.made_at, row.expires_at, row.withdrawn_at, opened, answers)
