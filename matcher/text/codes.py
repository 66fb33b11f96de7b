"""Twelve-character codes that people read out and type: no look-alikes, and a check that tells a slip of the pen."""

from __future__ import annotations

import unicodedata

# None of 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, U V and 6 G both: 23 are left, a prime, so that the check below misses neither
# a wrong character nor two neighbours that changed places.
ALPHABET = "34679ACDEFGHJKMNPRTVWXY"

LENGTH = 12

_GROUP = 4


class CodeMistyped(ValueError):
    """A text that no code is: a character too many or too few, one that codes do not use, or a slip of the pen."""


def with_check(number: int) -> str:
    """The code of a number: its last eleven places to the base of 23 (49 bits), and the check."""
    body = ""
    for _ in range(LENGTH - 1):
        number, at = divmod(number, len(ALPHABET))
        body += ALPHABET[at]
    return body + _check(body)


def spaced(code: str) -> str:
    """A code as people read it: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(typed: str) -> str:
    """The code that was typed, in either case, wide or narrow, with or without hyphens and blanks.

    Raises CodeMistyped if it cannot be one.
    """
    code = "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code) or _check(code[:-1]) != code[-1]:
        raise CodeMistyped(typed)
    return code


def _check(body: str) -> str:
    return ALPHABET[sum(at * ALPHABET.index(sign) for at, sign in enumerate(body, 1)) % len(ALPHABET)]
