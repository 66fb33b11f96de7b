"""Seals bytes under the secrets of the running site, so that only this site can read or make them."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from . import database

# ---------------------------------------------------------------------------------------------------------------------
# Seals bytes so that only this site can read or make them, and their length tells little.
# ---------------------------------------------------------------------------------------------------------------------


_NONCE, _STAMP, _SIZE = 12, 6, 4

# Lengths come in steps, so that one answer more or less cannot be seen from outside.
_STEP = 192


class SealBroken(ValueError):
    """What was to be opened was damaged, forged, made for something else, or sealed under a secret that is gone."""


class SealExpired(SealBroken):
    """It was sealed here, but too long ago."""


def derive(secret: str | bytes, use: str, length: int = 32) -> bytes:
    """A key for one use out of a secret (HKDF over SHA-256): a key for one use tells nothing about another's."""
    raw = secret.encode() if isinstance(secret, str) else secret
    return HKDF(SHA256(), length, salt=None, info=f"matcher {use}".encode()).derive(raw)


def encrypt(key: bytes, plain: bytes, use: str) -> bytes:
    """Encrypt and authenticate (AES-256-GCM, random nonce), padded to a step; `use` must be the same on opening."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, _padded(plain), use.encode())


def decrypt(key: bytes, sealed: bytes, use: str) -> bytes:
    """What :func:`encrypt` encrypted with this key for this use. Raises SealBroken for anything else."""
    if len(sealed) <= _NONCE:
        raise SealBroken("too short")
    try:
        padded = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], use.encode())
    except InvalidTag:
        raise SealBroken("not sealed with this key for this use") from None
    size = int.from_bytes(padded[:_SIZE])
    return padded[_SIZE : _SIZE + size]


def seal(secret: str | bytes, use: str, plain: bytes, now: int) -> str:
    """A text, fit for a cookie or a hidden field, that this site alone can open; `now` in seconds since 1970."""
    sealed = encrypt(derive(secret, use), now.to_bytes(_STAMP) + plain, use)
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(secrets_: Sequence[str | bytes], use: str, text: str, now: int, age: int) -> bytes:
    """What was sealed for this use under one of the secrets (the present one first, then its forerunners).

    :param age: seconds after which it counts no more.
    :raises SealBroken: SealExpired if it is older than that.
    """
    sealed = _decoded(text)
    for secret in secrets_:
        try:
            stamped = decrypt(derive(secret, use), sealed, use)
        except SealBroken:
            continue
        if now - int.from_bytes(stamped[:_STAMP]) > age:
            raise SealExpired("sealed too long ago")
        return stamped[_STAMP:]
    raise SealBroken("no secret of ours opens it")


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:  # a UnicodeEncodeError is one too
        raise SealBroken("not in base64") from None


def _padded(plain: bytes) -> bytes:
    whole = len(plain).to_bytes(_SIZE) + plain
    return whole + bytes(-len(whole) % _STEP)


# ---------------------------------------------------------------------------------------------------------------------
# Seals under the secrets of the running application, and opens what was sealed under them.
# ---------------------------------------------------------------------------------------------------------------------


def sealing_secrets() -> list[str | bytes]:
    """The site's secret, then those it had before (`SECRET_KEY_FALLBACKS`)."""
    return [current_app.config["SECRET_KEY"], *(current_app.config.get("SECRET_KEY_FALLBACKS") or [])]


def close(use: str, plain: bytes) -> str:
    """A text for a cookie or a hidden field, which opens for this use alone."""
    return seal(current_app.config["SECRET_KEY"], use, plain, database.seconds())


def open_sealed(use: str, text: str, age: int) -> bytes:
    """What was closed for this use within so many seconds. Raises SealBroken, SealExpired where it is only too old."""
    return unseal(sealing_secrets(), use, text, database.seconds(), age)


def opened(use: str, text: str, age: int) -> bytes | None:
    """The same, None for whatever cannot be opened."""
    try:
        return open_sealed(use, text, age)
    except SealBroken:
        return None
