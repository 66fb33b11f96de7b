"""What of the rules needs somebody on a day: versions that are unconfirmed, end, or are due to be confirmed, as data.

The queue of the command line and of the desk: each scheme with what is awaited, its last terms, the days of its rounds, and
the texts that nobody has read yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.rulebook import Instrument, Rulebook, Scheme, SchemeEdition, Text, Version

from .deadlines import Due, due_days
from .last_terms import last_open
from .rule_sheet import FigureShown, parts

SPAN_DAYS = 90

STATES = ("past", "unconfirmed", "ends", "due")

"""How a version needs somebody, the most urgent first: past its day to be confirmed, not confirmed for the day asked about,
ending, due to be confirmed."""

_UNREAD = ("retelling", "memory")

_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,16})([〔［\[])((?:19|20)\d\d)([〕］\]])第?\d+号")

_ANNOUNCEMENT = re.compile(r"([\u4e00-\u9fff ]{2,30}公告)((?:19|20)\d\d)年第\d+号")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many firms a scheme is for, and the exact sums they would get, in fen (ceilings are no part of it)."""

    firms: int = 0
    fen: int = 0


@dataclass(frozen=True, slots=True)
class AwaitedNotice:
    """The notice that would settle a version: what it is, who issues it, what its number looks like (× for what is not known).

    ``text`` is None where the rules do not name it: the department then stands for the issuer. ``is_derived``: the pattern is the
    last notice's number with its year and figure left open.
    """

    text: Text | None
    issuer: Text
    number: str | None
    is_derived: bool


