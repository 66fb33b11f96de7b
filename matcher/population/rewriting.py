"""Expressions anew in a graph that knows more of the firms: what allows for the untold, or for figures too large, falls away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .graph import Expr, Graph


def in_graph(graph: Graph, wanted: Iterable[Expr]) -> list[Expr]:
    """The expressions of another graph, made in this one."""
    made: dict[int, Expr] = {}
    return [_made(graph, expr, made) for expr in wanted]


def _made(graph: Graph, expr: Expr, made: dict[int, Expr]) -> Expr:
    found = made.get(expr.number)
    if found is None:
        found = made[expr.number] = _make(graph, expr, made)
    return found


def _make(graph: Graph, expr: Expr, made: dict[int, Expr]) -> Expr:
    if expr.op == "choose":
        return _chosen(graph, expr, made)
    args: list[Any] = [_made(graph, arg, made) if isinstance(arg, Expr) else arg for arg in expr.args]
    match expr.op:
        case "fact":
            return graph.fact(args[0])
        case "null":
            return graph.null(expr.kind)
        case "const":
            return _constant(graph, expr)
        case "in_codes":
            return graph.in_codes(*args)
        case "class_of":
            return graph.class_of(*args)
        case "and":
            return graph.all(args)
        case "or":
            return graph.any(args)
        case "not":
            return graph.negation(args[0])
        case "is_unknown":
            return graph.is_unknown(args[0])
        case "is_true":
            return graph.is_true(args[0])
        case "compare":
            return graph.compare(*args)
        case "among":
            return graph.among(*args)
        case "first_known":
            return graph.first_known(*args)
        case "+" | "-":
            return graph.plus(args[0], args[1], 1 if expr.op == "+" else -1)
        case "*":
            return graph.times(*args)
        case "floor":
            return graph.floor(*args)
        case "shift":
            return graph.shift(*args)
        case _:
            return graph.extreme(expr.op, args)


def _constant(graph: Graph, expr: Expr) -> Expr:
    value = expr.args[0]
    if expr.kind == "bool":
        return graph.boolean(value)
    if expr.kind == "int":
        return graph.whole(value)
    return graph.code(value) if expr.kind == "code" else graph.word(value)


def _chosen(graph: Graph, expr: Expr, made: dict[int, Expr]) -> Expr:
    """A chain of choices as cases, as far as their conditions are never unknown."""
    cases, rest = [], expr
    while rest.op == "choose":
        condition = _made(graph, rest.args[0], made)
        if not condition.known:
            break
        cases.append((condition, _made(graph, rest.args[1], made)))
        rest = rest.args[2]
    if cases:
        return graph.cases(cases, _made(graph, rest, made))
    condition, then, other = (_made(graph, arg, made) for arg in expr.args)
    return graph.choose(condition, then, other)
