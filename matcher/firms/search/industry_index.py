"""Everything an industry goes by, and a score of every industry against a query."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Literal

from matcher.firms import groups, industries
from matcher.rulebook import Text

from .industry_query import grams, kernel, plain
from .pinyin import syllables

# ---------------------------------------------------------------------------------------------------------------------
# List everything an industry goes by: our keywords, the names of its group, classes and division.
# ---------------------------------------------------------------------------------------------------------------------


Kind = Literal["keyword", "group", "class", "division"]

# A name of the standard is written for statisticians: the owner's own word counts a little more.
_WORTH: dict[Kind, float] = {"keyword": 1.0, "group": 0.95, "class": 0.95, "division": 0.7}

_REST = 0.9  # "other …" is what is left over: the group that says the word itself comes first


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to call a group: its `label` as written, the code it carries, and how much a match with it is worth."""

    group: str
    kind: Kind
    code: str
    label: str
    worth: float

    @property
    def forms(self) -> tuple[str, ...]:
        """The plain text, and the bare thing in it where that differs."""
        text = plain(self.label)
        return tuple(dict.fromkeys((text, kernel(text))))

    @property
    def why(self) -> Text:
        """What matched, in words."""
        if self.kind == "keyword":
            return Text(zh=f"关键词“{self.label}”", en=f"keyword “{self.label}”")
        level = {"group": "中类", "class": "小类", "division": "大类"}[self.kind]
        return Text(zh=f"{level} {self.code} {self.label}", en=f"{self.kind} {self.code} {self.label}")


@functools.cache
def chinese() -> tuple[Entry, ...]:
    """All entries written in Chinese."""
    return tuple(_chinese())


@functools.cache
def english() -> tuple[Entry, ...]:
    """All entries written in English."""
    return tuple(_entry(group.code, "keyword", group.code, word) for group in groups() for word in group.keywords_en)


def _chinese() -> Iterator[Entry]:
    below: dict[str, list[str]] = {}
    for code in industries():
        if len(code) == 4:
            below.setdefault(code[:3], []).append(code)
    for group in groups():
        yield from (_entry(group.code, "keyword", group.code, word) for word in group.keywords_zh)
        yield _entry(group.code, "group", group.code, group.name)
        yield from (_entry(group.code, "class", code, industries()[code]) for code in below.get(group.code, ()))
        yield _entry(group.code, "division", group.division, group.division_name)


def _entry(group: str, kind: Kind, code: str, label: str) -> Entry:
    rest = "其他" in label or "未列明" in label
    return Entry(group, kind, code, label, _WORTH[kind] * (_REST if rest else 1))


# ---------------------------------------------------------------------------------------------------------------------
# Score every industry against a query: what they share, weighed by how few industries share it.
# ---------------------------------------------------------------------------------------------------------------------


_UNKNOWN = 1.5  # weight of a pair no industry has: a name, a number, chatter; known ones weigh up to 6

_EXACT = 0.6  # the share of a match that depends on the entry saying nothing else

_TELLING = 0.5  # from this weight on a part says enough by itself: a word does, a character does not

_MOST = 30  # groups kept of one reading; what is further down never comes first again

_ELSEWHERE = 0.25  # what the group's other entries add where the best one leaves words of the query unmatched

Parts = Callable[[str], list[str]]

