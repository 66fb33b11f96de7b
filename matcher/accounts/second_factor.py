"""The second factor: codes of an app, by time (TOTP), each good once; the secret is kept encrypted."""

from __future__ import annotations

import hmac
import os
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import current_app

from matcher.web import sealing_secrets

from .models import Account

# ---------------------------------------------------------------------------------------------------------------------
# The second factor: codes of an app, by time (TOTP), each good once; the secret is kept encrypted.
# ---------------------------------------------------------------------------------------------------------------------


DIGITS, SECONDS = 6, 30

_SECRET_BYTES, _NONCE_BYTES = 20, 12

_ISSUER = "Tianjin desk"

Secret = str | bytes


class FactorBroken(ValueError):
    """A kept secret cannot be opened: the site's own secret is another one now."""


def new_secret() -> bytes:
    """A secret for an app."""
    return os.urandom(_SECRET_BYTES)


def typed(secret: bytes) -> str:
    """The secret as it is typed into an app that cannot scan, in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(secret: bytes, name: str) -> str:
    """The QR code that an app scans, as the address of an image (SVG in a data URI)."""
    return str(segno.make(_address(secret, name), error="m").svg_data_uri(scale=4, border=4, omitsize=True))


def step_of(secret: bytes, code: str, now: datetime, last: int | None) -> int | None:
    """The time step of a code, where it is right, no more than one step off, and later than the ``last`` used; else None."""
    told = "".join(code.split())
    present = int(now.timestamp()) // SECONDS
    app = TOTP(secret, DIGITS, SHA1(), SECONDS)
    found = None
    for step in (present - 1, present, present + 1):
        is_same = hmac.compare_digest(app.generate(step * SECONDS), told.encode("utf-8", "replace"))
        if is_same and (last is None or step > last):
            found = step
    return found


def sealed(site: Secret, secret: bytes, account_id: int) -> str:
    """The secret as it is kept: encrypted under the site's own, for this account alone."""
    nonce = os.urandom(_NONCE_BYTES)
    closed = AESGCM(_key(site)).encrypt(nonce, secret, _whose(account_id))
    return urlsafe_b64encode(nonce + closed).decode()


def opened(sites: Sequence[Secret], kept: str, account_id: int) -> bytes:
    """The secret that is kept. Raises FactorBroken if neither the site's secret nor an older one opens it."""
    raw = urlsafe_b64decode(kept)
    for site in sites:
        try:
            return AESGCM(_key(site)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _whose(account_id))
        except InvalidTag:
            continue
    raise FactorBroken("no secret of the site opens it")


def _address(secret: bytes, name: str) -> str:
    label = quote(f"{_ISSUER}:{name}")
    query = {"secret": b32encode(secret).decode(), "issuer": _ISSUER, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def _key(site: Secret) -> bytes:
    raw = site.encode() if isinstance(site, str) else site
    return HKDF(SHA256(), 32, salt=None, info=b"matcher second factor").derive(raw)


def _whose(account_id: int) -> bytes:
    return f"account {account_id}".encode()


# ---------------------------------------------------------------------------------------------------------------------
# The second factor under the secrets of the running site.
# ---------------------------------------------------------------------------------------------------------------------


def takes(account: Account, code: str, now: datetime) -> int | None:
    """The time step of a code that is right and was not used yet, else None. FactorBroken where the secret cannot be had."""
    if account.totp_secret is None:
        return None
    secret = opened(sealing_secrets(), account.totp_secret, account.id or 0)
    return step_of(secret, code, now, account.totp_last)


def resealed(account: Account) -> str | None:
    """The account's secret as it is to be kept on: under the site's present secret, where an older one sealed it."""
    if account.totp_secret is None:
        return None
    try:
        opened(sealing_secrets()[:1], account.totp_secret, account.id or 0)
    except FactorBroken:
        return kept(account, opened(sealing_secrets(), account.totp_secret, account.id or 0))
    return account.totp_secret


def kept(account: Account, secret: bytes) -> str:
    """The secret as the account keeps it."""
    return sealed(current_app.config["SECRET_KEY"], secret, account.id or 0)
