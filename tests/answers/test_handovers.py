"""Tests of the handovers: opened, withdrawn, expired."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from matcher.answers.models import Handover, HandoverOpening
from matcher.answers.store import find_handover, openings, put_handover, record_opening, withdraw_handover
from matcher.db.database import session

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO = "1" * 64, "2" * 64


def test_a_handover_keeps_its_record_when_withdrawn(engine: Engine) -> None:
    """Withdrawn, the contents are gone for good, the openings stay; a second hand-over under the name changes nothing."""
    with session(engine) as writing:
        made = put_handover(writing, ONE, b"sealed", "1", NOW, NOW + 30 * DAY)
        record_opening(writing, made, NOW + DAY)
        withdraw_handover(writing, made, NOW + 2 * DAY)
        withdraw_handover(writing, made, NOW + 3 * DAY)
    with session(engine) as writing:
        put_handover(writing, ONE, b"again", "1", NOW + 4 * DAY, NOW + 34 * DAY)
    with session(engine) as reading:
        found = find_handover(reading, ONE, NOW)
        assert found is not None
        assert (found.ciphertext, found.withdrawn_at, found.made_at) == (None, NOW + 2 * DAY, NOW)
        assert list(openings(reading, ONE)) == [NOW + DAY]


def test_an_expired_handover_is_purged_with_its_openings(engine: Engine) -> None:
    """The next handover of anybody throws away what has expired."""
    with session(engine) as writing:
        made = put_handover(writing, ONE, b"sealed", "1", NOW, NOW + DAY)
        record_opening(writing, made, NOW)
    with session(engine) as reading:
        assert find_handover(reading, ONE, NOW + DAY) is None
    with session(engine) as writing:
        put_handover(writing, TWO, b"sealed", "1", NOW + DAY, NOW + 2 * DAY)
    with session(engine) as reading:
        assert [row.id for row in reading.exec(select(Handover))] == [TWO]
        assert reading.exec(select(HandoverOpening)).all() == []
