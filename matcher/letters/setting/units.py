"""Divides a text into units that no line break may enter, and says where its marks may be set closer (GB/T 15834)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

# What may not begin a line: closing marks, pauses, and marks that belong to what stands before them.
CLOSING = frozenset("、，。；：？！）〕】〗」』”’》〉％‰℃々")
TIED = frozenset("…—～·")  # neither begin a line nor are parted from their like
# What may not end a line.
OPENING = frozenset("（〔【〖「『“‘《〈￥№")
# Marks whose glyph fills half of its square: the other half is air.
AIR_AFTER = frozenset("、，。；：）〕】〗」』”’》〉")
AIR_BEFORE = frozenset("（〔【〖「『“‘《〈")
# What stays with a figure before it, so that no line begins with a lonely 元.
MEASURES = frozenset("元年月日号")
HALF = 500  # thousandths of an em
QUARTER = 250
PAUSES = frozenset("、，；：")
LONGEST = 12  # ems: a run of Latin letters longer than this may be parted after a mark inside it, as addresses are

_LATIN = re.compile(r"[!-~£§°²³µ·À-ɏ€]+")
_TOKEN = re.compile(rf"{_LATIN.pattern}|\s+|.", re.S)
_PARTS = re.compile(r"[^/.\-_?&=@:,]*(?:[/.\-_?&=@:,]+|$)")


@lru_cache(maxsize=4096)
def is_latin(text: str) -> bool:
    """Whether `text` is a run of Latin letters and figures, inside which nothing is spaced out."""
    return _LATIN.fullmatch(text) is not None


def units(text: str) -> list[str]:
    """`text` in pieces between which a line may break; together they are the text again."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        parts = _parted(token)
        if found and _stays(found[-1], token):
            found[-1] += parts.pop(0)
        found += parts
    return found


def _stays(before: str, token: str) -> bool:
    """Whether `token` may not begin a line after `before`; a blank stays with what it follows."""
    return (
        token[0] in CLOSING or token[0] in TIED or before[-1] in OPENING or token.isspace() or _measures(before, token)
    )


def _measures(before: str, token: str) -> bool:
    return token in MEASURES and before[-1].isdecimal() and len(before) <= LONGEST


def _parted(token: str) -> list[str]:
    """A long run of Latin letters after its inner marks, and a very long word anywhere: no line holds it."""
    if len(token) <= LONGEST * 2 or not is_latin(token):
        return [token]
    parts = [part for part in _PARTS.findall(token) if part]
    return [part[at : at + LONGEST] for part in parts for at in range(0, len(part), LONGEST)]


def closings(text: str) -> list[int]:
    """How much closer each character is set to the next one: half an em where the air of two marks meets."""
    return [HALF if _airy(one, other) else 0 for one, other in pairwise(text)] + [0] * bool(text)


def _airy(one: str, other: str) -> bool:
    """Two marks in a row need the air of one of them only."""
    return (one in AIR_AFTER and (other in AIR_AFTER or other in AIR_BEFORE)) or (
        one in AIR_BEFORE and other in AIR_BEFORE
    )


def room(text: str) -> list[int]:
    """How much more each character may close up to the next where that saves a bad line; a full stop keeps its air."""
    return [
        QUARTER if one in PAUSES or (one in AIR_AFTER and one != "。") or other in AIR_BEFORE else 0
        for one, other in pairwise(text)
    ] + [0] * bool(text)
