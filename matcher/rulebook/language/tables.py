"""Dated tables: rows by words, by bands or by code ranges; how they are checked and what a look-up finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from matcher.rulebook.language.types import Type


@dataclass(frozen=True, slots=True)
class Key:
    """What one level of a table is looked up by: ``enum`` (the words of ``values``), ``band`` (inclusive lower bounds) or
    ``upto`` (inclusive upper bounds); bands are in the unit of ``type``."""

    kind: str
    type: Type


@dataclass(frozen=True, slots=True)
class Rows:
    """One level of a table. ``rows`` are (key, row below) in order; ``other`` is the row for what no key names, if any.

    In a band, key k covers from k (included) to the next key; in ``upto`` up to k (included) from the key before.
    """

    kind: str
    rows: tuple[tuple[Any, Any], ...]
    other: Any = None

    def leaves(self) -> Iterator[Any]:
        """Every figure of the table."""
        for row in (*[row for _, row in self.rows], self.other):
            if isinstance(row, Rows):
                yield from row.leaves()
            elif row is not None:
                yield row

    def word(self, key: str) -> Any:
        """The row of a word, or the row for all others, or None."""
        for words, row in self.rows:
            if key in words:
                return row
        return self.other

    def number(self, value: Fraction | int) -> Any:
        """The row of a number in bands, or None below the lowest."""
        found = None if self.kind == "band" else self.other
        if self.kind == "band":
            for bound, row in self.rows:
                if value >= bound:
                    found = row
            return found
        for bound, row in reversed(self.rows):
            if value <= bound:
                found = row
        return found


@dataclass(frozen=True, slots=True)
class Spec:
    """What kind of thing a parameter is: a ``value``, a ``set`` of words, ``codes``, ``classes`` of codes, a ``table`` or a ``scale``."""

    kind: str
    type: Type
    keys: tuple[Key, ...] = ()


def code_matches(code: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    """Whether an industry code lies under one of the ranges: its first digits from ``low`` to ``high``, both included."""
    return any(low <= code[: len(low)] <= high for low, high in ranges if len(code) >= len(low))


def code_may_match(code: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    """Whether some longer code that begins so could lie under one of the ranges."""
    return any(low[: len(code)] <= code <= high[: len(code)] for low, high in ranges if len(code) < len(low))


def code_classes(code: str, classes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> str | None:
    """The one class a code falls under; None where it is outside all of them or too short to place."""
    found = [name for name, ranges in classes if code_matches(code, ranges)]
    open_ = [name for name, ranges in classes if name not in found and code_may_match(code, ranges)]
    return found[0] if len(found) == 1 and not open_ else None
