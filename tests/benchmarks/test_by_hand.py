"""Holds the yardstick itself: the function by hand decides the given cases, and the incomplete firms as ours does."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks import by_hand, ours
from tests.benchmarks.firms import SLUG, draw

MONEY = ("assets_end_last_month", "six_taxes_two_fees_payable")


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    return {name: int(Decimal(str(value)) * 100) if name in MONEY else value for name, value in told.items()}


def test_the_function_by_hand_decides_the_given_cases(given_cases: Path) -> None:
    """Every worked case of the version of 2023 gets its status and its exact amount."""
    cases = yaml.safe_load((given_cases / f"{SLUG}.yaml").read_text(encoding="utf-8"))
    ours_now = [case for case in cases if date(2023, 1, 1) <= case["as_of"] <= date(2027, 12, 31)]
    assert ours_now
    for case in ours_now:
        status, fen = by_hand.decide(_facts(case["facts"]))
        assert status == case["expect"]["status"], case["id"]
        if "amount" in case["expect"]:
            assert fen == Decimal(case["expect"]["amount"]["value"]) * 100, case["id"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_function_by_hand_and_ours_agree_on_incomplete_firms(rulebook: Rulebook, share: float) -> None:
    """With any of the facts left out, both give the same status, and the same amount or none."""
    dice = random.Random(int(share * 10))
    firms = [{name: value for name, value in firm.items() if dice.random() > share} for firm in draw(5_000)]
    peer = ours.decide(rulebook, firms)
    for firm, answer in zip(firms, peer.answers(), strict=True):
        assert answer == by_hand.decide(firm), firm
