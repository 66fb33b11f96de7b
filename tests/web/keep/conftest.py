"""Fixtures of keeping: answers of a firm."""

import pytest

from matcher.answers.answers import Answers
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture
def answers() -> Answers:
    """A firm that told some facts exactly, one as a band, and is unsure of others."""
    return (
        Answers(as_of="2026-03-01", schemes=("six-taxes-two-fees",), ticked=frozenset({"six-taxes-two-fees:0"}))
        .with_answer("name", "天津市喆堃镕科技有限公司", 1_790_000_000)
        .with_answer("employees", 212, 1_790_000_007)
        .with_answer("six_taxes_two_fees_payable", "38642.57", 1_790_000_030)
        .with_answer("is_tech_sme", False, 1_790_000_040)
        .with_band("annual_revenue", ("1000000", "5000000", False, True), 1_790_000_050)
        .with_unsure("total_assets", 1_790_000_060)
    )


@pytest.fixture(scope="session")
def everything(rulebook: Rulebook) -> Answers:
    """An answer to every question a firm can be asked: too much for a cookie."""
    found = Answers()
    for number, fact in enumerate(rulebook.facts.values()):
        if fact.type == "money":
            found = found.with_answer(
                fact.id, f"{number * 7919 % 100_000}.{number % 90 + 10}", 1_790_000_000 + number * 37
            )
        elif fact.stated_by == "firm":
            found = found.with_unsure(fact.id, 1_790_000_000 + number * 41)
    return found
