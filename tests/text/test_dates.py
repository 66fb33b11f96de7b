"""Tianjin's days: eight hours before the days of the store."""

from datetime import UTC, date, datetime, timedelta

from matcher.text.dates import day_of, midnight, today


def test_a_day_begins_at_four_in_the_afternoon_of_the_store() -> None:
    """From 16:00 UTC on it is the next day in Tianjin."""
    begins = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert midnight(date(2026, 11, 24)) == begins
    assert day_of(begins) == date(2026, 11, 24)
    assert day_of(begins - timedelta(microseconds=1)) == date(2026, 11, 23)


def test_today_is_the_day_of_now() -> None:
    """Asked before and after, the clock gives the days between which today lies."""
    before = day_of(datetime.now(UTC))
    assert before <= today() <= day_of(datetime.now(UTC))
