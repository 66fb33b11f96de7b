"""The compiled reading gives what the cells give, on every edition, for firms told whole and in part."""

from __future__ import annotations

import ast
import random

from matcher.engine.amounts import NO_AMOUNT
from matcher.engine.check import decide_exactly
from matcher.engine.decide import decider, source_of
from matcher.rulebook import Rulebook
from tests.conftest import count
from tests.engine.firms import editions, firm


def test_compiled_and_exact_decisions_are_the_same(rulebook: Rulebook) -> None:
    """Status and amount of the compiled function equal those of the cells for random firms of every edition."""
    chance = random.Random(19)
    for slug, day, edition in editions(rulebook):
        decide = decider(rulebook, day, slug)
        for told in (1.0, 0.8, 0.4):
            for _ in range(count(300)):
                facts = firm(rulebook, edition, chance, told)
                exact = decide_exactly(rulebook, edition, facts, day)
                amount = exact.amount or NO_AMOUNT
                assert decide(facts) == (exact.status, amount.kind, amount.low, amount.high), (slug, day, facts)


def test_the_source_of_a_decision_holds_no_text_of_a_rule_file(rulebook: Rulebook) -> None:
    """What Python compiles is made of fact ids and constants only: no attribute, import or call beyond the engine's own."""
    for slug, day, edition in editions(rulebook):
        source, constants, _ = source_of(edition)
        allowed = {
            "f",
            "fen",
            "day",
            "decide",
            "exactly",
            "int",
            "min",
            "max",
            "F",
            "KeyError",
            "ZeroDivisionError",
            *constants,
        }
        for part in ast.walk(ast.parse(source)):
            assert not isinstance(part, (ast.Import, ast.ImportFrom, ast.Global)), (slug, day)
            if isinstance(part, ast.Name):
                assert part.id in allowed, (slug, day, part.id)
            if isinstance(part, ast.Attribute):
                assert part.attr in ("toordinal", "month", "year", "__getitem__"), (slug, day, part.attr)
