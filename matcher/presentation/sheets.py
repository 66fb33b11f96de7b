"""Prepares the readable sheet of one scheme: its rule on a day with sources and figures, and its history."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from matcher.engine import Contact, FigureShown, contact_points, due_days, parts, said_days
from matcher.rulebook import Scheme, SchemeEdition, Version
from matcher.text import RECIPIENT, figures, sentences, site_labels

from .catalogue import Catalogue
from .measures import ClauseShown, KindShown, clause_shown, kind_shown
from .scheme_list import kind_of
from .timeline import span_text

_MARKS = {
    "open": ("●", "held"),
    "encoded": ("●", "held"),
    "not_yet": ("·", "away"),
    "ended": ("○", "away"),
    "no_open_round": ("◔", "open"),
    "unconfirmed": ("?", "open"),
}

_ROW_ENDS = {"zh": "；", "en": "; "}

_MOST_ROWS = 4

# The law's own phrase with where it stands, as the engine's sheet writes it.
_QUOTE = re.compile("“.+”[（ ]")


@dataclass(frozen=True)
class State:
    """Whether a rule is in force: the word, its shape and colour."""

    word: str
    mark: str
    tone: str


@dataclass
class Line:
    """A line of the rule and what stands below it; `is_ground` where it is the quoted phrase or the ground of a test."""

    text: str
    is_ground: bool
    below: list["Line"] = field(default_factory=list)

    @property
    def is_quote(self) -> bool:
        """Whether it is the law's own phrase, which is Chinese on an English page too."""
        return _QUOTE.match(self.text) is not None


@dataclass(frozen=True)
class Figure:
    """A figure of the law: its value, or the rows of a long table, where it stands, how sure we are."""

    label: str
    value: str
    rows: tuple[str, ...]
    sources: str
    confidence: str
    confirm_by: str | None


@dataclass(frozen=True)
class Past:
    """A version: its span, state, instrument and note; `day` is a day of it, in ISO form, `is_shown` if it is the one above."""

    span: str
    state: State
    instrument: str | None
    note: str | None
    confidence: str | None
    day: str
    is_shown: bool


@dataclass(frozen=True)
class First:
    """What an owner understands before the law begins: what it is worth, how it is got, whom to call, until when.

    `worth` is a short phrase for the sum, `means` says of what; `page` is the official address of the first office that has one.
    """

    worth: str
    means: str
    how: str
    offices: tuple[Contact, ...]
    days: tuple[str, ...]
    page: str
    number: str


@dataclass(frozen=True)
class Sheet:
    """All that the page says about one scheme. `rows` are the plain particulars, label and text."""

    slug: str
    name: str
    summary: str
    kind: KindShown
    state: State
    first: First
    rows: tuple[tuple[str, str], ...]
    clauses: tuple[ClauseShown, ...]
    rule: tuple[Line, ...]
    worked_out: tuple[str, ...]
    figures: tuple[Figure, ...]
    bring: tuple[str, ...]
    where: str | None
    notes: tuple[str, ...]
    history: tuple[Past, ...]


def scheme_sheet(book: Catalogue, slug: str, on: date, lang: str, district: str | None = None) -> Sheet:
    """The sheet of a scheme on a day; ``district``: the one told, whose offices are named. Raises KeyError for an unknown scheme."""
    scheme, rulebook = book.scheme(slug), book.rulebook
    edition = rulebook.scheme_at(slug, on)
    found = parts(rulebook, edition, lang)
    return Sheet(
        slug=slug,
        name=scheme.name.get(lang),
        summary=scheme.summary.get(lang),
        kind=kind_shown(scheme.kind, lang),
        state=_state(edition.state, lang),
        first=_first(book, scheme, on, lang, district),
        rows=tuple(_rows(scheme, edition, lang)),
        clauses=tuple(clause_shown(book, clause, on, lang) for clause in rulebook.document.clauses_of(slug)),
        rule=outline(found.rule),
        worked_out=found.worked_out,
        figures=tuple(_figure(one, lang) for one in found.figures),
        bring=tuple(paper.get(lang) for paper in scheme.evidence),
        where=scheme.channel.get(lang) if scheme.channel else None,
        notes=tuple(note.get(lang) for note in scheme.notes),
        history=tuple(_past(version, version is edition.version, lang) for version in scheme.versions),
    )


