"""How figures are written for people (grouped, with their unit) and for programs (plain decimals): the only place for it.

Sums are fen, rates shares of one, numbers exact; nothing is rounded but where a function says so. Two things differ by
where a figure stands, and are parameters: ``tight`` leaves out the blank between a figure and a Chinese unit, as print and
pages have it (a terminal and a sentence of the engine keep it), and ``cents`` writes two decimals of a sum in any case, as
letters do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from matcher.rulebook import decimal
from matcher.rulebook.language import Type

# An exact number: money in fen, a day its ordinal, a rate a share of one.
Number = int | Fraction

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# The words for the units of the vocabulary, Chinese and English (in the plural); a unit without words stands for itself.
UNITS: Mapping[str, tuple[str, str]] = {
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

_WAN, _MILLION, _YI = 10**4, 10**6, 10**8


# ---------------------------------------------------------------------------------------------------------------------
# For programs.
# ---------------------------------------------------------------------------------------------------------------------


def yuan(fen: int) -> str:
    """``-5`` → ``-0.05``: fen as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fen_of(text: str) -> int:
    """``19321.29`` → ``1932129``: yuan as programs write them, in fen. Raises ValueError for more than two decimals."""
    fen = Fraction(text) * 100
    if fen.denominator != 1:
        raise ValueError(f"not a whole number of fen: {text}")
    return fen.numerator


