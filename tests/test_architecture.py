"""Holds docs/architecture.md against what runs: its three walks name the files that a function runs in, no more and no less."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

WALKS = ("check", "answer", "letter")


def listed(text: str, walk: str) -> set[str]:
    """The files that the section of a walk names."""
    section = re.search(rf"<!-- walk: {walk} -->(.*?)<!-- end -->", text, re.DOTALL)
    assert section, f"docs/architecture.md has no walk {walk!r}"
    return {
        f"{folder}{name}"
        for folder, names in re.findall(r"^\| `([a-z_/]*)` \| (.*) \|$", section[1], re.MULTILINE)
        for name in re.findall(r"`([a-z_0-9]+\.py)`", names)
    }


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_names_what_runs(walk: str, repo_root: Path, tmp_path: Path) -> None:
    """Run `python -m tests.tools.walks --write` where a change moves a walk, and read what it says."""
    command = [sys.executable, "-m", "tests.tools.walks", str(tmp_path), walk]
    done = subprocess.run(command, cwd=repo_root, capture_output=True, text=True, check=True)
    text = (repo_root / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert listed(text, walk) == set(json.loads(done.stdout.splitlines()[-1]))


def test_a_missing_file_is_noticed() -> None:
    """The reading of the page finds each file of each folder, so that one left out is a difference."""
    page = "<!-- walk: check -->\n| folder | files |\n|---|---|\n| `engine/` | `check.py` `decide.py` |\n| `` | `places.py` |\n<!-- end -->"
    assert listed(page, "check") == {"engine/check.py", "engine/decide.py", "places.py"}
