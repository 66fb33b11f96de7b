"""The words in which the command line speaks: statuses, recipients, amounts and values, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from matcher.rulebook import Fact

Words = Mapping[str, Mapping[str, str]]

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
STATUS: Words = {
    "eligible": {"zh": "可享受", "en": "entitled"},
    "needs_decision": {"zh": "待部门决定", "en": "department decides"},
    "needs_information": {"zh": "还缺信息", "en": "information missing"},
    "not_eligible": {"zh": "不符合", "en": "not entitled"},
    "not_open": {"zh": "不在执行期", "en": "not in force"},
    "unconfirmed": {"zh": "未核实", "en": "unconfirmed"},
    "applies": {"zh": "受此限制", "en": "restriction applies"},
    "does_not_apply": {"zh": "不受此限制", "en": "restriction does not apply"},
}
RECIPIENT: Words = {
    "firm_cash": {"zh": "款项付给企业", "en": "paid to the firm"},
    "firm_price": {"zh": "企业少缴或少付", "en": "the firm pays less"},
    "firm_deferral": {"zh": "企业缓缴，到期仍要缴", "en": "the firm pays later, but pays"},
    "firm_right": {"zh": "企业取得的资格或权利", "en": "a right or title of the firm"},
    "institution": {"zh": "付给机构，不付给企业", "en": "paid to an institution, not to the firm"},
    "worker": {"zh": "付给职工本人", "en": "paid to the worker"},
    "area": {"zh": "给园区或区域，不给单个企业", "en": "for an area, not for a single firm"},
}
REASON: Words = {
    "not_yet": {"zh": "尚未开始", "en": "not yet begun"},
    "ended": {"zh": "已经结束", "en": "ended"},
    "no_open_round": {"zh": "目前没有开放的申报批次", "en": "no round is open"},
}
OUTCOME = {True: "✓", False: "✗", None: "?"}
_LABELS: Words = {
    "amount": {"zh": "金额", "en": "amount"},
    "arithmetic": {"zh": "算法", "en": "arithmetic"},
    "recipient": {"zh": "归谁", "en": "who gets it"},
    "department": {"zh": "找谁", "en": "where"},
    "version": {"zh": "执行期", "en": "in force"},
    "outputs": {"zh": "另外", "en": "further"},
    "reasons": {"zh": "理由", "en": "reasons"},
    "missing": {"zh": "还缺", "en": "missing"},
    "near": {"zh": "差一点", "en": "one step short"},
    "warning": {"zh": "注意", "en": "note"},
    "bundle": {"zh": "可同时享受的一组", "en": "taken together"},
    "why": {"zh": "原因", "en": "why"},
}


def label(name: str, lang: str) -> str:
    """Return the heading of a part of an answer, such as 金额 for `amount`."""
    return _LABELS[name][lang]


def word(words: Words, key: object, lang: str) -> str:
    """Return the word for a key of one of the tables above; a key it does not know stands for itself."""
    return words.get(str(key), {}).get(lang, str(key))


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
