"""Reads what a person typed into a field, and writes figures for people."""

import unicodedata
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from fractions import Fraction

from matcher.engine.ask import Outlook
from matcher.letters.compose import UNITS
from matcher.rulebook import Fact
from matcher.rulebook.language import Scalar
from matcher.text import day as in_words
from matcher.text import sentences

# ---------------------------------------------------------------------------------------------------------------------
# Reads what a person typed into a field (３０万, 3,000,000, 2022年3月1日) and says it back in words.
#
# The reading itself is that of lists too (`matcher.firms.numbers`); what a browser may send besides is dealt with
# here.
# ---------------------------------------------------------------------------------------------------------------------


LONGEST_ENTRY = 200

# Of a longer entry so much is shown again: enough to know it by, and still too long to pass unseen.
_LONGEST_SHOWN = 2 * LONGEST_ENTRY


def unprintable(text: str) -> bool:
    """Whether a text holds characters that no keyboard types: controls, halves of surrogate pairs, broken bytes."""
    return any(unicodedata.category(c) in ("Cc", "Cs") or c == "\ufffd" for c in text)


def printable(text: str) -> str:
    """The text without those characters, fit to be shown again in its field."""
    return "".join(c for c in text if not unprintable(c))


def shown(text: str) -> str:
    """What a field shows again of what was typed into it: trimmed, printable, and not without end."""
    return printable(text.strip()[:_LONGEST_SHOWN])


# ---------------------------------------------------------------------------------------------------------------------
# Writes figures for people: yuan with thousands, shares in per cent, days, and a typed value echoed in words.
# ---------------------------------------------------------------------------------------------------------------------


_WAN, _YI = 10**4, 10**8


def thousands(value: str | Decimal | int) -> str:
    """A decimal with its thousands grouped, trailing zeros of whole yuan left off: `19,321.29`, `300,000`."""
    amount = Decimal(value)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,f}"


def per_cent(share: str | Decimal) -> str:
    """A share of one in per cent: `0.125` → `12.5%`."""
    return f"{_short(Decimal(share) * 100)}%"


def day(value: str | date, lang: str) -> str:
    """A day as people write it: 2026年7月1日, 1 July 2026. `value` is a date or ISO text."""
    found = value if isinstance(value, date) else date.fromisoformat(value)
    return in_words(found, lang)


def blank(lang: str) -> str:
    """What stands between a figure and its unit: nothing in Chinese, where the browser sets the space."""
    return "" if lang == "zh" else " "


def yuan(amount: str | Decimal | int, lang: str) -> str:
    """A sum with its unit: 19,321.29元, 300,000 yuan. `amount` is in yuan."""
    return f"{thousands(amount)}{blank(lang)}{sentences.say('amount.yuan', lang)}"


def unit(fact: Fact, lang: str, number: Decimal | int | None = None) -> str:
    """The unit that stands beside a fact's figure, empty if it has none; in English it follows the number."""
    if fact.type == "money":
        return "元" if lang == "zh" else "yuan"
    if fact.type == "rate":
        return "%"
    return unit_word(fact.unit or "", lang, number)


def unit_word(name: str, lang: str, number: Decimal | int | None = None) -> str:
    """The word for a unit of the vocabulary: persons → 人, or person for one and persons for several."""
    zh, en = UNITS.get(name, (name, name))
    return zh if lang == "zh" else (en.removesuffix("s") if number == 1 else en)


def with_unit(fact: Fact, value: str, lang: str) -> str:
    """A fact's value, or a distance to it, as a decision's JSON states it, with its unit."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if fact.type == "rate":
        return per_cent(number)
    if fact.type == "date":
        return sentences.count(lang, int(number), "day")
    return f"{thousands(number)}{blank(lang)}{unit(fact, lang, number)}".rstrip()


def stated(fact: Fact, value: object, lang: str) -> str:
    """A fact's value, as a decision's JSON states it, in words: 是, 一般纳税人, 3,000,000元, 2022年3月1日."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if fact.type == "boolean" and text in ("true", "false"):
        return sentences.say("yes" if text == "true" else "no", lang)
    if fact.type == "enum" and text in fact.values:
        return fact.values[text].get(lang)
    if fact.type == "date":
        return _day_or_text(text, lang)
    return text if fact.type == "text" else with_unit(fact, text, lang)


def echo(fact: Fact, value: Scalar, lang: str) -> str | None:
    """What a told figure or day means, in words, to be shown under its field; None where nothing could be mistaken."""
    if fact.type == "money" and isinstance(value, int):
        return "= " + yuan_in_words(Decimal(value) / 100, lang)
    if fact.type == "rate" and isinstance(value, int | Fraction):
        return "= " + per_cent(decimal(Fraction(value)))
    if fact.type in ("integer", "number") and isinstance(value, int | Fraction):
        return "= " + with_unit(fact, str(decimal(Fraction(value))), lang)
    return "= " + day(value, lang) if isinstance(value, date) else None


def yuan_in_words(amount: Decimal, lang: str) -> str:
    """`300,000元 = 30万元`; in English `300,000 yuan`, from a million on with the millions beside it."""
    if lang != "zh":
        million = f" = {_short(amount / 10**6)} million yuan" if abs(amount) >= 10**6 else ""
        return f"{thousands(amount)} yuan{million}"
    size, name = (_YI, "亿元") if abs(amount) >= _YI else (_WAN, "万元")
    large = f" = {_short(amount / size)}{name}" if abs(amount) >= _WAN else ""
    return f"{thousands(amount)}元{large}"


def about(fen: int, lang: str, *, up: bool = False) -> str:
    """A sum of fen as one says it: 12.4万元, 8,355元; 124,000 yuan. Rounded down, or up for what is at most to be had."""
    yuan = Decimal(fen) / 100
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    size, name = (_YI, "亿元") if yuan >= _YI else (_WAN, "万元") if yuan >= _WAN else (1, "元")
    if lang != "zh":
        return f"{yuan.quantize(Decimal(1), rounding):,f} yuan"
    step = Decimal("0.1") if size > 1 else Decimal(1)
    return f"{_short((yuan / size).quantize(step, rounding))}{name}"


def decimal(value: Fraction) -> Decimal:
    """An exact fraction as a decimal, to 28 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def _day_or_text(text: str, lang: str) -> str:
    try:
        return day(text, lang)
    except ValueError:
        return text


def _short(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---------------------------------------------------------------------------------------------------------------------
# Says how far the interview is: schemes settled, the money as a range that only narrows, and what was found so far.
# ---------------------------------------------------------------------------------------------------------------------


def money_range(outlook: Outlook, lang: str) -> str:
    """The range in one clause; empty where there is no money in it at all."""
    low, high = outlook.low, outlook.high
    if high == low:
        return sentences.say("money.sure", lang, low=about(low, lang)) if low else ""
    if high is None:
        count = sentences.count(lang, len(outlook.unbounded), "scheme")
        key = "money.unbounded" if low else "money.no_end"
        return sentences.say(key, lang, low=about(low, lang), count=count)
    said = {"low": about(low, lang), "high": about(high, lang, up=True)}
    return sentences.say("money.range" if low else "money.at_most", lang, **said)
