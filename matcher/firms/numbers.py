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
    """The decimal that a number stands for, written plainly (`1.2亿` → `120000000`); None if it is not one."""
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:  # most figures of a long list
        return text.lstrip("0") or "0"
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _AMOUNT.fullmatch(written)
    if not found or len(written) > _LONGEST_NUMBER or not re.search(r"\d", written):
        return None
    sign, yi, wan, wan_times, rest, rest_times = found.groups()
    parts = ((yi, 10**8), (wan, 10**4 * _TIMES[wan_times or ""]), (rest, _TIMES[rest_times or ""]))
    total = Decimal(0)
    for digits, times in parts:
        total = _EXACT.add(total, _EXACT.multiply(Decimal((digits or "0").replace(",", "")), Decimal(times)))
    return _plain(-total if total and sign in ("-", "−") else total)


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
