"""Read what a person wrote for a number, a share or a day (３０万, 3,000,000, 2022年3月1日), and write it back plainly."""

from __future__ import annotations

import decimal
import re
import unicodedata
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction

from matcher.rulebook import Text

# ---------------------------------------------------------------------------------------------------------------------
# Turn what was written for a number into an exact decimal, or say why it is none.
# ---------------------------------------------------------------------------------------------------------------------


NO_NUMBER = Text(
    zh="不是数；请只用数字和小数点，如 38642.57", en="is not a number: use digits and one point, as in 38642.57"
)

LONGEST = 40  # characters of one number

LARGEST = 15  # digits before the point: far above any firm's figure, far below what arithmetic or a database minds

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)

_GROUPED = re.compile(r"[+-]?\d{1,3}([,_ ]\d{3})+(\.\d+)?", re.ASCII)

_UNITS = ("亿元", "万元", "千元", "亿", "万", "元", "人", "个", "%", "％", "‰", "￥", "¥")


class Numeral(str):
    """A number exactly as a file spells it, not yet read: nothing is lost to a binary fraction or a huge exponent."""

    __slots__ = ()


def exact(told: object) -> Decimal | Text:
    """Return the decimal that a value states, or the reason (as a Text) why it states none."""
    if isinstance(told, bool) or not isinstance(told, (str, int, float, Decimal)):
        return Text(zh="要填一个数", en="must be a number")
    if isinstance(told, int) and told.bit_length() > 4 * LONGEST:
        return _too_long()
    written = (repr(told) if isinstance(told, float) else str(told)).strip(" \t")
    if not written:
        return Text(
            zh="没有填数；不知道就写 null 或不写这一项", en="is empty; write null, or leave it out, if it is not known"
        )
    if len(written) > LONGEST:
        return _too_long()
    if not _PLAIN.fullmatch(written):
        return _not_plain(written)
    try:
        return _bounded(Decimal(written))
    except decimal.InvalidOperation:  # an exponent beyond what even Decimal holds
        return _too_large()


def plain(number: Decimal) -> str:
    """Return a decimal without exponent and without idle zeros: `1E+6` is `1000000`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def spelled(value: Fraction) -> str:
    """Return a fraction that ends as a decimal, such as a bound of the vocabulary, in digits."""
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


def _bounded(number: Decimal) -> Decimal | Text:
    if number and not -LONGEST < number.adjusted() < LARGEST:
        return _too_large()
    return number


def _too_large() -> Text:
    return Text(
        zh=f"数太大或太小（整数部分最多 {LARGEST} 位）",
        en=f"is too large or too small (at most {LARGEST} digits before the point)",
    )


def _too_long() -> Text:
    return Text(zh=f"数太长（最多 {LONGEST} 个字符）", en=f"is too long for a number (at most {LONGEST} characters)")


def _not_plain(written: str) -> Text:
    narrow = unicodedata.normalize("NFKC", written).strip()
    if narrow != written and _PLAIN.fullmatch(narrow):
        return Text(zh=f"请用半角数字，写成 {narrow}", en=f"use half-width digits: {narrow}")
    if _GROUPED.fullmatch(narrow):
        bare = re.sub(r"[,_ ]", "", narrow)
        return Text(zh=f"数字中不要分隔符，写成 {bare}", en=f"leave out the separators: {bare}")
    for unit in _UNITS:
        if unit in written:
            return _with_unit(unit)
    return NO_NUMBER


def _with_unit(unit: str) -> Text:
    if unit in "%％‰":
        return Text(
            zh="不要百分号；比率写成小数，3 % 写 0.03", en="leave out the sign: a rate is a share of one, 3 % is 0.03"
        )
    if unit[0] in "亿万千":
        return Text(zh="请换算成元，只写数字：30 万元写 300000", en="write yuan in full, digits only: 30万元 is 300000")
    return Text(zh="只写数字，不带单位", en="write digits only, without a unit")


def fits(number: Decimal, places: int) -> bool:
    """True if the number has at most so many decimals, idle zeros aside."""
    with decimal.localcontext() as context:
        context.prec = 2 * LONGEST
        scaled = number.scaleb(places)
        return scaled == scaled.to_integral_value()


# ---------------------------------------------------------------------------------------------------------------------
# Reads what a person wrote into a field or a cell (３０万, 3,000,000, 2022年3月1日), and the reverse.
#
# Only the way of writing is undone here. Whether the value is possible is judged by `matcher.firms.profile`, so what
# cannot be read is handed on as it stands and refused there, with the same words as on the command line.
# ---------------------------------------------------------------------------------------------------------------------


Plain = str | bool | int

_LONGEST_NUMBER = 40

_EXACT = Context(prec=100)

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"

_AMOUNT = re.compile(
    rf"([-+−]?)(?:人民币|RMB|CNY|¥)?(?:({_NUMBER})亿)?(?:({_NUMBER})([十百千]?)万)?(?:({_NUMBER})([百千]?))?(?:元整?|圆|yuan)?",
    re.IGNORECASE,
)

_TIMES = {"": 1, "十": 10, "百": 100, "千": 1000}

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


def plain_text(kind: str, text: str) -> Plain:
    """What a typed text stands for, as a profile file would state it; `kind` is the type of the fact.

    Booleans become bool; numbers decimal strings (a rate is typed in per cent and becomes a share of one);
    dates ISO strings. A text that cannot be read comes back unchanged but trimmed.
    """
    trimmed = text.strip()
    if kind == "boolean":
        return {"true": True, "false": False}.get(trimmed, trimmed)
    value = _READERS.get(kind, str)(trimmed)
    if value is None:
        return trimmed
    return int(value) if kind == "integer" and "." not in value else value


def typed(kind: str, value: object) -> str:
    """What one would type to state a plain value: the reverse of `plain`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(Decimal(str(value)).scaleb(2, _EXACT)) if kind == "rate" else str(value)


