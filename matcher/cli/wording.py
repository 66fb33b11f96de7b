"""The words in which the command line speaks besides those that all surfaces share (`matcher.text`)."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.engine import AmountRecord, ends_of
from matcher.rulebook import Fact, Text
from matcher.text import amount_text, sentences, stated_text

REASON: Mapping[str, Text] = {
    "not_yet": Text(zh="尚未开始", en="not yet begun"),
    "ended": Text(zh="已经结束", en="ended"),
    "no_open_round": Text(zh="目前没有开放的申报批次", en="no round is open"),
}

OUTCOME = {True: "✓", False: "✗", None: "?"}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "amount": {"zh": "金额", "en": "amount"},
    "arithmetic": {"zh": "算法", "en": "arithmetic"},
    "recipient": {"zh": "怎么给", "en": "how"},
    "department": {"zh": "找谁", "en": "where"},
    "version": {"zh": "开始", "en": "begins"},
    "duty": {"zh": "要守的规定", "en": "what it asks"},
    "days": {"zh": "要赶的日子", "en": "by when"},
    "until": {"zh": "期限", "en": "until"},
    "failing": {"zh": "不符合的条件", "en": "what fails"},
    "outputs": {"zh": "另外", "en": "further"},
    "reasons": {"zh": "理由", "en": "reasons"},
    "missing": {"zh": "还缺", "en": "missing"},
    "near": {"zh": "怎样就符合", "en": "what it takes"},
    "last_known": {"zh": "上一次的规定", "en": "last terms"},
    "awaits": {"zh": "在等", "en": "awaited"},
    "warning": {"zh": "注意", "en": "note"},
    "bundle": {"zh": "可同时享受的一组", "en": "taken together"},
    "why": {"zh": "原因", "en": "why"},
}


def label(name: str, lang: str) -> str:
    """Return the heading of a part of an answer, such as 金额 for `amount`."""
    return _LABELS[name][lang]


def word(words: Mapping[str, Text], key: object, lang: str) -> str:
    """Return the word for a key of a table (REASON); a key it does not know stands for itself."""
    found = words.get(str(key))
    return found.get(lang) if found else str(key)


def amount(found: AmountRecord, lang: str) -> str:
    """Return the amount of a decision (its JSON) in words."""
    return amount_text(found["kind"], *ends_of(found), lang, tight=False)


def value(fact: Fact | None, told: object, lang: str) -> str:
    """Return the value of a fact as a decision's JSON gives it, in the words of the fact's type."""
    if told is None:
        return sentences.say("未填", lang)
    return str(told) if fact is None else stated_text(fact, told, lang, tight=False, cents=True)
