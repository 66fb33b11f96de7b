"""Limits how much strangers may store here: by address and day, and in all, with words for whoever is refused."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import current_app, has_request_context, request
from sqlmodel import Session

from matcher.store.attempts import add_attempt, tries
from matcher.store.drafts import stored_bytes
from matcher.store.tables import Draft, Handover
from matcher.web.clients import client_of, hashed, wider_network_of
from matcher.web.keep import clock
from matcher.web.keep.answers import Answers

SETTING = "MATCHER_ANSWERS_MB"
"""Megabytes of links and long answers that may lie here at once; as many again of what was handed over."""

DEFAULT_MB = 1024
DAY = timedelta(hours=24)
MOST_OF_ONE_KB = 4 * 1024
"""Kibibytes that an address may store in a day: some thousand firms' answers, or thirty of the longest."""

WIDER = 4
"""A wider network of IPv6 (a /48, which anybody can have) may store so many times as much as one of its /64."""

_KB, _RETRY_MINUTES = 1024, 60


class StorageFull(Exception):
    """Nothing was stored. ``is_own``: this address has stored too much today, else the site is full; ``answers`` wait."""

    def __init__(self, minutes: int, *, is_own: bool) -> None:
        super().__init__("this address has stored too much" if is_own else "the store of answers is full")
        self.minutes, self.is_own = minutes, is_own
        self.answers: Answers | None = None


def charge(writing: Session, table: type[Draft] | type[Handover], grown: int) -> None:
    """Count what the present request has just stored; StorageFull, which undoes the transaction, where it is too much.

    What only takes the place of what was there, and is no longer, counts nothing; nor does what no visitor stored.
    """
    if grown <= 0 or not has_request_context():
        return
    now, client = clock.moment(), client_of(request)
    wider = hashed(wider_network_of(request.remote_addr))
    add_attempt(writing, "storage", client, now, now - DAY, subject=wider, weight=-(-grown // _KB))
    for most, of in ((MOST_OF_ONE_KB, {"client": client}), (WIDER * MOST_OF_ONE_KB, {"subject": wider})):
        number, oldest = tries(writing, "storage", since=now - DAY, **of)
        if number > most and oldest is not None:
            raise StorageFull(max(1, -int(-(oldest + DAY - now) // timedelta(minutes=1))), is_own=True)
    if stored_bytes(writing, table) > most_bytes():
        raise StorageFull(_RETRY_MINUTES, is_own=False)


def most_bytes() -> int:
    """The bytes that each of the two tables may hold. Raises ValueError for a setting that is no number."""
    told = current_app.config.get(SETTING) or os.environ.get(SETTING) or DEFAULT_MB
    return int(told) * _KB * _KB
