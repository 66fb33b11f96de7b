"""Lays a case's facts out as its form, the industry in plain words among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matcher.engine import REGISTERED_ON
from matcher.firms import industries, numbers, read_industry
from matcher.presentation import (
    Catalogue,
    Choice,
    FieldFault,
    Intake,
    Question,
    SelfCheckForm,
    entries,
    field_name,
    industry,
    question,
)
from matcher.rulebook.language import Scalar
from matcher.text import desk_labels, figures, sentences, values

from .content import CONFIRMED, DECLARED, IMPORTED
from .items import fact_of, key_label, key_words

# ---------------------------------------------------------------------------------------------------------------------
# The industry on a case: told by its code, or in plain words from which a code is picked.
# ---------------------------------------------------------------------------------------------------------------------


FACT = industry.FACT

PICKED = "industry_is"

_MOST = 3


@dataclass(frozen=True)
class Meant:
    """What is shown under the field: the name of the code that was told, or codes to pick, or that there are none."""

    name: str
    note: str
    picks: tuple[Choice, ...]


def pick(form: SelfCheckForm, sent: Mapping[str, str]) -> None:
    """Put the code that was picked into the form, if the words that stand in the field still lead to it."""
    field, code = form.of_fact(FACT), sent.get(PICKED, "")
    if code and code in {each.value for each in _picks(field.data or "", "", "zh")}:
        field.data = code


def meant_industry(typed: str, sent: Mapping[str, str], lang: str) -> Meant:
    """What stands in the field, put into words: the name of a code, or codes that plain words may mean."""
    typed = typed.strip()
    code = read_industry(typed) if typed else ""
    if isinstance(code, str):
        return Meant(f"= {industry.industry_text(code, lang)}" if code in industries() else "", "", ())
    found = _picks(typed, sent.get(PICKED, ""), lang)
    return Meant(
        "",
        "" if found else sentences.say("没有找到。换个说法试试，比如说卖什么、做什么东西；或者先跳过。", lang),
        found,
    )


def said(code: str, lang: str) -> str:
    """An industry with its name; as it was told where there is no such code."""
    return industry.industry_text(code, lang) if code in industries() else code


def asked_industry(question: Question, lang: str) -> Question:
    """The question, saying that plain words are an answer too."""
    return replace(question, hint=sentences.say("写行业代码，或用平常的话写，如“汽车零件”。", lang))


def explained(form: SelfCheckForm, intake: Intake) -> Intake:
    """The intake, where plain words are at fault for being no code but lead to some: saying to pick one."""
    field = form.of_fact(FACT)
    if not intake.faults_of(field.name) or not _picks(field.data or "", "", "zh"):
        return intake
    which = FieldFault(field.name, sentences.filled("不是代码。请从下面选一个行业，或换个说法"))
    return replace(intake, faults=(*(each for each in intake.faults if each.field != field.name), which))


def _picks(typed: str, code: str, lang: str) -> tuple[Choice, ...]:
    typed = typed.strip()[: entries.LONGEST_ENTRY]
    if not typed or isinstance(read_industry(typed), str) or typed.isdecimal():
        return ()
    found = industry.search(code, typed, lang).picks[:_MOST]
    return tuple(one.choice for one in found)


# ---------------------------------------------------------------------------------------------------------------------
# Lays a case's facts out as its form: what is most useful to know next, what is told with its sources, the rest on
# demand.
# ---------------------------------------------------------------------------------------------------------------------


NEXT, TOLD = "next", "told"

_MOST_NEXT = 6

_FIRST = ("name", "credit_code")

SOURCE = "source_"

"""What the name of the field that says who stated a fact begins with."""


@dataclass(frozen=True)
class Row:
    """A fact to fill in: its question, the field and the choices for its source, and who stated it when, in words.

    The industry has beside it what was `meant`.
    """

    question: Question
    source: str
    sources: tuple[tuple[str, str], ...]
    stated: str
    meant: Meant | None = None

    @property
    def source_name(self) -> str:
        """The name of the field that says who stated it."""
        return SOURCE + self.question.fact


@dataclass(frozen=True)
class Part:
    """Facts that stand together; one that `is_here` has its rows, the others a button that brings them."""

    key: str
    heading: str
    rows: tuple[Row, ...]
    is_here: bool
    count: int
    awaited: int


@dataclass(frozen=True)
class ToldRow:
    """A fact to be read: its label, its value in words, who stated it, and when."""

    fact: str
    label: str
    value: str
    source: str
    on: str


@dataclass(frozen=True)
class Shown:
    """What the form is made of: the fields filled in, what they were read as, the stored sources, and the groups
    that are on the page (`here`) or were asked for (`opened`); `cleared` are stored facts that were taken out."""

    form: SelfCheckForm
    intake: Intake
    sources: Mapping[str, Any]
    posted: Mapping[str, str]
    here: Collection[str]
    opened: str
    awaited: Sequence[str]
    cleared: Collection[str] = ()


def facts_of_case(catalogue: Catalogue) -> tuple[str, ...]:
    """Every fact that a case may hold: what a firm is asked, the day of its registration, which every scheme reads without asking
    for it, and what departments decide, which a clerk can learn."""
    needed = catalogue.rulebook.facts_needed(None)
    decided = [fact for fact in needed if catalogue.fact(fact).stated_by != "firm"]
    return tuple(dict.fromkeys((*catalogue.asked(()), REGISTERED_ON, *decided)))


def parts(catalogue: Catalogue, shown: Shown, lang: str) -> tuple[Part, ...]:
    """The form's parts in order: next, told, then group by group, first those that open schemes wait for."""
    every = facts_of_case(catalogue)
    told = [
        fact
        for fact in every
        if fact in (*_FIRST, *shown.cleared) or (shown.form.of_fact(fact).data or "").strip() or _is_wrong(shown, fact)
    ]
    told.sort(key=lambda fact: (fact not in _FIRST, catalogue.rulebook.group_rank(catalogue.fact(fact).group)))
    following = [fact for fact in shown.awaited if fact in every and fact not in told][:_MOST_NEXT]
    found = [_part(catalogue, shown, NEXT, following, lang)] if following else []
    found.append(_part(catalogue, shown, TOLD, told, lang))
    taken = {*told, *following}
    groups: dict[str, list[str]] = {}
    for fact in every:
        if fact not in taken:
            groups.setdefault(catalogue.fact(fact).group, []).append(fact)
    waiting = {name: sum(fact in shown.awaited for fact in facts) for name, facts in groups.items()}
    for name in sorted(groups, key=lambda name: (not waiting[name], catalogue.rulebook.group_rank(name))):
        found.append(_part(catalogue, shown, name, groups[name], lang, waiting[name]))
    return tuple(found)


