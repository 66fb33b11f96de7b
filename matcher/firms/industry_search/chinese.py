"""Match what was typed in Chinese characters: by the characters, and by their sound where they were mistaken."""

from __future__ import annotations

import functools

from matcher.firms.industry_search import halves
from matcher.firms.industry_search.entries import chinese
from matcher.firms.industry_search.index import Index, Match, better, scaled
from matcher.firms.industry_search.intent import lean
from matcher.firms.industry_search.sounds import alike as one_spelling
from matcher.firms.industry_search.sounds import syllables
from matcher.firms.industry_search.written import (
    clauses,
    clipped,
    done_to,
    from_verb,
    kernel,
    pieces,
    without_customer,
    without_legal_form,
    without_place,
    without_small_talk,
)

_SINGLE_CHARACTER = 0.35  # of a pair's weight: 车 alone says little, 汽车 much
_SINGLE_SOUND = 0.12  # a syllable alone stands for dozens of characters
_BY_SOUND = 0.75  # what only sounds the same is worth less than the word itself
_REWORDED = 0.98  # the text as it was typed comes before what is made of it
_SOUNDS_ALIKE = 0.5  # below it two syllables happen to be the same, and nothing was mistaken
_WEAK = 0.3  # so little that a single character may decide
_SURE = 0.9  # a match in characters that no sound would better
_BRAND = 2  # characters of the fancy name that a firm puts before its trade


@functools.cache
def by_characters() -> Index:
    """All Chinese entries by their characters."""
    return Index(chinese(), pieces, _SINGLE_CHARACTER)


@functools.cache
def by_sounds() -> Index:
    """All Chinese entries by their syllables, those easily taken for each other being one."""
    return Index(chinese(), heard, _SINGLE_SOUND, way="sound")


def heard(text: str) -> list[str]:
    """Cut a plain text into syllables for the index of sounds."""
    return [one_spelling(syllable) for syllable in syllables(text)]


def matches(asked: str) -> dict[str, Match]:
    """Return the groups that a plain text with Chinese characters may mean."""
    readings = _readings(asked)
    as_said, *others = (by_characters().matches(pieces(reading)) for reading in readings)
    found = better(as_said, *(scaled(other, _REWORDED) for other in others))
    if _best(found) >= _SURE:
        return found
    spoken = [halves.spread(syllables(reading)) for reading in readings]
    sounding = better(*(by_sounds().matches([one_spelling(part) for part in parts]) for parts in spoken))
    alike = {group: match for group, match in sounding.items() if match.score >= _SOUNDS_ALIKE}
    cut = (halves.matches(parts) for parts in spoken if any(part.isascii() for part in pieces(asked)))
    found = better(found, scaled(alike, _BY_SOUND), *cut)
    return found if _best(found) >= _WEAK else better(found, _by_single_characters(asked, readings))


def _best(found: dict[str, Match]) -> float:
    return max((match.score for match in found.values()), default=0.0)


def _by_single_characters(asked: str, readings: tuple[str, ...]) -> dict[str, Match]:
    """Return what shares one character, where the verb says it is of that kind: 种韭菜 is a 菜 that somebody grows."""
    towards = lean(asked)
    found = better(*(by_characters().matches(pieces(reading), freely=True) for reading in readings))
    return {group: match for group, match in found.items() if group[:2] in towards}


def _readings(asked: str) -> tuple[str, ...]:
    """Return what the text may be about: as it stands, its bare thing, and for a firm's name what follows the brand."""
    return tuple(dict.fromkeys(reading for clause in clauses(asked) for reading in _clause_readings(clause)))


def _clause_readings(asked: str) -> tuple[str, ...]:
    said = without_small_talk(asked)
    local = without_place(without_legal_form(said))
    thing = kernel(local)
    served = without_customer(local)
    named = local != said and len(thing) > _BRAND + 1
    led = from_verb(local)
    short = clipped(served)
    found = [local, thing, served, kernel(served), without_small_talk(done_to(asked)), led, kernel(led), kernel(short)]
    return tuple(dict.fromkeys(found + [thing[_BRAND:]] * named))
