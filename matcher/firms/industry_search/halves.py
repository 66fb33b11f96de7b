"""Match pinyin of which only first letters were typed here and there: jdian for 酒店, zxc zhizao, 空tiao."""

from __future__ import annotations

import functools
from collections.abc import Container, Iterable, Sequence

from matcher.firms.industry_search.entries import Entry, chinese
from matcher.firms.industry_search.index import Match, better
from matcher.firms.industry_search.sounds import initials, split, syllables

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
def _by_initials() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, (_, parts) in enumerate(_forms()):
        found.setdefault(initials(parts), []).append(number)
    return found


def spread(parts: Iterable[str]) -> list[str]:
    """Cut those of the parts that are runs of pinyin into syllables; the others stay."""
    return _cut(parts, known())


def matches(parts: Iterable[str]) -> dict[str, Match]:
    """Return the groups that fit typed syllables, some of them cut to their first letter but not all."""
    typed = _cut(parts, _letters())
    if len(typed) < 2 or not any(part in known() and len(part) > 1 for part in typed):
        return {}
    fitting = (_forms()[number] for number in _by_initials().get(initials(typed), ()) if _fits(number, typed))
    return better(*({entry.group: Match(entry.worth * _WORTH, entry, "sound")} for entry, _ in fitting))


def _cut(parts: Iterable[str], syllables_known: Container[str]) -> list[str]:
    cut = ((part, split(part, syllables_known) if part.isascii() else None) for part in parts)
    return [each for part, found in cut for each in found or [part]]


def _fits(number: int, typed: Sequence[str]) -> bool:
    return all(
        whole == part or (part not in known() and whole.startswith(part))
        for whole, part in zip(_forms()[number][1], typed, strict=True)
    )
