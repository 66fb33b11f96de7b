"""Signs what is sent, as the Standard Webhooks specification has it, and keeps the secrets encrypted."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from matcher.web import SealBroken, decrypt, derive, encrypt

_PREFIX, _BYTES, _USE = "whsec_", 32, "webhook"


class SecretLostError(RuntimeError):
    """A secret was encrypted under a secret of the site that is gone: the webhook needs a new one."""


def new_secret() -> str:
    """A secret to be shown once: `whsec_` and 256 random bits in base64."""
    return _PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`: `v1,` and the HMAC-SHA256 of id, time and body, in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix(_PREFIX)), signed, sha256)).decode()


def closed(site_secret: str | bytes, secret: str) -> str:
    """The secret as it is kept."""
    return b64encode(encrypt(derive(site_secret, _USE), secret.encode(), _USE)).decode()


def opened(site_secrets: Sequence[str | bytes], kept: str) -> str:
    """The secret again, by the site's own or one it had before. Raises SecretLostError."""
    for one in site_secrets:
        try:
            return decrypt(derive(one, _USE), b64decode(kept), _USE).decode()
        except SealBroken:
            continue
    raise SecretLostError
