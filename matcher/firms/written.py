"""Reads what a person wrote into a field or a cell (３０万, 3,000,000, 2022年3月1日), and the reverse.

Only the way of writing is undone here. Whether the value is possible is judged by `matcher.firms.profile`,
so what cannot be read is handed on as it stands and refused there, with the same words as on the command line.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Context, Decimal

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


def plain(kind: str, text: str) -> Plain:
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