def half_up(value: Number) -> int:
    """The one rounding of the program: half up to the whole fen (or other whole)."""
    return int((value * 2 + 1) // 2)


def plain(value: Any, type_: Type) -> str | bool | None:
    """Yuan and numbers as decimal strings, days in ISO form, words and yes/no as they are."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if type_.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    if dict(type_.unit).get("yuan") == 1 and len(type_.unit) == 1:
        return yuan(int(value)) if Fraction(value).denominator == 1 else decimal(Fraction(value) / 100)
    return decimal(value)


# ---------------------------------------------------------------------------------------------------------------------
# For people: numbers, shares, days.
# ---------------------------------------------------------------------------------------------------------------------


def grouped(value: Number | Decimal, places: int = 0) -> str:
    """Thousands grouped; at least ``places`` decimals."""
    whole, _, rest = decimal(Fraction(value)).partition(".")
    sign, whole = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    rest = rest.ljust(places, "0")
    return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")


def percent(share: Number | Decimal) -> str:
    """``0.125`` → ``12.5%``."""
    return f"{grouped(Fraction(share) * 100)}%"


def yes_or_no(value: bool, lang: str) -> str:
    """``是`` or ``yes``."""
    return ("是", "yes")[lang == "en"] if value else ("否", "no")[lang == "en"]


def day(value: date | str, lang: str) -> str:
    """``2022年7月1日`` or ``1 July 2022``, from a date or ISO text (ValueError for any other): no zero in front."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if lang == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def blank(lang: str, *, tight: bool = True) -> str:
    """What stands between a figure and its unit: nothing in Chinese where a page or print sets the space itself."""
    return "" if tight and lang != "en" else " "


# ---------------------------------------------------------------------------------------------------------------------
# For people: what is counted in a unit.
# ---------------------------------------------------------------------------------------------------------------------


def unit_word(unit: str, lang: str, number: Number | Decimal | None = None) -> str:
    """The word for a unit of the vocabulary: ``persons`` → ``人``, or ``person`` for one and ``persons`` for several."""
    zh, en = UNITS.get(unit, (unit, unit))
    return zh if lang != "en" else (en.removesuffix("s") if number == 1 else en)


def english_count(number: int, noun: str) -> str:
    """A number and its English noun, whose plural ends in s: 1 fact, 20,000 firms. No sentence of a page: those have `sentences.count`."""
    return f"{grouped(number)} {noun}{'' if number == 1 else 's'}"


def quantity(value: Number | Decimal, unit: str | None, lang: str, *, tight: bool = True) -> str:
    """A count or measure with its unit: ``300人``, ``1 person``; without a unit the bare figure."""
    shown = grouped(value)
    return f"{shown}{blank(lang, tight=tight)}{unit_word(unit, lang, value)}" if unit else shown


def figure(value: Any, type_: Type, lang: str) -> str:
    """A figure of the rules in a sentence: ``5,000 万元``, ``300 人``, ``50%``, ``2022年7月1日``."""
    if type_.kind == "date":
        return day(value if isinstance(value, date) else date.fromordinal(int(value)), lang)
    units = dict(type_.unit)
    if units == {"yuan": 1}:
        return money(value, lang)
    if not units:
        return grouped(value) if type_.whole else percent(value)  # a number without a unit is a share: 1 is 100%
    if "yuan" not in units and len(units) == 1:
        return quantity(value, next(iter(units)), lang, tight=False)
    shown = grouped(Fraction(value) / 100 ** units.get("yuan", 0) if "yuan" in units else value)
    names = [unit_word(name, lang, 1 if shown == "1" or "yuan" in units else None) for name in units if name != "yuan"]
    if "yuan" in units:
        names.insert(0, _yuan_word(lang))
    return f"{shown} {'/'.join(names)}"


# ---------------------------------------------------------------------------------------------------------------------
# For people: sums of money.
# ---------------------------------------------------------------------------------------------------------------------


def _yuan_word(lang: str) -> str:
    return "yuan" if lang == "en" else "元"


def bare_sum(fen: Number, *, cents: bool = False) -> str:
    """Fen in yuan without the unit: ``19,321.29``, ``300,000``; with ``cents`` ``300,000.00``."""
    amount = Fraction(fen) / 100
    return grouped(amount, 2 if cents or amount.denominator != 1 else 0)


def sum_in_yuan(fen: Number, lang: str, *, tight: bool = True, cents: bool = False) -> str:
    """Fen in yuan: ``19,321.29元``, ``300,000 yuan``."""
    return f"{bare_sum(fen, cents=cents)}{blank(lang, tight=tight)}{_yuan_word(lang)}"


def money(fen: Number, lang: str) -> str:
    """A sum of the rules in a sentence: in 亿元 or 万元 where it is a whole number of them."""
    amount = Fraction(fen) / 100
    for size, name in ((_YI, "亿元"), (_WAN, "万元")):
        if lang != "en" and amount and amount % size == 0:
            return f"{grouped(amount / size)} {name}"
    return sum_in_yuan(fen, lang, tight=False)


def sum_and_large(fen: Number, lang: str) -> str:
    """A sum and the same in the large unit, so that a nought too many shows: ``300,000元 = 30万元``, and in English from a
    million on ``3,000,000 yuan = 3 million yuan``."""
    amount, shown = Fraction(fen) / 100, sum_in_yuan(fen, lang)
    if lang == "en":
        return f"{shown} = {grouped(amount / 10**6)} million yuan" if abs(amount) >= 10**6 else shown
    size, name = (_YI, "亿元") if abs(amount) >= _YI else (_WAN, "万元")
    return f"{shown} = {grouped(amount / size)}{name}" if abs(amount) >= _WAN else shown


def about(fen: int, lang: str, *, up: bool = False) -> str:
    """A sum of fen as one says it: 12.4万元, 8,355元; 4.7 million yuan, 124,000 yuan. Rounded down, or up for what is at most to be had."""
    amount, rounding = Decimal(fen) / 100, ROUND_CEILING if up else ROUND_FLOOR
    size, name = (_YI, "亿元") if amount >= _YI else (_WAN, "万元") if amount >= _WAN else (1, "元")
    if lang == "en":
        if amount >= _MILLION:
            return f"{grouped((amount / _MILLION).quantize(Decimal('0.1'), rounding))} million yuan"
        thousand = 1000 if amount >= _WAN else 1
        return f"{grouped((amount / thousand).quantize(Decimal(1), rounding) * thousand)} yuan"
    step = Decimal("0.1") if size > 1 else Decimal(1)
    return f"{grouped((amount / size).quantize(step, rounding))}{name}"
