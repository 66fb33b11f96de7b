"""The rule for datalogic-py: one compiled JSONLogic rule, given a dictionary and given facts it has parsed before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import datalogic_py

from tests.benchmarks.firms import Facts
from tests.benchmarks.peer import Peer, or_minus_one


def _var(name: str) -> dict[str, Any]:
    return {"var": name}


_NEW = {
    "and": [
        {"!": _var("in_restricted_or_prohibited_industry")},
        {"<=": [_var("employees_end_last_month"), 300]},
        {"<=": [_var("assets_end_last_month"), 5_000_000_000]},
    ]
}
_CORPORATE = ["company", "farmers_cooperative", "public_institution", "social_organisation", "branch"]
_CONDITION = {
    "or": [
        {"==": [_var("vat_status"), "small_scale"]},
        {"==": [_var("legal_form"), "individual_business"]},
        {
            "and": [
                {"in": [_var("legal_form"), _CORPORATE]},
                {"if": [_var("is_before_first_settlement"), _NEW, _var("small_low_profit_per_settlement")]},
            ]
        },
    ]
}
_HALF = {"floor": {"/": [{"+": [_var("six_taxes_two_fees_payable"), 1]}, 2]}}
RULE = {"if": [_CONDITION, _HALF, -1]}


def peers(firms: Sequence[Facts]) -> list[Peer]:
    """A dictionary for each firm, and the fastest form: a session over facts held on its own side, answering an int."""
    engine = datalogic_py.Engine()
    rule, session = engine.compile(RULE), engine.session()
    handles = [datalogic_py.DataHandle(dict(firm)) for firm in firms]
    return [
        Peer("datalogic, dict", rule.evaluate, firms, or_minus_one),
        Peer("datalogic, parsed before", partial(session.evaluate_int, rule), handles, or_minus_one),
    ]
