"""Read one told value as its fact's type says: the value the engine works with, or every reason why it is none."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from matcher.rulebook import Fact, Text
from matcher.rulebook.language import Scalar

from .credit_code import read_code
from .faults import nearest
from .industries import read_industry
from .numbers import Numeral, exact, fits, plain, spelled

LONGEST_TEXT = 200

Read = tuple[Scalar | None, list[Text]]

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)

_OTHER_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)


def read_value(fact: Fact, told: object) -> Read:
    """Return `(value, [])`, money in whole fen, or `(None, reasons)`; never raises, whatever `told` is."""
    if isinstance(told, (dict, list, tuple, set)):
        return _refuse("一项只能有一个值，不能是列表或对象", "must be a single value, not a list or an object")
    return _READERS[fact.type](fact, told)


def read_date(told: object) -> datetime.date | Text:
    """Return the day that an ISO 8601 text (or a date object) states, or the reason why it states none."""
    if isinstance(told, datetime.date) and not isinstance(told, datetime.datetime):
        return told
    written = told.strip(" ") if isinstance(told, str) else ""
    parts = _ISO.fullmatch(written)
    if parts is None:
        return _not_iso(written)
    try:
        return datetime.date(*map(int, parts.groups()))
    except ValueError:
        return Text(zh=f"没有 {written} 这一天", en=f"there is no day {written}")


def _not_iso(written: str) -> Text:
    parts = _OTHER_DATE.fullmatch(unicodedata.normalize("NFKC", written))
    if parts is None:
        return Text(zh="日期写成年-月-日，如 2024-07-01", en="must be a date, year-month-day, such as 2024-07-01")
    year, month, day = (int(part) for part in parts.groups() if part)
    iso = f"{year:04}-{month:02}-{day:02}"
    return Text(zh=f"日期写成 {iso}", en=f"write the date as {iso}")


def _boolean(fact: Fact, told: object) -> Read:
    if isinstance(told, bool):
        return told, []
    hint = told.strip().lower() if isinstance(told, str) else str(told)
    if hint in {"true", "yes", "y", "on", "1", "是", "有", "对"}:
        return _refuse(
            "只能是 true 或 false（不加引号）；是就写 true", "must be true or false, unquoted: write true for yes"
        )
    if hint in {"false", "no", "n", "off", "0", "否", "无", "没有", "不是"}:
        return _refuse(
            "只能是 true 或 false（不加引号）；否就写 false", "must be true or false, unquoted: write false for no"
        )
    return _refuse("只能是 true 或 false（不加引号）", "must be true or false, unquoted")


def _integer(fact: Fact, told: object) -> Read:
    number = exact(told)
    if isinstance(number, Text):
        return None, [number]
    reasons = [] if fits(number, 0) else [Text(zh="要填整数，不能有小数", en="must be a whole number")]
    reasons += _outside(fact, Fraction(number), spelled)
    return (None, reasons) if reasons else (int(number), [])


def _money(fact: Fact, told: object) -> Read:
    number = exact(told)
    if isinstance(number, Text):
        return None, [number]
    reasons = []
    if not fits(number, 2):
        reasons.append(Text(zh="金额以元为单位，最多两位小数", en="an amount is in yuan with at most two decimals"))
    fen = Fraction(number) * 100
    reasons += _outside(fact, fen, _yuan)
    return (None, reasons) if reasons else (int(fen), [])


def _number(fact: Fact, told: object) -> Read:
    number = exact(told)
    if isinstance(number, Text):
        return None, [number]
    reasons = _outside(fact, Fraction(number), spelled)
    if reasons and fact.type == "rate" and 1 < number <= 100:
        share = plain(number / 100)
        reasons.append(
            Text(zh=f"比率写成小数：{number} % 写 {share}", en=f"a rate is a share of one: {number} % is {share}")
        )
    return (None, reasons) if reasons else (Fraction(number), [])


def _outside(fact: Fact, value: Fraction, spell: Callable[[Fraction], str]) -> list[Text]:
    """Name the bound of the fact that a value breaks."""
    least, most = fact.bounds
    if least is not None and value < least:
        return [Text(zh=f"不能小于 {spell(least)}", en=f"must be at least {spell(least)}")]
    if most is not None and value > most:
        return [Text(zh=f"不能大于 {spell(most)}", en=f"must be at most {spell(most)}")]
    return []


def _yuan(fen: Fraction) -> str:
    return spelled(fen / 100)


def _date(fact: Fact, told: object) -> Read:
    day = read_date(told)
    return (None, [day]) if isinstance(day, Text) else (day, [])


def _enum(fact: Fact, told: object) -> Read:
    if isinstance(told, str) and told in fact.values:
        return str(told), []
    zh = "、".join(f"{value}（{label.zh}）" for value, label in fact.values.items())
    en = ", ".join(f"{value} ({label.en})" for value, label in fact.values.items())
    meant = _meant(fact, told)
    head_zh, head_en = (f"是不是 {meant}？", f"perhaps {meant}? ") if meant else ("", "")
    return _refuse(f"{head_zh}只能是：{zh}", f"{head_en}must be one of: {en}")


def _meant(fact: Fact, told: object) -> str | None:
    if not isinstance(told, str) or len(told) > LONGEST_TEXT:
        return None
    return nearest(told, {value: (label.zh, label.en) for value, label in fact.values.items()})


def _text(fact: Fact, told: object) -> Read:
    if isinstance(told, Numeral) or (isinstance(told, (int, float, Decimal)) and not isinstance(told, bool)):
        return _refuse("要加引号写成文本，以免丢掉开头的零", "must be a text: quote it, or leading zeros are lost")
    if not isinstance(told, str):
        return _refuse("要填文本", "must be a text")
    if fact.id == "credit_code":
        return _credit_code(told)
    written = told.strip()
    read = _not_a_line(written) or (read_industry(written) if fact.id == "industry" else written)
    return (None, [read]) if isinstance(read, Text) else (read, [])


def _credit_code(told: str) -> Read:
    if len(told) > LONGEST_TEXT:
        return None, [_too_long(told)]
    reading = read_code(told)
    return (None, [reading.wrong]) if reading.wrong else (reading.code, [])


def _not_a_line(written: str) -> Text | None:
    if not written:
        return Text(
            zh="是空的；不知道就写 null 或不写这一项", en="is empty; write null, or leave it out, if it is not known"
        )
    if len(written) > LONGEST_TEXT:
        return _too_long(written)
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for char in written):
        return Text(zh="含有换行或无法打印的字符", en="contains a line break or a character that cannot be printed")
    return None


def _too_long(written: str) -> Text:
    return Text(
        zh=f"太长：{len(written)} 个字，最多 {LONGEST_TEXT} 个",
        en=f"is too long: {len(written)} characters, at most {LONGEST_TEXT}",
    )


def _refuse(zh: str, en: str) -> Read:
    return None, [Text(zh=zh, en=en)]


_READERS: dict[str, Callable[[Fact, object], Read]] = {
    "boolean": _boolean,
    "integer": _integer,
    "money": _money,
    "number": _number,
    "rate": _number,
    "date": _date,
    "enum": _enum,
    "text": _text,
}
