"""`matcher audit`: whole or broken by its exit status, the head to be noted, everything for another program."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text

from matcher.audit.trail import Event, append
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of its own with three entries, one of which a spreadsheet would work out."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))
    migrate()
    engine = open_engine()
    with session(engine) as writing:
        for centre, subject in (("heping", "case 1"), ("hedong", "=1+1"), ("heping", "case 2")):
            at = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
            append(
                writing, Event(at, "li.na", "clerk", centre, "case.opened", subject, "10.0.0.7", {"facts": ["名称"]})
            )
    engine.dispose()


def damage() -> None:
    """Change the second entry behind the triggers' back."""
    engine = open_engine()
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(text("UPDATE audit_entry SET actor = 'wu' WHERE number = 2"))
    engine.dispose()


def test_a_whole_trail_passes_and_the_walk_is_recorded(run: Run) -> None:
    """Exit status 0, and the walk itself is the next entry."""
    first, second = (run("audit", "verify", "--json") for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert [json.loads(one.output)["number"] for one in (first, second)] == [3, 4]
    assert "操作记录完整" in run("audit", "verify").output


def test_a_changed_trail_fails_with_the_number(run: Run) -> None:
    """Exit status 1, and the first bad entry by its number, in the language asked for."""
    damage()
    told = json.loads(run("audit", "verify", "--json").output)
    assert (told["whole"], told["broken"]["number"]) == (False, 2)
    failed = run("audit", "verify", "--lang", "en")
    assert (failed.exit_code, failed.output.startswith("entry 2 does not match")) == (1, True)


def test_a_noted_head_is_held_against_the_trail(run: Run) -> None:
    """The head as printed holds; one with another digest does not; anything else is bad input."""
    noted = run("audit", "head").output.strip()
    assert run("audit", "verify", "--head", noted).exit_code == 0
    assert run("audit", "verify", "--head", f"3:{'0' * 64}").exit_code == 1
    assert run("audit", "verify", "--head", "3").exit_code == 2


def test_everything_is_exported_as_json_lines(run: Run) -> None:
    """One object an entry, the oldest first, with the digests; one centre's alone on request."""
    rows = [json.loads(line) for line in run("audit", "export").output.splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert rows[1]["previous"] == rows[0]["digest"]
    assert rows[0]["detail"] == {"facts": ["名称"]}
    assert len(run("audit", "export", "--centre", "heping").output.splitlines()) == 2


def test_the_csv_has_no_formula(run: Run) -> None:
    """What a spreadsheet would work out has an apostrophe before it."""
    rows = list(csv.DictReader(io.StringIO(run("audit", "export", "--csv").output)))
    assert [row["subject"] for row in rows] == ["case 1", "'=1+1", "case 2"]
