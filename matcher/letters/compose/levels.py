"""Puts the sections of a letter into the numbered levels of the form, and breaks its title into lines by sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil
from textwrap import wrap

from matcher.text import CLOSING, OPENING, count, is_latin, punctuation

from .letter import Letter, Row, Section
from .words import say

# ---------------------------------------------------------------------------------------------------------------------
# Breaks a title into centred lines by sense, in the shapes the form allows: a trapezium or a lozenge.
# ---------------------------------------------------------------------------------------------------------------------


PER_LINE = 20  # characters of 22pt on 156 mm

ENGLISH_PER_LINE = 52  # letters of 15pt bold on 156 mm

TORN = 8.0  # a break where nothing says that a word ends

GOOD_AFTER = frozenset("、，的”》）")

GOOD_BEFORE = ("核对结果", "自助核对", "尚缺情况", "政策要点", "登记情况", "“", "（", "《", "与", "和", "及")


def break_title(text: str, per_line: int = PER_LINE) -> tuple[str, ...]:
    """`text` in as few lines as hold it, parted where a word ends and as evenly as its words allow."""
    lines = ceil(len(text) / per_line)
    if lines <= 1:
        return (text,)
    places = [at for at in range(1, len(text)) if _may_part(text, at)]
    ways = [_cut(text, way) for way in combinations(places, lines - 1)] if lines <= 3 else []
    fitting = [way for way in ways if max(map(len, way)) <= per_line]
    return min(fitting, key=_cost) if fitting else _cut(text, range(per_line, len(text), per_line))


def break_english(text: str, per_line: int = ENGLISH_PER_LINE) -> tuple[str, ...]:
    """An English title in as few lines as hold it: what it is about, then after the colon what it says of that."""
    if len(text) <= per_line:
        return (text,)
    name, colon, what = text.rpartition(": ")
    return (*_evenly(name + colon.rstrip(), per_line), what) if colon else _evenly(text, per_line)


def _evenly(text: str, per_line: int) -> tuple[str, ...]:
    """Words in as few lines as hold them, none much shorter than the others."""
    for width in range(ceil(len(text) / ceil(len(text) / per_line)), per_line + 1):
        lines = tuple(wrap(text, width))
        if len(lines) <= ceil(len(text) / per_line):
            return lines
    return tuple(wrap(text, per_line))


def _may_part(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return not (before == "〕" or after in CLOSING or before in OPENING or (is_latin(before) and is_latin(after)))


def _cut(text: str, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in pairwise([0, *places, len(text)]))


def _cost(lines: tuple[str, ...]) -> float:
    """Torn words weigh most, then lines of very unequal length, then an hourglass."""
    torn = sum(_tear(one, other) for one, other in pairwise(lines))
    lengths = [len(line) for line in lines]
    hollow = sum(5 for one, two, three in zip(lengths, lengths[1:], lengths[2:], strict=False) if two < min(one, three))
    return torn + (max(lengths) - min(lengths)) / 2 + hollow


def _tear(before: str, after: str) -> float:
    quoted = before.count("“") > before.count("”") or before.count("（") > before.count("）")
    sensible = before[-1] in GOOD_AFTER or after.startswith(GOOD_BEFORE)
    return (0.0 if sensible else TORN) + (TORN if quoted else 0.0)


# ---------------------------------------------------------------------------------------------------------------------
# Puts the sections of a letter into the numbered levels of the form: 一、（一）1. and the text under them.
# ---------------------------------------------------------------------------------------------------------------------


# A letter on one scheme: its statements under headings of their own, in the order a reader needs them.
GROUPS = {
    "group.result": ("arithmetic", "outputs"),
    "group.grounds": ("failing", "missing", "near_miss", "last_terms", "facts", "ground"),
    "group.doing": ("bring", "where", "until"),
    "group.marks": ("marks",),
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body: `level` 1 is a heading on its own line, 2 begins with a run-in label, 0 is plain text."""

    level: int
    label: str
    text: str


LIST = 6  # items that get a line each; nineteen quarterly figures would fill a page

ENDED = ("。", "；", "：", "！", "？", ".", ";", ":")


def paragraphs(letter: Letter, lang: str) -> Iterator[Paragraph]:
    """The body of an official letter between opening and closing."""
    if letter.kind == "extract":
        yield from _rows(letter.sections[0].rows, lang, numbered=False)
        return
    if len(letter.sections) == 1 and not letter.rest:
        yield from _alone(letter.sections[0], lang)
        return
    for section in letter.sections:
        yield Paragraph(1, "", section.heading)
        yield from _result(section, lang)
        yield from _rows(section.rows, lang)
    if letter.rest:
        yield Paragraph(1, "", letter.rest_heading)
        yield from _rows(letter.rest, lang)


def _alone(section: Section, lang: str) -> Iterator[Paragraph]:
    number = 0
    for group, keys in GROUPS.items():
        rows = tuple(row for key in keys for row in section.rows if row.key == key)
        if not rows and group != "group.result":
            continue
        number += 1
        yield Paragraph(1, "", first(number, lang) + say(group, lang))
        if group == "group.result":
            yield from _result(section, lang)
        yield from _rows(rows, lang, numbered=len(rows) > 1 and group != "group.result")


def _result(section: Section, lang: str) -> Iterator[Paragraph]:
    """The conclusion, then the amount and who is paid."""
    sums = (section.amount.sentence if section.amount else "", section.paid)
    told = punctuation(lang).blank.join(filter(None, sums))
    yield from (Paragraph(0, "", text) for text in (section.conclusion, told) if text)


def _rows(rows: tuple[Row, ...], lang: str, *, numbered: bool = True) -> Iterator[Paragraph]:
    """Each statement after its label; several texts under one label are numbered one by one."""
    for at, row in enumerate(rows, 1):
        texts = [_ended(text, lang) for text in row.texts]
        label = _label(row, at if numbered else None, lang)
        if len(texts) > LIST:
            yield Paragraph(2, label, _in_one(row.texts, lang))
            continue
        yield Paragraph(2, label, texts[0] if len(texts) == 1 else "")
        if len(texts) > 1:
            yield from (Paragraph(0, "", third(number, lang) + text) for number, text in enumerate(texts, 1))


def _label(row: Row, number: int | None, lang: str) -> str:
    """The run-in label; what stands alone under the heading "to be confirmed" needs none."""
    if number is not None:
        return second(number, lang) + say("run_in", lang, label=row.label)
    return "" if row.key == "marks" else say("colon", lang, label=row.label)


def _in_one(texts: tuple[str, ...], lang: str) -> str:
    """A long list as one paragraph."""
    return _ended(punctuation(lang).semicolon.join(texts), lang)


def first(number: int, lang: str) -> str:
    """First-level numbering: 一、"""
    return f"{number}. " if lang == "en" else f"{count(number)}、"


def second(number: int, lang: str) -> str:
    """Second-level numbering: （一）"""
    return f"({number}) " if lang == "en" else f"（{count(number)}）"


def third(number: int, lang: str) -> str:
    """Third-level numbering: 1."""
    return f"({chr(96 + number)}) " if lang == "en" and number <= 26 else f"{number}."


def _ended(text: str, lang: str) -> str:
    """With a full stop, which a paragraph of a letter ends with and a row of a sheet need not."""
    return text if text.endswith(ENDED) else text + punctuation(lang).stop


def edition_sign(content_hash: str) -> str:
    """The first sixteen signs of the rulebook's hash in groups of four: enough to tell editions apart by eye."""
    return " ".join(content_hash[at : at + 4] for at in range(0, 16, 4))
