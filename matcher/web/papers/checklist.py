"""Gathers the papers to bring by where they go: each once, with the schemes it is for, to be ticked off."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.engine import Decision
from matcher.rulebook import Scheme, Text
from matcher.web import words
from matcher.web.catalogue import Catalogue

# For what the firm has, or may apply for. What goes to its bank or worker is claimed by them, not by the firm.
_HELD = ("eligible", "needs_decision")
_NAME_LENGTH = 8


@dataclass(frozen=True)
class Paper:
    """One paper to bring; `name` is the same as long as its words are, whatever stands before it in the list."""

    name: str
    text: str
    schemes: tuple[str, ...]
    is_ticked: bool


@dataclass(frozen=True)
class Counter:
    """Where papers go, the schemes that are dealt with there, and the papers."""

    where: str
    schemes: tuple[str, ...]
    papers: tuple[Paper, ...]


def checklist(book: Catalogue, decisions: Iterable[Decision], ticked: frozenset[str], lang: str) -> tuple[Counter, ...]:
    """The counters in the order of the decisions, those without any paper left out."""
    held = [one for one in decisions if one.status in _HELD and (one.recipient or "").startswith("firm_")]
    schemes = [scheme for scheme in (book.scheme(one.scheme) for one in held) if scheme.evidence]
    counters: dict[str, list[Scheme]] = {}
    for scheme in schemes:
        counters.setdefault((scheme.channel or scheme.department).get(lang), []).append(scheme)
    return tuple(_counter(where, found, ticked, lang) for where, found in counters.items())


def name_of(paper: Text) -> str:
    """The short name under which a paper is ticked off: eight hexadecimal digits of its Chinese words."""
    return hashlib.sha256(paper.zh.encode()).hexdigest()[:_NAME_LENGTH]


def _counter(where: str, schemes: list[Scheme], ticked: frozenset[str], lang: str) -> Counter:
    papers: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for scheme in schemes:
        for paper in scheme.evidence:
            name = name_of(paper)
            texts[name] = paper.get(lang)
            papers.setdefault(name, []).append(scheme.name.get(lang))
    found = tuple(Paper(name, texts[name], tuple(of), name in ticked) for name, of in papers.items())
    return Counter(where, tuple(scheme.name.get(lang) for scheme in schemes), found)


def counted(counters: Iterable[Counter], lang: str) -> str:
    """How many of the papers are ticked off, in words; a paper that goes to two places counts once."""
    papers = {paper.name: paper.is_ticked for counter in counters for paper in counter.papers}
    return words.say("checklist.count", lang, done=sum(papers.values()), all=len(papers))
