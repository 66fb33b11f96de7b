"""Match what was typed in Latin letters: English words, pinyin in one run or with blanks, or first letters of pinyin."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from matcher.firms.industry_search import halves
from matcher.firms.industry_search.chinese import by_sounds
from matcher.firms.industry_search.entries import Entry, chinese, english
from matcher.firms.industry_search.index import Index, Match, better, scaled
from matcher.firms.industry_search.sounds import alike, initials, split, syllables

_SINGLE_WORD = 0.8  # an English word alone says nearly as much as with its neighbour
_TYPO = 80.0  # likeness, of 100, up to which a word counts as mistyped
_MISTYPED = 0.85  # what may be another word, or pinyin, is worth less
_RUN = 82.0  # likeness of a whole run of pinyin that does not split into syllables
_PINYIN = 0.9  # pinyin is a guess at what is written
_LEAST_RUN = 5
_INITIALS = 0.7  # three letters may stand for many things
_LEAST_INITIALS = 3
_READ = 0.5  # a match in words or syllables: no need to look for slips
_WORD = re.compile(r"[a-z0-9&]+")
_CHATTER = re.compile(
    "an?|the|i|we|am|are|is|our|my|your|of|for|in|on|at|to|and|or|with|company|co|ltd|limited|inc|llc|business|firm|"
    "enterprise|services?|small|run|own|have|do|who|that|some|tianjin|china|industry|industrial"
)


@functools.cache
def by_words() -> Index:
    """All English entries by their words."""
    return Index(english(), words, _SINGLE_WORD)


def words(text: str) -> list[str]:
    """Cut a plain English text into the stems that are compared; words that say nothing are left out."""
    found = [_stem(word) for word in _WORD.findall(text.replace("-", ""))]
    return [word for word in found if not _CHATTER.fullmatch(word)] or found


def matches(asked: str) -> dict[str, Match]:
    """Return the groups that a plain text in Latin letters may mean."""
    found = better(_english(asked), _pinyin(asked))
    if max((match.score for match in found.values()), default=0.0) >= _READ:
        return found
    run = "".join(re.findall("[a-z]", asked))
    return better(found, _by_initials(run), _by_run(run), halves.matches(re.findall("[a-z]+", asked)))


def _english(asked: str) -> dict[str, Match]:
    typed = words(asked)
    meant = [_nearest(word) for word in typed]
    found = by_words().matches(meant) if typed else {}
    return found if meant == typed else scaled(found, _MISTYPED)


def _nearest(word: str) -> str:
    """Return the known word that a mistyped one was probably meant to be; itself where there is none."""
    if word in _vocabulary() or len(word) < 4:
        return word
    near = process.extractOne(word, _vocabulary(), scorer=fuzz.ratio, score_cutoff=_TYPO)
    return near[0] if near else _shuffled().get("".join(sorted(word)), word)


@functools.cache
def _vocabulary() -> tuple[str, ...]:
    return tuple(word for word in by_words().words if " " not in word)


@functools.cache
def _shuffled() -> dict[str, str]:
    """The known words by their letters in order of the alphabet: bycicle has those of bicycle."""
    return {"".join(sorted(word)): word for word in _vocabulary()}


def _stem(word: str) -> str:
    """Cut the endings that tell a maker from what is made: bakeries, bakery, baking share bak."""
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            word = word[: -len(ending)] + rest
            break
    for ending in ("ing", "er", "ed", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word


def _pinyin(asked: str) -> dict[str, Match]:
    letters = " ".join(re.findall("[a-z']+", asked))
    parts = split(letters, _spelled().syllables) if len(letters) > 1 else None
    return scaled(by_sounds().matches([alike(part) for part in parts]), _PINYIN) if parts else {}


def _by_run(run: str) -> dict[str, Match]:
    """Compare letter by letter, for a slip of the thumb within a run of pinyin: qicheligjian."""
    if len(run) < _LEAST_RUN:
        return {}
    near = process.extract(run, _spelled().runs, scorer=fuzz.ratio, score_cutoff=_RUN, limit=20)
    return _heard(((number, score / 100 * _PINYIN) for _, score, number in near))


def _by_initials(run: str) -> dict[str, Match]:
    """Compare the first letters of syllables, all of them or nearly: qclj for qi che ling jian."""
    if len(run) < _LEAST_INITIALS:
        return {}
    cutoff = _RUN if len(run) >= _LEAST_RUN else 100.0
    near = process.extract(run, _spelled().initials, scorer=fuzz.ratio, score_cutoff=cutoff, limit=20)
    return _heard(((number, score / 100 * _INITIALS) for _, score, number in near))


def _heard(found: Iterable[tuple[int, float]]) -> dict[str, Match]:
    entries = _spelled().entries
    return better(
        *(
            {entries[number].group: Match(score * entries[number].worth, entries[number], "sound")}
            for number, score in found
        )
    )


@dataclass(frozen=True, slots=True)
class _Spelled:
    """Every Chinese form in pinyin: its entry, its letters in one run, and the first letters of its syllables; all syllables."""

    entries: tuple[Entry, ...]
    runs: tuple[str, ...]
    initials: tuple[str, ...]
    syllables: frozenset[str]


@functools.cache
def _spelled() -> _Spelled:
    forms = [(entry, syllables(form)) for entry in chinese() for form in entry.forms]
    return _Spelled(
        tuple(entry for entry, _ in forms),
        tuple("".join(parts) for _, parts in forms),
        tuple(initials(parts) for _, parts in forms),
        frozenset(part for _, parts in forms for part in parts if part.isascii()),
    )
