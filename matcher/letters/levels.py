"""Puts the sections of a letter into the numbered levels of the form: 一、（一）1. and the text under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.letters.letter import Letter, Row, Section
from matcher.letters.numerals import count
from matcher.letters.words import say

# A letter on one scheme: its statements under headings of their own, in the order a reader needs them.
GROUPS = {
    "group.result": ("arithmetic", "outputs"),
    "group.grounds": ("failing", "missing", "near_miss", "facts", "ground"),
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
    told = (" " if lang == "en" else "").join(filter(None, sums))
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
    return _ended(("; " if lang == "en" else "；").join(texts), lang)


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
    return text if text.endswith(ENDED) else text + ("." if lang == "en" else "。")
