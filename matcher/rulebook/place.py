"""A place in a rule file, so that whatever is wrong there can be reported with its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from matcher.rulebook.problems import Problem
from matcher.rulebook.reading import Document, Path_


@dataclass(frozen=True, slots=True)
class Place:
    """A path inside a document. ``problems`` is the list that all places of one load share."""

    document: Document
    path: Path_ = ()
    problems: list[Problem] = field(default_factory=list)

    def __truediv__(self, part: str | int) -> Place:
        return Place(self.document, (*self.path, part), self.problems)

    def report(self, message: str) -> None:
        """Add a problem at this place."""
        self.problems.append(self.document.problem(self.path, message))

    @property
    def line(self) -> int:
        """The line of this place (1-based)."""
        return self.document.line(self.path)
