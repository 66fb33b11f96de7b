"""The question for the industry: asked in the owner's own words, answered by picking what they most likely mean."""

from dataclasses import dataclass
from functools import cache

from matcher.firms import IndustryGroup, groups, industries
from matcher.firms.search import classes_of, find_industry
from matcher.text import sentences as interface

from . import entries
from .questions import Choice

FACT = "industry"

WORDS = "words"

_GROUP, _MOST_TRADES = 3, 5


@dataclass(frozen=True)
class Pick:
    """One industry to pick, and what is in it."""

    choice: Choice
    holds: str


@dataclass(frozen=True)
class Search:
    """The owner's words and what can be picked; `note` says what to do, or that nothing was found; `is_skipped`: the owner
    said that none of them fits."""

    words: str
    picks: tuple[Pick, ...]
    note: str
    is_skipped: bool = False


def search(code: str, words: str, lang: str, is_skipped: bool = False) -> Search:
    """What to offer: what the words lead to, else the code told and the classes that make it exact."""
    if words:
        picks = [
            Pick(Choice(hit.code, _name(hit.code, hit.name.get(lang)), hit.code == code), _holds(hit.code, lang))
            for hit in find_industry(words[: entries.LONGEST_ENTRY])
        ]
        note = interface.say(
            "选一个最像的，再往下走。" if picks else "没有找到。换个说法试试，比如说卖什么、做什么东西；或者先跳过。",
            lang,
        )
        return Search(words, tuple(picks), note, is_skipped)
    picks = [Pick(Choice(code, _name(code, ""), True), "")] if code in industries() else []
    classes = classes_of(code) if len(code) == _GROUP else ()
    picks += [Pick(Choice(one, f"{name} {one}", False), "") for one, name in classes]
    return Search(
        "", tuple(picks), interface.say("能再细一点就选；分不清就不选，直接往下走。", lang) if classes else ""
    )


def industry_text(code: str, lang: str) -> str:
    """An industry in words, with its code.

    English words are there for groups: of one class among several of a group (5225, health food, beside fruit shops) they say so.
    """
    if lang != "en":
        return _name(code, "")
    found = find_industry(code, 1)
    name = found[0].name.en if found else ""
    if not name or len(code) <= _GROUP or len(classes_of(code[:_GROUP])) <= 1:
        return _name(code, name)
    return f"{code}, of group {code[:_GROUP]} ({name})"


@cache
def _trades() -> dict[str, IndustryGroup]:
    return {group.code: group for group in groups()}


def _holds(code: str, lang: str) -> str:
    """What is in a group, by the first of the plain words for it. Its English name is made of them already."""
    group = _trades().get(code)
    if group is None or lang == "en":
        return ""
    return interface.say("如{trades}", lang, trades=interface.listed(list(group.keywords_zh[:_MOST_TRADES]), lang))


def _name(code: str, name: str) -> str:
    return f"{name or industries().get(code, '')} {code}".strip()
