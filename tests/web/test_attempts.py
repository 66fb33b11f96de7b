"""Tests of counting tries."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from matcher.db.database import session
from matcher.web.limits import add_attempt, drop_attempt, tries

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO = "1" * 64, "2" * 64


def test_tries_are_counted_by_client_and_for_all(engine: Engine) -> None:
    """Each purpose counts by itself; what was made too long ago goes, what was right is taken back."""
    with session(engine) as writing:
        add_attempt(writing, "code", ONE, NOW - DAY, NOW - 2 * DAY)
        add_attempt(writing, "code", ONE, NOW, NOW - timedelta(hours=1))
        add_attempt(writing, "code", TWO, NOW + timedelta(minutes=1), NOW - timedelta(hours=1))
        right = add_attempt(writing, "sign_in", ONE, NOW, NOW - timedelta(hours=1))
    with session(engine) as writing:
        drop_attempt(writing, right)
    with session(engine) as reading:
        assert tries(reading, "code", ONE) == (1, NOW)
        assert tries(reading, "code", None) == (2, NOW)
        assert tries(reading, "sign_in", None) == (0, None)
