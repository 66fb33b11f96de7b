"""`matcher retention due`: what is listed, what is forgotten, and what is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from matcher.answers.models import Draft
from matcher.audit.trail import Wanted, all_entries
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of its own with a draft that expired a minute ago and one that will in three days."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))
    migrate()
    engine, now = open_engine(), datetime.now(UTC)
    with session(engine) as writing:
        for letter, at in (("a", now - timedelta(minutes=1)), ("b", now + timedelta(days=3))):
            writing.add(Draft(id=letter * 64, ciphertext=b"x", expires_at=at))
    engine.dispose()


def drafts(run: Run, *words: str) -> int:
    """How many drafts are due."""
    result = run("retention", "due", "--json", *words)
    assert result.exit_code == 0, result.output
    return int(json.loads(result.output)["drafts"])


def test_what_is_due_is_listed_and_stays(run: Run) -> None:
    """Looked at twice it is the same; at a later day there is more."""
    assert [drafts(run), drafts(run)] == [1, 1]
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    assert drafts(run, "--as-of", later) == 2
    assert "1份暂存" in run("retention", "due").output


def test_what_is_forgotten_is_gone_and_remembered(run: Run) -> None:
    """Once forgotten nothing is due, and the trail has an entry that names no content."""
    assert "已删除：1份暂存" in run("retention", "due", "--forget").output
    assert run("retention", "due", "--lang", "en").output == "nothing has been kept long enough\n"
    engine = open_engine()
    with session(engine) as opened:
        found = [(one.action, one.detail) for one in all_entries(opened, Wanted())]
    engine.dispose()
    assert found == [("expired.deleted", {"handovers": 0, "drafts": 1, "case_drafts": 0})]


def test_the_future_is_not_forgotten(run: Run) -> None:
    """--forget for a day to come, and a day that is none: exit status 2, nothing gone."""
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    assert run("retention", "due", "--forget", "--as-of", later).exit_code == 2
    assert run("retention", "due", "--as-of", "someday").exit_code == 2
    assert drafts(run) == 1
