"""Lays answers out as a table that people read: group by group, each fact with its label and its value in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.engine.ask import Band
from matcher.firms import Fault
from matcher.rulebook import Fact, Rulebook
from matcher.tianjin import TIANJIN
from matcher.web import figures, words
from matcher.web.interview import bands, industry
from matcher.web.keep.answers import Answers, Entry


@dataclass(frozen=True)
class Told:
    """One answer in words: the fact's label and what was told of it."""

    label: str
    value: str


@dataclass(frozen=True)
class ToldGroup:
    """The answers of one group of facts under its heading."""

    heading: str
    rows: tuple[Told, ...]


@dataclass(frozen=True)
class Strange:
    """An answer set aside: what it was called, what was told, and why it is not taken."""

    label: str
    value: str
    reason: str


def told_groups(rulebook: Rulebook, answers: Answers, lang: str) -> tuple[ToldGroup, ...]:
    """Every answer that the vocabulary knows, in the order in which a firm is asked, then what stands aside."""
    groups: dict[str, list[Told]] = {}
    told = answers.told(rulebook)
    for fact in rulebook.facts.values():
        entry = answers.entry(fact.id)
        if entry is not None:
            row = Told(fact.label.get(lang), _in_words(fact, entry, told.bands.get(fact.id), lang))
            groups.setdefault(fact.group, []).append(row)
    found = [ToldGroup(words.group(name, lang), tuple(groups[name])) for name in sorted(groups, key=words.group_rank)]
    aside = tuple(Told(name, str(value)) for name, value in answers.aside.items())
    return (*found, ToldGroup(words.say("keep.aside", lang), aside)) if aside else tuple(found)


def _in_words(fact: Fact, entry: Entry, band: Band | None, lang: str) -> str:
    """What was told of one fact: 3,000,000元, 是, 20到300人, 不清楚."""
    if entry.value is not None:
        told = figures.stated(fact, entry.value, lang)
        return industry.said(told, lang) if fact.id == industry.FACT else told
    known = [bands.said(fact, band, lang)] if band else []
    return words.listed([*known, words.say("unknown", lang)] if entry.is_unsure else known, lang)


def label(rulebook: Rulebook, fact_id: str, told: Mapping[str, str], lang: str) -> str:
    """A fact's label of today; for a fact that is gone the one `told` with it, else its name."""
    known = rulebook.facts.get(fact_id)
    return known.label.get(lang) if known else told.get(fact_id, fact_id)


def strange(rulebook: Rulebook, fault: Fault, told: Mapping[str, str], lang: str) -> Strange:
    """An answer that today's vocabulary does not take, from its fault."""
    name = label(rulebook, fault.field, told, lang)
    if fault.field not in rulebook.facts:
        return Strange(name, fault.value, words.say("keep.strange.unknown", lang))
    # The fault's text starts with the label, which the page shows by itself.
    start = f"{name}：" if lang == "zh" else f"{name}: "
    return Strange(name, fault.value, fault.text.get(lang).removeprefix(start))


def moment(at: datetime, lang: str) -> str:
    """A moment in Tianjin's time: 2026年11月24日 16:09, 24 November 2026, 16:09."""
    local = at.astimezone(TIANJIN)
    return f"{figures.day(local.date(), lang)}{'' if lang == 'zh' else ','} {local:%H:%M}"