@dataclass(frozen=True, slots=True)
class FigureDue:
    """A figure that a scheme rests on and that needs somebody: ``state`` (past, due or ends) on a day; ``is_followed``: what comes
    after its end is known; ``instruments``: number and article of its sources."""

    id: str
    label: Text
    state: str
    on: date
    is_followed: bool
    instruments: tuple[tuple[str, str], ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class LastTerms:
    """The last rules known: their version, the day they are read on, and the days of their rounds."""

    version: Version
    on: date
    edition: SchemeEdition
    days: tuple[Due, ...]

    def rule(self, rulebook: Rulebook, lang: str) -> tuple[str, ...]:
        """Conditions and sums in words; leading spaces are the indent."""
        return parts(rulebook, self.edition, lang).rule

    def figures(self, rulebook: Rulebook, lang: str) -> tuple[FigureShown, ...]:
        """The figures in words."""
        return parts(rulebook, self.edition, lang).figures


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A scheme that needs somebody. ``on``: since when it is unconfirmed, by when it was or is to be confirmed, or its last day.

    ``follows``: what the rules know of the day after an end (open, unconfirmed, no_open_round), None where nothing. ``unread``: the
    texts it rests on that are known by retelling or from memory alone. ``reach`` is None where no firms were given.
    """

    scheme: Scheme
    state: str
    on: date
    follows: str | None
    awaited: AwaitedNotice | None
    last: LastTerms | None
    figures: tuple[FigureDue, ...]
    unread: tuple[Instrument, ...]
    reach: Reach | None = None


def review_queue(
    rulebook: Rulebook, day: date, span: int = SPAN_DAYS, reach: Mapping[str, Reach] | None = None
) -> tuple[QueueItem, ...]:
    """Every scheme that needs somebody on ``day`` or within ``span`` days of it.

    With ``reach`` (by slug) those with most money and most firms come first; without it the most urgent do.
    """
    found = [
        item for slug in rulebook.parsed for item in _items(rulebook, slug, day, day + timedelta(days=span), reach)
    ]
    return tuple(sorted(found, key=_rank))


def unread_instruments(rulebook: Rulebook, day: date) -> tuple[tuple[Instrument, tuple[str, ...]], ...]:
    """The texts known by retelling or from memory alone on which rules in force on ``day`` rest, each with the slugs of these; what
    most rest on comes first."""
    by_id: dict[str, list[str]] = {}
    for slug in rulebook.parsed:
        for one in _unread(rulebook, rulebook.scheme_at(slug, day)):
            by_id.setdefault(one.id, []).append(slug)
    most_first = sorted(by_id.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple((rulebook.instruments[name], tuple(slugs)) for name, slugs in most_first)


def _rank(item: QueueItem) -> tuple[int, int, int, date, str]:
    reach = item.reach or Reach()
    return -reach.fen, -reach.firms, STATES.index(item.state), item.on, item.scheme.slug


def _items(
    rulebook: Rulebook, slug: str, day: date, until: date, reach: Mapping[str, Reach] | None
) -> Iterator[QueueItem]:
    scheme, edition = rulebook.schemes[slug], rulebook.scheme_at(slug, day)
    version = edition.version
    if version is None or edition.state in ("not_yet", "ended"):
        return
    figures = tuple(_figures(rulebook, slug, day, until))
    states = [(one.state, one.on) for one in figures if one.state != "ends"]
    if edition.state == "unconfirmed":
        states.append(("unconfirmed", version.from_ or date.min))
    elif edition.state == "open":
        states += _states(version.from_, version.until, version.confirm_by, day, until)
    elif version.until is not None and version.until <= until:  # a pause between rounds ends
        states.append(("ends", version.until))
    if not states:
        return
    state, on = min(states, key=lambda one: (STATES.index(one[0]), one[1]))
    after = _after(scheme, version)
    last = terms_on(rulebook, slug, day)
    yield QueueItem(
        scheme,
        state,
        on,
        None if after is None else after.state or "open",
        _awaited(scheme, version if version.awaits else after, last),
        last,
        figures,
        _unread(rulebook, edition if last is None else last.edition),
        None if reach is None else reach.get(slug, Reach()),
    )


def _states(
    first: date | None, last: date | None, by: date | None, day: date, until: date
) -> Iterator[tuple[str, date]]:
    """What is to be said of something that holds from ``first`` to ``last`` and is to be confirmed by ``by``."""
    holds = first is None or first <= day
    if by is not None and by < day and holds:
        yield "past", by
    elif by is not None and day <= by <= until and by != last:
        yield "due", by
    if last is not None and day <= last <= until:
        yield "ends", last


def _figures(rulebook: Rulebook, slug: str, day: date, until: date) -> Iterator[FigureDue]:
    """The figures of the editions between both days, each once for each thing to be said of it."""
    met: set[tuple[str, str, date]] = set()
    for on in (day, *(turn for turn in rulebook.turns(slug) if day < turn <= until)):
        for figure in rulebook.scheme_at(slug, on).figures:
            stated = figure.value
            for state, when in _states(stated.from_, stated.until, stated.confirm_by, day, until):
                if (figure.id, state, when) not in met:
                    met.add((figure.id, state, when))
                    followed = rulebook.parameters[figure.id].on(when + timedelta(days=1)) is not None
                    sources = tuple((one.instrument, one.article) for one in figure.sources)
                    yield FigureDue(figure.id, figure.label, state, when, followed, sources, stated.confidence)


def _after(scheme: Scheme, version: Version) -> Version | None:
    last = version.until
    later = [one for one in scheme.versions if one.from_ is not None and last is not None and one.from_ > last]
    return later[0] if later else None


def terms_on(rulebook: Rulebook, slug: str, day: date) -> LastTerms | None:
    """The rules of a scheme on ``day``, or where it has none then those of the last version that had some, on its last day."""
    edition = rulebook.scheme_at(slug, day)
    version, on = edition.version, day
    if edition.body is None:
        version = last_open(edition.scheme, day)
        if version is None or version.until is None:
            return None
        on = version.until
    assert version is not None
    read = rulebook.scheme_at(slug, on)
    return LastTerms(version, on, read, due_days(read, {}, on))


def _awaited(scheme: Scheme, version: Version | None, last: LastTerms | None) -> AwaitedNotice | None:
    """What the version names; else the last notice's issuer is not known, but its number has a pattern."""
    named = None if version is None else version.awaits
    stated = named.number if named is not None else None
    derived = None if last is None else number_pattern(last.version.instrument or "")
    return AwaitedNotice(
        None if named is None else Text(zh=named.zh, en=named.en),
        scheme.department if named is None or named.issuer is None else named.issuer,
        stated or derived,
        stated is None and derived is not None,
    )


def number_pattern(instrument: str) -> str | None:
    """The numbers in an ``instrument`` of a version with the year and the figure left open; None where it has no number.

    津工信财〔2024〕4号附件8 → 津工信财〔20××〕×号; of several each pattern once, with 、 between.
    """
    found = [f"{head}{open_}20××{close}×号" for head, open_, _, close in _NUMBER.findall(instrument)]
    found += [f"{head.strip()}20××年第×号" for head, _ in _ANNOUNCEMENT.findall(instrument)]
    return "、".join(dict.fromkeys(found)) or None


def _unread(rulebook: Rulebook, edition: SchemeEdition) -> tuple[Instrument, ...]:
    """The texts behind an edition's figures and conditions that nobody has read."""
    if edition.body is None:
        return ()
    sources = [source for figure in edition.figures for source in figure.sources]
    sources += [one for tree in edition.body.conditions() for part in tree.walk() for one in part.sources]
    numbers = {source.instrument for source in sources}
    return tuple(one for one in rulebook.instruments.values() if one.number in numbers and one.seen in _UNREAD)
