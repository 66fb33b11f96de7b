"""Prepares the timeline and the plots that show all schemes at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matcher.engine import DecisionRecord, last_day_of_rules
from matcher.rulebook import Scheme, Version
from matcher.text import figures, sentences, site_labels

from .bars import Chart, Scale, charts
from .catalogue import Catalogue

# ---------------------------------------------------------------------------------------------------------------------
# Prepares the timeline: one row a scheme, its versions as bars, the day asked about, and what ends soon.
# ---------------------------------------------------------------------------------------------------------------------


SOON_DAYS = 90

_YEARS_BEFORE, _YEARS_AFTER = 1, 2

_HELD = ("eligible", "needs_decision", "applies", "needs_information")


@dataclass(frozen=True)
class Span:
    """One version as a bar, in per cent; `said` is the same in words; not `is_sure`: no rules of it are known, or no round is open."""

    start: str
    wide: str
    said: str
    is_sure: bool


@dataclass(frozen=True)
class Row:
    """One scheme: its versions within the drawing, its last day in words; `end` is where a day that comes soon stands."""

    slug: str
    name: str
    spans: tuple[Span, ...]
    until: str
    end: str | None


@dataclass(frozen=True)
class Timeline:
    """The rows by what ends first; `years` as (place, year), `day` where the day asked about stands, `day_said` in words.

    `lasting` schemes have no last day and are not drawn.
    """

    rows: tuple[Row, ...]
    years: tuple[tuple[str, int], ...]
    day: str
    day_said: str
    lasting: int

    @property
    def soon(self) -> int:
        """How many end soon."""
        return sum(row.end is not None for row in self.rows)


def timeline(catalogue: Catalogue, stated: Iterable[DecisionRecord], as_of: date, lang: str) -> Timeline:
    """The timeline of the schemes that a firm has or may come to have, from the decisions' JSON."""
    held = [decision for decision in stated if decision["status"] in _HELD or decision["near_miss"]]
    ending = [(until, decision) for decision in held if (until := last_day_of_rules(decision))]
    ending.sort(key=lambda one: one[0])
    first, last = date(as_of.year - _YEARS_BEFORE, 1, 1), date(as_of.year + _YEARS_AFTER, 12, 31)
    scale = Scale(_place(first), _place(last))
    years = range(first.year, last.year + 1)
    return Timeline(
        rows=tuple(
            _row(catalogue, decision, date.fromisoformat(until), scale, as_of, lang) for until, decision in ending
        ),
        years=tuple((scale.at(_place(date(year, 1, 1))), year) for year in years),
        day=scale.at(_place(as_of)),
        day_said=figures.day(as_of, lang),
        lasting=len(held) - len(ending),
    )


def _row(catalogue: Catalogue, decision: DecisionRecord, until: date, scale: Scale, as_of: date, lang: str) -> Row:
    scheme = catalogue.scheme(decision["scheme"])
    left = (until - as_of).days
    is_soon = 0 <= left <= SOON_DAYS
    key = (
        sentences.Sentence("这一版规定到{day}止，只剩{left}") if is_soon else sentences.Sentence("这一版规定到{day}止")
    )
    return Row(
        slug=scheme.slug,
        name=scheme.name.get(lang),
        spans=tuple(_spans(scheme, scale, lang)),
        until=sentences.say(key, lang, day=figures.day(until, lang), left=sentences.count(lang, left, "day")),
        end=scale.at(_place(until)) if is_soon else None,
    )


def _spans(scheme: Scheme, scale: Scale, lang: str) -> Iterable[Span]:
    """The versions that reach into the drawing, a hair's breadth apart; none where the scheme has ended."""
    for version in scheme.versions:
        start = scale.low if version.from_ is None else max(scale.low, _place(version.from_))
        end = scale.high if version.until is None else min(scale.high, _place(version.until + timedelta(days=1)))
        if start < end and version.state != "ended":
            wide = scale.between(start, end - 4 if version.until else end)
            yield Span(scale.at(start), wide, _said(version, lang), version.state is None)


def _said(version: Version, lang: str) -> str:
    state = site_labels.STATE[version.state] if version.state else None
    span = span_text(version, lang)
    return sentences.say("{span}（{state}）", lang, span=span, state=sentences.say(state, lang)) if state else span


def span_text(version: Version, lang: str) -> str:
    """From when until when a version is in force, in words."""
    first = figures.day(version.from_, lang) if version.from_ else ""
    last = figures.day(version.until, lang) if version.until else ""
    key = (
        sentences.Sentence("{first}至{last}")
        if first and last
        else sentences.Sentence("{first}起")
        if first
        else sentences.Sentence("{last}以前")
        if last
        else sentences.Sentence("一直以来")
    )
    return sentences.say(key, lang, first=first, last=last)


def _place(day: date) -> Decimal:
    return Decimal(day.toordinal())


# ---------------------------------------------------------------------------------------------------------------------
# Brings together the plots that show all schemes at once: what each is worth, and when each is in force.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overview:
    """The charts of what schemes are worth, and the timeline."""

    charts: tuple[Chart, ...]
    timeline: Timeline


def overview(catalogue: Catalogue, stated: Sequence[DecisionRecord], as_of: date, lang: str) -> Overview:
    """The plots of these decisions, each as its JSON."""
    return Overview(charts(catalogue, stated, lang), timeline(catalogue, stated, as_of, lang))
