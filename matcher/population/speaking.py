"""Which conditions speak for a firm where it meets them, by what it told of itself (`matcher.engine.has_firm_side`)."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.engine import step_of
from matcher.rulebook import Condition, Rulebook
from matcher.rulebook.language import Node, facts_in, nodes, walk

from .graph import Expr
from .reading import Reading
from .scheme_amount import Taken


def spoken_for(rulebook: Rulebook, reading: Reading, requires: Condition, taken: Taken) -> Expr:
    """Whether a condition that the firm meets, of all firms or of its own route, speaks for it."""
    graph = reading.graph
    trees = [(requires, graph.boolean(True))]
    for route, is_taken in taken:
        trees += [(tree, is_taken) for tree in (route.when, route.requires) if tree is not None]
    return graph.any(
        graph.all((is_taken, graph.is_true(reading.condition(leaf))))
        for tree, is_taken in trees
        for leaf in _spoken(rulebook, tree)
    )


def may_speak(rulebook: Rulebook, condition: Condition) -> bool:
    """Whether any test of a tree may speak for a firm: rather once too often, where it is worked out of several facts."""
    if next(_spoken(rulebook, condition), None) is not None:
        return True
    for leaf in condition.walk():
        read = set() if leaf.expr is None else all_facts(leaf.expr)
        if read != {step_of(leaf).fact} and any(rulebook.facts[name].speaks for name in read if name in rulebook.facts):
            return True
    return False


def all_facts(node: Node) -> set[str]:
    """Every fact that an expression reads, those that a derived enumeration is made of included."""
    return {*facts_in(node), *(part.id for part in walk(node) if isinstance(part, nodes.Fact))}


def _spoken(rulebook: Rulebook, condition: Condition) -> Iterator[Condition]:
    """The tests of a tree, none beneath a denial, that speak for a firm where they are met."""
    if condition.kind == "not":
        return
    for child in condition.children:
        yield from _spoken(rulebook, child)
    step = step_of(condition)
    fact = rulebook.facts.get(step.fact or "")
    if fact is not None and fact.stated_by == "firm" and fact.speaks:
        one_of_several = fact.type == "enum" and fact.advise == "never" and step.op == "in"
        if not (step.op == "!=" or (step.op == "==" and step.bound is False) or one_of_several):
            yield condition
