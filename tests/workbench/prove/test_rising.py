"""Whether a sum's form alone shows that it grows: it is never wrong, and it shows it for products of tables, shares and persons."""

from __future__ import annotations

from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.rulebook.files import Fact
from matcher.rulebook.language.nodes import Arith, Choice, Compare, Const, Extreme, Node
from matcher.rulebook.language.nodes import Fact as Told
from matcher.rulebook.language.types import BOOLEAN, NUMBER
from matcher.workbench.prove.rising import rises_by_form
from tests.conftest import count

WORDS = {"zh": "词", "en": "word"}


def _fact(name: str, **bounds: Any) -> Fact:
    """A number of a firm, with its bounds."""
    return Fact.model_validate(
        {"id": name, "type": "number", "label": WORDS, "question": WORDS, "group": "g", "advise": "never", **bounds}
    )


FACTS = {"base": _fact("base", min=0), "persons": _fact("persons", min=0), "loss": _fact("loss")}
BASE, PERSONS, LOSS = (Told(NUMBER, name) for name in FACTS)
NUMBERS = st.fractions(-4, 4, max_denominator=4)


def number(value: int | str) -> Const:
    """A figure of the rules."""
    return Const(NUMBER, Fraction(value))


def _inner(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(lambda op, left, right: Arith(NUMBER, op, left, right), st.sampled_from("+-*/"), parts, parts),
        st.builds(lambda op, args: Extreme(NUMBER, op, args), st.sampled_from(["min", "max"]), st.tuples(parts, parts)),
        st.builds(
            lambda left, right, then, other: Choice(NUMBER, Compare(BOOLEAN, "<", left, right), then, other),
            *[parts] * 4,
        ),
    )


NODES = st.recursive(
    st.one_of(st.sampled_from([BASE, PERSONS, LOSS]), st.builds(lambda one: Const(NUMBER, one), NUMBERS)),
    _inner,
    max_leaves=8,
)


def value(node: Node, told: dict[str, Fraction]) -> Fraction:
    """The number for a firm."""
    match node:
        case Told():
            return told[node.id]
        case Const():
            return Fraction(node.value)
        case Extreme():
            return (min if node.op == "min" else max)(value(part, told) for part in node.args)
        case Choice():
            condition = node.condition
            assert isinstance(condition, Compare)
            holds = value(condition.left, told) < value(condition.right, told)
            return value(node.then if holds else node.other, told)
        case Arith():
            left, right = value(node.left, told), value(node.right, told)
            return {"+": add, "-": sub, "*": mul, "/": truediv}[node.op](left, right)
    raise AssertionError(node)


@settings(max_examples=count(2000))
@given(NODES, NUMBERS.map(abs), NUMBERS.map(abs), NUMBERS.map(abs), NUMBERS)
def test_what_is_said_to_rise_never_falls(
    node: Node, low: Fraction, more: Fraction, persons: Fraction, loss: Fraction
) -> None:
    """Of two firms that differ in the base alone, the one with more of it has no less, whatever the formula."""
    assume(rises_by_form(node, "base", FACTS))
    told = {"persons": persons, "loss": loss}
    try:
        less, greater = (value(node, {"base": base, **told}) for base in (low, low + more))
    except ZeroDivisionError:  # the rules are proved to have no such firm by a question of its own
        return
    assert less <= greater


def test_products_of_what_is_never_negative_are_seen() -> None:
    """A share of a base for each person, at most a cap, less a fixed sum; not where a factor may be negative, nor a difference."""
    product = Arith(NUMBER, "*", Arith(NUMBER, "*", number("0.5"), BASE), PERSONS)
    assert rises_by_form(Extreme(NUMBER, "min", (product, number(500))), "base", FACTS)
    assert rises_by_form(Arith(NUMBER, "-", product, LOSS), "base", FACTS)
    assert rises_by_form(PERSONS, "base", FACTS)
    assert not rises_by_form(Arith(NUMBER, "*", BASE, LOSS), "base", FACTS)
    assert not rises_by_form(Arith(NUMBER, "-", number(5), BASE), "base", FACTS)
    assert not rises_by_form(Arith(NUMBER, "/", number(5), BASE), "base", FACTS)
