"""Reads the figures out of a Chinese sentence of the law: sums, shares, spans of time, days, and counts with their measure word.

Arabic and Chinese numerals, 万 and 亿, %, ‰, 百分之, 个百分点, 基点, 倍, 减半, 年, 个月, 日, dates with or without their year. Numbers of
documents (〔2022〕20号), of articles (第三条) and of places in a row (第3台) are no figures. Nothing here knows of rules or dates of today.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .shapes import decimal

_WIDE = str.maketrans("０１２３４５６７８９％．，：∶—～", "0123456789%.,::--")

_DIGITS = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_PLACES = {"十": 10, "百": 100, "千": 1000}

_GROUPS = {"万": 10**4, "亿": 10**8}

# What a number must be followed by to be a count written in Chinese numerals: 一次性 and 统一 hold none.
_COUNTERS = (
    "人次", "人", "名", "户", "家", "个", "项", "件", "台", "套", "辆", "次", "期", "批", "级", "类", "种", "寸", "升", "条", "吨",
    "公里", "千米", "课时", "学时", "小时", "万千瓦时", "千瓦时", "平方米", "环节", "倍", "米", "篇", "岁",
)  # fmt: skip

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

_CHINESE = "[零〇一二两三四五六七八九十百千万亿]+"

_SCALE = "(?:[十百千](?!瓦时))?(?:[万亿](?!千瓦时)){0,2}"

_DATE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?:(?P<year>(?:19|20)\d{2}|[零〇一二三四五六七八九]{4})年(?:度)?)(?:(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?:份)?"
    r"(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日)?|(?P<end>底|末|年底|年末))?"
    r"|(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
)

_FRACTION = re.compile(rf"(?P<below>{_CHINESE}|{_NUMBER})分之(?P<above>{_CHINESE}|{_NUMBER})")

_RATIO = re.compile(rf"(?P<left>{_NUMBER}):(?P<right>{_NUMBER})")

_WORDS = re.compile("减半|一半|半数|各半|半年|全额|全部|免征|免收|免缴")

_FIGURE = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<scale>{_SCALE})|(?P<chinese>{_CHINESE})")

_SHARES = {
    "%": Fraction(1, 100),
    "个百分点": Fraction(1, 100),
    "百分点": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "BP": Fraction(1, 10000),
    "个基点": Fraction(1, 10000),
    "基点": Fraction(1, 10000),
    "成": Fraction(1, 10),
    "倍": Fraction(1),
}

_MEASURE = (
    "(?P<unit>个百分点|百分点|%|‰|BP|个基点|基点|成(?![为立果])|倍|美元|元|周年|年|个月|个季度|季度|个工作日|工作日|天|日|"
    + "|".join(_COUNTERS)
    + ")"
)

_UNIT = re.compile(r"\s*(?:[（(](?:含|不含)[^（）()]*[）)])?\s*" + _MEASURE)

_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*(?:-|至|到)\s*(?P<high>{_NUMBER})\s*(?P<scale>{_SCALE})\s*{_MEASURE}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in a sentence. ``kind`` says in what ``value`` counts.

    yuan; share (of one); months; days; count (``unit`` is the measure word as written, empty where none stands); date (the ordinal of the
    first day, ``last`` that of the last: a month or year named without its days is a span); day of any year (``value`` month × 100 + day).
    """

    kind: str
    value: Fraction
    unit: str = ""
    last: int | None = None

    def __str__(self) -> str:
        value = self.value / 12 if self.unit == "年" else self.value
        if self.kind == "date":
            return date.fromordinal(int(self.value)).isoformat()
        if self.kind == "share":
            return decimal(self.value)
        return decimal(value) if value.denominator != 1 else f"{value}{' ' + self.unit if self.unit else ''}"