def _is_wrong(shown: Shown, fact: str) -> bool:
    return bool(shown.intake.faults_of(field_name(fact)))


def _part(catalogue: Catalogue, shown: Shown, key: str, facts: list[str], lang: str, awaited: int = 0) -> Part:
    wished = {field_name(fact) for fact in facts} | {key}
    is_here = key in (NEXT, TOLD) or key in shown.here or shown.opened in wished
    heading = (
        sentences.say(desk_labels.CASE_PART[key], lang)
        if key in (NEXT, TOLD)
        else catalogue.rulebook.group_label(key).get(lang)
    )
    rows = tuple(_row(catalogue, shown, fact, lang) for fact in facts) if is_here else ()
    return Part(key, heading, rows, is_here, len(facts), awaited)


def _row(catalogue: Catalogue, shown: Shown, fact: str, lang: str) -> Row:
    field = shown.form.of_fact(fact)
    told, faults = shown.intake.facts.get(fact), shown.intake.faults_of(field.name)
    written = sentences.how_to_write(fact, catalogue.fact(fact).type, lang) or ""
    # Whoever works here knows the terms, and the next key leads to the source.
    asked = replace(question(catalogue.fact(fact), field.data or "", told, faults, lang, written), terms=())
    stored = shown.sources.get(fact) or {}
    had = stored.get("source")
    offered = (DECLARED, CONFIRMED, *((IMPORTED,) if had == IMPORTED else ()))
    chosen = shown.posted.get(SOURCE + fact) or had or DECLARED
    choices = tuple((source, sentences.say(desk_labels.FACT_SOURCE[source], lang)) for source in offered)
    if fact != FACT:
        return Row(asked, chosen, choices, _stated(stored, lang))
    meant = meant_industry(asked.value, shown.posted, lang)
    return Row(asked_industry(asked, lang), chosen, choices, _stated(stored, lang), meant)


def _stated(stored: Mapping[str, Any], lang: str) -> str:
    return figures.day(stored["on"], lang) if stored.get("on") else ""


def told_rows(
    catalogue: Catalogue, facts: Mapping[str, Any], sources: Mapping[str, Any], lang: str
) -> tuple[ToldRow, ...]:
    """Facts to be read, in the order in which a firm is asked; what the vocabulary does not know comes last, as it was told."""
    known = [fact for fact in catalogue.rulebook.facts if fact in facts]
    known.sort(key=lambda fact: (fact not in _FIRST, catalogue.rulebook.group_rank(catalogue.fact(fact).group)))
    return tuple(
        ToldRow(
            name,
            catalogue.fact(name).label.get(lang)
            if name in catalogue.rulebook.facts
            else key_label(catalogue, name, facts, lang) or name,
            value_words(catalogue, name, facts[name], lang),
            _seen(sources.get(name) or {}, lang),
            _stated(sources.get(name) or {}, lang),
        )
        for name in (*known, *(name for name in facts if name not in catalogue.rulebook.facts))
    )


def _seen(stored: Mapping[str, Any], lang: str) -> str:
    """Who stated a fact, with the paper that was seen where it is on record."""
    words, paper = source_words(stored.get("source"), lang), stored.get("paper")
    return sentences.say("{source}：{paper}", lang, source=words, paper=paper) if words and paper else words


def value_words(catalogue: Catalogue, name: str, value: object, lang: str) -> str:
    """A stored value in words, an industry with its name; as it stands where the vocabulary does not know the fact."""
    fact = fact_of(catalogue, name)
    if fact is None:
        return key_words(name, value, lang) or str(value)
    told = values.stated_text(fact, value, lang)
    return said(told, lang) if name == FACT else told


def source_words(source: str | None, lang: str) -> str:
    """Who stated a fact, in words; empty where nobody wrote it down."""
    return sentences.say(desk_labels.FACT_SOURCE[source], lang) if source in (DECLARED, CONFIRMED, IMPORTED) else ""


def typed(catalogue: Catalogue, facts: Mapping[str, Any]) -> dict[str, str]:
    """Stored facts as one would type them, by the form's fields."""
    known = catalogue.rulebook.facts
    return {field_name(name): numbers.typed(known[name].type, value) for name, value in facts.items() if name in known}


def is_same(one: Scalar | None, other: Scalar | None) -> bool:
    """Whether two facts were read as the same."""
    return one == other and type(one) is type(other)
