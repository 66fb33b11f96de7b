"""Limits what one network address may ask for in some minutes, where each answer costs something. Nothing is written down."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from cachetools import TTLCache
from flask import Request
from werkzeug.exceptions import TooManyRequests

_MOST_ADDRESSES = 20_000
"""Addresses that are remembered; beyond that the oldest is forgotten, so that a flood of them fills no memory."""


@dataclass
class _Counted:
    until: float
    number: int = 0


class RateLimit:
    """At most ``most`` a network address in ``seconds``, counted from its first, in each process of the site for itself."""

    def __init__(self, most: int, seconds: int) -> None:
        self._most, self._seconds = most, seconds
        self._counted: TTLCache[str, _Counted] = TTLCache(_MOST_ADDRESSES, seconds)
        self._lock = threading.Lock()

    def check(self, request: Request) -> None:
        """Raise TooManyRequests (429, with Retry-After) where the address has had all it may have."""
        with self._lock:
            counted = self._counted.get(network_of(request.remote_addr))
        if counted is not None and counted.number >= self._most:
            raise TooManyRequests(retry_after=max(1, ceil(counted.until - monotonic())))

    def count(self, request: Request, number: int = 1) -> None:
        """Count what the address has had."""
        with self._lock:
            key = network_of(request.remote_addr)
            if key not in self._counted:  # which runs out by itself, so many seconds after this
                self._counted[key] = _Counted(monotonic() + self._seconds)
            self._counted[key].number += number

    def spend(self, request: Request) -> None:
        """Check, and count one."""
        self.check(request)
        self.count(request)


def network_of(address: str | None) -> str:
    """The address, or for IPv6 its network of 64 bits, in which one household has very many."""
    told = address or ""
    try:
        known = ip_address(told)
    except ValueError:
        return told
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else told
