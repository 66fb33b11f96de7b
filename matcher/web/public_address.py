"""The site's own address as a page may print it: never what a request merely claims in its Host header."""

from __future__ import annotations

import os

from flask import current_app, request

from matcher.issuing.refusal import Refusal
from matcher.issuing.site import SETTING, public_site

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def own_address(path: str) -> str | None:
    """The whole address of a path; None where the site does not know its own, and only a relative link is true.

    It is MATCHER_PUBLIC_URL where that is set; else the address asked for, where TRUSTED_HOSTS names it or it is this
    machine's own.
    """
    try:
        site = public_site()
    except Refusal:  # the setting is of no use; whoever issues a letter is told what is wrong with it
        site = None
    if site is not None:
        scheme = os.environ[SETTING].strip().partition("://")[0]
        return f"{scheme}://{site}{path}"
    is_known = bool(current_app.config.get("TRUSTED_HOSTS")) or _name(request.host) in _THIS_MACHINE
    return f"{request.url_root.rstrip('/')}{path}" if is_known else None


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host
