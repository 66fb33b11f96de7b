"""Lays the questions out as the page shows them, and explains the words of the trade where they stand."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from matcher import places
from matcher.rulebook import Fact, Text, decode, read_bytes, read_text
from matcher.rulebook.language import Scalar
from matcher.text import sentences, values

from . import entries
from .catalogue import Catalogue
from .forms import Intake, SelfCheckForm, field_name

# ---------------------------------------------------------------------------------------------------------------------
# Explains the words of the trade where they stand in a question: `rules/reference/terms.yaml`, in plain words with
# an example.
# ---------------------------------------------------------------------------------------------------------------------


FILE = "reference/terms.yaml"


@dataclass(frozen=True)
class Term:
    """A word that stands in questions; `word` is how the Chinese questions write it."""

    word: str
    name: Text
    means: Text
    example: Text


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """Every term of the file. Raises RulebookError where it cannot be read, KeyError where an entry lacks a part."""
    document = read_text(decode(read_bytes(places.rules_dir() / FILE, FILE), FILE), FILE)
    return tuple(
        Term(one["word"], *(Text(zh=one[part]["zh"], en=one[part]["en"]) for part in ("name", "means", "example")))
        for one in document.data
    )


def explained(fact: Fact) -> tuple[Term, ...]:
    """The terms that a fact's question, label, help or choices use, in the order of the file."""
    texts = (fact.label, fact.question, fact.help, *fact.values.values())
    said = " ".join(text.zh for text in texts if text is not None)
    return tuple(term for term in glossary() if term.word in said)


# ---------------------------------------------------------------------------------------------------------------------
# Lays the questions out as the page shows them: sections, the control that fits, the unit, the echo, the faults.
# ---------------------------------------------------------------------------------------------------------------------


# A longer list of choices would be a wall of chips on a phone.
_MOST_CHIPS = 8

# A longer question is the explanation, and the fact's label the question.
_LONGEST_LABEL = {"zh": 26, "en": 70}

# A longer group is cut up by the schemes that need its facts.
_LONGEST_SECTION = 12

# A longer form starts with what many schemes need; its other sections stay folded, answered or not.
_SHORT_FORM = 40

_MANY = 5

# A form with so few questions needs no folds.
_NO_FOLDS = 16

# How many of the facts that open schemes wait for are asked at once, right under the results.
_ASKED_NEXT = 8

NEXT = "next"


@dataclass(frozen=True)
class Choice:
    """One answer of a question with fixed answers; the value is empty for 不清楚."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One field as the page shows it. `control` is chips, list or text; `echo` says back what was understood."""

    fact: str
    name: str
    label: str
    hint: str | None
    control: str
    choices: tuple[Choice, ...]
    value: str
    unit: str
    inputmode: str
    echo: str | None
    faults: tuple[str, ...]
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Section:
    """Questions that stand together under one heading; `parts` are folds inside it, each for one scheme.

    Unless `is_here`, a long form has a button in their place that brings them: what was told in them is kept meanwhile.
    """

    key: str
    heading: str
    questions: tuple[Question, ...]
    is_open: bool
    is_here: bool
    parts: tuple["Section", ...] = ()

    @property
    def every(self) -> tuple[Question, ...]:
        """Its questions and those of its parts."""
        return (*self.questions, *(question for part in self.parts for question in part.questions))

    @property
    def answered(self) -> int:
        """How many of the questions have an answer."""
        return sum(bool(question.value) for question in self.every)


def sections(
    catalogue: Catalogue,
    form: SelfCheckForm,
    intake: Intake,
    lang: str,
    wanted: tuple[str, ...] = (),
    opened: str = "",
    sent: Collection[str] = (),
) -> tuple[Section, ...]:
    """The questions to show, in order: what open schemes wait for most, what many schemes need, the rest by group.

    `wanted` are the facts that open schemes wait for, the most awaited first. `opened` is the section, or the field in one,
    that was asked for; `sent` are the fields that must stay because only the page has what was typed into them.
    """
    shown = _shown(catalogue, form, intake)
    awaited = [fact for fact in wanted if fact in shown][:_ASKED_NEXT]
    rest = [fact for fact in shown if fact not in awaited]
    is_long = len(shown) > _SHORT_FORM
    first = [fact for fact in rest if len(catalogue.readers(fact, intake.slugs)) >= _MANY] if is_long else []
    first.sort(key=lambda fact: catalogue.rulebook.group_rank(catalogue.fact(fact).group))
    rest = [fact for fact in rest if fact not in first]

    def made(key: str, heading: str, ids: list[str], is_open: bool, parts: tuple[Section, ...] = ()) -> Section:
        asked = _questions([catalogue.fact(fact) for fact in ids], form, intake, lang)
        is_wrong = any(q.faults for q in asked) or any(part.is_open for part in parts)
        is_answered = not is_long and (len(shown) <= _NO_FOLDS or any(q.value for q in asked))
        is_wished = opened == key or any(q.name == opened for q in asked)
        is_open = is_open or is_wrong or is_answered or is_wished
        is_kept = any(q.name in sent for q in asked) or any(part.is_here for part in parts)
        return Section(key, heading, asked, is_open, is_open or is_kept or not is_long, parts)

    found = [made(NEXT, sentences.say("接着答这几个，就能多定几项", lang), awaited, True)] if awaited else []
    found += [made("first", sentences.say("先答这些，用到它们的政策最多", lang), first, not awaited)] if first else []
    for group, ids in _by_group(catalogue, rest):
        common, single = _cut(catalogue, intake.slugs, ids)
        parts = tuple(
            made(f"{group}-{slug}", catalogue.scheme(slug).name.get(lang), own, False) for slug, own in single.items()
        )
        found.append(made(group, catalogue.rulebook.group_label(group).get(lang), common, not found, parts))
    return tuple(found)


