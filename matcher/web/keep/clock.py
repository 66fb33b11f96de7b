"""The time, in the two forms in which keeping answers needs it."""

from __future__ import annotations

from datetime import UTC, datetime


def moment() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def seconds() -> int:
    """This moment in whole seconds since 1970, as `Answers.told_at` counts."""
    return int(moment().timestamp())
