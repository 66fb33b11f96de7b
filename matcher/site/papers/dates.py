"""Writes the calendar file: the days to keep of each scheme that the firm has or may have, its last day, and what is worked out for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event
from icalendar.enums import TRANSP

from matcher.engine import Decision, last_day_of_rules
from matcher.presentation import Catalogue, named_days
from matcher.rulebook.language import DATE
from matcher.text import STATUS, figures, sentences

_HELD = ("eligible", "needs_decision", "needs_information", "applies")

_WARNED_BEFORE = timedelta(days=30)

_PRODUCT = "-//eligibility-matcher//dates//ZH"

_HOST = "eligibility-matcher"


@dataclass(frozen=True)
class Day:
    """A day to keep in mind. `key` is the same whenever it is reckoned again, so that a calendar replaces the old one."""

    key: str
    on: date
    title: str
    text: str


def days(book: Catalogue, decisions: Iterable[Decision], as_of: date, lang: str) -> tuple[Day, ...]:
    """The days from `as_of` on, the earliest first."""
    held = [one for one in decisions if one.status in _HELD and _is_firms(book, one)]
    each: Iterator[Day] = named_days(held, lambda one, name: _days(book, one, name, lang), lang, book)
    found = {day.key: day for day in each if day.on >= as_of}.values()
    return tuple(sorted(found, key=lambda day: (day.on, day.key)))


def calendar(found: Sequence[Day], stamped: date, lang: str) -> bytes:
    """The days as an iCalendar file (RFC 5545): whole days that leave one free, each with a reminder 30 days before."""
    made = Calendar.new(
        name=sentences.say("惠企政策：到期和截止", lang),
        language=lang,
        method="PUBLISH",
        prodid=_PRODUCT,
        uid=f"dates@{_HOST}",
    )
    for day in found:
        made.add_component(_event(day, datetime.combine(stamped, time(), UTC)))
    data: bytes = made.to_ical()
    return data


# What the calendar says of a day on which something opens, and on which it closes: the title, the text.
_DUE: dict[Literal["opens", "closes"], tuple[sentences.Sentence, sentences.Sentence]] = {
    "opens": (
        sentences.Sentence("{name}：{what}，今天开始"),
        sentences.Sentence("自查结果：{status}。办理：{where}。依据：{source}"),
    ),
    "closes": (
        sentences.Sentence("{name}：{what}，今天截止"),
        sentences.Sentence("自查结果：{status}。这一天当日仍算在内。办理：{where}。依据：{source}"),
    ),
}


def _days(book: Catalogue, decision: Decision, name: str, lang: str) -> Iterator[Day]:
    scheme, stated = book.scheme(decision.scheme), decision.essence()
    whole = scheme.name.get(lang)
    of = "" if decision.item is None or name == whole else f".{decision.item.id}"
    status = STATUS[decision.status].heading.get(lang)
    where = (scheme.channel or scheme.department).get(lang)
    until, version = last_day_of_rules(stated), stated["version"]
    since = version["from"] if version and version["from"] else "always"
    dues = [one for one in decision.deadlines if one["closes"] or one["opens"]]
    closing = {one["closes"] for one in dues}
    if until and until not in closing:
        title = sentences.say("{name}：这一版规定到期", lang, name=name)
        text = sentences.say(
            "自查结果：{status}。这一版规定的最后一天是{day}，之后是否延续，请先核对。办理：{where}",
            lang,
            status=status,
            where=where,
            day=figures.day(until, lang),
        )
        yield Day(f"{scheme.slug}.{since}{of}", date.fromisoformat(until), title, text)
    for number, due in enumerate(dues):
        for side, (heading, said) in _DUE.items():
            on = due[side]
            if on:
                title = sentences.say(heading, lang, name=name, what=due["what"][lang])
                text = sentences.say(said, lang, status=status, where=where, source=due["source"])
                yield Day(f"{scheme.slug}.{since}.{side}.{number}{of}", date.fromisoformat(on), title, text)
    given = book.rulebook.scheme_at(scheme.slug, decision.as_of).outputs()
    for output, value in (stated["extra"] or {}).items():
        if output in given and given[output].expr.type == DATE:
            title = sentences.say("{name}：{what}", lang, name=name, what=given[output].label.get(lang))
            text = sentences.say("自查结果：{status}。办理：{where}", lang, status=status, where=where)
            yield Day(f"{scheme.slug}.{output}{of}", date.fromisoformat(str(value)), title, text)


def _is_firms(book: Catalogue, decision: Decision) -> bool:
    """Whether the firm itself has something to do by then: what goes to its bank or worker is their affair."""
    return (decision.recipient or book.scheme(decision.scheme).recipient).startswith("firm_")


def _event(day: Day, stamp: datetime) -> Event:
    alarm = Alarm.new(description=day.title)
    alarm.add("action", "DISPLAY")
    alarm.TRIGGER = -_WARNED_BEFORE
    return Event.new(
        uid=f"{day.key}@{_HOST}",
        stamp=stamp,
        start=day.on,
        end=day.on + timedelta(days=1),
        summary=day.title,
        description=day.text,
        transparency=TRANSP.TRANSPARENT,
        subcomponents=[alarm],
    )
