"""Makes the keys by which an index finds a name: pairs of its syllables, and its first letters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from matcher.firms.name_search.names import read_name
from matcher.firms.name_search.sounds import coarse, sounds

LONGEST_INITIALS = 40
"""Letters of a key of first letters; nobody types more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a name is found by: ``grams`` and the first letters of the whole name and of its core."""

    grams: tuple[str, ...]
    initials: str
    core_initials: str


def keys_of(text: str) -> Keys:
    """Return the keys of a registered name."""
    name = read_name(text)
    whole, core = sounds(name.whole), sounds(name.core)
    return Keys(grams(core), first_letters(whole), first_letters(core))


def grams(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pairs of syllables next to each other and with one between.

    With a syllable mistaken, left out or swapped with its neighbour, pairs of those around it still agree; written
    with another character of the same sound, all do.
    """
    spelt = coarse(parts)
    if len(spelt) == 1:
        return spelt
    near = pairwise(spelt)
    far = zip(spelt, spelt[2:], strict=False)
    return tuple(dict.fromkeys(f"{left} {right}" for pairs in (near, far) for left, right in pairs))


def first_letters(parts: tuple[str, ...]) -> str:
    """Return the first letter of each syllable: jlqc for jin lan qi che."""
    return "".join([part[:1] for part in parts])[:LONGEST_INITIALS]
