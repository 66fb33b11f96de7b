"""Reads which bytes of a letter's file are signed, and by what: all of them but the signature itself, or it is refused.

Read from the bytes alone, since two readers of PDF may take the same file for two different ones. Why that is enough: what
is signed is the file without the gap. The only text `/ByteRange` stands outside the gap, for inside there are hexadecimal
digits and nothing else; so it is itself signed, and it says where the gap is. Whoever lacks the key can therefore change
nothing but those digits, and they must spell the signature.
"""

from __future__ import annotations

import hashlib
import re
from binascii import hexlify, unhexlify
from dataclasses import dataclass
from typing import NoReturn

_MARK = b"/ByteRange"
_NUMBER = rb"([1-9][0-9]{0,8})"
# As the file is written when it is signed: the gap, then the range, padded with blanks to the room kept for its numbers.
_BEFORE_GAP = b" 0 obj\n<<\n/Contents "
_RANGE = re.compile(rb"\n/ByteRange \[0 " + _NUMBER + b" " + _NUMBER + b" " + _NUMBER + rb"\] *\n")
_HEX = re.compile(rb"<((?:[0-9A-F]{2})+)>")
_LONG_FORM_OF_TWO = b"\x30\x82"  # a DER sequence of 256 to 65,535 bytes, which every signature of ours is


class ContainerError(ValueError):
    """The file is not one that was signed and then left alone; ``word`` names the fault."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Container:
    """A file that is signed whole. ``start`` and ``stop`` bound the gap, ``cms`` (DER) is the signature in it."""

    pdf: bytes
    start: int
    stop: int
    cms: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is signed."""
        hashed = hashlib.sha256(memoryview(self.pdf)[: self.start])
        hashed.update(memoryview(self.pdf)[self.stop :])
        return hashed.digest()


def read_container(pdf: bytes) -> Container:
    """The container of these bytes. Raises ContainerError: unsigned, signed_twice, added, or changed."""
    marks = pdf.count(_MARK)
    if marks != 1:
        _refuse("signed_twice" if marks else "unsigned")
    at = pdf.index(_MARK) - 1
    found = _RANGE.match(pdf, max(at, 0))
    if found is None:
        _refuse("changed")
    start, stop, rest = (int(number) for number in found.groups())
    if stop + rest < len(pdf):
        _refuse("added")
    if stop + rest != len(pdf) or stop != at or not pdf.endswith(_BEFORE_GAP, 0, start):
        _refuse("changed")
    gap = _HEX.fullmatch(pdf, start, stop)
    if gap is None:
        _refuse("changed")
    return Container(pdf, start, stop, _signature(gap[1]))


def _signature(digits: bytes) -> bytes:
    """The signature at the head of the gap; behind it there may be zeros only."""
    filled = unhexlify(digits)
    if not filled.startswith(_LONG_FORM_OF_TWO):
        _refuse("signature_bad")
    length = 4 + int.from_bytes(filled[2:4], "big")
    if length > len(filled) or any(filled[length:]) or hexlify(filled).upper() != digits:
        _refuse("signature_bad")
    return filled[:length]


def _refuse(word: str) -> NoReturn:
    raise ContainerError(word)
