"""Makes the keys by which an index finds a name: pairs of its syllables, how it begins, and its first letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from matcher.firms.name_search.names import read_name
from matcher.firms.name_search.sounds import coarse, heard_so_far, sounds

LONGEST_INITIALS = 40
"""Letters of a key of first letters; nobody types more."""

_LONGEST_SYLLABLE = 18  # letters that are no pinyin stay together, however many
_BEGINNING = "^"
_FEW = 3
_AROUND = re.compile("^tianjin(shi)?(?=.)|(?<=.)tianjin|(gufen)?youxian(zeren)?gongsi$")  # in pinyin all of it is core


@dataclass(frozen=True, slots=True)
class Keys:
    """What a name is found by: ``grams`` (pairs of syllables, and how the core begins) and first letters.

    The first letters are those of the whole name and of its core.
    """

    grams: tuple[str, ...]
    initials: str
    core_initials: str


def keys_of(text: str) -> Keys:
    """Return the keys of a registered name."""
    name = read_name(text)
    whole, core = sounds(name.whole), sounds(name.core)
    return Keys((*grams(core), *beginnings(name.core, core)), first_letters(whole), first_letters(core))


def asked_grams(core: str) -> tuple[str, ...]:
    """Return what to look for when a core was typed, perhaps not to its end.

    Of a few syllables also how the core begins: they have few pairs or none, and very many names share those.
    """
    parts = heard_so_far(_AROUND.sub("", core) or core)
    return (*grams(parts), *beginnings(core, parts)) if len(parts) <= _FEW else grams(parts)


def beginnings(core: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the marks of the first character, unless it is a letter, and of the first syllable of a core."""
    char = () if core[:1].isascii() else (core[:1],)
    return tuple(_BEGINNING + first for first in (*char, *_spelt(parts[:1])))


def grams(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pairs of syllables next to each other and with one between.

    With a syllable mistaken, left out or swapped with its neighbour, pairs of those around it still agree; written
    with another character of the same sound, all do.
    """
    spelt = _spelt(parts)
    if len(spelt) == 1:
        return spelt
    near = pairwise(spelt)
    far = zip(spelt, spelt[2:], strict=False)
    return tuple(dict.fromkeys(f"{left} {right}" for pairs in (near, far) for left, right in pairs))


def first_letters(parts: tuple[str, ...]) -> str:
    """Return the first letter of each syllable: jlqc for jin lan qi che."""
    return "".join([part[:1] for part in parts])[:LONGEST_INITIALS]


def _spelt(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part[:_LONGEST_SYLLABLE] for part in coarse(parts))
