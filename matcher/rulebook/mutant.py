"""One mutant: a copy of the rulebook in which a single thing is nudged, with the schemes and the days that could notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matcher.rulebook.parsed import ParameterHistory
from matcher.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Mutant:
    """One nudge: what it is, the schemes that could notice, the days on which it matters, and the mutated rulebook.

    ``in_bundles``: what is nudged bears on the choice among offers alone, so that bundles notice it and cases do not.
    """

    id: str
    what: str
    schemes: tuple[str, ...]
    first: date | None
    last: date | None
    make: Callable[[], Rulebook]
    in_bundles: bool = False

    def matters_on(self, day: date) -> bool:
        """Whether the nudge can show on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def altered(rulebook: Rulebook, **changes: Any) -> Rulebook:
    """The rulebook with parts replaced and its caches empty."""
    return replace(rulebook, _editions={}, _segments={}, _turns={}, worked_out={}, **changes)


def with_history(rulebook: Rulebook, history: ParameterHistory) -> Rulebook:
    """The rulebook with one parameter's history in place of its own."""
    return altered(rulebook, parameters={**rulebook.parameters, history.parameter.id: history})


def open_between(rulebook: Rulebook, subject: str, first: date | None, last: date | None) -> bool:
    """Whether the scheme is open on a day of the span; a concept can be asked on any day."""
    parsed = rulebook.parsed.get(subject)
    return parsed is None or any(
        version.state is None
        and (version.from_ or date.min) <= (last or date.max)
        and (first or date.min) <= (version.until or date.max)
        for version in parsed.scheme.versions
    )