def number(text: str) -> str | None:
    """The decimal that a number stands for, written plainly (`1.2亿`, `120 million`, `一亿二千万` → `120000000`); None if it is not one.

    About (约, 大概), a unit after it (元, 人, 个, 台, 个月, yuan, people) and Chinese numerals are read; nothing is rounded.
    """
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:  # most figures of a long list
        return text.lstrip("0") or "0"
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    if len(written) > _LONGEST_NUMBER:
        return None
    if written in _NONE:
        return "0"
    written = _ABOUT.sub("", written)
    written = _UNIT.sub("", written) or written
    written = _loose_commas(_SHORT.sub(_long, written))
    found = _AMOUNT.fullmatch(written)
    if not found or not re.search(r"\d", written):
        return _in_chinese(written)
    sign, yi, wan, wan_times, rest, rest_times = found.groups()
    parts = ((yi, 10**8), (wan, 10**4 * _TIMES[wan_times or ""]), (rest, _TIMES[rest_times or ""]))
    total = Decimal(0)
    for digits, times in parts:
        total = _EXACT.add(total, _EXACT.multiply(Decimal((digits or "0").replace(",", "")), Decimal(times)))
    return _plain(-total if total and sign in ("-", "−") else total)


_NONE = frozenset({"无", "没有", "没", "零", "no", "none", "nil"})

_ABOUT = re.compile(r"^(?:大约|大概|约|差不多|近|about|approx\.?|approximately|ca\.|~|≈)|(?:左右|上下|多一点)$")


def is_approximate(text: str) -> bool:
    """Whether a number is written as about so much (约30万): a list of firms takes none, since nobody is asked back."""
    return bool(_ABOUT.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()))


_UNIT = re.compile(
    r"(?<=[\d万亿千百十零一二三四五六七八九两kmw])(?:个人|位|名|人次|人|个月|个|台|套|辆|户|家|年|次|项|people|persons?|staff|employees?|months?)$"
)

# 320w and 1.2 million: the letter or the word for a multiple; a bare m is a million, as in accounts.
_SHORT = re.compile(rf"^([-+−]?(?:人民币|rmb|cny|¥)?)({_NUMBER})(w|k|m|mn|million|thousand|billion|bn)((?:元|yuan)?)$")

_LONG = {"w": 4, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}


def _long(found: re.Match[str]) -> str:
    before, digits, letter, after = found.groups()
    value = _EXACT.scaleb(Decimal(digits.replace(",", "")), _LONG[letter])
    return before + _plain(value) + after


def _loose_commas(written: str) -> str:
    """A comma between digits that groups no thousands stands for the point, as in 1,2万; one alone before 万 or 亿 only."""
    return re.sub(r"^([-+−]?\d{1,3}),(\d{1,2})(?=[万亿])", r"\1.\2", written)


_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_STEPS = {"十": 10, "百": 100, "千": 1000}

_IN_CHINESE = re.compile(r"([-−负]?)(?:人民币)?([零〇一二两三四五六七八九十百千万亿]+)(?:元整?|圆|块钱?)?")


def _in_chinese(written: str) -> str | None:
    """The number that Chinese numerals stand for (三百二十万); None where they are none, or are mixed up."""
    found = _IN_CHINESE.fullmatch(written)
    if found is None:
        return None
    sign, words = found.groups()
    total = part = 0
    last = 10**9
    for big, times in ((r"亿", 10**8), (r"万", 10**4), ("", 1)):
        head, mark, words = words.partition(big) if big else (words, "", "")
        if big and not mark:
            words = head
            continue
        below = _below_ten_thousand(head)
        if below is None or (big and not head):
            return None
        part = below
        total += part * times
        last = times
    return str(-total if sign else total) if last <= 10**8 else None


def _below_ten_thousand(words: str) -> int | None:
    """一千二百零五 → 1205; empty → 0; None where the steps do not fall."""
    total, digit, above = 0, None, 10**5
    for word in words:
        if word in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[word]
        else:
            step = _STEPS.get(word)
            if step is None or step >= above or digit == 0:
                return None
            total, digit, above = total + (1 if digit is None else digit) * step, None, step
    return total + (digit or 0)


def share(text: str) -> str | None:
    """The share of one that a percentage stands for (`80` and `80％` → `0.8`); None if it is not a number."""
    per_cent = number(unicodedata.normalize("NFKC", text).strip().removesuffix("%"))
    return None if per_cent is None else _plain(Decimal(per_cent).scaleb(-2, _EXACT))


def iso_date(text: str) -> str | None:
    """`2022-03-01` for 2022-3-1, 2022.3.1, 20220301 or 2022年3月1日, possible day or not; None for anything else."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    year, month, day = (part for part in found.groups() if part is not None)
    return f"{year}-{int(month):02}-{int(day):02}"


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


_READERS: dict[str, Callable[[str], str | None]] = {
    "money": number,
    "integer": number,
    "number": number,
    "rate": share,
    "date": iso_date,
}
