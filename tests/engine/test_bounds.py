"""At the bound and one step either side: every bound of the rules is decided as the text's own word demands."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from matcher.engine.reasons import settled
from matcher.engine.worlds import Context, World
from matcher.rulebook.build import operators_of
from matcher.rulebook.edition import SchemeEdition
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Compare, Const, Fact
from matcher.rulebook.names import Condition
from matcher.rulebook.rulebook import Rulebook
from tests.engine.firms import editions

HOLDS = {"<": (True, False, False), "<=": (True, True, False), ">": (False, False, True), ">=": (False, True, True)}


def simple_bounds(edition: SchemeEdition) -> Iterator[tuple[Condition, str, Fraction]]:
    """The tests of one fact against one figure."""
    assert edition.body is not None
    for tree in edition.body.conditions():
        for condition in tree.walk():
            match condition.expr:
                case Compare(left=Fact() as fact, right=Const() as bound) if condition.expr.op in HOLDS:
                    yield condition, fact.id, Fraction(bound.value)


def test_every_bound_is_decided_as_its_word_demands(rulebook: Rulebook) -> None:
    """One step below, at, and one step above: true or false as 不超过, 低于, 以上 … say; the operator where no word is quoted."""
    seen = 0
    for slug, day, edition in editions(rulebook):
        for condition, name, bound in simple_bounds(edition):
            expr = condition.expr
            assert isinstance(expr, Compare)
            words = operators_of(condition.says or "")
            operator = next(iter(words)) if len(words) == 1 and words <= {expr.op} else expr.op
            fact = rulebook.facts[name]
            step = Fraction(1, 10**6) if fact.type in ("rate", "number") else Fraction(1)
            for offset, expected in zip((-step, Fraction(0), step), HOLDS[operator], strict=True):
                least, most = fact.bounds
                told = bound + offset
                if (least is not None and told < least) or (most is not None and told > most):
                    continue
                world = World(Context.of(rulebook, day.toordinal()), {name: told})
                assert settled(condition, world) is expected, (slug, day, condition.id, told)
                seen += 1
    assert seen > 0


@pytest.mark.parametrize(
    ("phrase", "operators"),
    [
        ("从业人数不超过300人", {"<="}), ("4亿元以下（不含4亿元）", {"<"}), ("2000万元以上（含2000万元）", {">="}), ("满20万元", {">="}),
        ("不足5人", {"<"}), ("超过100人", {">"}), ("未达到起征点", {"<"}), ("不低于50万元", {">="}), ("以内", {"<="}), ("没有数字", set()),
    ],
)  # fmt: skip
def test_the_word_says_whether_the_number_is_included(phrase: str, operators: set[str]) -> None:
    """以上 以下 以内 不超过 不低于 达到 满 include the number, 超过 低于 不足 不满 未达到 exclude it, 含 and 不含 settle it."""
    assert operators_of(phrase) == operators


def test_bounds_that_are_reckoned_turn_at_the_bound(rulebook: Rulebook) -> None:
    """A test on a sum or a share turns exactly where its two sides are equal, and as its operator says there."""
    seen = 0
    for slug, day, edition in editions(rulebook):
        assert edition.body is not None
        for tree in edition.body.conditions():
            for condition in tree.walk():
                expr = condition.expr
                if not isinstance(expr, Compare) or expr.op not in HOLDS or isinstance(expr.left, Fact):
                    continue
                context = Context.of(rulebook, day.toordinal())
                world = at_the_bound(expr, context)
                if world is not None:
                    assert settled(condition, world) is HOLDS[expr.op][1], (slug, day, condition.id)
                    seen += 1
    assert seen > 0


def at_the_bound(expr: Compare, context: Context) -> World | None:
    """A world in which both sides are equal: every fact but one at its least value (1 for a divisor), the last one solved for."""
    from matcher.engine.evaluate import value

    names = list(nodes.facts_in(expr))
    if any(context.vocabulary[name].type not in ("integer", "money", "rate", "number") for name in names):
        return None
    told: dict[str, Fraction] = {
        name: max(context.vocabulary[name].bounds[0] or Fraction(0), Fraction(0)) for name in names
    }
    for name in names:
        sides = []
        for here in (Fraction(1), Fraction(2)):
            world = World(context, {**told, name: here})
            sides.append(value(expr.left, world) - value(expr.right, world))
        slope = sides[1] - sides[0]
        if slope:
            solved = 1 - sides[0] / slope
            least, most = context.vocabulary[name].bounds
            if (least is None or solved >= least) and (most is None or solved <= most):
                return World(context, {**told, name: solved})
    return None
