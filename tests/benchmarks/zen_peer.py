"""The rule for zen-engine: one compiled expression (its fastest form), and a decision graph whose trace explains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zen

from tests.benchmarks.by_hand import Answer
from tests.benchmarks.firms import Facts
from tests.benchmarks.peer import NOT_ELIGIBLE, Peer, eligible, or_minus_one

_CORPORATE = "['company', 'farmers_cooperative', 'public_institution', 'social_organisation', 'branch']"
_HALF = "floor((six_taxes_two_fees_payable + 1) / 2)"
_RULE = f"""
(vat_status == 'small_scale' or legal_form == 'individual_business'
 or (legal_form in {_CORPORATE}
     and (is_before_first_settlement
          ? (not in_restricted_or_prohibited_industry
             and employees_end_last_month <= 300 and assets_end_last_month <= 5000000000)
          : small_low_profit_per_settlement)))
? {_HALF} : -1
"""
# One line a condition, so that the trace holds the outcome of each: what a person would check.
_LINES = {
    "small_scale": "vat_status == 'small_scale'",
    "individual": "legal_form == 'individual_business'",
    "corporate": f"legal_form in {_CORPORATE}",
    "settled": "$.corporate and not is_before_first_settlement and small_low_profit_per_settlement",
    "unrestricted": "not in_restricted_or_prohibited_industry",
    "employees": "employees_end_last_month <= 300",
    "assets": "assets_end_last_month <= 5000000000",
    "new": "$.corporate and is_before_first_settlement and $.unrestricted and $.employees and $.assets",
    "status": "($.small_scale or $.individual or $.settled or $.new) ? 'eligible' : 'not_eligible'",
    "amount": f"$.status == 'eligible' ? {_HALF} : null",
}
_GRAPH = {
    "contentType": "application/vnd.gorules.decision",
    "nodes": [
        {"id": "in", "name": "facts", "type": "inputNode", "content": {}},
        {
            "id": "rule",
            "name": "rule",
            "type": "expressionNode",
            "content": {"expressions": [{"id": key, "key": key, "value": text} for key, text in _LINES.items()]},
        },
        {"id": "out", "name": "decision", "type": "outputNode", "content": {}},
    ],
    "edges": [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rule"},
        {"id": "2", "type": "edge", "sourceId": "rule", "targetId": "out"},
    ],
}
_TRACE = {"trace": True}


def peers(firms: Sequence[Facts]) -> list[Peer]:
    """The compiled expression in two forms, the traced graph in two."""
    return [*deciders(firms), *explainers(firms)]


def deciders(firms: Sequence[Facts]) -> list[Peer]:
    """The compiled expression, given a dictionary and given JSON text."""
    rule = zen.compile_expression(_RULE)
    return [
        Peer("zen expression, dict", rule.evaluate, firms, or_minus_one),
        Peer("zen expression, JSON", rule.evaluate, [json.dumps(firm) for firm in firms], or_minus_one),
    ]


def explainers(firms: Sequence[Facts]) -> list[Peer]:
    """The graph with trace: from a loader, which compiles it once, and as its guide shows it, which does not."""
    loaded = zen.ZenEngine({"loader": {"type": "static", "content": {"rule": _GRAPH}}})
    created = zen.ZenEngine().create_decision(json.dumps(_GRAPH))
    return [
        Peer("zen graph with trace, loader", lambda firm: loaded.evaluate("rule", firm, _TRACE), firms, _read, True),
        Peer("zen graph with trace, create_decision", lambda firm: created.evaluate(firm, _TRACE), firms, _read, True),
    ]


def _read(response: dict[str, Any]) -> Answer:
    # A trace without every line would be no explanation.
    if set(response["trace"]["rule"]["traceData"]) != set(_LINES):
        raise AssertionError("the trace of zen-engine lacks a condition")
    result = response["result"]
    return eligible(int(result["amount"])) if result["status"] == "eligible" else NOT_ELIGIBLE
