"""Find worked cases and bundles in files and folders, and tell them from whole firms by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matcher.firms.documents import Document
from matcher.firms.faults import Fault, Unreadable
from matcher.firms.sources import read_all, read_document
from matcher.rulebook import Text

_CASE = {"scheme", "facts", "expect"}
_CONCEPT = {"concept", "facts", "expect"}  # a key of ours: what an enumeration is worked out to be


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case as its file states it."""

    file: Path
    index: int
    content: Mapping[str, Any]
    document: Document

    @property
    def id(self) -> str:
        """The case's id, or its file and place in it."""
        return str(self.content.get("id") or f"{self.file.name}[{self.index}]")

    @property
    def subject(self) -> str:
        """The scheme the case is about, or the concept."""
        return str(self.content.get("scheme") or self.content.get("concept"))

    def fact_line(self, path: tuple[str | int, ...]) -> int | None:
        """Return the line of a fact in the case's file."""
        return self.document.find_line((self.index, "facts", *path))


@dataclass(slots=True)
class Found:
    """What the files hold: cases and bundles in the order of files, what is neither, and what cannot be read."""

    cases: list[Case] = field(default_factory=list)
    bundles: list[Case] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    faults: list[tuple[Path, Fault]] = field(default_factory=list)


def find_cases(paths: Iterable[str]) -> Found:
    """Read every .yaml and .yml below the paths. Nothing is raised: what cannot be read is in `faults`."""
    found = Found()
    for name in paths:
        files = list(_files(Path(name)))
        if not files:
            text = Text(zh="没有这个文件，或文件夹里没有 .yaml", en="does not exist, or holds no .yaml file")
            found.faults.append((Path(name), Fault("file", None, "", text)))
        for file in files:
            _read(file, found)
    return found


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(child for child in path.rglob("*.y*ml") if child.suffix in {".yaml", ".yml"})
    elif path.exists():
        yield path


def _read(file: Path, found: Found) -> None:
    try:
        with file.open("rb") as stream:
            document = read_document(read_all(stream), "yaml")
    except Unreadable as error:
        found.faults += [(file, fault) for fault in error.faults]
        return
    except OSError as error:
        found.faults.append(
            (file, Fault("file", None, "", Text(zh="读不出来", en=f"cannot be read: {error.strerror}")))
        )
        return
    found.faults += [(file, fault) for fault in document.faults]
    entries = document.data if isinstance(document.data, list) else [document.data]
    for index, content in enumerate(entries):
        _sort(Case(file, index, content if isinstance(content, dict) else {}, document), found)


def _sort(case: Case, found: Found) -> None:
    keys = case.content.keys()
    if keys >= _CASE or keys >= _CONCEPT:
        found.cases.append(case)
    elif "offers" in keys:
        found.bundles.append(case)
    elif not ("facts" in keys and "expect" not in keys):  # a whole firm expects nothing: there is nothing to compare
        found.strange.append(case.id)
