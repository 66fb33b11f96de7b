"""What a scheme comes to as columns: kind of sum, its ends in fen, and who gets it, by the route that is the firm's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcher.rulebook import AMOUNT_KINDS, ResolvedRoute, Rulebook, Sum
from matcher.rulebook.language import Node, nodes

from .graph import Expr, Graph
from .linear import linear
from .reading import Reading

KINDS: tuple[str, ...] = tuple(AMOUNT_KINDS)

Taken = Sequence[tuple[ResolvedRoute, Expr]]
"""Each route, and whether it is known to be the firm's."""


@dataclass(slots=True)
class Amount:
    """Kind, least and most in fen; ``untold`` where the sum hangs on something untold. Kind ``none``: no figure."""

    untold: Expr
    kind: Expr
    low: Expr
    high: Expr


def amount_of(rulebook: Rulebook, reading: Reading, taken: Taken) -> Amount:
    """By the route that is known to be the firm's; untold where none is, or its sum is not."""
    graph = reading.graph
    nothing, none = graph.null("int"), graph.code(KINDS.index("none"))
    without = graph.all(_lacks(graph, route) for route, _ in taken)  # whichever way is the firm's
    found = Amount(graph.negation(without), graph.choose(without, none, graph.null("code")), nothing, nothing)
    for route, is_taken in reversed(taken):
        own = _sum(rulebook, route, reading, none)
        found = Amount(
            graph.choose(is_taken, own.untold, found.untold),
            graph.choose(is_taken, own.kind, found.kind),
            graph.choose(is_taken, own.low, found.low),
            graph.choose(is_taken, own.high, found.high),
        )
    return found


def recipient_of(reading: Reading, taken: Taken) -> Expr:
    """Who gets it, by the route that is known to be the firm's."""
    graph = reading.graph
    routes = [route for route, _ in taken]
    recipients = {route.recipient for route in routes if isinstance(route.recipient, str)}
    if len(recipients) == 1 and all(isinstance(route.recipient, str) for route in routes):
        return graph.word(recipients.pop())
    found = graph.null("word")
    for route, is_taken in reversed(taken):
        own = graph.word(route.recipient) if isinstance(route.recipient, str) else reading.word(route.recipient)
        found = graph.choose(is_taken, own, found)
    return found


def _sum(rulebook: Rulebook, route: ResolvedRoute, reading: Reading, none: Expr) -> Amount:
    graph, benefit = reading.graph, route.benefit
    nothing, no = graph.null("int"), graph.boolean(False)
    if benefit.expr is None:
        return Amount(no, none, nothing, nothing)
    lacking = graph.any((_lacks(graph, route), _has_no_end(rulebook, graph, benefit)))
    zero = graph.whole(0)
    high = reading.rounded(benefit.expr)
    low = high if benefit.least is None else reading.rounded(benefit.least)
    untold = graph.any((graph.is_unknown(high), graph.is_unknown(low)))
    charge = graph.is_true(graph.compare("<", high, zero))
    said = graph.code(KINDS.index(benefit.kind))
    if benefit.least is not None:
        exact, range_ = graph.code(KINDS.index("exact")), graph.code(KINDS.index("range"))
        said = graph.choose(graph.is_true(graph.compare("==", low, high)), exact, range_)
    elif benefit.exact_once is not None:
        once = graph.is_true(graph.fact(benefit.exact_once))
        said = graph.choose(once, graph.code(KINDS.index("exact")), said)
    without = graph.any((lacking, charge))
    return Amount(
        graph.all((graph.negation(lacking), untold)),
        graph.choose(without, none, said),
        graph.choose(without, nothing, low),
        graph.choose(without, nothing, high),
    )


def _lacks(graph: Graph, route: ResolvedRoute) -> Expr:
    """Whether there is no sum on a way, or a fact is untold without which none is said."""
    if route.benefit.expr is None:
        return graph.boolean(True)
    return graph.any(graph.is_unknown(graph.fact(name)) for name in route.benefit.needs)


def _has_no_end(rulebook: Rulebook, graph: Graph, benefit: Sum) -> Expr:
    """Whether the sum is a plain one of facts of which one, untold, can make it as large as you like: then none is said."""
    if benefit.expr is None or benefit.least is not None:
        return graph.boolean(False)
    found = []
    for name, share in _without_end(benefit.expr).items():
        fact = rulebook.facts[name]
        end = fact.bounds[1 if share > 0 else 0]
        if end is None or fact.bounds_are == "typing":
            found.append(graph.is_unknown(graph.fact(name)))
    return graph.any(found)


def _without_end(node: Node) -> dict[str, Fraction]:
    """The facts, with their share, of a plain sum, or of a share of the greater of a plain sum and a constant."""
    while isinstance(node, (nodes.Named, nodes.Retyped)):
        node = node.parts[0]
    shares = linear(node)
    if shares is not None:
        return {name: share for name, share in shares.items() if name and share}
    if isinstance(node, nodes.Arith) and node.op == "*":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            factor = linear(one)
            if factor is not None and set(factor) == {""} and factor[""] > 0:
                return _without_end(other)
    if isinstance(node, nodes.Extreme) and node.op == "max":
        parts = [part for part in node.args if set(linear(part) or {"-": Fraction(1)}) != {""}]
        if len(parts) == 1 and linear(parts[0]) is not None:
            return _without_end(parts[0])
    return {}
