"""Lays the questions out as the page shows them: sections, the control that fits, the unit, the echo, the faults."""

from dataclasses import dataclass

from matcher.rulebook import Fact
from matcher.web import entries, figures, words
from matcher.web.catalogue import Catalogue
from matcher.web.forms import SelfCheckForm, field_name
from matcher.web.intake import Intake

# A longer list of choices would be a wall of chips on a phone.
_MOST_CHIPS = 8
# A longer question is the explanation, and the fact's label the question.
_LONGEST_LABEL = {"zh": 26, "en": 70}
# A longer group is cut up by the schemes that need its facts.
_LONGEST_SECTION = 12


@dataclass(frozen=True)
class Choice:
    """One answer of a question with fixed answers; the value is empty for 不清楚."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One field as the page shows it. `control` is chips, list or text; `echo` says back what was understood."""

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


@dataclass(frozen=True)
class Section:
    """Questions that stand together under one heading."""

    key: str
    heading: str
    questions: tuple[Question, ...]
    is_open: bool

    @property
    def answered(self) -> int:
        """How many of the questions have an answer."""
        return sum(bool(question.value) for question in self.questions)


def sections(
    catalogue: Catalogue, form: SelfCheckForm, intake: Intake, lang: str, wanted: frozenset[str] = frozenset()
) -> tuple[Section, ...]:
    """The questions to show, in order. Sections that hold an answer, a fault or a fact of `wanted` come open."""
    shown = _shown(catalogue, form, intake)
    found: list[Section] = []
    for group in sorted({catalogue.fact(fact).group for fact in shown}, key=words.group_rank):
        facts = tuple(fact for fact in shown if catalogue.fact(fact).group == group)
        for key, heading, ids in _cut(catalogue, intake.slugs, group, facts, lang):
            asked = _questions([catalogue.fact(fact) for fact in ids], form, intake, lang)
            is_open = not found or any(q.value or q.faults for q in asked) or not wanted.isdisjoint(ids)
            found.append(Section(key, heading, asked, is_open))
    return tuple(found)


def _shown(catalogue: Catalogue, form: SelfCheckForm, intake: Intake) -> tuple[str, ...]:
    """What the chosen schemes need, and what was answered already: narrowing the choice must not lose an answer."""
    needed = set(catalogue.asked(intake.slugs))
    return tuple(f for f in catalogue.asked(()) if f in needed or (form.of_fact(f).data or "").strip())


def _cut(
    catalogue: Catalogue, slugs: tuple[str, ...], group: str, facts: tuple[str, ...], lang: str
) -> list[tuple[str, str, list[str]]]:
    """Cut a long group into what several schemes need and what one alone needs: (key, heading, facts)."""
    if len(facts) <= _LONGEST_SECTION:
        return [(group, words.group(group, lang), list(facts))]
    parts: dict[str, list[str]] = {"": []}
    for fact in facts:
        readers = catalogue.readers(fact, slugs)
        parts.setdefault(readers[0] if len(readers) == 1 else "", []).append(fact)
    common = words.say("section.common", lang)
    colon = "：" if lang == "zh" else ": "
    headed = {slug: catalogue.scheme(slug).name.get(lang) if slug else common for slug in parts}
    prefix = words.group(group, lang) + colon
    return [(f"{group}-{slug}".rstrip("-"), prefix + headed[slug], ids) for slug, ids in parts.items() if ids]


def _questions(facts: list[Fact], form: SelfCheckForm, intake: Intake, lang: str) -> tuple[Question, ...]:
    """The questions of a section; how to write an answer is said once for each kind of answer."""
    said: set[str] = set()
    asked = []
    for fact in facts:
        written = words.how_to_write(fact.id, fact.type, lang) or ""
        asked.append(_question(fact, form, intake, lang, "" if written in said else written))
        said.add(written)
    return tuple(asked)


def _question(fact: Fact, form: SelfCheckForm, intake: Intake, lang: str, written: str) -> Question:
    field = form.of_fact(fact.id)
    value = entries.printable((field.data or "").strip())
    label, hint = _label_and_hint(fact, lang, written)
    told = intake.facts.get(fact.id)
    return Question(
        name=field_name(fact.id),
        label=label,
        hint=hint,
        control=_control(fact),
        choices=_choices(fact, value, lang),
        value=value,
        unit=figures.unit(fact, lang),
        inputmode={"integer": "numeric"}.get(fact.type, "text"),
        echo=None if told is None else figures.echo(fact, told, lang),
        faults=tuple(text.get(lang) for text in intake.faults_of(field.name)),
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


def _control(fact: Fact) -> str:
    if fact.type == "boolean":
        return "chips"
    return ("chips" if len(fact.values) <= _MOST_CHIPS else "list") if fact.type == "enum" else "text"


def _choices(fact: Fact, value: str, lang: str) -> tuple[Choice, ...]:
    if fact.type == "boolean":
        known = [("true", words.say("yes", lang)), ("false", words.say("no", lang))]
    else:
        known = [(key, text.get(lang)) for key, text in fact.values.items()] if fact.type == "enum" else []
    every = [*known, ("", words.say("unknown", lang))] if known else []
    return tuple(Choice(key, label, key == value) for key, label in every)
