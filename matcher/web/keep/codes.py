"""Codes for a handover: nobody can guess one, and the store holds neither the code nor what it opens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from matcher.short_codes import ALPHABET, LENGTH, with_check
from matcher.web.keep.seal import derive


@dataclass(frozen=True)
class CodeKeys:
    """What comes out of a code: the name of the row in the store, and the key that opens it."""

    name: str
    key: bytes


def new_code() -> str:
    """A code nobody can guess (11 random characters, 49 bits, and the check), without hyphens."""
    return with_check(secrets.randbelow(len(ALPHABET) ** (LENGTH - 1)))


def keys(secret: str | bytes, code: str) -> CodeKeys:
    """Name and key of a code under a secret of the server.

    scrypt makes each guess dear for somebody who got hold of both database and secret; without the secret the database
    alone cannot be guessed at.
    """
    salt = derive(secret, "handover")
    master = hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return CodeKeys(derive(master, "handover name").hex(), derive(master, "handover key"))
