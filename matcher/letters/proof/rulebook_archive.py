"""The rulebooks at hand when a letter is verified: this program's own, those kept by their hash, those brought along."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from matcher import places
from matcher.rulebook import Rulebook, RulebookError, load, load_archived

LARGEST = 64 * 1024 * 1024  # unpacked

_MOST_FILES = 5000


class ShelfError(ValueError):
    """Something that was brought as a rulebook is none."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Finds a rulebook by its hash. ``kept`` holds archives called by it; ``brought`` are folders or archives."""

    kept: Path | None = None
    brought: Sequence[Path] = ()

    def find(self, content_hash: str) -> Rulebook | None:
        """The rulebook with this hash, or None."""
        archive = None if self.kept is None else self.kept / f"{content_hash}.zip"
        candidates = [*self.brought, *([archive] if archive and archive.is_file() else [])]
        for path in candidates:
            found = _open(path)
            if found is not None and found.hash == content_hash:
                return found
        own = load()
        return own if own.hash == content_hash else None


def _open(path: Path) -> Rulebook | None:
    try:
        if path.is_dir():
            return load_archived(path)
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
            _unpack(archive, Path(folder))
            return load_archived(Path(folder))
    except (OSError, zipfile.BadZipFile, RulebookError, ShelfError):
        return None


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    """Unpack what an archive of rules may hold. Raises ShelfError for what is too much or points elsewhere."""
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(files) > _MOST_FILES or sum(entry.file_size for entry in files) > LARGEST:
        raise ShelfError("too large for an archive of rules")
    for entry in files:
        name = PurePosixPath(entry.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename:
            raise ShelfError(f"a file outside the archive: {entry.filename}")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source:
            target.write_bytes(source.read(entry.file_size))


def own_archives() -> Path:
    """The folder in which the rulebooks of issued letters are kept."""
    return places.instance_dir() / "rulebooks"
