"""What visitors say seems wrong: left for the centre of their district, read at the desk, gone once it is dealt with.

Each is a file of its own in the instance folder, which only the site's user may read; no answer is in it unless its author ticked that.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

_FOLDER = "reports"

_MOST = 500  # unread ones of one centre: after that nobody is reading

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")

_CENTRE = re.compile(r"[a-z][a-z_-]{0,40}")


class ReportsFull(Exception):
    """So many reports lie unread at the centre that another would help nobody."""


@dataclass(frozen=True)
class Report:
    """One report: the scheme and what was decided of it on which day by which edition, and what its author says of that.

    ``reach`` is how the author may be reached, empty: not at all; ``answers`` are labels and values, none unless ticked.
    """

    scheme: str
    day: str
    status: str
    edition: str
    text: str
    reach: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Left:
    """A report as the desk reads it, with its id and when it was left (UTC)."""

    id: str
    made_at: datetime
    report: Report


def leave(instance: Path, centre: str, report: Report, now: datetime) -> str:
    """Leave a report for a centre, and return its id. Raises ReportsFull."""
    folder = _folder(instance, centre)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sum(1 for _ in folder.glob("*.json")) >= _MOST:
        raise ReportsFull
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(6)}"
    half = folder / f"{name}.part"
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({**asdict(report), "made_at": now.isoformat()}, file, ensure_ascii=False)
    half.rename(folder / f"{name}.json")  # whole or not at all
    return name


def left_for(instance: Path, centre: str) -> tuple[Left, ...]:
    """What lies for a centre, the newest first; a file that cannot be read is passed over."""
    return tuple(sorted(_read(_folder(instance, centre)), key=lambda one: one.id, reverse=True))


def done(instance: Path, centre: str, id_: str) -> bool:
    """Throw one away that was dealt with; whether it was there."""
    path = _folder(instance, centre) / f"{id_}.json"
    if not _ID.fullmatch(id_) or not path.exists():
        return False
    path.unlink()
    return True


def _folder(instance: Path, centre: str) -> Path:
    if not _CENTRE.fullmatch(centre):
        raise ValueError(f"no centre is called {centre!r}")
    return instance / _FOLDER / centre


def _read(folder: Path) -> Iterator[Left]:
    for path in folder.glob("*.json"):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            made = datetime.fromisoformat(found.pop("made_at"))
            yield Left(path.stem, made, Report(**found))
        except (OSError, ValueError, TypeError, KeyError):
            continue
