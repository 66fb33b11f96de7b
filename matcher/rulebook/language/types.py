"""The types of the condition language: what a value is, and in which unit it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
