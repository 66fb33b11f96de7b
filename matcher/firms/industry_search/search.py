"""Find the groups of the industry standard that an owner's words most likely mean, each with what it was found by."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from matcher.firms.industries import groups, industries
from matcher.firms.industry_search import chinese, latin
from matcher.firms.industry_search.index import Match, better
from matcher.firms.industry_search.intent import lean, leaning
from matcher.firms.industry_search.trades import with_dealers
from matcher.firms.industry_search.written import (
    clauses,
    from_taiwan,
    from_verb,
    plain,
    says_nothing,
    without_buyer,
    without_customer,
    without_small_talk,
)
from matcher.rulebook import Text

_LEAST = 0.22  # below it a hit is chance
_CODE = re.compile(r"(?:gb/?t ?4754\S* )?[a-t]?\s*([0-9]{2,4})")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """One group: three digits, its official name (in English our keywords for it), and what led to it."""

    code: str
    name: Text
    why: Text


def find(text: str, limit: int = 3) -> tuple[Hit, ...]:
    """Return at most `limit` groups for what an owner typed, the likeliest first; none where nothing fits.

    Understands plain words, pinyin, English, codes of two to four digits, official names, and a firm's own name. Raises
    RulebookError where the lists of industries cannot be read.
    """
    asked = plain(text)
    code = _CODE.fullmatch(asked)
    if code:
        return _by_code(code[1])[:limit]
    if says_nothing(asked):
        return ()
    asked = without_buyer(asked)
    there = from_taiwan(text)
    matches = _matches(asked) if there is None else better(_matches(asked), _matches(there))
    return tuple(_ranked(with_dealers(matches, asked), _towards(asked)))[:limit]


def classes_of(group: str) -> tuple[tuple[str, str], ...]:
    """Return the classes (four digits) of a group with their Chinese names; none where there is no such group."""
    return tuple((code, name) for code, name in industries().items() if len(code) == 4 and code[:3] == group)


def _towards(asked: str) -> frozenset[str]:
    """Return the divisions that the verbs speak for: of the text, and of what is left without chatter and customers."""
    bare = (without_small_talk(clause) for clause in clauses(asked))
    return lean(asked).union(*(lean(text) for said in bare for text in (said, without_customer(said), from_verb(said))))


def _matches(asked: str) -> dict[str, Match]:
    return chinese.matches(asked) if _HAN.search(asked) else latin.matches(asked)


def _by_code(code: str) -> tuple[Hit, ...]:
    """Return the group of a code, or the groups of a division; a code filled up with zeros stands for itself."""
    name = industries().get(code) or industries().get(code.rstrip("0").ljust(2, "0"))
    prefix = code[:3] if code in industries() else code.rstrip("0").ljust(2, "0")[:3]
    why = Text(zh=f"代码 {code} {name}", en=f"code {code} {name}")
    return tuple(_hit(group, why) for group in _names() if name and group.startswith(prefix))


def _ranked(matches: dict[str, Match], towards: frozenset[str]) -> Iterator[Hit]:
    scored = ((match.score * leaning(towards, group[:2]), group) for group, match in matches.items())
    for score, group in sorted(scored, key=lambda pair: (-pair[0], pair[1])):
        if score >= _LEAST:
            yield _hit(group, matches[group].why)


def _hit(group: str, why: Text) -> Hit:
    return Hit(group, _names()[group], why)


@functools.cache
def _names() -> dict[str, Text]:
    return {group.code: Text(zh=group.name, en=", ".join(group.keywords_en[:2])) for group in groups()}
