"""Limits how often codes and tokens may be tried: for each address, and for all together."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Request, current_app

from matcher.store import session
from matcher.store.attempts import add_attempt, drop_attempt, tries
from matcher.store.tables import Purpose
from matcher.web.keep import clock
from matcher.web.keep.database import engine
from matcher.web.keep.seal import derive

WINDOW = timedelta(minutes=15)
MOST_OF_ONE = 10
MOST_OF_ALL = 200


class TooManyTries(Exception):
    """No further try is allowed before `minutes` have passed."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} min")
        self.minutes = minutes


@dataclass
class Try:
    """A try that is going on; it counts against the limit unless it `was_right`."""

    was_right: bool = False


@contextmanager
def one_try(
    request: Request, purpose: Purpose, of_one: int = MOST_OF_ONE, of_all: int | None = MOST_OF_ALL
) -> Iterator[Try]:
    """Spend one try at a secret. Raises TooManyTries before anything is tried, StoreError without the store.

    ``of_one`` and ``of_all`` are how many wrong ones an address and all together have in 15 minutes (None: no limit).

    The try is written down first and counted then, each in its own transaction, so that a hundred tries sent at once
    count each other.
    """
    client, now = _client(request), clock.moment()
    with session(engine()) as writing:
        attempt = add_attempt(writing, purpose, client, now, now - WINDOW)
    wait = _wait(purpose, client, now, of_one, of_all)
    going_on = Try()
    try:
        if wait is not None:
            raise TooManyTries(wait)
        yield going_on
    finally:
        if wait is not None or going_on.was_right:
            with session(engine()) as writing:
                drop_attempt(writing, attempt)


def _wait(purpose: Purpose, client: str, now: datetime, of_one: int, of_all: int | None) -> int | None:
    """Whole minutes until the oldest try no longer counts, where there are too many."""
    limits = [(client, of_one), *([(None, of_all)] if of_all is not None else [])]
    with session(engine()) as reading:
        counted = [(*tries(reading, purpose, whose), most) for whose, most in limits]
    full = [oldest for number, oldest, most in counted if number > most]
    waits = [(oldest + WINDOW - now).total_seconds() for oldest in full if oldest is not None]
    return max(1, -int(-max(waits) // 60)) if waits else None


def _client(request: Request) -> str:
    """A keyed hash of the address, of the network for IPv6, where one household has very many."""
    told = request.remote_addr or ""
    try:
        address = ip_address(told)
        told = str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else told
    except ValueError:
        pass
    return hmac.digest(derive(current_app.config["SECRET_KEY"], "client"), told.encode(), sha256).hex()
