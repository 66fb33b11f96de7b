"""What the shapes of all rule files are made of: exact numbers, texts in two languages, spans of days, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as Day
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Confidence = Literal["high", "medium", "low"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]

MAX_FIGURE = 40

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def exact(value: Any) -> Fraction:
    """A whole number, or a decimal written as text, as an exact fraction. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"a number is wanted, not {value!r}")
    text = str(value)
    if len(text) > MAX_FIGURE:
        raise ValueError(f"a number of {len(text)} characters; at most {MAX_FIGURE} are read")
    if not _DECIMAL.match(text):
        raise ValueError(_not_a_number(text))
    return Fraction(text)


def decimal(number: int | Fraction) -> str:
    """An exact fraction as a plain decimal, the reverse of `exact`; one that does not end is cut after twelve places.

    >>> decimal(Fraction(3, 200)), decimal(-4)
    ('0.015', '-4')
    """
    number = Fraction(number)
    sign, number = ("-" if number < 0 else ""), abs(number)
    whole, rest = divmod(number, 1)
    digits = f"{int(rest * 10**12):012d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


_MEANT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(%|％|‰|万|亿)?\s*元?\Z")

_UNITS = {
    "%": Fraction(1, 100),
    "％": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "万": Fraction(10**4),
    "亿": Fraction(10**8),
}


def _not_a_number(text: str) -> str:
    """What to write in place of a figure with a unit or with commas."""
    found = _MEANT.match(text)
    if found is None:
        return f"{text!r} is not a plain decimal number"
    meant = Fraction(found[1].replace(",", "")) * _UNITS.get(found[2] or "", Fraction(1))
    share = ": a share is a part of one; write" if found[2] in ("%", "％", "‰") else ": write"
    return f"{text!r} is no plain number{share} {decimal(meant)}"


def as_list(value: Any) -> Any:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def in_both(value: Any) -> Any:
    """Words that need no translation, as the text of both languages."""
    return {"zh": value, "en": value} if isinstance(value, str) and value else value


Exact = Annotated[Fraction, BeforeValidator(exact)]

Sources = Annotated[list[str], Field(min_length=1), BeforeValidator(as_list), AfterValidator(tuple)]


class Shape(BaseModel):
    """Every shape is closed: a key that is not known is an error, never silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Text(Shape):
    """The same words in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def get(self, lang: str) -> str:
        """The words in ``lang`` (zh or en)."""
        return self.en if lang == "en" else self.zh

    def to_json(self) -> dict[str, str]:
        """The words in both languages, as every answer has them."""
        return {"zh": self.zh, "en": self.en}


class Dated(Shape):
    """Something that holds from a first to a last day, both included; None is open."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"upside down: from {self.from_} until {self.until}")
        return self

    def holds(self, day: Day) -> bool:
        """Whether ``day`` lies between, both ends included."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


def least(marks: Iterable[str]) -> Confidence:
    """The weakest of several confidences; high where there is none."""
    found = set(marks)
    return "low" if "low" in found else "medium" if "medium" in found else "high"
