"""Tianjin's time, in which people read days and moments; what is kept is kept in UTC.

China has one time and no summer time; a fixed offset needs no time-zone data on the machine.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

TIANJIN = timezone(timedelta(hours=8), "Asia/Shanghai")


def today() -> date:
    """Today in Tianjin, wherever the machine stands."""
    return datetime.now(TIANJIN).date()


def day_of(at: datetime) -> date:
    """The day that it is in Tianjin at a moment."""
    return at.astimezone(TIANJIN).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Tianjin, in UTC. Raises OverflowError for the first day there is."""
    return datetime.combine(day, time(), TIANJIN).astimezone(UTC)
