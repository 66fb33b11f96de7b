"""Reads one cell as a profile would state it: 是 is true, 30万 is 300000, 120104 is nankai. What is unclear is not guessed."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from matcher.firms import Numeral, industries, numbers, plain, read_table
from matcher.places import rules_dir
from matcher.rulebook import Fact, Text

from .cell_words import BEGINNINGS, CHOICES, YES_NO
from .columns import unit_of_heading, yuan_of_cell
from .sheets import Cell

Told = str | bool | None

"""What a cell states, as a profile would (numbers as decimals, days in ISO form); None is not told."""

_NOT_TOLD = frozenset(
    {"不清楚", "不知道", "不详", "未知", "不确定", "待定", "unknown", "not known", "n/a", "na", "null", "#n/a"}
    | {"-", "--", "—", "——", "/", "\\"}
)

_LONGEST_UNKNOWN = max(map(len, _NOT_TOLD))

_YES = frozenset({"是", "有", "对", "√", "✓", "✔", "yes", "y", "true", "1"})

_NO = frozenset({"否", "无", "没有", "不是", "×", "✗", "✘", "no", "n", "false", "0"})

_DISTRICTS = ("kind", "code", "name_zh", "name_en", "district_code", "aliases", "status", "value")

_DAY_ZERO = datetime.date(1899, 12, 30)  # from which spreadsheets count days

_SERIALS = range(20_000, 80_000)  # 1954 to 2119

_FROM_1904 = 1_462  # days from that day zero to the one of workbooks that count from 1904

_MIDNIGHT = re.compile(r"[T ]\s*0{1,2}:00(:00(\.0+)?)?Z?$")

_NEGATIVE = re.compile(r"[(（]\s*([¥￥]?[\d,.]+)\s*[)）]")


@dataclass(frozen=True, slots=True)
class Notation:
    """How a column writes its values, as its heading and its other cells say.

    ``yuan`` is what one of its unit is worth (10,000 for 万元), None where nothing says it; ``is_in_percent``: 0.8 is 0.8 %;
    ``counts_from_1904``: so do its days that are bare numbers.
    """

    yuan: Decimal | None = None
    is_in_percent: bool = False
    counts_from_1904: bool = False


_PLAIN = Notation()


def read_cell(fact: Fact, cell: Cell, notation: Notation = _PLAIN) -> Told | Text:
    """Return what a cell states of a fact, or why that is not clear; whether it is possible is judged afterwards."""
    if isinstance(cell, str) and len(cell) <= _LONGEST_UNKNOWN and narrow(cell) in _NOT_TOLD:
        return None
    return _READERS[fact.type](fact, cell, notation)


def read_one(fact: Fact, text: str, heading: str = "", *, is_in_percent: bool = False) -> Told | Text:
    """The same of a cell that was typed or pasted by itself, under a heading that may name its unit."""
    return read_cell(fact, text, Notation(unit_of_heading(heading), is_in_percent))


def _boolean(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    if isinstance(cell, bool):
        return cell
    word = narrow(str(cell))
    if word in _YES or word in _NO:
        return word in _YES
    own = _own_yes_no(fact.id).get(word)
    if own is not None:
        return own
    return Text(zh="只能填“是”或“否”，不清楚就留空", en="must be yes or no (是 or 否); leave it empty if not known")


def _enum(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    word = narrow(str(cell))
    usual = _usual(fact.id).get(word)
    if usual is not None:
        return usual
    bare = _bare(word)
    for value, label in fact.values.items():
        if word in (value, narrow(label.zh), narrow(label.en)) or bare == _bare(narrow(label.zh)):
            return value
    return _choices(fact.id).get(bare) or _by_beginning(fact.id, bare) or str(cell)


def _money(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    figure = _figure(cell)
    if figure is None:
        return str(cell)
    yuan = notation.yuan
    if yuan is None or yuan == 1:
        return figure
    if not isinstance(cell, Numeral) and any(unit in str(cell) for unit in "元万亿千百"):
        if yuan_of_cell(str(cell)) == yuan:  # 350万元 under 营业收入（万元）: said twice, and the same
            return figure
        return Text(
            zh="列名和单元格写的单位不一样；请只写数字，单位按列名",
            en="the heading names one unit and the cell another: write the number only, in the heading's unit",
        )
    return plain(Decimal(figure) * yuan)


def _number(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    figure = _figure(cell)
    if figure is None and isinstance(cell, str) and not numbers.is_approximate(cell):
        figure = numbers.number(cell.rstrip("人名个次年月项台套辆位户"))
    return str(cell) if figure is None else figure


def _rate(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    """A share. 0.8 may be 80 % (so a spreadsheet keeps it) or 0.8 %: only the sign makes that clear."""
    text = narrow(str(cell))
    figure = numbers.number(text.removesuffix("%"))
    if figure is None:
        return str(cell)
    if not text.endswith("%") and 0 < abs(Decimal(figure)) <= 1 and not notation.is_in_percent:
        share = plain(Decimal(figure) * 100)
        return Text(
            zh=f"不清楚是 {figure}% 还是 {share}%；请设为文本格式，带百分号填写",
            en=f"may be {figure}% or {share}%: format the cell as text and write the sign",
        )
    return numbers.share(text)


def _date(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    text = narrow(str(cell))
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _SERIALS:
        # A day whose cell lost its format: no day is written in five digits otherwise.
        return (_DAY_ZERO + datetime.timedelta(int(text) + notation.counts_from_1904 * _FROM_1904)).isoformat()
    return numbers.iso_date(_MIDNIGHT.sub("", str(cell))) or str(cell)


def _text(fact: Fact, cell: Cell, notation: Notation) -> Told | Text:
    if isinstance(cell, Numeral):
        if fact.id == "credit_code":
            return Text(
                zh="被表格软件当成了数字，末几位可能已丢失；请把该列设为文本格式，重新录入 18 位代码",
                en="is kept as a number, its last digits may be lost: format the column as text and retype the code",
            )
        if fact.id == "industry" and len(cell) in (2, 3) and f"0{cell}" in industries() and cell in industries():
            return Text(
                zh=f"不清楚是 0{cell} 还是 {cell}（数字格式会丢掉开头的 0）；请把该列设为文本格式",
                en=f"may be 0{cell} or {cell}, since a number loses its first zero: format the column as text",
            )
        return f"0{cell}" if fact.id == "industry" and f"0{cell}" in industries() else str(cell)
    return str(cell)


def _figure(cell: Cell) -> str | None:
    if not isinstance(cell, str) or numbers.is_approximate(cell):
        return None
    negative = _NEGATIVE.fullmatch(cell)  # as accountants write it
    return numbers.number(f"-{negative[1]}" if negative else str(cell))


def narrow(text: str) -> str:
    """A text with its full-width signs as plain ones, in lower case, without blanks around it."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().casefold()


