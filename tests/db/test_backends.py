"""That the store is never tested on half of its databases without anybody noticing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ONE = "tests/db/test_tables.py::test_a_decision_with_a_letter_stays"
PLUGINS = ("-p", "tests.fixtures.databases", "-p", "tests.fixtures.register")


@pytest.mark.parametrize(("ci", "outcome"), [({}, "1 passed, 1 skipped"), ({"CI": "true"}, "1 passed, 1 error")])
def test_a_missing_server_is_said_aloud_and_fails_in_ci(repo_root: Path, ci: dict[str, str], outcome: str) -> None:
    """Without a PostgreSQL server its tests are skipped with the reason at the end of the run; in CI they fail."""
    bare = {name: value for name, value in os.environ.items() if name not in ("CI", "DATABASE_URL_POSTGRES")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--noconftest", *PLUGINS, ONE],
        cwd=repo_root,
        env=bare | ci,
        capture_output=True,
        text=True,
    )
    assert outcome in run.stdout
    assert "DATABASE_URL_POSTGRES is not set" in run.stdout
    assert run.returncode == (1 if ci else 0)