def _shown(catalogue: Catalogue, form: SelfCheckForm, intake: Intake) -> tuple[str, ...]:
    """What the chosen schemes need, and what was answered already: narrowing the choice must not lose an answer."""
    needed = set(catalogue.asked(intake.slugs))
    return tuple(f for f in catalogue.asked(()) if f in needed or (form.of_fact(f).data or "").strip())


def _by_group(catalogue: Catalogue, facts: list[str]) -> list[tuple[str, list[str]]]:
    """The facts in their groups, in the order in which a firm is asked."""
    groups: dict[str, list[str]] = {}
    for fact in facts:
        groups.setdefault(catalogue.fact(fact).group, []).append(fact)
    return sorted(groups.items(), key=lambda item: catalogue.rulebook.group_rank(item[0]))


def _cut(catalogue: Catalogue, slugs: tuple[str, ...], facts: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Cut a long group into what several schemes need, and for each scheme what it alone needs."""
    if len(facts) <= _LONGEST_SECTION:
        return facts, {}
    common: list[str] = []
    single: dict[str, list[str]] = {}
    for fact in facts:
        readers = catalogue.readers(fact, slugs)
        (single.setdefault(readers[0], []) if len(readers) == 1 else common).append(fact)
    return common, single


def _questions(facts: list[Fact], form: SelfCheckForm, intake: Intake, lang: str) -> tuple[Question, ...]:
    """The questions of a section; how to write an answer, and what a term means, is said once in it."""
    said: set[str] = set()
    asked = []
    for fact in facts:
        written = sentences.how_to_write(fact.id, fact.type, lang) or ""
        field, how = form.of_fact(fact.id), "" if written in said else written
        told, faults = intake.facts.get(fact.id), intake.faults_of(field.name)
        one = question(fact, field.data or "", told, faults, lang, how)
        asked.append(replace(one, terms=tuple(term for term in one.terms if term.word not in said)))
        said.update((written, *(term.word for term in one.terms)))
    return tuple(asked)


def question(
    fact: Fact, typed: str, told: Scalar | None, faults: tuple[Text, ...], lang: str, written: str
) -> Question:
    """One question with what was typed into it and what that was understood as; `written` says how to write an answer."""
    value = entries.shown(typed)
    label, hint = _label_and_hint(fact, lang, written)
    return Question(
        fact=fact.id,
        name=field_name(fact.id),
        label=label,
        hint=hint,
        control=_control(fact),
        choices=_choices(fact, value, lang),
        value=value,
        unit=values.unit_of(fact, lang),
        inputmode={"integer": "numeric"}.get(fact.type, "text"),
        echo=None if told is None else values.echo_text(fact, told, lang),
        faults=tuple(dict.fromkeys(text.get(lang) for text in faults)),
        terms=explained(fact),
    )


def _label_and_hint(fact: Fact, lang: str, written: str) -> tuple[str, str | None]:
    question, help_text = (fact.question or fact.label).get(lang), fact.help.get(lang) if fact.help else None
    # A text is a name or a code: "What is the main business?" over a field for a code would mislead.
    if fact.type != "text" and len(question) <= _LONGEST_LABEL[lang]:
        label, first = question, None
    else:
        label, first = fact.label.get(lang), None if fact.type == "text" else question
    hint = " ".join(part for part in (first, help_text, written) if part)
    return label[:1].upper() + label[1:], hint or None


_ASIDE = {"zh": re.compile(r"（([^（）]*(?:（[^（）]*）[^（）]*)*)）"), "en": re.compile(r" ?\(([^()]*)\)")}

_END = {"zh": "？", "en": "?"}


def as_asked(fact: Fact, lang: str) -> tuple[str, str | None]:
    """The title of a fact's own screen, which is its question, and what stands beneath it: whatever the question says in brackets or after
    its question mark, and the help."""
    question, help_text = (fact.question or fact.label).get(lang), fact.help.get(lang) if fact.help else None
    title, mark, after = question.partition(_END[lang])
    asides = [after.strip()] if after.strip() else []
    if len(question) > _LONGEST_LABEL[lang]:
        asides = [*_ASIDE[lang].findall(title), *asides]
        title = _ASIDE[lang].sub("", title)
    stop, gap = ("。", "") if lang == "zh" else (".", " ")
    said = gap.join(part.strip("（）() ").rstrip("。.") + stop for part in asides)
    title = title.removeprefix("贵单位").strip() if lang == "zh" else title
    hint = " ".join(part for part in (said[:1].upper() + said[1:], help_text) if part)
    return title[:1].upper() + title[1:] + mark, hint or None


def _control(fact: Fact) -> str:
    if fact.type == "boolean":
        return "chips"
    return ("chips" if len(fact.values) <= _MOST_CHIPS else "list") if fact.type == "enum" else "text"


def _choices(fact: Fact, value: str, lang: str) -> tuple[Choice, ...]:
    if fact.type == "boolean":
        known = [("true", sentences.say("是", lang)), ("false", sentences.say("否", lang))]
    else:
        known = [(key, text.get(lang)) for key, text in fact.values.items()] if fact.type == "enum" else []
    every = [*known, ("", sentences.say("不清楚", lang))] if known else []
    return tuple(Choice(key, label, key == value) for key, label in every)
