"""What an industry code comes to under the ranges of a rule, as the exact engine has it; None where it is too short to tell."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from matcher.rulebook.language import code_classes, code_matches, code_may_match

Ranges = tuple[tuple[str, str], ...]


def is_in(code: str, ranges: Ranges, classes: frozenset[str]) -> bool | None:
    """Whether a code lies under the ranges: of a short one, whether all of its classes do, or none."""
    if code_matches(code, ranges):
        return True
    if not code_may_match(code, ranges):
        return False
    under = {one for one in classes if one.startswith(code)}
    chosen = under & _within(ranges, classes)
    return bool(chosen) if not chosen or chosen == under else None


def class_of(code: str, table: Any) -> str | None:
    """The one class that a code falls under."""
    return code_classes(code, table)


@lru_cache(maxsize=256)
def _within(ranges: Ranges, classes: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in classes if code_matches(one, ranges))
