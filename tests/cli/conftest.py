"""What the tests of the command line share: running a command in this process and writing profiles to files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from matcher.cli import main
from tests.cli.profiles import SHOP

# A busy machine is slow, not wrong.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run `matcher` with these words; `stdin` is what it reads from standard input."""

    def call(*words: str | Path, stdin: str | bytes = "") -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Write text, or anything as JSON, to a file of this name and return its path."""

    def put(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return put


@pytest.fixture
def shop(write: Callable[[str, Any], Path]) -> Path:
    """A profile that is decided: an individual business in 2023."""
    return write("shop.json", SHOP)
