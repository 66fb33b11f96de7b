"""The word against the operator: a quoted phrase and the comparison that encodes it must say the same.

Chinese drafting makes it decidable: 以上 以下 以内 不超过 不低于 达到 满 include the number; 超过 低于 不足 不满 未达到 exclude it;
（含…） and （不含…） beside a word settle it. Where a text means something else, the rule file says so (``override``).
"""

from __future__ import annotations

import re

from matcher.rulebook.language.nodes import Compare, Node, walk

# The longer word first, so that 不超过 is not read as 超过.
_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("未超过", frozenset({"<="})), ("不超过", frozenset({"<="})), ("不高于", frozenset({"<="})), ("不多于", frozenset({"<="})),
    ("不低于", frozenset({">="})), ("不少于", frozenset({">="})), ("未达到", frozenset({"<"})), ("不足", frozenset({"<"})),
    ("不满", frozenset({"<"})), ("低于", frozenset({"<"})), ("超过", frozenset({">"})), ("以上", frozenset({">="})),
    ("以下", frozenset({"<="})), ("以内", frozenset({"<="})), ("达到", frozenset({">="})), ("满", frozenset({">="})),
)  # fmt: skip
_STRICT = {"<=": "<", ">=": ">"}
_LOOSE = {"<": "<=", ">": ">="}
_WORD = re.compile("|".join(word for word, _ in _WORDS))


def operators_of(phrase: str) -> frozenset[str]:
    """The comparisons a phrase may stand for; empty where it has no such word.

    >>> sorted(operators_of("从业人数不超过300人")), sorted(operators_of("4亿元以下（不含4亿元）"))
    (['<='], ['<'])
    """
    meant = dict(_WORDS)
    found = {operator for word in _WORD.findall(phrase) for operator in meant[word]}
    if "不含" in phrase:
        found = {_STRICT.get(operator, operator) for operator in found}
    elif re.search(r"[（(]含|含本数", phrase):
        found = {_LOOSE.get(operator, operator) for operator in found}
    return frozenset(found)


def disagreement(phrase: str, node: Node) -> str | None:
    """What is wrong between a phrase and its test, or None."""
    wanted = operators_of(phrase)
    used = {part.op for part in walk(node) if isinstance(part, Compare) and part.op in ("<", "<=", ">", ">=")}
    if not wanted or not used or wanted & used:
        return None
    means, says = " or ".join(sorted(wanted)), " and ".join(sorted(used))
    return f"the phrase means {means} but the test uses {says}; mend one, or write override: with the reason"