def _bare(word: str) -> str:
    """A word without blanks, quotation marks and what stands in brackets after it."""
    return re.sub(r"[\s“”\"'‘’]|\([^()]*\)$", "", word)


_READERS: Mapping[str, Callable[[Fact, Cell, Notation], Told | Text]] = {
    "boolean": _boolean,
    "enum": _enum,
    "integer": _number,
    "number": _number,
    "money": _money,
    "rate": _rate,
    "date": _date,
    "text": _text,
}


def _usual(fact_id: str) -> Mapping[str, str]:
    """What people and programs write for the districts beside their labels."""
    return _districts() if fact_id == "district" else {}


@functools.cache
def _choices(fact_id: str) -> Mapping[str, str]:
    """The values of a fact by the usual words for them."""
    return {word: value for value, words in CHOICES.get(fact_id, {}).items() for word in words.split()}


def _by_beginning(fact_id: str, word: str) -> str | None:
    fitting = [begins for begins in BEGINNINGS.get(fact_id, {}) if word.startswith(begins)]
    return BEGINNINGS[fact_id][max(fitting, key=len)] if fitting else None


@functools.cache
def _own_yes_no(fact_id: str) -> Mapping[str, bool]:
    yes, no = YES_NO.get(fact_id, ("", ""))
    return dict.fromkeys(yes.split(), True) | dict.fromkeys(no.split(), False)


@functools.cache
def _districts() -> Mapping[str, str]:
    rows = [row for _, row in read_table(rules_dir(), "reference/districts.csv", _DISTRICTS)]
    by_name = {name: row["value"] for row in rows for name in (row["name_zh"], *row["aliases"].split("|")) if name}
    by_short = {row["name_zh"].rstrip("区"): row["value"] for row in rows if row["kind"] == "district"}
    by_city = {f"天津市{name}": value for name, value in (by_short | by_name).items()}
    by_english = {row["name_en"]: row["value"] for row in rows}
    by_code = {row["code"]: row["value"] for row in rows if row["code"]}
    return {narrow(name): value for name, value in (by_english | by_city | by_short | by_name | by_code).items()}
