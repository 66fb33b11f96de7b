"""The types of the condition language: what a value is, in which unit it is counted, and what a dated table holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

# ---------------------------------------------------------------------------------------------------------------------
# The types of the condition language: what a value is, and in which unit it is counted.
# ---------------------------------------------------------------------------------------------------------------------


# What a told fact, a parameter or a result is inside the program. Money is whole fen; a rate or number an exact fraction.
Scalar = bool | int | Fraction | date | str


class LanguageError(Exception):
    """An expression is not of the language, or its values do not fit; the message says what is wrong."""


Unit = tuple[tuple[str, int], ...]

NO_UNIT: Unit = ()

YUAN: Unit = (("yuan", 1),)


def unit_of(text: str | None) -> Unit:
    """``yuan/person`` → yuan¹ person⁻¹. Words are taken as they are written, in the plural (persons, months)."""
    powers: dict[str, int] = {}
    for sign, part in zip([1, -1], (text or "").split("/", 1), strict=False):
        for word in part.split("*"):
            if word.strip() and word.strip() != "1":
                powers[word.strip()] = powers.get(word.strip(), 0) + sign
    return normal(powers)


def normal(powers: dict[str, int]) -> Unit:
    """The canonical form of a product of units."""
    return tuple(sorted((word, power) for word, power in powers.items() if power))


def product(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """The unit of left × right, or of left ÷ right with sign −1."""
    powers = dict(left)
    for word, power in right:
        powers[word] = powers.get(word, 0) + sign * power
    return normal(powers)


def unit_name(unit: Unit) -> str:
    """For messages: ``yuan/persons``, or ``a plain number``."""
    above = "*".join(word for word, power in unit for _ in range(power) if power > 0)
    below = "*".join(word for word, power in unit for _ in range(-power) if power < 0)
    if not unit:
        return "a plain number"
    return f"{above or '1'}/{below}" if below else above


@dataclass(frozen=True, slots=True)
class Type:
    """``kind`` is boolean, number, date, span, enum, code, text or set; a number has a unit, an enum or set its values in order."""

    kind: str
    unit: Unit = NO_UNIT
    values: tuple[str, ...] = ()
    whole: bool = False  # only whole numbers occur: persons, months, fen

    def __str__(self) -> str:
        if self.kind == "number":
            return unit_name(self.unit)
        return f"{self.kind} of {'/'.join(self.values[:4])}" if self.values else self.kind


BOOLEAN = Type("boolean")

DATE = Type("date", whole=True)

SPAN = Type("span")

CODE = Type("code")

TEXT = Type("text")

NUMBER = Type("number")

MONEY = Type("number", YUAN, whole=True)


def fact_type(kind: str, unit: str | None, values: tuple[str, ...], name: str = "") -> Type:
    """The type of a fact as the vocabulary states it."""
    if kind == "money":
        return MONEY
    if kind == "integer":
        return Type("number", unit_of(unit), whole=True)
    if kind in ("number", "rate"):
        return Type("number", unit_of(unit))
    if kind == "enum":
        return Type("enum", values=values)
    if kind == "text":
        return CODE if name == "industry" else TEXT
    return {"boolean": BOOLEAN, "date": DATE}[kind]


# ---------------------------------------------------------------------------------------------------------------------
# Dated tables: rows by words, by bands or by code ranges; how they are checked and what a look-up finds.
# ---------------------------------------------------------------------------------------------------------------------


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
