"""Sends a message to an address that somebody typed: never into a network of our own, never further than that address.

The name is looked up once, every address that it has is looked at, and the connection goes to the very address that was looked at
(TLS still asks for the name): a name that answers differently the second time leads nowhere else. No redirect is followed, no
proxy of the environment is used, and what the other side says is not read but for its status, within a limit of time.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

Network = IPv4Network | IPv6Network

Resolver = Callable[[str, int], Sequence[str]]

SECONDS = 10.0

"""A whole delivery may take so long, however slowly the other side speaks."""

LARGEST = 64 * 1024

_LONGEST_URL = 500

_SPECIAL: tuple[Network, ...] = tuple(
    ip_network(one) for one in ("192.0.0.0/24", "64:ff9b:1::/48", "100::/64", "2001::/23", "fec0::/10", "3fff::/20")
)

_PORTS = {"https": 443, "http": 80}


class Unsent(Exception):
    """Nothing was taken by the other side; ``fault`` names why: `address`, `name`, `connection`, `tls`, `timeout`, `answer`."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: scheme, name, port and path of an address, the name as TLS and the Host header have it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The name with its port, where that is not the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def target_of(url: str) -> Target:
    """An address taken apart. Raises Unsent (`address`) for one that is none: without https or http, with a user, too long."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsent("address") from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if (
        not is_plain
        or len(url) > _LONGEST_URL
        or parts.scheme not in _PORTS
        or not parts.hostname
        or "@" in parts.netloc
    ):
        raise Unsent("address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether a message may go there: a public address, or one of a network that the settings allow."""
    every = list(_within(address))
    if any(one in network for one in every[-1:] for network in allowed if one.version == network.version):
        return True
    return all(one.is_global and not one.is_multicast and not _is_special(one) for one in every)


def _is_special(address: Address) -> bool:
    """Whether it is of a registry's special networks, some of which older Pythons take for public."""
    return any(address in network for network in _SPECIAL if network.version == address.version)


def _within(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 address that stands in an IPv6 one: mapped, 6to4, Teredo, NAT64. The innermost is the last."""
    yield address
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in IPv6Network("64:ff9b::/96"):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            yield inner


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def reachable(target: Target, allowed: Sequence[Network], resolver: Resolver = resolve) -> str:
    """The address to connect to. Raises Unsent: no such name, or any of its addresses is not to be reached.

    Without TLS a message goes to allowed networks alone.
    """
    try:
        found = [ip_address(one.partition("%")[0]) for one in resolver(target.host, target.port)]
    except (OSError, ValueError, UnicodeError):
        raise Unsent("name") from None
    if not found:
        raise Unsent("name")
    own = [one for one in found if any(one in network for network in allowed if one.version == network.version)]
    if not all(may_reach(one, allowed) for one in found) or (target.scheme == "http" and len(own) < len(found)):
        raise Unsent("address")
    return str(found[0])


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Sequence[Network] = (),
    *,
    resolver: Resolver = resolve,
    trusted: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> int:
    """Send a body and give the status of the answer. Raises Unsent.

    :param allowed: networks of our own that the settings allow.
    :param trusted: who is believed to be who they say; the system's authorities without it.
    """
    if len(body) > LARGEST:
        raise Unsent("address")
    target = target_of(url)
    address = reachable(target, allowed, resolver)
    context = (trusted or ssl.create_default_context()) if target.scheme == "https" else None
    connection = _Pinned(target, address, context, seconds)
    with _within_time(connection, seconds) as is_over:
        try:
            connection.request("POST", target.path, body, {**headers, "Host": target.authority})
            return connection.getresponse().status
        except ssl.SSLError as error:
            raise Unsent("timeout" if is_over() else "tls") from error
        except TimeoutError as error:
            raise Unsent("timeout") from error
        except (OSError, ValueError) as error:
            raise Unsent("timeout" if is_over() else "connection") from error
        except http.client.HTTPException as error:
            raise Unsent("timeout" if is_over() else "answer") from error
        finally:
            connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name is looked up to by now."""

    def __init__(self, target: Target, address: str, context: ssl.SSLContext | None, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._address, self._context = address, context

    def connect(self) -> None:
        """To the address that was looked at, with the name for TLS."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread."""
        found = self.sock
        if found is not None:
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


@contextmanager
def _within_time(connection: _Pinned, seconds: float) -> Iterator[Callable[[], bool]]:
    """Cut the connection when its time is over: a timeout of the socket begins anew with each byte."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        connection.cut()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()
