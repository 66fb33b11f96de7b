"""Seals under the secrets of the running application, and opens what was sealed under them."""

from __future__ import annotations

from flask import current_app

from matcher.web.keep import clock
from matcher.web.keep.seal import SealBroken, seal, unseal


def secrets() -> list[str | bytes]:
    """The site's secret, then those it had before (`SECRET_KEY_FALLBACKS`)."""
    return [current_app.config["SECRET_KEY"], *(current_app.config.get("SECRET_KEY_FALLBACKS") or [])]


def close(use: str, plain: bytes) -> str:
    """A text for a cookie or a hidden field, which opens for this use alone."""
    return seal(current_app.config["SECRET_KEY"], use, plain, clock.seconds())


def open_(use: str, text: str, age: int) -> bytes:
    """What was closed for this use within so many seconds. Raises SealBroken, SealExpired where it is only too old."""
    return unseal(secrets(), use, text, clock.seconds(), age)


def opened(use: str, text: str, age: int) -> bytes | None:
    """The same, None for whatever cannot be opened."""
    try:
        return open_(use, text, age)
    except SealBroken:
        return None
