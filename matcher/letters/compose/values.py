"""Writes dates, sums, shares and facts the way a letter prints them; nothing is rounded here."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from matcher.text import day as in_words

from .words import OUTPUT_VALUES, UNITS

if TYPE_CHECKING:
    from matcher.rulebook import Fact


FactValue = bool | int | Fraction | date | str

UNPRINTED = ("Cc", "Cf", "Cs")

HAN = "[⺀-鿿豈-﫿＀-￯]"


def clean(text: str) -> str:
    """One line of printable text: control, bidirectional and other invisible characters go, white space closes up.

    A stranger's name must not be able to turn the reading order of the line it stands in. Characters this Python
    does not know yet (Cn) stay: the newest ideographs are somebody's name.
    """
    kept = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in UNPRINTED)
    return " ".join(kept.split())


def set_tight(text: str, lang: str) -> str:
    """Take out the blanks between Chinese and figures, which printed Chinese does not have; English stays as it is."""
    if lang == "en":
        return text
    return re.sub(f"(?<={HAN}) (?=[0-9])|(?<=[0-9%]) (?={HAN}|%)", "", text)


def capitalise(text: str) -> str:
    """A capital at the start of an English statement; Chinese has none, so it comes back as it was."""
    return text[:1].upper() + text[1:]


def write_date(day: date, lang: str) -> str:
    """2026年1月5日 or 5 January 2026: Arabic figures, no zero in front."""
    return in_words(day, lang)


def fen_of(yuan: str) -> int:
    """A decimal string in yuan as integer fen; more than two decimals raise ValueError."""
    fen = Decimal(yuan).scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError(f"not a whole number of fen: {yuan}")
    return int(fen)


def write_money(fen: int, lang: str) -> str:
    """Fen as 19,321.29元 or 19,321.29 yuan, grouped by thousands, always two decimals."""
    sign, (yuan, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    figures = f"{sign}{yuan:,}.{rest:02d}"
    return f"{figures} yuan" if lang == "en" else f"{figures}元"


def write_number(value: int | Fraction, unit: str | None, lang: str) -> str:
    """A count or measure with its unit; a quotient that has no short decimal is written as a fraction."""
    figures = f"{value:,}" if isinstance(value, int) else _decimal(value)
    if unit is None:
        return figures
    zh, en = UNITS.get(unit, (unit, unit))
    return f"{figures} {en}" if lang == "en" else f"{figures}{zh}"


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    for places in range(1, 9):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return f"{Decimal(scaled.numerator).scaleb(-places):,f}"
    return f"{value.numerator}/{value.denominator}"


def write_rate(value: Fraction) -> str:
    """A share of one as a percentage: 3/100 is 3%."""
    return _decimal(value * 100) + "%"


def write_value(fact: Fact, value: FactValue, lang: str) -> str:
    """What was told for `fact`, in words: an enumeration by its label, yes or no, money grouped, text as it stands."""
    if isinstance(value, bool):
        return _yes(value, lang)
    if isinstance(value, date):
        return write_date(value, lang)
    if isinstance(value, str):
        label = fact.values.get(value) if fact.values else None
        return label.get(lang) if label else clean(value)
    if fact.type == "money" and isinstance(value, int):
        return write_money(value, lang)
    if fact.type == "rate":
        return write_rate(Fraction(value))
    return write_number(value, fact.unit, lang)


def read_value(fact: Fact, text: str) -> FactValue:
    """The value of `fact` from the string a decision carries; a string that does not fit raises ValueError."""
    if fact.type == "boolean":
        return text.lower() == "true"
    if fact.type == "date":
        return date.fromisoformat(text)
    if fact.type == "money":
        return fen_of(text)
    if fact.type in ("integer", "number", "rate"):
        number = Fraction(text)
        return int(number) if fact.type == "integer" and number.denominator == 1 else number
    return text


def write_output(kind: str, value: object, lang: str) -> str:
    """A figure that a scheme gives besides its amount; `kind` says how it is written (see words.OUTPUTS)."""
    text = str(value)
    if kind == "money":
        return write_money(fen_of(text), lang)
    if kind == "rate":
        return write_rate(Fraction(text))
    if kind == "date":
        return write_date(date.fromisoformat(text), lang)
    if kind in UNITS:
        return write_number(Fraction(text), kind, lang)
    words = OUTPUT_VALUES.get(text.lower())
    return words[lang == "en"] if words else clean(text)


def _yes(value: bool, lang: str) -> str:
    return OUTPUT_VALUES["true" if value else "false"][lang == "en"]
