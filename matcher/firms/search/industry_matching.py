"""Match what was typed in Chinese characters, in pinyin or in English against what industries are called."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .industry_index import Entry, Index, Match, better, chinese, english, scaled
from .industry_query import (
    clauses,
    clipped,
    done_to,
    from_verb,
    kernel,
    lean,
    pieces,
    without_customer,
    without_legal_form,
    without_place,
    without_small_talk,
)
from .pinyin import alike, initials, split, syllables
from .pinyin import alike as one_spelling

# ---------------------------------------------------------------------------------------------------------------------
# Match pinyin of which only first letters were typed here and there: jdian for 酒店, zxc zhizao, 空tiao.
# ---------------------------------------------------------------------------------------------------------------------


_WORTH = 0.75  # of a match in words: the letters left out may be others


@functools.cache
def known() -> frozenset[str]:
    """All syllables in the Chinese names and keywords; a letter that is none only begins others."""
    return frozenset(part for _, parts in _forms() for part in parts if part.isascii() and (part[1:] or part in "aeo"))


@functools.cache
def _letters() -> Container[str]:
    return known() | {part[0] for part in known()} | {"zh", "ch", "sh"}


@functools.cache
def _forms() -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    return tuple((entry, syllables(form)) for entry in chinese() for form in entry.forms)


@functools.cache
def _by_initials_of_halves() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, (_, parts) in enumerate(_forms()):
        found.setdefault(initials(parts), []).append(number)
    return found


def spread(parts: Iterable[str]) -> list[str]:
    """Cut those of the parts that are runs of pinyin into syllables; the others stay."""
    return _cut(parts, known())


def half_typed_matches(parts: Iterable[str]) -> dict[str, Match]:
    """Return the groups that fit typed syllables, some of them cut to their first letter but not all."""
    typed = _cut(parts, _letters())
    if len(typed) < 2 or not any(part in known() and len(part) > 1 for part in typed):
        return {}
    fitting = (_forms()[number] for number in _by_initials_of_halves().get(initials(typed), ()) if _fits(number, typed))
    return better(*({entry.group: Match(entry.worth * _WORTH, entry, "sound")} for entry, _ in fitting))


def _cut(parts: Iterable[str], syllables_known: Container[str]) -> list[str]:
    cut = ((part, split(part, syllables_known) if part.isascii() else None) for part in parts)
    return [each for part, found in cut for each in found or [part]]


def _fits(number: int, typed: Sequence[str]) -> bool:
    return all(
        whole == part or (part not in known() and whole.startswith(part))
        for whole, part in zip(_forms()[number][1], typed, strict=True)
    )


# ---------------------------------------------------------------------------------------------------------------------
# Match what was typed in Chinese characters: by the characters, and by their sound where they were mistaken.
# ---------------------------------------------------------------------------------------------------------------------


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


def chinese_matches(asked: str) -> dict[str, Match]:
    """Return the groups that a plain text with Chinese characters may mean."""
    readings = _readings(asked)
    as_said, *others = (by_characters().matches(pieces(reading)) for reading in readings)
    found = better(as_said, *(scaled(other, _REWORDED) for other in others))
    if _best(found) >= _SURE:
        return found
    spoken = [spread(syllables(reading)) for reading in readings]
    sounding = better(*(by_sounds().matches([one_spelling(part) for part in parts]) for parts in spoken))
    alike = {group: match for group, match in sounding.items() if match.score >= _SOUNDS_ALIKE}
    cut = (half_typed_matches(parts) for parts in spoken if any(part.isascii() for part in pieces(asked)))
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


# ---------------------------------------------------------------------------------------------------------------------
# Match what was typed in Latin letters: English words, pinyin in one run or with blanks, or first letters of pinyin.
# ---------------------------------------------------------------------------------------------------------------------


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


def latin_matches(asked: str) -> dict[str, Match]:
    """Return the groups that a plain text in Latin letters may mean."""
    found = better(_english(asked), _pinyin(asked))
    if max((match.score for match in found.values()), default=0.0) >= _READ:
        return found
    run = "".join(re.findall("[a-z]", asked))
    return better(found, _by_initials(run), _by_run(run), half_typed_matches(re.findall("[a-z]+", asked)))


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
