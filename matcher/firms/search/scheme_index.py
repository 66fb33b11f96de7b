"""What is known of each scheme for the search: its words cut into terms, how telling each term is, and synonyms."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from matcher.rulebook import Rulebook, Scheme, SearchWords

from . import pinyin
from .industry_query import plain

_HAN = re.compile("[\u3400-\u9fff]+")

_LATIN = re.compile(r"[a-z0-9][a-z0-9&%.+'-]*")

# What asks for something and says nothing of what.
_ASKING = re.compile(
    "请问|我想|我要|我们|我的|咱们|想要|想|要是|如果|怎么办理|怎么办|怎么才能|怎么|怎样|如何|哪里|在哪|哪些|哪个|什么|多少钱|多少|"
    "能不能|可不可以|可以|是不是|有没有|有吗|吗|呢|啊|吧|了|的|政策|天津市|天津|国家|政府|公司|企业|单位|[0-9]+个人"
)

_STOP_WORDS = """
a an the of for to in on at by with from my our we i is are was be can do does how what where which who when there any get and or if it
its this that tianjin china chinese policy policies scheme schemes company firm business companies please want need
"""

_STOP = frozenset(_STOP_WORDS.split())

_ENDINGS = re.compile(r"(?<=[a-z]{3})(ies|es|s|ing|ed)$")

# How much a word of each part of a scheme says of what people mean by it.
_ASIDE = 0.3  # of a term that says nothing of what is looked for

_LONE = 0.12  # of a character by itself, against two that stand together

_KEYWORD, _NAME, _SUMMARY, _OTHER = 1.0, 0.9, 0.35, 0.15


def stem(word: str) -> str:
    """An English word without its commonest endings: subsidies and subsidy, loans and loan are one."""
    bare = _ENDINGS.sub("", word)
    return bare.rstrip("y") if len(bare) > 3 else bare


def asked(text: str) -> dict[str, float]:
    """The terms of a plain query with their weights: those that only ask, or only name whoever asks, weigh less."""
    bare = terms(_ASKING.sub(" ", text))
    return {term: 1.0 if term in bare else _ASIDE for term in (*bare, *terms(text))}


def terms(text: str) -> Counter[str]:
    """The terms of a plain text: pairs of neighbouring characters, the characters, and English words by their stems."""
    found: Counter[str] = Counter()
    for run in _HAN.findall(text):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
        found.update(run)
    found.update(stem(word) for word in _LATIN.findall(text) if word not in _STOP)
    return found


def sounds(text: str) -> Counter[str]:
    """The same by sound: pairs of syllables as `wen gang`, those that are easily taken for each other spelt alike."""
    found: Counter[str] = Counter()
    for run in _HAN.findall(text):
        found.update(pairs(pinyin.syllables(run)))
    return found


def pairs(syllables: Iterable[str]) -> list[str]:
    """Pairs of neighbouring syllables."""
    parts = [pinyin.alike(one) for one in syllables]
    return [f"{first} {second}" for first, second in pairwise(parts)]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words of a scheme: as they stand, their terms and sounds, and how much they weigh."""

    said: str
    terms: Mapping[str, int]
    sounds: Mapping[str, int]
    weight: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheme: the phrases by which it is called, and all its terms with their weights."""

    slug: str
    phrases: tuple[Phrase, ...]
    terms: Mapping[str, float]


@dataclass(frozen=True)
class SchemeIndex:
    """The words of all schemes of a rulebook."""

    entries: tuple[Entry, ...]
    synonyms: tuple[SearchWords, ...]
    telling: Mapping[str, float] = field(default_factory=dict)
    """How telling a term is: the rarer among the schemes the more; of a term that none has, as if one had it."""

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The English words of the schemes and of the synonyms, for slips of the finger."""
        every = {term for entry in self.entries for term in entry.terms}
        every |= {stem(word) for group in self.synonyms for said in group.en for word in _LATIN.findall(said)}
        return tuple(sorted(term for term in every if _LATIN.fullmatch(term) and len(term) > 3))

    @cached_property
    def _alike(self) -> dict[str, tuple[str, ...]]:
        """For every word of the synonyms the others of its groups, the Chinese for the Chinese, the English for the English."""
        found: dict[str, list[str]] = {}
        for group in self.synonyms:
            for words in (group.zh, group.en):
                for word in words:
                    found.setdefault(plain(word), []).extend(plain(other) for other in words if other != word)
        return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}

    def meant_by(self, query: str) -> Counter[str]:
        """The terms of the synonyms of what a plain query says, without the terms of the query itself."""
        words = {word for word in self._alike if _says(query, word)}
        inner = {word for word in words if any(word != other and word in other for other in words)}
        found: Counter[str] = Counter()
        for word in words - inner:
            for other in self._alike[word]:
                found |= terms(other)
        own = terms(query)
        return Counter({term: number for term, number in found.items() if term not in own})

    def weight(self, term: str) -> float:
        """How telling a term is; a character by itself says little."""
        told = self.telling.get(term, self.telling.get("", 1.0))
        return _LONE * told if len(term) == 1 else told


def _says(query: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", query) is not None
    return word in query


def index_of(rulebook: Rulebook) -> SchemeIndex:
    """The index of a rulebook's schemes."""
    entries = tuple(_entry(scheme) for scheme in rulebook.schemes.values())
    counted = Counter(term for entry in entries for term in {*entry.terms, *_sounds_of(entry)})
    number = len(entries) or 1
    telling = {term: math.log(1 + number / (of + 0.5)) for term, of in counted.items()}
    return SchemeIndex(entries, rulebook.synonyms, {**telling, "": math.log(1 + number / 1.5)})


def _sounds_of(entry: Entry) -> Iterator[str]:
    for phrase in entry.phrases:
        yield from phrase.sounds


def _entry(scheme: Scheme) -> Entry:
    names = [(text, _NAME) for text in (scheme.name.zh, scheme.name.en)]
    called = [*names, *((word, _KEYWORD) for word in (*scheme.keywords.zh, *scheme.keywords.en))]
    phrases = tuple(_phrase(said, weight) for said, weight in called)
    weights: dict[str, float] = {}
    rest = [scheme.department.zh, *(text.zh for text in (scheme.amount_means, *scheme.evidence, *scheme.notes))]
    more = [(scheme.summary.zh, _SUMMARY), (scheme.summary.en, _SUMMARY), *((text, _OTHER) for text in rest)]
    for said, weight in (*called, *more):
        for term in terms(plain(said)):
            weights[term] = max(weight, weights.get(term, 0.0))
    return Entry(scheme.slug, phrases, weights)


def _phrase(said: str, weight: float) -> Phrase:
    text = plain(said)
    return Phrase(said, terms(text), sounds(text), weight)
