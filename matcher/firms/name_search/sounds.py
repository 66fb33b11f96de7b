"""Says how a name sounds: one toneless syllable for each character, letters taken as the pinyin they may be."""

from __future__ import annotations

import functools
import re

from matcher.firms.industry_search.sounds import alike, split, syllables

# How these are read in names of firms (商行, 宝坻, 空调, 成都) where the dictionary puts another reading first.
_IN_NAMES = {"行": "hang", "长": "chang", "重": "chong", "都": "du", "单": "shan", "曾": "zeng", "调": "tiao"}
_IN_NAMES |= {"坻": "di", "泊": "bo", "覃": "qin", "还": "huan"}
_PIECE = re.compile("[a-z]+|.", re.DOTALL)


def sounds(core: str) -> tuple[str, ...]:
    """Return the syllables of a plain text: 津lan汽车 is jin lan qi che; letters that are no pinyin stay together."""
    if core.isascii():
        return tuple(_letters(core))
    found: list[str] = []
    for piece in _PIECE.findall(core):
        if piece.isascii():
            found += _letters(piece)
        else:
            found.append(reading(piece))
    return tuple(found)


def letters_of(core: str) -> str:
    """Return the pinyin of a plain text in one run of letters."""
    return "".join(map(reading, core))


def coarse(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the syllables in one spelling where they are easily taken for each other (zh and z, in and ing)."""
    return tuple(map(alike, parts))


@functools.cache
def reading(char: str) -> str:
    """Return the toneless syllable of a character; what is not Chinese stands for itself."""
    return _IN_NAMES.get(char) or "".join(syllables(char))


@functools.cache
def known_syllables() -> frozenset[str]:
    """Every syllable that a character of everyday use has (the 3,755 of GB 2312's first level)."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset(reading(char) for row in rows for char in row.decode("gb2312", "ignore")) | {
        "lu",
        "nu",
        "lü",
        "nü",
    }


@functools.lru_cache(maxsize=50_000)
def _letters(run: str) -> list[str]:
    return split(run, known_syllables()) or [run]
