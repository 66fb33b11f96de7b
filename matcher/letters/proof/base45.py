"""Writes bytes in the 45 characters that a QR code packs best (RFC 9285), and reads them back."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE = len(ALPHABET)
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Two bytes as three characters, a last single byte as two."""
    return "".join(_written(data[at : at + 2]) for at in range(0, len(data), 2))


def decode(text: str) -> bytes:
    """The bytes that ``text`` stands for. Raises ValueError for what `encode` never writes."""
    if len(text) % 3 == 1:
        raise ValueError("one character is left over")
    return b"".join(_read(text[at : at + 3]) for at in range(0, len(text), 3))


def _written(pair: bytes) -> str:
    number, signs = int.from_bytes(pair, "big"), ""
    for _ in range(len(pair) + 1):
        number, digit = divmod(number, _BASE)
        signs += ALPHABET[digit]
    return signs


def _read(signs: str) -> bytes:
    number = 0
    for sign in reversed(signs):
        if sign not in _VALUES:
            raise ValueError(f"{sign!r} is not a character of base45")
        number = number * _BASE + _VALUES[sign]
    if number >= 256 ** (len(signs) - 1):
        raise ValueError(f"{signs!r} stands for more than its bytes hold")
    return number.to_bytes(len(signs) - 1, "big")
