"""Limits how often codes may be tried and costly answers asked for, by the network a request comes from."""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from cachetools import TTLCache
from flask import Request, current_app
from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select
from werkzeug.exceptions import TooManyRequests

from matcher.db import reading, session

from . import database
from .database import engine
from .models import Attempt, Purpose
from .sealing import derive

# ---------------------------------------------------------------------------------------------------------------------
# Counts tries at codes and passwords, what is stored and mail asked for, for all processes of the site together.
# ---------------------------------------------------------------------------------------------------------------------


def account_subject(account_id: int) -> str:
    """What tries at this account are counted under; the command line knows it without the site's secret."""
    return sha256(f"account {account_id}".encode()).hexdigest()


def add_attempt(
    session: Session,
    purpose: Purpose,
    client: str,
    now: datetime,
    since: datetime,
    *,
    subject: str | None = None,
    weight: int = 1,
) -> Attempt:
    """Record a try; those at the same that were made before `since` go at the same time.

    :param client: a hash of 64 hex digits; ``subject`` is one too.
    """
    session.execute(delete(Attempt).where(col(Attempt.purpose) == purpose, col(Attempt.made_at) < since))
    made = Attempt(purpose=purpose, client=client, subject=subject, weight=weight, made_at=now)
    session.add(made)
    session.flush()
    return made


def drop_attempt(session: Session, attempt: Attempt) -> None:
    """Take back a try that should not count."""
    session.execute(delete(Attempt).where(col(Attempt.id) == attempt.id))


def drop_attempts(session: Session, subject: str, client: str | None = None) -> None:
    """Take back every try at a subject, of one client or from wherever it was made."""
    of_subject = delete(Attempt).where(col(Attempt.subject) == subject)
    session.execute(of_subject if client is None else of_subject.where(col(Attempt.client) == client))


def tries(
    session: Session,
    purpose: Purpose,
    client: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
) -> tuple[int, datetime | None]:
    """How much is counted (of one client, at one subject, after `since`), and when the oldest of it was made."""
    wanted: list[ColumnElement[bool]] = [col(Attempt.purpose) == purpose]
    if client is not None:
        wanted.append(col(Attempt.client) == client)
    if subject is not None:
        wanted.append(col(Attempt.subject) == subject)
    if since is not None:
        wanted.append(col(Attempt.made_at) > since)
    number, oldest = session.exec(
        select(func.coalesce(func.sum(Attempt.weight), 0), func.min(Attempt.made_at)).where(*wanted)
    ).one()
    return int(number), oldest


def tried(session: Session, subjects: Sequence[str], since: datetime) -> dict[str, int]:
    """How many tries at each of these subjects were made after `since`, from wherever; those without any are left out."""
    counted = select(Attempt.subject, func.count()).where(col(Attempt.made_at) > since).group_by(col(Attempt.subject))
    wanted = set(subjects)
    return {subject: number for subject, number in session.exec(counted) if subject in wanted}


# ---------------------------------------------------------------------------------------------------------------------
# Says who a request comes from, as limits count it: an IPv4 address, or the network of an IPv6 address.
# ---------------------------------------------------------------------------------------------------------------------


NETWORK_BITS = 64

"""Of an IPv6 address so much counts: one household or server has the 2^64 addresses beneath."""

WIDER_BITS = 48

UNKNOWN = "unknown"

_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([0-9.]+):\d+")


def network_of(address: str | None) -> str:
    """What an address counts as: itself, its /64 for IPv6, the IPv4 address inside an IPv6 one (``::ffff:192.0.2.1``).

    Some proxies add the port (``192.0.2.1:5000``, ``[2001:db8::1]:5000``), which must not make a new client of every
    connection. All that cannot be read is one client, ``unknown``.
    """
    told = (address or "").strip()
    with_port = _WITH_PORT.fullmatch(told)
    if with_port:
        told = with_port[1] or with_port[2]
    try:
        found = ip_address(told.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, NETWORK_BITS), strict=False))


def wider_network_of(address: str | None) -> str:
    """The /48 of an IPv6 address, which is given to one customer; an IPv4 address itself."""
    network = network_of(address)
    return str(ip_network(network).supernet(new_prefix=WIDER_BITS)) if ":" in network else network


def client_of(request: Request) -> str:
    """A keyed hash of where a request comes from, 64 hex digits; behind proxies only with the setting PROXIES right."""
    return hashed(network_of(request.remote_addr))


def hashed(told: str) -> str:
    """A hash of what must not be kept readably, under the site's secret: 64 hex digits."""
    key = derive(current_app.config["SECRET_KEY"], "client")
    return hmac.digest(key, told.encode("utf-8", "replace"), sha256).hex()


