"""Prepares the document page: every measure clause by clause, beside the schemes that encode it, as they stand today."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from matcher.rulebook import KINDS, Clause, Measure
from matcher.text import sentences, site_labels

from .catalogue import Catalogue

# Kind → its shape and colour.
MARKS = {
    "support": ("◆", "held"),
    "service": ("◇", "department"),
    "restriction": ("▲", "open"),
    "internal": ("□", "away"),
}

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class KindShown:
    """A kind of clause: the word, the shape that says the same without colour, and the name of the colour."""

    word: str
    mark: str
    tone: str


@dataclass(frozen=True)
class SchemeLink:
    """A scheme beside a clause; `state` says so where it is not in force."""

    slug: str
    name: str
    versions: str
    state: str | None


@dataclass(frozen=True)
class ClauseShown:
    """A clause: the document's own words, ours, and its schemes."""

    id: str
    kind: KindShown
    quote: str
    summary: str
    note: str | None
    schemes: tuple[SchemeLink, ...]


@dataclass(frozen=True)
class MeasureShown:
    """A measure with its clauses."""

    anchor: str
    heading: str
    departments: str
    clauses: tuple[ClauseShown, ...]


@dataclass(frozen=True)
class PartShown:
    """A part of the document with its measures."""

    heading: str
    measures: tuple[MeasureShown, ...]


@dataclass(frozen=True)
class DocumentShown:
    """The whole page. `kinds` is the legend: kind, what it means, and how many clauses are of it."""

    title: str
    lead: str
    kinds: tuple[tuple[KindShown, str, str], ...]
    parts: tuple[PartShown, ...]
    neighbours: tuple[SchemeLink, ...]


def document_shown(book: Catalogue, on: date, lang: str) -> DocumentShown:
    """The document in `lang`, its schemes as they stand on a day."""
    whole = book.rulebook.document
    clauses = list(whole.clauses())
    counts = Counter(clause.kind for clause in clauses)
    named = {slug for clause in clauses for slug in clause.schemes}
    measures, count = (
        sentences.count(lang, len(whole.measures), "measure"),
        sentences.count(lang, len(clauses), "clause"),
    )
    return DocumentShown(
        title=whole.title.get(lang),
        lead=sentences.say(
            "{measures}、{clauses}，条条有着落：每一条是什么、由谁负责、对应哪些政策。引文是文件原文。",
            lang,
            measures=measures,
            clauses=count,
        ),
        kinds=tuple(
            (
                kind_shown(kind, lang),
                sentences.say(site_labels.KIND_TEXT[kind], lang),
                sentences.count(lang, counts[kind], "clause"),
            )
            for kind in KINDS
        ),
        parts=tuple(
            PartShown(
                sentences.say(
                    "{number}、{title}", lang, number=_part_number(part.number, lang), title=part.title.get(lang)
                ),
                tuple(_measure(book, one, on, lang) for one in whole.measures if one.part == part.number),
            )
            for part in whole.parts
        ),
        neighbours=tuple(scheme_link(book, slug, on, lang) for slug in book.rulebook.schemes if slug not in named),
    )


def kind_shown(kind: str, lang: str) -> KindShown:
    """A kind of clause or scheme with its shape."""
    mark, tone = MARKS[kind]
    return KindShown(sentences.say(site_labels.KIND[kind], lang), mark, tone)


def scheme_link(book: Catalogue, slug: str, on: date, lang: str) -> SchemeLink:
    """A scheme by name, with how many versions are known and its state where it is not in force."""
    scheme, state = book.scheme(slug), book.rulebook.scheme_at(slug, on).state
    return SchemeLink(
        slug,
        scheme.name.get(lang),
        sentences.count(lang, len(scheme.versions), "version"),
        None if state == "open" else sentences.say(site_labels.STATE[state], lang),
    )


def clause_shown(book: Catalogue, clause: Clause, on: date, lang: str) -> ClauseShown:
    """A clause with its schemes."""
    return ClauseShown(
        clause.id,
        kind_shown(clause.kind, lang),
        clause.quote,
        clause.summary.get(lang),
        clause.note.get(lang) if clause.note else None,
        tuple(scheme_link(book, slug, on, lang) for slug in clause.schemes),
    )


def numeral(number: int, lang: str) -> str:
    """A number from 1 to 99 as the document counts its measures: 二十一; in English 21."""
    if lang == "en":
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def _part_number(number: str, lang: str) -> str:
    return str(_NUMERALS.index(number) + 1) if lang == "en" and number in _NUMERALS else number


def _measure(book: Catalogue, measure: Measure, on: date, lang: str) -> MeasureShown:
    whole = book.rulebook.document
    names = [whole.department(name, lang) for name in measure.departments]
    title = measure.title.get(lang)
    return MeasureShown(
        f"m{measure.measure:02d}",
        sentences.say("（{number}）{title}", lang, number=numeral(measure.measure, lang), title=title),
        sentences.say("负责部门：{names}", lang, names=sentences.listed(names, lang)),
        tuple(clause_shown(book, clause, on, lang) for clause in measure.clauses),
    )
