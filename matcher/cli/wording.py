"""The words in which the command line speaks: statuses, recipients, amounts and values, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from matcher.rulebook import Fact, Text

MARKS = {
    "eligible": "●",
    "needs_decision": "◐",
    "needs_information": "◔",
    "not_eligible": "○",
    "not_open": "·",
    "unconfirmed": "?",
    "applies": "▲",
    "does_not_apply": "△",
}

REASON: Mapping[str, Text] = {
    "not_yet": Text(zh="尚未开始", en="not yet begun"),
    "ended": Text(zh="已经结束", en="ended"),
    "no_open_round": Text(zh="目前没有开放的申报批次", en="no round is open"),
}

OUTCOME = {True: "✓", False: "✗", None: "?"}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "amount": {"zh": "金额", "en": "amount"},
    "arithmetic": {"zh": "算法", "en": "arithmetic"},
    "recipient": {"zh": "归谁", "en": "who gets it"},
    "department": {"zh": "找谁", "en": "where"},
    "version": {"zh": "执行期", "en": "in force"},
    "outputs": {"zh": "另外", "en": "further"},
    "reasons": {"zh": "理由", "en": "reasons"},
    "missing": {"zh": "还缺", "en": "missing"},
    "near": {"zh": "差一点", "en": "one step short"},
    "last_known": {"zh": "最后已知的条件", "en": "last known terms"},
    "awaits": {"zh": "在等", "en": "awaited"},
    "warning": {"zh": "注意", "en": "note"},
    "bundle": {"zh": "可同时享受的一组", "en": "taken together"},
    "why": {"zh": "原因", "en": "why"},
}


def label(name: str, lang: str) -> str:
    """Return the heading of a part of an answer, such as 金额 for `amount`."""
    return _LABELS[name][lang]


def word(words: Mapping[str, Text], key: object, lang: str) -> str:
    """Return the word for a key of a table (STATUS, RECIPIENT, REASON); a key it does not know stands for itself."""
    found = words.get(str(key))
    return found.get(lang) if found else str(key)


def yuan(value: object, lang: str) -> str:
    """Return an amount in yuan with its thousands apart: `19,321.29 元`."""
    figure = f"{Decimal(str(value)):,.2f}"
    return f"{figure} 元" if lang == "zh" else f"{figure} yuan"


def amount(found: Mapping[str, object], lang: str) -> str:
    """Return the amount of a decision (its JSON) in words."""
    kind = found["kind"]
    if kind == "exact":
        return yuan(found["value"], lang)
    if kind == "ceiling":
        return ("最高 " if lang == "zh" else "up to ") + yuan(found["value"], lang)
    if kind == "range":
        low, high = yuan(found["low"], lang), yuan(found["high"], lang)
        return f"{low} 至 {high}" if lang == "zh" else f"{low} to {high}"
    return "没有确定的金额" if lang == "zh" else "no definite amount"


def value(fact: Fact | None, told: object, lang: str) -> str:
    """Return the value of a fact as a decision's JSON gives it, in the words of the fact's type."""
    if told is None:
        return "未填" if lang == "zh" else "not told"
    text = str(told).lower() if isinstance(told, bool) else str(told)
    if fact is None:
        return text
    if fact.type == "boolean":
        yes = text == "true"
        return ("是" if yes else "否") if lang == "zh" else ("yes" if yes else "no")
    if fact.type == "enum" and text in fact.values:
        return fact.values[text].get(lang)
    return yuan(text, lang) if fact.type == "money" and _is_decimal(text) else text


def _is_decimal(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
