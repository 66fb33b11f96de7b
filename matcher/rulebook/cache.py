"""Keeps the loaded rulebook among the user's caches, so that a cold start need not parse and cross-check the rules again.

A kept rulebook is known by the content of the rule files and of this package's own source: whatever changes, it is loaded
anew. It is read back only from a file that belongs to this user and that nobody else may write. ``MATCHER_CACHE`` names
another folder; ``MATCHER_CACHE=off`` does without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from matcher.settings import settings

from .names import Names
from .rulebook import Rulebook

KEPT = 4

_UNUSABLE = (OSError, pickle.PickleError, AttributeError, ImportError, EOFError, IndexError, TypeError, ValueError)


def kept_or_loaded(directory: Path, load: Callable[[Path], Rulebook]) -> Rulebook:
    """The kept rulebook of ``directory``, or a freshly loaded one, which is then kept. Raises what ``load`` raises."""
    folder = _folder()
    if folder is None:
        return load(directory)
    file = folder / f"rulebook-{_fingerprint(directory)}.pickle"
    found = _read(file)
    if found is None:
        found = load(directory)
        with contextlib.suppress(*_UNUSABLE):  # a cache that cannot be written costs time, nothing else
            _write(file, found)
    return found


def _folder() -> Path | None:
    told = settings()
    if told.cache == "off" or not hasattr(os, "getuid"):
        return None
    if told.cache:
        return Path(told.cache)
    try:
        return (told.xdg_cache_home or Path.home() / ".cache") / "eligibility-matcher"
    except RuntimeError:  # a user without a home
        return None


def _fingerprint(directory: Path) -> str:
    """A hash over every rule file and over the source that gives them meaning."""
    found = hashlib.sha256()
    for root, pattern in ((directory, "*"), (Path(__file__).parent, "*.py")):
        for path in sorted(root.rglob(pattern)):
            if path.is_file():
                found.update(
                    f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes()
                )
    return found.hexdigest()[:40]


def _read(file: Path) -> Rulebook | None:
    try:
        with file.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o022:
                return None
            found = pickle.load(stream)
    except _UNUSABLE:
        return None
    return found if isinstance(found, Rulebook) else None


def _write(file: Path, rulebook: Rulebook) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)  # mkstemp makes it readable and writable by this user alone
    with os.fdopen(handle, "wb") as stream:
        pickle.dump(_without_places(rulebook), stream, protocol=pickle.HIGHEST_PROTOCOL)
    Path(name).replace(file)
    old = sorted(file.parent.glob("rulebook-*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in old[KEPT:]:
        path.unlink(missing_ok=True)


def _without_places(rulebook: Rulebook) -> Rulebook:
    """The rulebook without the files its names were read from: places serve the messages of a load, and are large."""
    parsed = {slug: replace(one, names=_lighter(one.names)) for slug, one in rulebook.parsed.items()}
    return replace(rulebook, parsed=parsed, names=_lighter(rulebook.names), _editions={}, _segments={}, worked_out={})


def _lighter(names: Names) -> Names:
    return replace(names, defined={})
