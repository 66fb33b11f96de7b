"""The formula of an edition says of every whole firm what the engine decides, to the fen; and the rules prove clean."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import z3
from hypothesis import assume, given, settings

from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE
from matcher.places import rules_dir
from matcher.text.figures import half_up
from matcher.workbench.prove.edition import FIRST, EditionFormula
from matcher.workbench.prove.findings import read_exceptions, read_places
from matcher.workbench.prove.formula import Formula
from matcher.workbench.prove.prove import prove
from matcher.workbench.prove.solver import quotient
from matcher.workbench.prove.variables import exact_number
from tests.conftest import count
from tests.engine.firms import Asked, asked, the_rulebook


@cache
def formula_of(slug: str, day: date) -> tuple[EditionFormula, list[Any]]:
    """The formula of an edition on one day, and the sums of its ways."""
    made = EditionFormula(the_rulebook(), the_rulebook().scheme_at(slug, day), (day, day), read_places(rules_dir()))
    sums = [
        None if way.route.benefit.expr is None else quotient(made.formula.number(way.route.benefit.expr))
        for way in made.ways
    ]
    return made, sums


def put(formula: Formula, expression: Any, one: Asked) -> Any:
    """The expression for one firm."""
    if not z3.is_expr(expression):
        return expression
    return z3.simplify(z3.substitute(expression, *formula.variables.values(one.facts, one.day)))


@settings(max_examples=count(3000, 30))
@given(asked(whole=True))
def test_the_formula_decides_as_the_engine(one: Asked) -> None:
    """Of any edition and any whole firm with a full industry code: entitled in the one exactly where in the other, for
    the same sum."""
    code = one.facts.get("industry")
    assume(one.day >= FIRST and (code is None or len(str(code)) == 4))
    made, sums = formula_of(one.slug, one.day)
    status, kind, _, high = decider(the_rulebook(), one.day, one.slug)(one.facts)
    entitled = put(made.formula, made.positive, one)
    if not (entitled is True or z3.is_true(entitled) or entitled is False or z3.is_false(entitled)):
        assume(False)  # an industry outside the tables leaves the class open: nothing to compare
    assert (entitled is True or z3.is_true(entitled)) == (status in POSITIVE)
    if status in POSITIVE and kind != "none":
        totals = [
            put(made.formula, total, one)
            for way, total in zip(made.ways, sums, strict=True)
            if z3.is_true(put(made.formula, z3.And(way.passes, True), one))
        ]
        (total,) = totals
        assert half_up(total if isinstance(total, int) else exact_number(total)) == high


def test_the_rules_prove_clean() -> None:
    """No finding without its reason, in one edition of ten; in all of them, with no reason left over, under MATCHER_FULL=1."""
    every = 10 // count(10)
    proof = prove(the_rulebook(), read_places(rules_dir()), every=every)
    exceptions = read_exceptions(rules_dir())
    assert [one.id for one in proof.findings.values() if one.id not in exceptions.reasons] == []
    assert proof.witnesses >= proof.editions > 20 // every
    if every == 1:
        assert exceptions.unused(proof.findings, the_rulebook().parsed) == []
