"""Fits answers to the vocabulary of today: what it no longer knows is set aside, what it knows again comes back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache

from matcher.firms import read_facts
from matcher.firms.faults import Fault
from matcher.rulebook import Rulebook
from matcher.web.keep.answers import Answers, BandTold, Plain

_FACTS_HELD = 4


def vocabulary_of(rulebook: Rulebook) -> str:
    """A name for what a firm can be asked: 12 hex digits that change with any fact, type, choice or bound."""
    return _named(tuple((f.id, f.type, *f.values, f.min, f.max) for f in rulebook.facts.values()))


@lru_cache(maxsize=_FACTS_HELD)
def _named(vocabulary: tuple[tuple[object, ...], ...]) -> str:
    return hashlib.sha256(json.dumps(vocabulary, default=str).encode()).hexdigest()[:12]


def fitted(rulebook: Rulebook, answers: Answers) -> Answers:
    """The answers under the vocabulary of today. Nothing is lost: what does not fit stands in `aside`."""
    today = vocabulary_of(rulebook)
    return answers if answers.vocabulary == today else refit(rulebook, answers, today)[0]


def refit(rulebook: Rulebook, answers: Answers, vocabulary: str) -> tuple[Answers, tuple[Fault, ...]]:
    """The same whatever vocabulary they were told under, with every reason why something was set aside."""
    told = {**answers.aside, **answers.facts}
    facts, faults = read_facts(rulebook, told)
    band_faults = {fact: _band_faults(rulebook, fact, band) for fact, band in answers.bands.items()}
    dropped = [fact for fact, found in band_faults.items() if found]
    stray = [fact for fact in answers.unsure if fact not in rulebook.facts]
    result = answers.without(*(set(answers.facts) - set(facts)), *dropped, *stray)
    for fact in facts:
        if fact not in result.answered:
            result = result.with_answer(fact, told[fact], answers.told_at.get(fact, 0))
    aside: dict[str, Plain] = {fact: value for fact, value in told.items() if fact not in facts}
    aside |= {fact: _spelled(answers.bands[fact]) for fact in dropped}
    known = tuple(slug for slug in answers.schemes if slug in rulebook.schemes)
    return replace(result, aside=aside, schemes=known, vocabulary=vocabulary), (
        *faults,
        *(band_faults[fact][0] for fact in dropped),
    )


def _band_faults(rulebook: Rulebook, fact: str, band: BandTold) -> list[Fault]:
    """Why a fact cannot be told as this band; empty if it can."""
    ends: list[str | None] = [end for end in band[:2] if end is not None] or [None]
    faults = [fault for end in ends for fault in read_facts(rulebook, {fact: end})[1]]
    return [replace(fault, value=_spelled(band)) for fault in faults]


def _spelled(band: BandTold) -> str:
    low, high, *_ = band
    return f"{low or ''} … {high or ''}".strip()
