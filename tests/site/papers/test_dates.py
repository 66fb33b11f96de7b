"""Tests of the calendar file: which days, under which names, and in the form that calendars read."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from matcher.engine.decision import Decision
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.rulebook import Rulebook
from matcher.site.papers.dates import calendar, days

AS_OF = date(2022, 8, 15)
HELD = Decision("six-taxes-two-fees", AS_OF, "eligible", "firm_price", version=(date(2022, 1, 1), date(2022, 12, 31)))
DUE = Decision(
    "inclusive-loan-deferral",
    date(2020, 7, 1),  # while the scheme is open: its outputs are those of that day
    "eligible",
    "firm_deferral",
    extra={"deferred_until": "2022-11-30"},
    version=(date(2020, 6, 1), None),
)


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def test_expiries_and_deadlines_are_whole_days_with_a_reminder(book: Catalogue) -> None:
    """A calendar reads each as a day that leave one free, in the order of the days, with a reminder before."""
    read = Calendar.from_ical(calendar(days(book, [HELD, DUE], AS_OF, "zh"), AS_OF, "zh"))
    assert isinstance(read, Calendar)
    assert [(event.start, event.end) for event in read.events] == [
        (date(2022, 11, 30), date(2022, 12, 1)),
        (date(2022, 12, 31), date(2023, 1, 1)),
    ]
    assert [event["TRANSP"] for event in read.events] == ["TRANSPARENT"] * 2
    assert [alarm.TRIGGER for event in read.events for alarm in event.walk("VALARM")] == [timedelta(days=-30)] * 2
    assert read.events[1]["SUMMARY"] == "小微企业“六税两费”减免：这一版规定到期"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_title_begins_with_the_scheme(book: Catalogue, lang: str) -> None:
    """A phone shows the first words of a title: they say what it is about."""
    titles = [day.title for day in days(book, [HELD, DUE], AS_OF, lang)]
    names = [book.scheme(one.scheme).name.get(lang) for one in (DUE, HELD)]
    assert [title.startswith(name) for title, name in zip(titles, names, strict=True)] == [True, True]


def test_an_event_keeps_its_name(book: Catalogue) -> None:
    """In either language and on any later day the same event has the same name, so that calendars replace it."""
    first, later = (
        [day.key for day in days(book, [HELD, DUE], on, lang)] for on, lang in ((AS_OF, "zh"), (date(2022, 9, 1), "en"))
    )
    assert first == later == ["inclusive-loan-deferral.deferred_until", "six-taxes-two-fees.2022-01-01"]


def test_what_is_past_or_not_the_firms_is_left_out(book: Catalogue) -> None:
    """Days before the one asked about, schemes out of reach and others' schemes give no event."""
    version = HELD.version
    others = [Decision(HELD.scheme, AS_OF, "eligible", "worker", version=version)]
    away = [Decision(HELD.scheme, AS_OF, "not_eligible", version=version)]
    assert days(book, [*others, *away], AS_OF, "zh") == ()
    assert days(book, [HELD], date(2023, 1, 1), "zh") == ()


def test_lines_are_folded_for_every_reader(book: Catalogue) -> None:
    """No line of the file is longer than 75 bytes, and each ends as the standard says."""
    lines = calendar(days(book, [HELD, DUE], AS_OF, "zh"), AS_OF, "zh").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""


def due(closes: str, opens: str | None = None) -> dict[str, Any]:
    """A day to keep, as a decision gives it."""
    what = {"zh": "贷款发放", "en": "the loan paid out"}
    return {"what": what, "opens": opens, "closes": closes, "rule": None, "source": "某号", "confidence": "medium"}


def test_days_to_keep_have_events_of_their_own(book: Catalogue) -> None:
    """When something opens and when it closes are each a day; the end of the rules on the same day is not told twice."""
    days_to_keep = [due("2022-12-31", "2022-09-01"), due("2022-08-01")]
    decision = replace(HELD, due=lambda: days_to_keep)
    found = days(book, [decision], AS_OF, "zh")
    assert [(day.on, day.title) for day in found] == [
        (date(2022, 9, 1), "小微企业“六税两费”减免：贷款发放，今天开始"),
        (date(2022, 12, 31), "小微企业“六税两费”减免：贷款发放，今天截止"),
    ]
    assert "依据：某号" in found[0].text
