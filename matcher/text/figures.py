"""How figures are written for people (grouped, with their unit) and for programs (plain decimals)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook.language import Type

# ---------------------------------------------------------------------------------------------------------------------
# Numbers with untold facts in them: exact polynomials and their quotients, and the intervals they can lie in.
#
# A told number is a plain ``int`` or ``Fraction``. Money is in fen, a day is its ordinal. Nothing is ever rounded
# here.
# ---------------------------------------------------------------------------------------------------------------------


Number = int | Fraction


# ---------------------------------------------------------------------------------------------------------------------
# What a scheme is worth to the firm: one figure, a range, a ceiling or none; and the further outputs. Rounded once,
# here.
# ---------------------------------------------------------------------------------------------------------------------


def yuan(fen: int) -> str:
    """``-5`` → ``-0.05``: fen as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def half_up(value_: Number) -> int:
    """The one rounding of the program: half up to the whole fen (or other whole)."""
    return int((value_ * 2 + 1) // 2)


def decimal(number: Number) -> str:
    """An exact fraction as a plain decimal; one that does not end is cut after twelve places."""
    number = Fraction(number)
    sign, number = ("-" if number < 0 else ""), abs(number)
    whole, rest = divmod(number, 1)
    digits = f"{int(rest * 10**12):012d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


# ---------------------------------------------------------------------------------------------------------------------
# How figures are written for people (grouped, with their unit) and for programs (plain decimals).
# ---------------------------------------------------------------------------------------------------------------------


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

UNITS = {
    "persons": ("人", "persons"), "months": ("个月", "months"), "quarters": ("个季度", "quarters"), "years": ("年", "years"),
    "times": ("次", "times"), "days": ("天", "days"), "hours": ("小时", "hours"), "units": ("台（套）", "units"),
    "loans": ("次", "loans"), "issues": ("期", "issues"),
    "class hours": ("课时", "class hours"), "person-times": ("人次", "person-times"),
    "person-months": ("人月", "person-months"),
    "sets": ("台（套）", "sets"), "stations": ("个", "stations"),
    "vehicles": ("辆", "vehicles"), "patents": ("项", "patents"), "scenes": ("个场景", "scenes"), "km": ("公里", "km"),
    "kWh": ("千瓦时", "kWh"), "10 000 kWh a year": ("万千瓦时/年", "× 10,000 kWh a year"),
    "tonnes of standard coal a year": ("吨标准煤/年", "tonnes of standard coal a year"),
    "tonnes a year": ("吨/年", "tonnes a year"),
}  # fmt: skip


def plain(value: Any, type_: Type) -> Any:
    """For programs: yuan and numbers as decimal strings, days in ISO form, words and yes/no as they are."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if type_.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    if dict(type_.unit).get("yuan") == 1 and len(type_.unit) == 1:
        return yuan(int(value)) if Fraction(value).denominator == 1 else decimal(Fraction(value) / 100)
    return decimal(value)


def figure(value: Any, type_: Type, lang: str) -> str:
    """For people: ``5,000 万元``, ``300 人``, ``50%``, ``2022年7月1日``."""
    if type_.kind == "date":
        return day(value if isinstance(value, date) else date.fromordinal(int(value)), lang)
    units = dict(type_.unit)
    if units == {"yuan": 1}:
        return money(value, lang)
    if not units:
        return grouped(value) if type_.whole else percent(value)  # a number without a unit is a share: 1 is 100%
    shown = grouped(Fraction(value) / 100 ** units.get("yuan", 0) if "yuan" in units else value)
    names = [UNITS.get(name, (name, name)) for name in units if name != "yuan"]
    words = [pair[lang == "en"].removesuffix("s" if shown == "1" or "yuan" in units else "") for pair in names]
    if "yuan" in units:
        words.insert(0, "yuan" if lang == "en" else "元")
    return f"{shown} {'/'.join(words)}" if words else shown


def day(value: date, lang: str) -> str:
    """``2022年7月1日`` or ``1 July 2022``: Arabic figures, no zero in front."""
    if lang == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def money(fen: Number, lang: str) -> str:
    """Fen as yuan, in 亿元 or 万元 where that is a whole number of them."""
    amount = Fraction(fen) / 100
    if lang != "en" and amount and amount % 100_000_000 == 0:
        return f"{grouped(amount / 100_000_000)} 亿元"
    if lang != "en" and amount and amount % 10000 == 0:
        return f"{grouped(amount / 10000)} 万元"
    text = grouped(amount, 2 if amount.denominator != 1 else 0)
    return f"{text} yuan" if lang == "en" else f"{text} 元"


def percent(share: Number) -> str:
    """``0.125`` → ``12.5%``."""
    return f"{grouped(Fraction(share) * 100)}%"


def grouped(value: Number, places: int = 0) -> str:
    """Thousands grouped; at least ``places`` decimals."""
    whole, _, rest = decimal(value).partition(".")
    sign, whole = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    rest = rest.ljust(places, "0")
    return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")
