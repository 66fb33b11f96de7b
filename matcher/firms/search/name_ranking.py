"""Says how far a registered name is from what was typed, counted in characters mistaken."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import OSA

from .names import Name, read_name
from .pinyin import alike, letters_of, reading, sounds

_SEEN = 0.6  # of a mistake: the character is another one

_HEARD = 0.4  # the rest of it: and sounds different

_ALL_THERE = 0.1  # characters were left out or swapped, none mistaken: few names are that near by chance

_LEFT_OUT = 0.05  # a part that the person did not type

_OTHER_REGION = 0.3  # 天津 for 天津市, or at another place: often the same firm, sometimes not

_OTHER_FORM = 0.3

_CUT_SHORT = 1.0  # the name was not typed to its end ...

_PIECE = 1.2  # ... or a piece of its middle or end was

_EACH_MORE = 0.1  # for each character that is missing ...

_MOST_MORE = 8  # ... up to so many

_LETTERS = 2.5  # letters of pinyin that make one mistaken character

_TYPED_SOUND = 0.3  # a character that was typed as another's sound, or is not in the name

_AREAS, _REMEMBERED = 500, 10_000  # as many cores as names are remembered

_PRIVATE = 0xF0000  # code points that no text has

_CITY = re.compile(r"天津市?|\(\)")

_LETTER = re.compile("[a-z]")

_WHOLE_PINYIN = 0.05  # the core alone is what is typed more often


class Way(Enum):
    """How a name and what was typed agree."""

    SAME = "same"
    PARTS = "parts"
    BEGINS = "begins"
    WITHIN = "within"
    SOUND = "sound"
    NEAR = "near"
    PINYIN = "pinyin"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, taken apart once for all names it is compared with."""

    name: Name
    heard: str
    chars: frozenset[str]
    latin: bool
    mixed: bool


def read_asked(text: str) -> Asked:
    """Take apart what was typed as a name or as its pinyin."""
    name = read_name(text)
    chars = frozenset(char for char in name.core if not char.isascii())
    latin = name.core.isascii()
    mixed = not latin and any(char.isascii() and char.isalpha() for char in name.core)
    return Asked(name, _coded(name.core), chars, latin, mixed)


def compare(asked: Asked, candidate: str) -> tuple[float, Way]:
    """Return how many characters lie between what was typed and a name (0: none), and how they agree."""
    name = read_name(candidate)
    if asked.latin:
        return _by_letters(asked.name.whole, name)
    if asked.name.whole == name.whole:
        return 0.0, Way.SAME
    parts = _parts(asked.name, name)
    heard = _coded(name.core)
    if asked.mixed:
        return _half_typed(asked, name, heard) + parts, Way.PINYIN
    seen = OSA.distance(asked.name.core, name.core)
    if not seen:
        return parts, Way.PARTS
    listened = OSA.distance(asked.heard, heard)
    cost, way = _SEEN * seen + _HEARD * listened, Way.NEAR if listened else Way.SOUND
    short, cut = _cut_short(asked, name, heard, cost)
    if short < cost - _ALL_THERE:
        cost, way = short, cut
    elif listened and asked.chars.issubset(name.core):
        cost -= _ALL_THERE
    elif short < cost:
        cost, way = short, cut
    # Past what was found no distance matters: then it is not counted to its end.
    whole = OSA.distance(asked.name.whole, name.whole, score_cutoff=int(cost + parts))
    return (whole, Way.NEAR) if whole < cost + parts else (cost + parts, way)


def _cut_short(asked: Asked, name: Name, heard: str, most: float) -> tuple[float, Way]:
    """Compare with as much of the name as was typed: its beginning, or a piece of it that is the same; in vain past ``most``."""
    typed, core = asked.name.core, name.core
    if len(typed) >= len(core):
        return float("inf"), Way.NEAR
    more = _EACH_MORE * min(len(core) - len(typed), _MOST_MORE)
    if typed in core:
        return (_CUT_SHORT + more, Way.BEGINS) if core.startswith(typed) else (_PIECE + more, Way.WITHIN)
    if _CUT_SHORT + more >= most:
        return float("inf"), Way.NEAR
    start = _SEEN * OSA.distance(typed, core[: len(typed)])
    return start + _HEARD * OSA.distance(asked.heard, heard[: len(asked.heard)]) + _CUT_SHORT + more, Way.NEAR


def _half_typed(asked: Asked, name: Name, heard: str) -> float:
    """Compare a text that is partly pinyin: by its sound, and by the characters that it has."""
    strange = len(asked.chars - set(name.core))
    return OSA.distance(asked.heard, heard) + _TYPED_SOUND * strange


def _by_letters(typed: str, name: Name) -> tuple[float, Way]:
    core, whole = letters_of(name.core), letters_of(name.whole)
    costs = [OSA.distance(typed, core), OSA.distance(typed, whole) + _WHOLE_PINYIN]
    if len(core) > len(typed):
        costs.append(OSA.distance(typed, core[: len(typed)]) + _LETTERS * _CUT_SHORT + (len(core) - len(typed)) * 0.05)
    return min(costs) / _LETTERS, Way.PINYIN


def _parts(asked: Name, name: Name) -> float:
    return _region(asked.region, name.region) + _part(asked.form, name.form, _OTHER_FORM)


def _region(asked: str, there: str) -> float:
    if asked == there:
        return 0.0
    area = _area(asked)
    same_area = area and area == _area(there)
    return _part("" if same_area and asked != there else asked, there, _OTHER_REGION)


@functools.lru_cache(maxsize=_AREAS)
def _area(region: str) -> str:
    return _CITY.sub("", region)


def _part(asked: str, there: str, other: float) -> float:
    if asked == there:
        return 0.0
    return other if asked else _LEFT_OUT


class _Codes(dict[int, str]):
    """One character for each sound, so that sounds can be compared like letters; made up as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, str] = {}

    def __missing__(self, char: int) -> str:
        self[char] = self.of(reading(chr(char)))
        return self[char]

    def of(self, syllable: str) -> str:
        """The character of a syllable, the same for those easily taken for each other."""
        return self._numbers.setdefault(alike(syllable), chr(_PRIVATE + len(self._numbers)))


_CODES = _Codes()


@functools.lru_cache(maxsize=_REMEMBERED)
def _coded(core: str) -> str:
    """Write each syllable as one character."""
    if _LETTER.search(core):
        return "".join(map(_CODES.of, sounds(core)))
    return core.translate(_CODES)
