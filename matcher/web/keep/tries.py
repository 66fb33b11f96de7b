"""Limits how often codes and passwords may be tried: by address, by account, by known device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request

from matcher.store import reading, session
from matcher.store.attempts import add_attempt, drop_attempt, tries
from matcher.store.tables import Purpose
from matcher.web.clients import client_of
from matcher.web.keep import clock
from matcher.web.keep.database import engine

WINDOW = timedelta(minutes=15)
MOST_OF_ONE = 10


class TooManyTries(Exception):
    """No further try is allowed before `minutes` have passed."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} min")
        self.minutes = minutes


@dataclass(frozen=True)
class Limit:
    """So many wrong tries in `WINDOW`: of a client, at a subject, or of a client at a subject (None: whichever)."""

    most: int
    client: str | None = None
    subject: str | None = None


@dataclass
class Try:
    """A try that is going on; it counts against the limits unless it `was_right`."""

    was_right: bool = False


@contextmanager
def one_try(request: Request, purpose: Purpose, most: int = MOST_OF_ONE) -> Iterator[Try]:
    """Spend one try of this address, which has so many wrong ones in 15 minutes. Raises as `limited` does.

    There is no limit for all addresses together: it would let one stranger stop everybody, and what is tried must be too
    long to be guessed from however many.
    """
    client = client_of(request)
    with limited(purpose, client, None, [Limit(most, client)]) as going_on:
        yield going_on


@contextmanager
def limited(purpose: Purpose, client: str, subject: str | None, limits: Sequence[Limit]) -> Iterator[Try]:
    """Spend one try at a secret. Raises TooManyTries before anything is tried, StoreError without the store.

    The try is written down first and counted then, each in its own transaction, so that a hundred tries sent at once
    count each other. One that is refused is not counted: nobody's wait gets longer by trying on.
    """
    now = clock.moment()
    with session(engine()) as writing:
        attempt = add_attempt(writing, purpose, client, now, now - WINDOW, subject=subject)
    wait = _wait(purpose, limits, now, has_begun=True)
    going_on = Try()
    try:
        if wait:
            raise TooManyTries(wait)
        yield going_on
    finally:
        if wait or going_on.was_right:
            with session(engine()) as writing:
                drop_attempt(writing, attempt)


def minutes_left(purpose: Purpose, limits: Sequence[Limit]) -> int:
    """Whole minutes until the next try is allowed; 0 where nothing is to be waited for."""
    return _wait(purpose, limits, clock.moment(), has_begun=False)


def _wait(purpose: Purpose, limits: Sequence[Limit], now: datetime, *, has_begun: bool) -> int:
    """Whole minutes until the oldest try no longer counts, where there are too many; ``has_begun``: with the present one."""
    with reading(engine()) as opened:
        counted = [
            (*tries(opened, purpose, limit.client, limit.subject, now - WINDOW), limit.most + has_begun)
            for limit in limits
        ]
    waits = [oldest + WINDOW - now for number, oldest, full in counted if number >= full and oldest is not None]
    return max(1, -int(-max(waits) // timedelta(minutes=1))) if waits else 0