def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Every figure of the sentence, in the order in which it stands.

    >>> [(one.kind, str(one.value)) for one in quantities("不超过三百人，按2%减半，最高5万元")]
    [('count', '300'), ('share', '1/50'), ('share', '1/2'), ('yuan', '50000')]
    """
    text = sentence.translate(_WIDE)
    taken = [False] * len(text)
    found: list[tuple[int, Quantity]] = []
    for read in (_numbers_of_papers, _dates, _fractions, _words, _ranges, _plain):
        for start, end, quantity in read(text, taken):
            if quantity is not None:
                found.append((start, quantity))
            taken[start:end] = [True] * (end - start)
    return tuple(quantity for _, quantity in sorted(found, key=lambda pair: pair[0]))


def chinese_number(text: str) -> Fraction:
    """一百二十三 → 123, 三千万 → 30000000, 二〇二二 → 2022 (digits one after the other).

    >>> int(chinese_number("一亿二千万")), int(chinese_number("十五"))
    (120000000, 15)
    """
    if not any(letter in _PLACES or letter in _GROUPS for letter in text):
        return Fraction(int("".join(str(_DIGITS[letter]) for letter in text)))
    whole = group = 0
    digit: int | None = None
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _PLACES:
            group += (1 if digit is None else digit) * _PLACES[letter]
            digit = None
        else:
            group += digit or 0
            whole = (
                (whole + (group or 1)) * _GROUPS[letter] if letter == "亿" else whole + (group or 1) * _GROUPS[letter]
            )
            group, digit = 0, None
    return Fraction(whole + group + (digit or 0))


_Found = Iterator[tuple[int, int, Quantity | None]]

_PAPERS = re.compile(
    rf"〔\d+〕\s*\d*\s*号?|第\s*(?:{_NUMBER}|{_CHINESE})\s*(?:号|条|款|项|点|章|批|届)?|\d+\s*号|一次性|[A-Za-z]\d+|\d+[A-Za-z](?![A-Za-z])"
)


def _numbers_of_papers(text: str, _: list[bool]) -> _Found:
    """What only counts documents, articles and places in a row, and names such as 5G."""
    yield from ((match.start(), match.end(), None) for match in _PAPERS.finditer(text))


def _dates(text: str, taken: list[bool]) -> _Found:
    """Days, months and years of the calendar; a day without its year takes that of the date before it."""
    year: int | None = None
    for match in _DATE.finditer(text):
        if taken[match.start()]:
            continue
        if match["iso"]:
            parts = [int(part) for part in match["iso"].split("-")]
        elif match["year"]:
            parts = [_whole(match[name]) for name in ("year", "month", "day") if match[name]]
            if match["end"]:
                parts += [12, 31]
        else:
            month, day = int(match["m"]), int(match["d"])
            yield match.start(), match.end(), Quantity("day of any year", Fraction(month * 100 + day))
            if year is None:
                continue
            parts = [year, month, day]
        span = _span(parts)
        if span is not None:
            year = parts[0]
            yield match.start(), match.end(), Quantity("date", Fraction(span[0]), last=span[1])


def _span(parts: list[int]) -> tuple[int, int] | None:
    """The first and last day (ordinals) of a year, a month, or a day; None where the calendar has no such day."""
    year, month, day = (*parts, 0, 0)[:3]
    try:
        if day:
            return (date(year, month, day).toordinal(),) * 2
        first, last = (month, month) if month else (1, 12)
        return date(year, first, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal()
    except (ValueError, IndexError):
        return None


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else int(chinese_number(text))


def _amount(text: str) -> Fraction:
    return Fraction(text.replace(",", "")) if text[0].isdigit() else chinese_number(text)


def _fractions(text: str, taken: list[bool]) -> _Found:
    """百分之四十, 三分之一 and 1.5:1."""
    for match in _FRACTION.finditer(text):
        below = _amount(match["below"])
        if below and not taken[match.start()]:
            yield match.start(), match.end(), Quantity("share", _amount(match["above"]) / below)
    for match in _RATIO.finditer(text):
        right = _amount(match["right"])
        if right and not taken[match.start()]:
            yield match.start(), match.end(), Quantity("share", _amount(match["left"]) / right)


def _words(text: str, taken: list[bool]) -> _Found:
    """Shares that a word says: 减半, 全额, 免征."""
    for match in _WORDS.finditer(text):
        if not any(taken[match.start() : match.end()]):
            word = match.group()
            half = "半" in word
            made = (
                Quantity("months", Fraction(6), "年")
                if word == "半年"
                else Quantity("share", Fraction(1, 2) if half else Fraction(1))
            )
            yield match.start(), match.end(), made


def _ranges(text: str, taken: list[bool]) -> _Found:
    """Both ends of 500-1000元 and 1000至5000万元: the lower takes the measure of the upper."""
    for match in _RANGE.finditer(text):
        if not any(taken[match.start() : match.end()]):
            low, high = (_amount(match[name]) for name in ("low", "high"))
            scale = _scale(match["scale"])
            end = match.end("low")
            yield match.start(), end, _quantity(low * (scale if low < high else 1), match["unit"])
            yield end, match.end(), _quantity(high * scale, match["unit"])


def _plain(text: str, taken: list[bool]) -> _Found:
    """Numbers with what they count; Chinese numerals only where a measure word follows."""
    for match in _FIGURE.finditer(text):
        unit = _UNIT.match(text, match.end())
        if taken[match.start()] or (match["chinese"] and unit is None):
            continue
        value = _amount(match["chinese"] or match["number"]) * _scale(match["scale"] or "")
        if unit is None:
            yield match.start(), match.end(), _quantity(value, "")
            continue
        word, end = unit["unit"], unit.end()
        yield match.start(), end, _quantity(value, word)
        if word in _SHARES and text.startswith("缴纳", end):  # 按90%缴纳 relieves of a tenth
            yield match.start(), end, Quantity("share", 1 - value * _SHARES[word], word)


def _scale(letters: str) -> Fraction:
    made = Fraction(1)
    for letter in letters:
        made *= _PLACES.get(letter) or _GROUPS[letter]
    return made


def _quantity(value: Fraction, word: str) -> Quantity:
    if word in _SHARES:
        return Quantity("share", value * _SHARES[word], word)
    if word == "元":
        return Quantity("yuan", value, word)
    if word in ("年", "周年"):
        return Quantity("months", value * 12, "年")
    if word == "个月":
        return Quantity("months", value, word)
    if word in ("天", "日", "个工作日", "工作日"):
        return Quantity("days", value, word)
    if word == "万千瓦时":
        return Quantity("count", value * 10**4, "千瓦时")
    return Quantity("count", value, word)


# ---------------------------------------------------------------------------------------------------------------------
# Whether a figure of a rule file stands in a sentence.
# ---------------------------------------------------------------------------------------------------------------------

# The units of the vocabulary whose measure words are known, and how much of the measure one unit is. Others fit any count.
_MEASURES: dict[str, tuple[tuple[str, ...], int]] = {
    "persons": (("人", "名"), 1),
    "person-times": (("人次",), 1),
    "class hours": (("课时", "学时"), 1),
    "hours": (("小时",), 1),
    "km": (("公里", "千米"), 1),
    "kWh": (("千瓦时",), 1),
    "10 000 kWh a year": (("千瓦时",), 10**4),
    "tonnes a year": (("吨",), 1),
    "tonnes of standard coal a year": (("吨",), 1),
}


def comparable(type_: str, unit: str | None, sentence: str) -> tuple[Quantity, ...]:
    """The figures of the sentence that a figure of this type and unit (as a parameter declares them) could be."""
    return tuple(one for one in quantities(sentence) if _fits(one, type_, unit or ""))


def stands(value: Fraction | date, type_: str, unit: str | None, sentence: str) -> bool:
    """Whether the figure (money in yuan, rates as shares of one) stands in the sentence.

    >>> [stands(Fraction(number), "integer", "persons", "从业人数不超过300人") for number in (300, 500)]
    [True, False]
    """
    if isinstance(value, date):
        return day_stands(value, sentence)
    return any(_is(one, value, unit or "") for one in comparable(type_, unit, sentence))


def day_stands(day: date, sentence: str) -> bool:
    """Whether the day stands in the sentence: as itself, or as the first or last day of a month or year that is named."""
    found = quantities(sentence)
    if any(one.kind == "date" and day.toordinal() in (int(one.value), one.last) for one in found):
        return True
    if any(one.kind == "date" for one in found):
        return False
    return any(one.kind == "day of any year" and one.value == day.month * 100 + day.day for one in found)


def _fits(one: Quantity, type_: str, unit: str) -> bool:
    if type_ == "date":
        return one.kind in ("date", "day of any year")
    if type_ == "rate":
        return one.kind == "share"
    if type_ == "money" or unit == "yuan" or unit.startswith("yuan/"):
        return one.kind == "yuan"
    if unit in ("months", "years"):
        return one.kind == "months"
    if unit == "days":
        return one.kind == "days"
    if unit in _MEASURES:
        return one.kind == "count" and (one.unit in _MEASURES[unit][0] or not one.unit)
    return one.kind == "count" or (one.kind == "share" and one.unit in ("倍", "") and type_ in ("integer", "number"))


def _is(one: Quantity, value: Fraction, unit: str) -> bool:
    if unit == "years":
        value *= 12
    if unit in _MEASURES and one.unit:
        value *= _MEASURES[unit][1]
    return one.value == value
