"""Codes for a handover: twelve characters without look-alikes, the last of which tells a slip of the pen from a wrong code."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from matcher.web.keep.seal import derive

# None of 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, U V and 6 G both: 23 are left, a prime, so that the check below misses neither
# a wrong character nor two neighbours that changed places.
ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
LENGTH = 12
_GROUP = 4


class CodeMistyped(ValueError):
    """A text that no code is: a character too many or too few, one that codes do not use, or a slip of the pen."""


@dataclass(frozen=True)
class CodeKeys:
    """What comes out of a code: the name of the row in the store, and the key that opens it."""

    name: str
    key: bytes


def new_code() -> str:
    """A code nobody can guess (11 random characters, 49 bits, and the check), without hyphens."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def spaced(code: str) -> str:
    """A code as people read it: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def read_code(typed: str) -> str:
    """The code that was typed, in either case, wide or narrow, with or without hyphens and blanks.

    Raises CodeMistyped if it cannot be one: no try is spent on it.
    """
    code = "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())
    if len(code) != LENGTH or any(char not in ALPHABET for char in code) or _check(code[:-1]) != code[-1]:
        raise CodeMistyped
    return code


def keys(secret: str | bytes, code: str) -> CodeKeys:
    """Name and key of a code under a secret of the server.

    scrypt makes each guess dear for somebody who got hold of both database and secret; without the secret the database
    alone cannot be guessed at.
    """
    salt = derive(secret, "handover")
    master = hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return CodeKeys(derive(master, "handover name").hex(), derive(master, "handover key"))


def _check(body: str) -> str:
    return ALPHABET[sum(place * ALPHABET.index(char) for place, char in enumerate(body, start=1)) % len(ALPHABET)]
