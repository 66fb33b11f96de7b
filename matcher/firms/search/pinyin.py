"""How words and names sound: pinyin without tones, initials, and what was half typed."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Sequence

from pypinyin import Style, lazy_pinyin

# ---------------------------------------------------------------------------------------------------------------------
# Compare words by how they sound: pinyin without tones, with or without blanks, and its first letters.
# ---------------------------------------------------------------------------------------------------------------------


_LONGEST = 6  # letters of a syllable: zhuang

# What northern and southern ears, and hurried thumbs, do not tell apart; 模 is read mo by most, mu by the dictionary.
_ALIKE = (
    (re.compile("^([zcs])h"), r"\1"),
    (re.compile("([aei])ng$"), r"\1n"),
    (re.compile("v"), "u"),
    (re.compile("^mu$"), "mo"),
)


@functools.lru_cache(maxsize=50_000)
def syllables(text: str) -> tuple[str, ...]:
    """Return the toneless syllables of Chinese text; letters in it stay as they are."""
    parts = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)
    return tuple(part for part in parts if part.strip())


@functools.cache
def alike(syllable: str) -> str:
    """Return one spelling for all syllables that are easily taken for each other (zh and z, in and ing)."""
    for pattern, common in _ALIKE:
        syllable = pattern.sub(common, syllable)
    return syllable


def split(typed: str, known: Container[str]) -> list[str] | None:
    """Return the known syllables of pinyin typed in one run or with blanks, as few as possible, or None if it is none."""
    found: list[str] = []
    for run in re.split(r"[\s']+", typed):
        parts = _split_run(run, known)
        if parts is None:
            return None
        found += parts
    return found or None


def _split_run(run: str, known: Container[str]) -> list[str] | None:
    """Cut one run of letters: the best way to reach each letter is kept while walking to the end."""
    ways: list[list[str] | None] = [[], *[None] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before, last = ways[start], run[start:end]
            if before is None or last not in known:
                continue
            way, best = [*before, last], ways[end]
            if best is None or len(way) < len(best):
                ways[end] = way
    return ways[-1]


def initials(parts: Sequence[str]) -> str:
    """Return the first letters of syllables: qclj for qi che ling jian."""
    return "".join(part[0] for part in parts)


# ---------------------------------------------------------------------------------------------------------------------
# Says how a name sounds: one toneless syllable for each character, letters taken as the pinyin they may be.
# ---------------------------------------------------------------------------------------------------------------------


# How these are read in names of firms (商行, 宝坻, 空调, 成都) where the dictionary puts another reading first.
_IN_NAMES = {"行": "hang", "长": "chang", "重": "chong", "都": "du", "单": "shan", "曾": "zeng", "调": "tiao"}

_IN_NAMES |= {"坻": "di", "泊": "bo", "覃": "qin", "还": "huan"}

_PIECE = re.compile("[a-z]+|.", re.DOTALL)

_BEGUN = re.compile("[a-z]+$")

_LONGEST_BEGUN = 4  # letters: shua is a syllable, chon is one begun


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


def heard_so_far(core: str) -> tuple[str, ...]:
    """Return the syllables of a text that is being typed: a syllable begun at its end (the q of jinlanq) is left out."""
    begun = _BEGUN.search(core)
    if begun is None or split(begun[0], known_syllables()):
        return sounds(core)
    for left_out in range(1, min(_LONGEST_BEGUN, len(begun[0]) - 1) + 1):
        if split(begun[0][:-left_out], known_syllables()):
            return sounds(core[:-left_out])
    return sounds(core)


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
