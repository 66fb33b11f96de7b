"""The files that an installation keeps beside its database: where they lie, and how they come out and in."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from matcher.desk.backup.archive import DATABASE, SECRET, Manifest

FOLDER_MODE = 0o700
_PUBLIC = "keys.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps what it keeps."""

    url: URL
    instance: Path
    keys: Path


def kept(place: Place, with_secrets: bool, folder: Path) -> dict[str, Path]:
    """The files beside the database, copied first: what is measured and what is packed must be the same bytes."""
    found = {f"rulebooks/{path.name}": path for path in sorted((place.instance / "rulebooks").glob("*.zip"))}
    keys = sorted(place.keys.glob("*.pem")) if with_secrets else []
    found |= {f"keys/{path.name}": path for path in (*keys, place.keys / _PUBLIC) if path.is_file()}
    if with_secrets and (place.instance / SECRET).is_file():
        found[SECRET] = place.instance / SECRET
    copies = {}
    for name, path in found.items():
        copies[name] = folder / name
        copies[name].parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copies[name])
    return copies


def readable_secrets(place: Place) -> list[str]:
    """The names of the private keys and secrets that whoever has a backup with them can read: no passphrase encrypts them."""
    keys = [path for path in sorted(place.keys.glob("*.pem")) if b"ENCRYPTED PRIVATE KEY" not in path.read_bytes()]
    return [path.name for path in (*keys, place.instance / SECRET) if path.is_file()]


def in_the_way(place: Place) -> list[Path]:
    """What is there already that a restore would have to overwrite."""
    folders = [path for path in (place.instance / "rulebooks", place.keys) if path.is_dir() and any(path.iterdir())]
    return folders + [path for path in (place.instance / SECRET,) if path.exists()]


def put(place: Place, manifest: Manifest, folder: Path) -> None:
    """Put the files where they belong; those already put are taken away again if one cannot be."""
    done: list[Path] = []
    try:
        for name in manifest.parts:
            if name == DATABASE[manifest.database]:
                continue
            kind, _, file = name.rpartition("/")
            home = {"": place.instance, "keys": place.keys, "rulebooks": place.instance / "rulebooks"}[kind]
            home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            new_file(folder / name, home / file)
            done.append(home / file)
    except BaseException:
        for path in done:
            path.unlink(missing_ok=True)
        raise


def new_file(source: Path, target: Path) -> None:
    """Copy to a place where nothing is, complete or not at all, readable by the owner alone."""
    handle, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, source.open("rb") as content:
            shutil.copyfileobj(content, file)
        os.link(draft, target)  # unlike a rename, a link never replaces
    finally:
        os.unlink(draft)
