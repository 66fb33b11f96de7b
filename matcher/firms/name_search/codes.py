"""Reads what was typed as a credit code or a piece of one, and says which codes may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.firms.credit_code import ALPHABET, check_character, normalise

LENGTH = 18
SHORTEST = 4
_MISREAD = str.maketrans("IOSZ", "1052")
_PIECE = re.compile(f"(?=.*[0-9])[0-9A-Z]+|[{ALPHABET}]{{8,}}")  # eight letters in a row that are pinyin are rare
_WITHIN = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{18}}(?![0-9A-Z])")


def read_piece(text: str) -> str | None:
    """Return a text that is a code or a piece of one, as codes are written; None where it is none.

    Letters that no code has (I, O, S, Z) are read as the figures they are taken for.
    """
    code = normalise(text)
    if not SHORTEST <= len(code) <= LENGTH + 1 or not _PIECE.fullmatch(code):
        return None
    return code.translate(_MISREAD)


def code_within(text: str) -> str | None:
    """Return the whole credit code in a pasted line, None where there is none."""
    found = _WITHIN.search(text.upper())
    return found[0] if found else None


def repairs(code: str) -> tuple[str, ...]:
    """Return the codes that one slip leads to this one from, and whose last check is right: about twenty at most."""
    return tuple(dict.fromkeys(meant for meant in _one_slip(code) if _fits(meant)))


def _one_slip(code: str) -> Iterator[str]:
    if len(code) == LENGTH:
        for at in range(LENGTH - 1):
            yield code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for at in range(LENGTH):
            yield from (code[:at] + char + code[at + 1 :] for char in ALPHABET)
    elif len(code) == LENGTH - 1:
        yield from (code[:at] + char + code[at:] for at in range(LENGTH) for char in ALPHABET)
    elif len(code) == LENGTH + 1:
        yield from (code[:at] + code[at + 1 :] for at in range(LENGTH + 1))


def _fits(code: str) -> bool:
    return all(char in ALPHABET for char in code) and code[-1] == check_character(code)
