"""Find the groups of the industry standard that an owner's words most likely mean, each with the reason."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from matcher.firms import Dealers, dealers, groups, industries
from matcher.rulebook import Text

from . import industry_matching
from .industry_index import Match, better
from .industry_query import (
    clauses,
    from_taiwan,
    from_verb,
    lean,
    leaning,
    plain,
    says_nothing,
    without_buyer,
    without_customer,
    without_small_talk,
)

# ---------------------------------------------------------------------------------------------------------------------
# Lead from a thing to those who deal in it: who sells or repairs what others make stands in a group of its own.
# ---------------------------------------------------------------------------------------------------------------------


_RETAIL, _WHOLESALE, _REPAIR = "retail", "wholesale", "repair"

_SIGNS = {
    _RETAIL: re.compile(r"卖|零售|专卖|门市|店$|铺$|\b(sell\w*|sales|retail\w*|shop|store)\b"),
    _WHOLESALE: re.compile(
        r"批发|贸易|经销|销售|倒腾|进口|出口|代销|代理|供应|供货|\b(wholesale\w*|trad\w+|distribut\w*|dealer|supplier|import\w*|export\w*|buy\w*|resell\w*)\b"
    ),
    _REPAIR: re.compile(r"修(?!路|桥|剪|建|脚|眉|身)|保养|\b(repair\w*|fix\w*|maintenance|overhaul\w*|servicing)\b"),
}

_MAKES = re.compile(r"生产|制造|加工|制作|自产|\b(mak\w+|manufactur\w*|produc\w*)\b")

_ABROAD = re.compile(r"进口|出口|外贸|\b(import\w*|export\w*)\b")

_ABROAD_GROUP = "518"

_FIRST, _SECOND = 0.9, 0.75  # of the thing's own match: the likelier trade, and the other that sells too


def with_dealers(matches: dict[str, Match], asked: str) -> dict[str, Match]:
    """Add, where the words speak of selling or repairing, the groups that sell or repair what the matches make."""
    trades = [trade for trade, pattern in _SIGNS.items() if pattern.search(asked)]
    if not trades or _MAKES.search(asked):
        return matches
    found = _dealers(matches, trades, asked)
    return better(matches, *({group: match} for group, match in found if group))


def _dealers(matches: dict[str, Match], trades: list[str], asked: str) -> Iterator[tuple[str, Match]]:
    known = dealers()  # of what a group makes, or else of what its division does
    for group, match in matches.items():
        found = known.get(group) or known.get(group[:2]) or Dealers()
        if _REPAIR in trades:
            yield found.repair, match.dealt_in(_FIRST)
        elif found.retail or found.wholesale:
            yield found.retail, match.dealt_in(_FIRST if _RETAIL in trades else _SECOND)
            yield found.wholesale, match.dealt_in(_FIRST if _WHOLESALE in trades else _SECOND)
        if _ABROAD.search(asked):
            yield _ABROAD_GROUP, match.dealt_in(_FIRST)


# ---------------------------------------------------------------------------------------------------------------------
# Find the groups of the industry standard that an owner's words most likely mean, each with what it was found by.
# ---------------------------------------------------------------------------------------------------------------------


_LEAST = 0.22  # below it a hit is chance

_CODE = re.compile(r"(?:gb/?t ?4754\S* )?[a-t]?\s*([0-9]{2,4})")

_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """One group: three digits, its official name (in English our keywords for it), and what led to it."""

    code: str
    name: Text
    why: Text


def find_industry(text: str, limit: int = 3) -> tuple[Hit, ...]:
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
    return industry_matching.chinese_matches(asked) if _HAN.search(asked) else industry_matching.latin_matches(asked)


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
