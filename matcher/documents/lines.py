"""Finds the lines of a form by their official names, and their amounts; a line with more or fewer amounts than columns is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.text import without_blanks

from .pages import Row

_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-−–])?[¥]?(?P<digits>\d{1,3}(,\d{3})+|\d+)(?P<cents>\.\d+)?(?P<close>\))?"
)

_DASH = re.compile(r"[-—–−*]+")

_BRACKETS = r"(\([^()]*\))?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its official name, and how its number is written between the name and the amounts (None: it stands before, or nowhere)."""

    name: re.Pattern[str]
    number: re.Pattern[str] | None = None


TAXABLE_INCOME = Line(re.compile(r"五、应纳税所得额" + _BRACKETS))

REVENUE = Line(re.compile(r"一、营业收入" + _BRACKETS), re.compile(r"1"))

VAT_CREDIT = Line(re.compile("期末留抵税额" + _BRACKETS), re.compile(r"20(=[-+\d()]+)?"))

TOTAL_ASSETS = Line(re.compile("资产总计" + _BRACKETS), re.compile(r"\d{1,2}"))


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line that was found: its name as it stands, its amounts in the form's unit, and its page."""

    name: str
    numbers: tuple[Decimal, ...]
    page: int | None


def number(word: str) -> Decimal | None:
    """An amount as forms write it: 1,234.50, -3, −3, (3); None for anything else."""
    found = _NUMBER.fullmatch(word)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    value = Decimal(found["digits"].replace(",", "") + (found["cents"] or ""))
    return -value if found["open"] or found["sign"] else value


def in_yuan(amount: Decimal, yuan: Decimal) -> str | None:
    """An amount as a decimal of yuan; None where it is no whole number of fen."""
    value = amount * yuan
    return format(value.quantize(Decimal("0.01")), "f") if value * 100 == (value * 100).to_integral_value() else None


def amounts(rows: Iterable[Row], line: Line, columns: int) -> list[Amounts]:
    """The line wherever it stands with this many amounts. 0: as a VAT return has them, two or four columns of which the first counts
    and only the second and fourth may be ruled out, and the third is nothing."""
    found = []
    for row in rows:
        words = [without_blanks(word) for word in row.words]
        at = _named(words, line.name)
        if at is None:
            continue
        name, rest = at
        has_number = line.number is not None and _has_line_numbers(rows, line, rest)
        rest = rest[1:] if has_number else rest
        rest = _up_to_text(rest)
        values = [number(word) for word in rest]
        if columns == 0:
            is_whole = len(values) in (2, 4) and values[0] is not None and not any(values[2:3])
            kept = [value for value in values[:1] if value is not None] if is_whole else []
        else:
            kept = [value for value in values if value is not None]
            is_whole = len(values) == columns and len(kept) == columns
        if is_whole:
            found.append(Amounts(name, tuple(kept), row.page))
    return found


def _has_line_numbers(rows: Iterable[Row], line: Line, rest: Sequence[str]) -> bool:
    """Whether the first word behind the name is the line's number: it is written as one, and the form has a column of them (栏次, 行次)
    or it is a formula."""
    if not rest or line.number is None or not line.number.fullmatch(rest[0]):
        return False
    numbered = any(word in ("行次", "栏次") for row in rows for word in map(without_blanks, row.words))
    first = next((row for row in rows if {"行次", "栏次"} & {without_blanks(word) for word in row.words}), None)
    is_before = first is not None and without_blanks(first.words[0]) in ("行次", "栏次")
    return "=" in rest[0] or (numbered and not is_before)


def _named(words: Sequence[str], name: re.Pattern[str]) -> tuple[str, list[str]] | None:
    """The name and the words behind it, where words next to each other are the name; the longest that is."""
    for start in range(len(words)):
        for end in range(min(len(words), start + 24), start, -1):
            if name.fullmatch("".join(words[start:end])):
                return "".join(words[start:end]), list(words[end:])
    return None


def _up_to_text(words: Sequence[str]) -> list[str]:
    """The amounts and dashes at the beginning: behind them the other half of a balance sheet begins."""
    found = []
    for word in words:
        if number(word) is None and not _DASH.fullmatch(word):
            break
        found.append(word)
    return found


_BALANCE = {
    "期末余额": "期末",
    "期末数": "期末",
    "上年年末余额": "上年年末余额",
    "年初余额": "年初",
    "年初数": "年初",
    "期初余额": "年初",
}

_INCOME = {
    "本期金额": "本期",
    "本年金额": "本期",
    "本月金额": "本期",
    "本月数": "本期",
    "本年累计金额": "累计",
    "本年累计数": "累计",
    "本年累计": "累计",
    "上期金额": "上期",
    "上年金额": "上期",
    "上年同期金额": "上期",
    "上年同期累计金额": "上期",
    "上年累计金额": "上期",
}


def balance_columns(rows: Iterable[Row]) -> list[str] | None:
    """The columns of amounts on the left of a balance sheet, in order; None where they cannot be told."""
    found = _columns(rows, _BALANCE)
    left = found[: len(found) // 2] if len(found) == 4 and found[:2] == found[2:] else found
    return left if len(left) == 2 and left.count("期末") == 1 else None


def income_columns(rows: Iterable[Row]) -> list[str] | None:
    """The columns of amounts of an income statement, in order; None where they cannot be told."""
    found = _columns(rows, _INCOME)
    is_told = len(set(found)) == len(found) and len(found) in (1, 2, 3) and {"本期", "累计"} & set(found)
    return found if is_told else None


def _columns(rows: Iterable[Row], known: dict[str, str]) -> list[str]:
    for row in rows:
        found = [known[word] for word in map(without_blanks, row.words) if word in known]
        if found:
            return found
    return []
