"""The compiled reading gives what the cells give, on every edition, for firms told whole and in part."""

from __future__ import annotations

import ast

from hypothesis import given, settings

from matcher.engine.amounts import NO_AMOUNT
from matcher.engine.check import decide_exactly
from matcher.engine.decide import decider, source_of
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.engine.firms import Asked, asked, editions, the_rulebook

NAMES = {
    "f", "fen", "least", "day", "last", "registered", "decide", "exactly", "int", "min", "max", "F", "KeyError", "ZeroDivisionError",
}  # fmt: skip
ATTRIBUTES = {"toordinal", "month", "year", "get", "__getitem__"}


def same(one: Asked) -> None:
    """The compiled and the exact decision of one question are equal to the fen."""
    exact = decide_exactly(the_rulebook(), one.edition, one.facts, one.day)
    amount = exact.amount or NO_AMOUNT
    expected = (exact.status, amount.kind, amount.low, amount.high)
    assert decider(the_rulebook(), one.day, one.slug)(one.facts) == expected


@settings(max_examples=count(6000))
@given(asked(whole=True))
def test_whole_firms_are_decided_alike(one: Asked) -> None:
    """Status and amount of the compiled function equal those of the cells where everything is told."""
    same(one)


@settings(max_examples=count(3000))
@given(asked())
def test_half_told_firms_are_decided_alike(one: Asked) -> None:
    """The same where any part is told."""
    same(one)


def test_the_source_of_a_decision_holds_no_text_of_a_rule_file(rulebook: Rulebook) -> None:
    """What Python compiles is made of fact ids and constants only: no import and no call beyond the engine's own."""
    for slug, day, edition in editions(rulebook):
        source, constants = source_of(edition)
        for part in ast.walk(ast.parse(source)):
            assert not isinstance(part, (ast.Import, ast.ImportFrom, ast.Global)), (slug, day)
            if isinstance(part, ast.Name):
                assert part.id in NAMES | set(constants), (slug, day, part.id)
            if isinstance(part, ast.Attribute):
                assert part.attr in ATTRIBUTES, (slug, day, part.attr)
