"""Says who a request comes from, as limits count it: an IPv4 address, or the network of an IPv6 address."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Request, current_app

from matcher.web.keep.seal import derive

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