# ---------------------------------------------------------------------------------------------------------------------
# Limits what one network address may ask for in some minutes, where each answer costs something. Nothing is written
# down.
# ---------------------------------------------------------------------------------------------------------------------


_MOST_REMEMBERED = 20_000

"""Keys (addresses, clients) that are remembered; beyond that the oldest is forgotten, so that a flood of them fills no memory."""


@dataclass
class _Counted:
    until: float
    number: int = 0


class Window:
    """What each key has had in so many seconds, counted from its first, in each process of the site for itself."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._counted: TTLCache[str, _Counted] = TTLCache(_MOST_REMEMBERED, seconds)
        self._lock = threading.Lock()

    def had(self, key: str) -> tuple[int, int]:
        """How many a key has had, and in how many whole seconds it starts again."""
        with self._lock:
            counted = self._counted.get(key)
            return (0, self._seconds) if counted is None else (counted.number, _seconds_to(counted.until))

    def add(self, key: str, number: int) -> None:
        """Count what a key has had."""
        with self._lock:
            self._of(key).number += number

    def take(self, key: str, number: int, most: int) -> tuple[bool, int, int]:
        """Count them where the key then has no more than ``most``: whether it has, what is left, and in how many seconds it starts
        again."""
        with self._lock:
            counted = self._of(key)
            fits = counted.number + number <= most
            counted.number += number if fits else 0
            return fits, most - counted.number, _seconds_to(counted.until)

    def _of(self, key: str) -> _Counted:
        counted = self._counted.get(key)
        if counted is None:  # it runs out by itself, so many seconds after this
            counted = self._counted[key] = _Counted(monotonic() + self._seconds)
        return counted


def _seconds_to(moment: float) -> int:
    return max(1, ceil(moment - monotonic()))


class RateLimit:
    """At most ``most`` a network address in ``seconds``, as a `Window` counts."""

    def __init__(self, most: int, seconds: int) -> None:
        self._most, self._window = most, Window(seconds)

    def check(self, request: Request) -> None:
        """Raise TooManyRequests (429, with Retry-After) where the address has had all it may have."""
        number, seconds = self._window.had(network_of(request.remote_addr))
        if number >= self._most:
            raise TooManyRequests(retry_after=seconds)

    def count(self, request: Request, number: int = 1) -> None:
        """Count what the address has had."""
        self._window.add(network_of(request.remote_addr), number)

    def spend(self, request: Request) -> None:
        """Check, and count one."""
        self.check(request)
        self.count(request)


# ---------------------------------------------------------------------------------------------------------------------
# Limits how often codes and passwords may be tried, and mail asked for: by address, by account, by known device, by mailbox.
# ---------------------------------------------------------------------------------------------------------------------


WINDOW = timedelta(minutes=15)

MOST_OF_ONE = 10


class TooManyTries(Exception):
    """No further try is allowed before `minutes` have passed."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} min")
        self.minutes = minutes


@dataclass(frozen=True)
class Limit:
    """So many wrong tries in a time (`WINDOW`): of a client, at a subject, or of a client at a subject (None: whichever)."""

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
def limited(
    purpose: Purpose, client: str, subject: str | None, limits: Sequence[Limit], within: timedelta = WINDOW
) -> Iterator[Try]:
    """Spend one try at a secret, or at what costs something. Raises TooManyTries before anything is tried, StoreError without the store.

    The try is written down first and counted then, each in its own transaction, so that a hundred tries sent at once
    count each other. One that is refused is not counted: nobody's wait gets longer by trying on.

    :param within: how long a try counts; the same for all tries of a purpose.
    """
    now = database.moment()
    with session(engine()) as writing:
        attempt = add_attempt(writing, purpose, client, now, now - within, subject=subject)
    wait = _wait(purpose, limits, now, within, has_begun=True)
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
    return _wait(purpose, limits, database.moment(), WINDOW, has_begun=False)


def _wait(purpose: Purpose, limits: Sequence[Limit], now: datetime, within: timedelta, *, has_begun: bool) -> int:
    """Whole minutes until the oldest try no longer counts, where there are too many; ``has_begun``: with the present one."""
    with reading(engine()) as opened:
        counted = [
            (*tries(opened, purpose, limit.client, limit.subject, now - within), limit.most + has_begun)
            for limit in limits
        ]
    waits = [oldest + within - now for number, oldest, full in counted if number >= full and oldest is not None]
    return max(1, -int(-max(waits) // timedelta(minutes=1))) if waits else 0
