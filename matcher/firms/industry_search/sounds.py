"""Compare words by how they sound: pinyin without tones, with or without blanks, and its first letters."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Sequence

from pypinyin import Style, lazy_pinyin

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
