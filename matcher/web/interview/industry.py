"""The question for the industry: asked in the owner's own words, answered by picking what they most likely mean."""

from dataclasses import dataclass

from matcher.firms.industries import industries
from matcher.firms.industry_search import classes_of, find
from matcher.web import entries
from matcher.web import words as interface
from matcher.web.questions import Choice

FACT = "industry"
WORDS = "words"
_GROUP = 3


@dataclass(frozen=True)
class Pick:
    """One industry to pick, and why it is offered."""

    choice: Choice
    why: str


@dataclass(frozen=True)
class Search:
    """The owner's words and what can be picked; `note` says what to do, or that nothing was found."""

    words: str
    picks: tuple[Pick, ...]
    note: str


def search(code: str, words: str, lang: str) -> Search:
    """What to offer: what the words lead to, else the code told and the classes that make it exact."""
    if words:
        picks = [Pick(Choice(hit.code, _name(hit.code, hit.name.get(lang)), hit.code == code), hit.why.get(lang))
                 for hit in find(words[: entries.LONGEST_ENTRY])]  # fmt: skip
        return Search(words, tuple(picks), interface.say("industry.pick" if picks else "industry.none", lang))
    picks = [Pick(Choice(code, _name(code, ""), True), "")] if code in industries() else []
    classes = classes_of(code) if len(code) == _GROUP else ()
    picks += [Pick(Choice(one, f"{name} {one}", False), "") for one, name in classes]
    return Search("", tuple(picks), interface.say("industry.finer", lang) if classes else "")


def said(code: str, lang: str) -> str:
    """An industry in words, with its code."""
    found = find(code, 1) if lang == "en" else ()
    return _name(code, found[0].name.en if found else "")


def _name(code: str, name: str) -> str:
    return f"{name or industries().get(code, '')} {code}".strip()