def _first(book: Catalogue, scheme: Scheme, on: date, lang: str, district: str | None) -> First:
    edition = book.rulebook.scheme_at(scheme.slug, on)
    offices = contact_points(book.rulebook, scheme, district, lang)
    due = [one.to_json() for one in due_days(edition, {}, on)]
    until = edition.version.until if edition.version else None
    days = [*said_days(due, on, lang)]
    if until is not None and edition.state == "open":
        days.append(sentences.say("这一版规定到{day}止", lang, day=figures.day(until, lang)))
    return First(
        worth=sentences.say(site_labels.HELP[kind_of(scheme)], lang),
        means=scheme.amount_means.get(lang),
        how=(scheme.channel or scheme.department).get(lang),
        offices=offices,
        days=tuple(days),
        page=next((one.page for one in offices if one.page), ""),
        number=next((one.number for one in offices if one.number), ""),
    )


def outline(lines: Iterable[str]) -> tuple[Line, ...]:
    """Indented lines, two blanks a level, as a tree. A line that only says “all of these” below a heading is left out."""
    top: list[Line] = []
    above: list[tuple[int, Line]] = []
    for text in lines:
        deep = len(text) - len(text.lstrip(" "))
        while above and above[-1][0] >= deep:
            above.pop()
        is_ground = text.lstrip().startswith(("依据：", "ground: "))
        line = Line(text.strip(), is_ground or _QUOTE.match(text.strip()) is not None)
        (above[-1][1].below if above else top).append(line)
        above.append((deep, line))
    return tuple(_lifted(line) for line in top)


def _lifted(line: Line) -> Line:
    """What stands below a heading's only line, “all of these”, stands below the heading itself."""
    if len(line.below) == 1 and line.below[0].text in ("以下各项都成立：", "all of these:"):
        line.below = line.below[0].below
    line.below = [_lifted(one) for one in line.below]
    return line


def _state(name: str, lang: str) -> State:
    return State(sentences.say(site_labels.STATE[name], lang), *_MARKS[name])


def _rows(scheme: Scheme, edition: SchemeEdition, lang: str) -> Iterable[tuple[str, str]]:
    yield sentences.say("主管部门", lang), scheme.department.get(lang)
    if scheme.kind != "restriction":
        yield sentences.say("怎样得到", lang), sentences.say(site_labels.AWARD[scheme.award], lang)
        is_service = scheme.kind == "service" and scheme.recipient.startswith("firm_")
        payee = (
            sentences.say("这是服务，不涉及款项", lang) if is_service else RECIPIENT[scheme.recipient].page.get(lang)
        )
        yield sentences.say("钱给谁", lang), payee
        yield sentences.say("金额是什么", lang), scheme.amount_means.get(lang)
    grade = (edition.version.grade if edition.version else None) or scheme.grade
    yield sentences.say("编入的程度", lang), sentences.say(site_labels.GRADE[grade], lang)
    if edition.body is not None:
        yield sentences.say("依据的把握", lang), sentences.say(site_labels.CONFIDENCE[edition.confidence()], lang)


def _figure(shown: FigureShown, lang: str) -> Figure:
    rows = tuple(shown.value.split(_ROW_ENDS[lang]))
    by = shown.confirm_by
    return Figure(
        shown.label,
        shown.value,
        rows if len(rows) > _MOST_ROWS else (),
        shown.sources,
        sentences.say(site_labels.CONFIDENCE[shown.confidence], lang),
        sentences.say("{day}前再核实", lang, day=figures.day(by, lang)) if by else None,
    )


def _past(version: Version, is_shown: bool, lang: str) -> Past:
    day = version.from_ or version.until or date(2000, 1, 1)
    return Past(
        span_text(version, lang),
        _state(version.state or "encoded", lang),
        version.instrument,
        version.note,
        sentences.say(site_labels.CONFIDENCE[version.confidence], lang) if version.confidence else None,
        day.isoformat(),
        is_shown,
    )
