"""Tests of whom a request counts as: addresses of both kinds, and behind proxies."""

import pytest
from flask import Flask, request

from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web.limits import UNKNOWN, client_of, network_of, wider_network_of
from tests.fixtures.pages import SECRET


@pytest.mark.parametrize(
    ("told", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:50123", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
        ("2001:0DB8:0:7:ffff:ffff:ffff:ffff", "2001:db8:0:7::/64"),
        ("[2001:db8:0:7::9]:443", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("a.b.c", UNKNOWN),
        ("/run/site.sock", UNKNOWN),
    ],
)
def test_an_address_counts_with_its_network(told: str | None, network: str) -> None:
    """IPv4 by itself, IPv6 by its /64, however either is written; what is no address is one client."""
    assert network_of(told) == network


def test_a_wider_network_is_one_customers() -> None:
    """The /48 of IPv6; IPv4 has none."""
    assert wider_network_of("2001:db8:5:7::1") == wider_network_of("2001:db8:5:8::1") == "2001:db8:5::/48"
    assert wider_network_of("192.0.2.1:99") == "192.0.2.1"
    assert wider_network_of("?") == UNKNOWN


def clients(app: Flask, *forwarded: str | None) -> list[str]:
    """Whom requests count as that come through one proxy with these headers."""
    found: list[str] = []
    app.add_url_rule("/client", "client", lambda: found.append(client_of(request)) or "")  # type: ignore[func-returns-value]
    for told in forwarded:
        app.test_client().get("/client", headers={"X-Forwarded-For": told} if told else {})
    return found


@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_proxy_the_address_is_the_visitors(rulebook: Rulebook, proxies: int) -> None:
    """What the proxy adds counts, nothing before it; without a proxy declared the header is nobody's word."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "PROXIES": proxies})
    one, spoofed, other, direct = clients(app, "192.0.2.1", "203.0.113.9, 192.0.2.1", "192.0.2.2", None)
    assert one == spoofed
    assert (one == other, one == direct) == (not proxies, not proxies)
