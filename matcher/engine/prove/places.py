"""Where things stand in the rule files, so that a finding can name file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.rulebook.reading import Document, Path_, decode, read_bytes, read_text


@dataclass(frozen=True, slots=True)
class Places:
    """The scheme files by slug; concepts and parameters by name with their place."""

    schemes: Mapping[str, Document]
    concepts: Mapping[str, tuple[str, int]]
    parameters: Mapping[str, tuple[str, int]]

    def scheme(self, slug: str, path: Path_ = ()) -> tuple[str, int]:
        """File and line of a path in a scheme's file, or of the nearest that is written."""
        document = self.schemes.get(slug)
        return (f"{slug}.yaml", 1) if document is None else (document.file, document.line(path))

    def concept_file(self, name: str, slug: str) -> str:
        """The file in which a name is defined: the scheme's own unless it is of the whole rulebook."""
        return self.concepts[name][0] if name in self.concepts else self.scheme(slug)[0]


def read_places(folder: Path) -> Places:
    """Read the places of the rules in ``folder``. Raises RulebookError where a file cannot be read."""
    documents = {
        path.relative_to(folder).as_posix(): read_text(
            decode(read_bytes(path, path.name), path.name), path.relative_to(folder).as_posix()
        )
        for kind in ("schemes", "concepts", "parameters")
        for path in sorted((folder / kind).rglob("*.yaml"))
    }
    schemes = {
        str(one.data["slug"]): one for name, one in documents.items()
        if name.startswith("schemes/") and isinstance(one.data, dict) and "slug" in one.data
    }  # fmt: skip
    return Places(schemes, _listed(documents, "concepts/"), _listed(documents, "parameters/"))


def _listed(documents: Mapping[str, Document], kind: str) -> dict[str, tuple[str, int]]:
    return {
        str(item["id"]): (one.file, one.line((index,)))
        for name, one in documents.items() if name.startswith(kind) and isinstance(one.data, list)
        for index, item in enumerate(one.data) if isinstance(item, dict) and "id" in item
    }  # fmt: skip
