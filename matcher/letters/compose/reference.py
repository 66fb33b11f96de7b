"""Composes the two papers that rest on no decision: the rule sheet of a scheme, and an extract of the register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from matcher.engine import STATES, FigureShown, parts
from matcher.text import capitalise, clean, day

from .letter import Letter, Row, Section
from .levels import break_english, break_title, edition_sign
from .words import say

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook, SchemeEdition


def compose_rule_sheet(rulebook: Rulebook, slug: str, on: date, lang: str = "zh", *, written_on: date) -> Letter:
    """The rule of a scheme on a day in plain words, with its sources and figures. Raises KeyError for no such scheme."""
    edition = rulebook.scheme_at(slug, on)
    scheme, rule = edition.scheme, parts(rulebook, edition, lang)
    said = {
        "state": [STATES[edition.state][lang == "en"]],
        "rule": rule.rule,
        "worked_out": rule.worked_out,
        "figures": [_figure(figure, lang) for figure in rule.figures],
        "ground": [edition.version.instrument] if edition.version and edition.version.instrument else [],
        "bring": [paper.get(lang) for paper in scheme.evidence],
        "where": _where(edition, lang),
        "versions": _versions(edition, lang),
    }
    rows = tuple(Row(key, say(f"label.{key}", lang), tuple(texts)) for key, texts in said.items() if texts)
    return Letter(
        lang=lang,
        title=_title(say("title.rule_sheet", lang, name=capitalise(scheme.name.get(lang))), lang),
        addressee="",
        opening=(),
        sections=(Section(slug, edition.state, "", scheme.summary.get(lang), None, "", rows),),
        closing=(),
        written_on=written_on,
        kind="rule_sheet",
        edition=say("edition", lang, hash=edition_sign(rulebook.hash), as_of=day(on, lang)),
    )


def _figure(figure: FigureShown, lang: str) -> str:
    return say("figure", lang, label=figure.label, value=figure.value, sources=figure.sources)


def _where(edition: SchemeEdition, lang: str) -> list[str]:
    scheme = edition.scheme
    return [text.get(lang) for text in (scheme.department, scheme.channel) if text]


def _versions(edition: SchemeEdition, lang: str) -> list[str]:
    """Each version with its span and its instrument, or what is known of it."""
    told = []
    for version in edition.scheme.versions:
        days = [day(end, lang) if end else "…" for end in (version.from_, version.until)]
        what = STATES[version.state][lang == "en"] if version.state else version.instrument or ""
        told.append(say("version", lang, start=days[0], end=days[1], what=what))
    return told


def compose_extract(
    number: str,
    entries: Iterable[tuple[str, str]],
    lang: str = "zh",
    *,
    addressee: str,
    written_on: date,
    edition: str,
) -> Letter:
    """An extract of the register on the letter `number`.

    :param entries: what the register holds, as label and value, already in words of `lang`.
    :param edition: the line in the foot; the number and code of the extract itself are set on the Letter.
    """
    rows = tuple(Row("entry", clean(label), (clean(value),)) for label, value in entries)
    return Letter(
        lang=lang,
        title=_title(say("title.extract", lang, name=number), lang),
        addressee=say("addressee", lang, name=clean(addressee)),
        opening=(say("opening.extract", lang),),
        sections=(Section("", "", "", "", None, "", rows),),
        closing=(say("closing.extract", lang),),
        written_on=written_on,
        kind="extract",
        edition=edition,
    )


def _title(text: str, lang: str) -> tuple[str, ...]:
    return break_english(text) if lang == "en" else break_title(text)
