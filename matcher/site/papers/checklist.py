"""Gathers the papers to bring by where they go: each once, with the schemes it is for."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from matcher.engine import Decision, contacts
from matcher.presentation import Catalogue, is_carried
from matcher.rulebook import Scheme, Text
from matcher.rulebook.language import Scalar
from matcher.text import sentences

# ---------------------------------------------------------------------------------------------------------------------
# Finds the public service numbers that a scheme's own words name; none is known besides those.
# ---------------------------------------------------------------------------------------------------------------------


# The five digits of a public service line, standing alone: 12366 (taxes), 12333 (labour), 12315 (market), 12345 (city).
_NUMBER = re.compile(r"(?<!\d)12[13]\d\d(?!\d)")


def phones(scheme: Scheme) -> tuple[str, ...]:
    """The numbers in a scheme's channel, department and notes, in their order."""
    texts = [scheme.channel, scheme.department, *scheme.notes]
    found = (number for text in texts if text is not None for number in _NUMBER.findall(text.zh))
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------------------------------------------------------------
# Gathers the papers to bring by where they go: each once, with the schemes it is for, to be ticked off.
#
# First what the firm has; what a department decides or selects for stands apart, for those who mean to apply.
# ---------------------------------------------------------------------------------------------------------------------


# What the firm has; what it may apply for; services open to it; what a department selects or lists firms for.
_HELD, _DECIDED, _SERVICES, _LISTED = "held", "decided", "services", "listed"

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
    """Where papers go, the offices to ask with their numbers, the schemes that are dealt with there, and the papers."""

    where: str
    contacts: tuple[str, ...]
    schemes: tuple[str, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Part:
    """A part of the list: `held` for what the firm has or asked for by name, the others only if it means to apply."""

    key: str
    counters: tuple[Counter, ...]


def checklist(
    book: Catalogue,
    decisions: Iterable[Decision],
    ticked: frozenset[str],
    lang: str,
    picked: Iterable[str] = (),
    district: str | None = None,
    facts: Mapping[str, Scalar] | None = None,
) -> tuple[Part, ...]:
    """The parts that have any papers, each by counters in the order of the decisions. `picked`: schemes asked for by name;
    `district`: the one the firm told, whose offices are named; `facts`: all that it told, by which papers of another way in are left
    out. What is worth nothing needs no paper."""
    slugs = frozenset(picked)
    parts: dict[str, list[Scheme]] = {key: [] for key in (_HELD, _DECIDED, _SERVICES, _LISTED)}
    for one in decisions:
        scheme, key = book.scheme(one.scheme), _part(book, one, slugs)
        # What goes to its bank or worker is claimed by them, not by the firm.
        is_new = not any(scheme in some for some in parts.values())  # of several items its papers stand once
        if key and is_new and scheme.evidence and (one.recipient or "").startswith("firm_"):
            parts[key].append(scheme)
    asked = partial(contacts, book.rulebook, district=district)
    told = facts or {}
    return tuple(Part(key, _counters(schemes, ticked, lang, asked, told)) for key, schemes in parts.items() if schemes)


def _part(book: Catalogue, decision: Decision, picked: frozenset[str]) -> str | None:
    amount = decision.amount
    if decision.status not in ("eligible", "needs_decision"):
        return None
    if amount is not None and amount.kind == "exact" and amount.high == 0:
        return None
    if decision.scheme in picked:
        return _HELD
    if decision.status == "eligible":
        return _SERVICES if book.scheme(decision.scheme).kind == "service" else _HELD
    return _DECIDED if is_carried(book, decision.to_json()) else _LISTED


_Asked = Callable[[Scheme], tuple[Text, ...]]


def _counters(
    schemes: list[Scheme], ticked: frozenset[str], lang: str, asked: _Asked, facts: Mapping[str, Scalar]
) -> tuple[Counter, ...]:
    counters: dict[str, list[Scheme]] = {}
    for scheme in schemes:
        counters.setdefault((scheme.channel or scheme.department).get(lang), []).append(scheme)
    return tuple(_counter(where, found, ticked, lang, asked, facts) for where, found in counters.items())


def name_of(paper: Text) -> str:
    """The short name under which a paper is ticked off: eight hexadecimal digits of its Chinese words."""
    return hashlib.sha256(paper.zh.encode()).hexdigest()[:_NAME_LENGTH]


def _counter(
    where: str, schemes: list[Scheme], ticked: frozenset[str], lang: str, asked: _Asked, facts: Mapping[str, Scalar]
) -> Counter:
    papers: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for scheme in schemes:
        for paper in (one for one in scheme.evidence if one.is_for(facts)):
            name = name_of(paper)
            texts[name] = paper.get(lang)
            papers.setdefault(name, []).append(scheme.name.get(lang))
    found = tuple(Paper(name, texts[name], tuple(of), name in ticked) for name, of in papers.items())
    offices = tuple(dict.fromkeys(line.get(lang) for scheme in schemes for line in asked(scheme)))
    return Counter(where, offices, tuple(scheme.name.get(lang) for scheme in schemes), found)


def counted(part: Part, lang: str) -> str:
    """How many papers of a part are ticked off, in words; a paper that goes to two places counts once."""
    papers = {paper.name: paper.is_ticked for counter in part.counters for paper in counter.papers}
    return sentences.say("已备好{done}样，共{all}样。", lang, done=sum(papers.values()), all=len(papers))
