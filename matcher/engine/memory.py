"""Remembers what was worked out of a few told facts, so that firms that tell the same of them are not worked out again.

Most firms leave the same questions of a scheme open (no REIT, no ship, no training centre): the exact answer to "untold" is
worked out once and remembered by the told facts that bear on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from matcher.rulebook import Scalar

MOST = 20_000

T = TypeVar("T")


def remembered(names: Iterable[str], work: Callable[[Mapping[str, Scalar], int], T]) -> Callable[..., T]:
    """``work(facts, day)`` remembered by the facts of these names and the day (0 where the rules do not use it)."""
    relevant = tuple(names)
    known: dict[tuple[object, ...], T] = {}

    def answer(facts: Mapping[str, Scalar], day: int = 0) -> T:
        key = (day, *map(facts.get, relevant))
        try:
            return known[key]
        except KeyError:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = work(facts, day)
            return found

    return answer
