"""Tests of the drafts: encrypted answers that are found until they expire."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from matcher.answers.models import Draft
from matcher.answers.quota import delete_draft, find_draft, put_draft
from matcher.db.database import session

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO = "1" * 64, "2" * 64


def test_a_draft_is_found_until_it_expires(engine: Engine) -> None:
    """It comes back byte for byte up to its last moment, and not after."""
    with session(engine) as writing:
        put_draft(writing, ONE, b"\x00\xff sealed", NOW + DAY, NOW)
    with session(engine) as reading:
        found = find_draft(reading, ONE, NOW)
        assert found is not None
        assert (found.ciphertext, found.expires_at) == (b"\x00\xff sealed", NOW + DAY)
        assert find_draft(reading, ONE, NOW + DAY) is None
        assert find_draft(reading, TWO, NOW) is None


def test_writing_a_draft_anew_replaces_it_and_purges_others(engine: Engine) -> None:
    """Under the same name there is one row; what has expired meanwhile is gone."""
    with session(engine) as writing:
        put_draft(writing, ONE, b"first", NOW + DAY, NOW)
        put_draft(writing, TWO, b"other", NOW + DAY, NOW)
    with session(engine) as writing:
        put_draft(writing, ONE, b"second", NOW + 9 * DAY, NOW + 2 * DAY)
    with session(engine) as reading:
        assert [(row.id, row.ciphertext) for row in reading.exec(select(Draft))] == [(ONE, b"second")]


def test_a_deleted_draft_is_gone(engine: Engine) -> None:
    """Deleting says whether there was anything to delete."""
    with session(engine) as writing:
        put_draft(writing, ONE, b"first", NOW + DAY, NOW)
    with session(engine) as writing:
        assert (delete_draft(writing, ONE), delete_draft(writing, TWO)) == (True, False)
    with session(engine) as reading:
        assert find_draft(reading, ONE, NOW) is None
