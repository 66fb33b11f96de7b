"""The examples of docs/api.md run as they stand there, against the site over the network."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.fixtures.pages import served

LANGUAGES = {
    "sh": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": ["node", "--input-type=module", "-e"],
}


@pytest.fixture(scope="module")
def api_address(api: Flask) -> Iterator[str]:
    """The address of the site."""
    with served(api) as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_runs(api_address: str, repo_root: Path, language: str) -> None:
    """Each prints the decision and its sum."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", (repo_root / "docs" / "api.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(found) == 1
    program = LANGUAGES[language]
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    environment = {**os.environ, "MATCHER_API": api_address}
    result = subprocess.run(
        [*program, found[0]], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert "six-taxes-two-fees" in result.stdout
    assert "19321.29" in result.stdout
