"""Read what a firm tells into facts, naming every value that cannot be right; nothing is repaired silently."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.engine import FactValue
from matcher.firms.credit_code import read_code
from matcher.firms.faults import Fault, LineOf, Remark, shown
from matcher.firms.industries import remark_on
from matcher.firms.suggestions import nearest
from matcher.firms.values import read_value
from matcher.rulebook import Fact, Rulebook, Text


def _nowhere(path: object) -> None:
    return None


def read_facts(
    rulebook: Rulebook, raw: Mapping[str, object], line_of: LineOf = _nowhere
) -> tuple[dict[str, FactValue], list[Fault]]:
    """Return the facts that can be used and every fault found, in the order told; never raises for bad values.

    `None` is not told. Money comes out in whole fen, rates and numbers as exact fractions. `line_of` gives the line of
    a field, as `line_of((field,))`, for the faults.
    """
    facts: dict[str, FactValue] = {}
    faults: list[Fault] = []
    for name, told in raw.items():
        fact = rulebook.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            faults.append(_unknown(rulebook, name, told, line_of((name,))))
            continue
        if told is None:
            continue
        value, reasons = read_value(fact, told)
        if value is not None:
            facts[name] = value
        faults += [_fault(fact, told, reason, line_of((name,))) for reason in reasons]
    return facts, faults


def remarks(raw: Mapping[str, object]) -> tuple[Remark, ...]:
    """Return what a person should see about values that are used all the same, such as how a credit code was read."""
    code, industry = raw.get("credit_code"), raw.get("industry")
    found = list(read_code(code).remarks) if isinstance(code, str) else []
    remark = remark_on(industry) if isinstance(industry, str) else None
    return (*found, remark) if remark else tuple(found)


def _fault(fact: Fact, told: object, reason: Text, line: int | None) -> Fault:
    text = Text(zh=f"{fact.label.zh}：{reason.zh}", en=f"{fact.label.en}: {reason.en}")
    return Fault(fact.id, line, shown(told), text)


def _unknown(rulebook: Rulebook, name: object, told: object, line: int | None) -> Fault:
    field = shown(name)
    zh, en = f"没有名为 {field} 的事实", f"there is no fact named {field}"
    labels = {known.id: (known.label.zh, known.label.en) for known in rulebook.facts.values()}
    meant = nearest(str(name), labels)
    if meant:
        zh, en = f"{zh}；是不是 {meant}（{rulebook.facts[meant].label.zh}）？", f"{en}; perhaps {meant}?"
    else:
        zh, en = f"{zh}；可用 matcher facts 查看全部事实", f"{en}; matcher facts lists them all"
    return Fault(field, line, shown(told), Text(zh=zh, en=en))