Way = Literal["word", "sound", "dealer"]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a group fits (0 to about 1.25), the entry that fits best, and how: by word, by sound, as its dealer."""

    score: float
    entry: Entry
    way: Way = "word"

    @property
    def why(self) -> Text:
        """What matched, in words."""
        label = self.entry.label
        if self.way == "word":
            return self.entry.why
        if self.way == "dealer":
            return Text(zh=f"经营或修理“{label}”一类的东西", en=f"deals in or repairs things like “{label}”")
        heard = " ".join(syllables(label))
        return Text(zh=f"拼音 {heard}（{label}）", en=f"pinyin {heard} ({label})")

    def times(self, factor: float) -> Match:
        """The same match, worth more or less."""
        return replace(self, score=self.score * factor)

    def dealt_in(self, factor: float) -> Match:
        """The match of a group that deals in what this one makes."""
        return replace(self, score=self.score * factor, way="dealer")


class Index:
    """Entries by the parts of their words and by pairs of neighbouring parts, so that order matters little."""

    def __init__(self, entries: Iterable[Entry], parts: Parts, single: float, way: Way = "word") -> None:
        """`parts` cuts a plain text; a single part weighs `single` of what a pair does."""
        self._single, self._way = single, way
        self._rows: list[tuple[Entry, dict[str, bool]]] = [
            (entry, grams(parts(form))) for entry in entries for form in entry.forms
        ]
        self._holders: dict[str, list[int]] = {}
        self._groups: dict[str, set[str]] = {}
        for number, (entry, found) in enumerate(self._rows):
            for gram in found:
                self._holders.setdefault(gram, []).append(number)
                self._groups.setdefault(gram, set()).add(entry.group)
        total = len({entry.group for entry, _ in self._rows})
        self._rarity = {gram: math.log(1 + total / len(holders)) for gram, holders in self._groups.items()}
        self._weights = [self._weight(found) for _, found in self._rows]
        self._traits = [(entry.group, entry.worth) for entry, _ in self._rows]

    @property
    def words(self) -> Iterable[str]:
        """Every part and pair that some entry has."""
        return self._rarity.keys()

    def matches(self, parts: list[str], freely: bool = False) -> dict[str, Match]:
        """Return the groups that share most with the query, `freely` also where all they share is a part alone."""
        asked = grams(parts)
        whole = self._weight(asked)
        best: dict[str, tuple[float, int]] = {}
        for number, common in self._shared(asked, freely).items():
            group, worth = self._traits[number]
            score = worth * common * (1 - _EXACT + _EXACT * common / self._weights[number])
            if group not in best or score > best[group][0]:
                best[group] = (score, number)
        covered = self._covered(asked)
        scored = ((score + _ELSEWHERE * covered[group], number) for group, (score, number) in best.items())
        return {
            self._rows[number][0].group: Match(score / whole, self._rows[number][0], self._way)
            for score, number in nlargest(_MOST, scored)
        }

    def _shared(self, asked: dict[str, bool], freely: bool) -> dict[int, float]:
        """Add up what each row shares; a part alone counts only beside a pair, or where there is nothing more."""
        shared: dict[int, float] = {}
        for gram in (gram for gram, pair in asked.items() if pair):
            weight = self._of(gram, True)
            for number in self._holders.get(gram, ()):
                shared[number] = shared.get(number, 0.0) + weight
        singles = [gram for gram, pair in asked.items() if not pair]
        freely = freely or self._single >= _TELLING or len(singles) == 1
        for gram in singles:
            weight = self._of(gram, False)
            for number in self._holders.get(gram, ()):
                if freely or number in shared or len(self._rows[number][1]) == 1:
                    shared[number] = shared.get(number, 0.0) + weight
        return shared

    def _covered(self, asked: dict[str, bool]) -> dict[str, float]:
        covered: dict[str, float] = {}
        for gram, pair in asked.items():
            weight = self._of(gram, pair)
            for group in self._groups.get(gram, ()):
                covered[group] = covered.get(group, 0.0) + weight
        return covered

    def _of(self, gram: str, pair: bool) -> float:
        return self._rarity.get(gram, _UNKNOWN) * (1.0 if pair else self._single)

    def _weight(self, found: dict[str, bool]) -> float:
        return sum(self._of(gram, pair) for gram, pair in found.items()) or 1.0


def better(*found: dict[str, Match]) -> dict[str, Match]:
    """Merge matches of several ways to read a query: each group keeps its best."""
    best: dict[str, Match] = {}
    for matches in found:
        for group, match in matches.items():
            if group not in best or match.score > best[group].score:
                best[group] = match
    return best


def scaled(found: dict[str, Match], factor: float) -> dict[str, Match]:
    """Return the matches, all worth more or less."""
    return {group: match.times(factor) for group, match in found.items()}
