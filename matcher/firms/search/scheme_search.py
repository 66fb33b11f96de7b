"""Finds the schemes that plain words mean, each with what it was found by: Chinese, English, pinyin, and near misses of both."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from matcher.rulebook import Rulebook, Text

from . import pinyin
from .industry_query import plain
from .scheme_index import Entry, Phrase, SchemeIndex, asked, index_of, pairs, sounds, terms

# Of the score of a scheme: its nearest phrase, and how much of the query is anywhere in its words.
_BY_PHRASE, _BY_WORDS = 0.6, 0.4

# Of what a query says and a phrase does not, against what the phrase says and the query does not.
_OF_THE_QUERY = 0.6

_SYNONYM = 0.55

_HEARD, _PINYIN = 0.6, 0.95  # of a phrase that only sounds like the query: of Chinese characters, of pinyin

_LEAST = 0.08  # below it a hit is chance

_LONGEST = 200  # characters of a query

_SLIP = 0.75  # how like a word of the schemes an unknown English word must be

_HAN = re.compile("[\u3400-\u9fff]")

_LETTERS = re.compile("[a-z']+(?: [a-z']+)*")


@dataclass(frozen=True, slots=True)
class SchemeHit:
    """A scheme, how well it fits (0 to 1), and the words of it that led there."""

    slug: str
    score: float
    why: Text


@dataclass(frozen=True, slots=True)
class _Query:
    """What is looked for: its terms, those of its synonyms, how it sounds, and how much all of it weighs."""

    own: Mapping[str, float]
    meant: Mapping[str, float]
    heard: Mapping[str, float]
    by_sound: float
    index: SchemeIndex

    def near(self, phrase: Phrase) -> float:
        """How near a phrase is to the query, 0 to 1."""
        found = self._share(self.own, self.meant, phrase.terms)
        if self.heard and found < self.by_sound:
            found = max(found, self.by_sound * self._share(self.heard, {}, phrase.sounds))
        return found * phrase.weight

    def said_in(self, entry: Entry) -> float:
        """How much of the query stands anywhere in the words of a scheme, 0 to 1."""
        whole = self._weight(self.own)
        if not whole:
            return 0.0
        said = {**self.meant, **self.own}
        return min(sum(self.index.weight(term) * said[term] * entry.terms.get(term, 0.0) for term in said) / whole, 1.0)

    def _share(self, own: Mapping[str, float], meant: Mapping[str, float], there: Mapping[str, int]) -> float:
        said = {**meant, **own}
        common = self._weight({term: said[term] for term in there if term in said})
        if not common:
            return 0.0
        whole = _OF_THE_QUERY * self._weight(own) + (1 - _OF_THE_QUERY) * self._weight(dict.fromkeys(there, 1.0))
        return min(common / whole, 1.0)

    def _weight(self, some: Mapping[str, float]) -> float:
        return sum(self.index.weight(term) * share for term, share in some.items())


def find_schemes(rulebook: Rulebook, text: str, limit: int = 5) -> tuple[SchemeHit, ...]:
    """At most ``limit`` schemes for what an owner typed, the likeliest first; none where nothing fits.

    Understands plain words, synonyms, English, pinyin, and characters that only sound right. Only the first 200 characters count.
    """
    query = _query(words_of(rulebook), plain(text)[:_LONGEST])
    if query is None:
        return ()
    found = (_hit(query, entry) for entry in query.index.entries)
    return tuple(sorted((hit for hit in found if hit.score >= _LEAST), key=lambda hit: -hit.score)[:limit])


def words_of(rulebook: Rulebook) -> SchemeIndex:
    """The index of a rulebook, made once."""
    known = _kept.get(id(rulebook))
    if known is None or known[0] is not rulebook:
        _kept.clear()  # a process has one rulebook; tests have several, one after the other
        known = _kept[id(rulebook)] = (rulebook, index_of(rulebook))
    return known[1]


_kept: dict[int, tuple[Rulebook, SchemeIndex]] = {}


def _query(index: SchemeIndex, text: str) -> _Query | None:
    meant = dict.fromkeys(index.meant_by(text), _SYNONYM)
    if _HAN.search(text):
        return _Query(asked(text), meant, dict.fromkeys(sounds(text), 1.0), _HEARD, index)
    own = dict.fromkeys(_without_slips(index, terms(text)), 1.0)
    heard = _as_pinyin(text) if not any(term in index.telling for term in own) else {}
    return _Query(own, meant, heard, _PINYIN, index) if own or heard else None


def _without_slips(index: SchemeIndex, typed: Counter[str]) -> Counter[str]:
    """The terms, each that no scheme has replaced by the word it is most likely a slip of."""
    found: Counter[str] = Counter()
    for term in typed:
        near = None
        if term not in index.telling and len(term) > 3:
            near = process.extractOne(term, index.vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_SLIP)
        found[near[0] if near else term] += 1
    return found


def _as_pinyin(text: str) -> dict[str, float]:
    """The pairs of syllables of a text typed in pinyin; none where it is no pinyin."""
    parts = pinyin.split(text, pinyin.known_syllables()) if _LETTERS.fullmatch(text) else None
    return dict.fromkeys(pairs(parts), 1.0) if parts else {}


def _hit(query: _Query, entry: Entry) -> SchemeHit:
    nearest = max(entry.phrases, key=query.near)
    score = _BY_PHRASE * query.near(nearest) + _BY_WORDS * query.said_in(entry)
    return SchemeHit(entry.slug, round(score, 3), Text(zh=f"说的是“{nearest.said}”", en=f"close to “{nearest.said}”"))
