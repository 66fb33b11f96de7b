"""Breaks a title into centred lines by sense, in the shapes the form allows: a trapezium or a lozenge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import ceil
from textwrap import wrap

from matcher.letters.setting.units import CLOSING, OPENING, is_latin

PER_LINE = 20  # characters of 22pt on 156 mm
ENGLISH_PER_LINE = 52  # letters of 15pt bold on 156 mm
TORN = 8.0  # a break where nothing says that a word ends
GOOD_AFTER = frozenset("、，的”》）")
GOOD_BEFORE = ("核对结果", "自助核对", "尚缺情况", "政策要点", "登记情况", "“", "（", "《", "与", "和", "及")


def break_title(text: str, per_line: int = PER_LINE) -> tuple[str, ...]:
    """`text` in as few lines as hold it, parted where a word ends and as evenly as its words allow."""
    lines = ceil(len(text) / per_line)
    if lines <= 1:
        return (text,)
    places = [at for at in range(1, len(text)) if _may_part(text, at)]
    ways = [_cut(text, way) for way in combinations(places, lines - 1)] if lines <= 3 else []
    fitting = [way for way in ways if max(map(len, way)) <= per_line]
    return min(fitting, key=_cost) if fitting else _cut(text, range(per_line, len(text), per_line))


def break_english(text: str, per_line: int = ENGLISH_PER_LINE) -> tuple[str, ...]:
    """An English title in as few lines as hold it: what it is about, then after the colon what it says of that."""
    if len(text) <= per_line:
        return (text,)
    name, colon, what = text.rpartition(": ")
    return (*_evenly(name + colon.rstrip(), per_line), what) if colon else _evenly(text, per_line)


def _evenly(text: str, per_line: int) -> tuple[str, ...]:
    """Words in as few lines as hold them, none much shorter than the others."""
    for width in range(ceil(len(text) / ceil(len(text) / per_line)), per_line + 1):
        lines = tuple(wrap(text, width))
        if len(lines) <= ceil(len(text) / per_line):
            return lines
    return tuple(wrap(text, per_line))


def _may_part(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return not (before == "〕" or after in CLOSING or before in OPENING or (is_latin(before) and is_latin(after)))


def _cut(text: str, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in pairwise([0, *places, len(text)]))


def _cost(lines: tuple[str, ...]) -> float:
    """Torn words weigh most, then lines of very unequal length, then an hourglass."""
    torn = sum(_tear(one, other) for one, other in pairwise(lines))
    lengths = [len(line) for line in lines]
    hollow = sum(5 for one, two, three in zip(lengths, lengths[1:], lengths[2:], strict=False) if two < min(one, three))
    return torn + (max(lengths) - min(lengths)) / 2 + hollow


def _tear(before: str, after: str) -> float:
    quoted = before.count("“") > before.count("”") or before.count("（") > before.count("）")
    sensible = before[-1] in GOOD_AFTER or after.startswith(GOOD_BEFORE)
    return (0.0 if sensible else TORN) + (TORN if quoted else 0.0)
