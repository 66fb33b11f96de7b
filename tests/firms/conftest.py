"""What the tests of firms share: writing a file and reading it back as profiles."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.firms.files import Profile, open_profiles
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture
def profiles_of(rulebook: Rulebook, tmp_path: Path) -> Callable[[str | bytes, str], list[Profile]]:
    """Write a file of the given name and read its profiles; the name `-` is standard input."""

    def read(content: str | bytes, name: str) -> list[Profile]:
        data = content.encode() if isinstance(content, str) else content
        if name != "-":
            (tmp_path / name).write_bytes(data)
            return list(open_profiles(rulebook, str(tmp_path / name), io.BytesIO()).profiles)
        return list(open_profiles(rulebook, "-", io.BytesIO(data)).profiles)

    return read


@pytest.fixture
def rulebook_profiles(rulebook: Rulebook, tmp_path: Path) -> Callable[[str], Profile]:
    """Open a name in an empty folder, whether or not there is such a file."""
    return lambda name: next(open_profiles(rulebook, str(tmp_path / name), io.BytesIO()).profiles)
