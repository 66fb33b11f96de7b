"""Findings that the law itself makes and that are accepted, each with its reason; a reason that accepts nothing is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.rulebook import RulebookError, Text
from matcher.rulebook.problems import Problem
from matcher.rulebook.reading import decode, read_bytes, read_text

NAME = "prove.yaml"


class Accepted(BaseModel):
    """One accepted finding (``scheme:kind:subject``) and why the rules are meant so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The reasons by the finding they accept."""

    reasons: Mapping[str, Text]

    def unused(self, found: Iterable[str], schemes: Iterable[str]) -> list[str]:
        """The accepted findings of these schemes that are not found any more."""
        known, looked_at = set(found), set(schemes)
        return [name for name in self.reasons if name not in known and name.split(":", 1)[0] in looked_at]


def read_exceptions(folder: Path) -> Exceptions:
    """The exceptions of the rules in ``folder``; none where there is no file. Raises RulebookError with file and line."""
    path = folder / NAME
    if not path.exists():
        return Exceptions({})
    document = read_text(decode(read_bytes(path, NAME), NAME), NAME)
    reasons, problems = {}, []
    for index, raw in enumerate(document.data or []):
        try:
            one = Accepted.model_validate(raw)
            reasons[one.finding] = one.reason
        except ValidationError as error:
            problems.append(Problem(NAME, document.line((index,)), "finding", error.errors()[0]["msg"]))
    if problems:
        raise RulebookError(problems)
    return Exceptions(reasons)
