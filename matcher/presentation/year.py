"""Prepares the year line: the last days to file, the rounds that open and the rules that end, for what brings the firm something."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from matcher.engine import Decision
from matcher.text import figures, sentences

from .catalogue import Catalogue
from .ledger import called

_DAYS_AHEAD = 396  # thirteen months: what comes again each year is on the line

_MOST = 8

_SOON_DAYS = 45

_Day = TypeVar("_Day")


@dataclass(frozen=True)
class Mark:
    """A day on the line: its number, where it stands in per cent, the day in words, what is due, how many days are left."""

    number: int
    at: str
    day: str
    what: tuple[str, ...]
    left: str
    is_soon: bool


@dataclass(frozen=True)
class Year:
    """The marks, the earliest first, and the months as (place, number)."""

    marks: tuple[Mark, ...]
    months: tuple[tuple[str, int], ...]
    more: int


def year(book: Catalogue, decisions: Iterable[Decision], as_of: date, lang: str) -> Year:
    """The line from ``as_of`` on, over thirteen months."""
    last = as_of + timedelta(days=_DAYS_AHEAD)
    due: dict[date, dict[str, None]] = {}
    each: Iterator[tuple[date, str]] = named_days(decisions, lambda one, name: _days(book, one, name, lang), lang, book)
    for day, what in each:
        if as_of <= day <= last:
            due.setdefault(day, {})[what] = None
    days = sorted(due)
    marks = tuple(_mark(number, day, tuple(due[day]), as_of, lang) for number, day in enumerate(days[:_MOST], 1))
    firsts = (
        date(as_of.year + (as_of.month + ahead - 1) // 12, (as_of.month + ahead - 1) % 12 + 1, 1)
        for ahead in range(1, 14)
    )
    months = tuple((_place(first, as_of), first.month) for first in firsts if first <= last)
    return Year(marks, months, len(days) - len(marks))


def named_days(
    decisions: Iterable[Decision], days: Callable[[Decision, str], Iterable[_Day]], lang: str, book: Catalogue
) -> Iterator[_Day]:
    """The days of each scheme; of several loans, projects … with the name of the one, but where all have the same days.

    ``days`` is given a decision and what its scheme is to be called.
    """
    by_slug: dict[str, list[Decision]] = {}
    for one in decisions:
        by_slug.setdefault(one.scheme, []).append(one)
    for slug, some in by_slug.items():
        plain = book.scheme(slug).name.get(lang)
        having = [(one, list(days(one, plain))) for one in some]
        having = [(one, found) for one, found in having if found]
        if all(found == having[0][1] for _, found in having):
            yield from (having[0][1] if having else ())
            continue
        for one, _ in having:
            yield from days(one, called(book, slug, None if one.item is None else one.item.label, lang))


def _days(book: Catalogue, decision: Decision, name: str, lang: str) -> Iterator[tuple[date, str]]:
    """The days of one scheme that the firm has, or that a department may give it."""
    if decision.status not in ("eligible", "needs_decision") or not (decision.recipient or "").startswith("firm_"):
        return
    scheme = book.scheme(decision.scheme)
    if scheme.kind != "support":
        return
    for one in decision.deadlines:
        if one["opens"]:
            what = sentences.say("{name}：{what}开始", lang, name=name, what=one["what"][lang])
            yield date.fromisoformat(one["opens"]), what
        if one["closes"]:
            what = sentences.say("{name}：{what}截止", lang, name=name, what=one["what"][lang])
            yield date.fromisoformat(one["closes"]), what
    until = decision.version[1] if decision.version else None
    if until is not None and until.isoformat() not in {one["closes"] for one in decision.deadlines}:
        yield until, sentences.say("{name}：这一版规定到期", lang, name=name)


def _mark(number: int, day: date, what: tuple[str, ...], as_of: date, lang: str) -> Mark:
    left = (day - as_of).days
    said = sentences.say("还剩{left}", lang, left=sentences.count(lang, left, "day")) if left <= _SOON_DAYS else ""
    return Mark(number, _place(day, as_of), figures.day(day, lang), what, said, left <= _SOON_DAYS)


def _place(day: date, as_of: date) -> str:
    share = (day - as_of).days / _DAYS_AHEAD
    return f"{3 + 94 * share:.1f}%"
