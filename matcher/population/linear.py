"""Sums of facts with constant shares, as far as an expression is one: of these the least and the most are known by the facts' bounds."""

from __future__ import annotations

from fractions import Fraction

from matcher.rulebook.language import Node, Rows, nodes


def dividend(node: Node) -> Node:
    """What is divided, of a quotient of a sum by something told; else the node itself."""
    while isinstance(node, (nodes.Named, nodes.Retyped)):
        node = node.parts[0]
    is_by_fact = isinstance(node, nodes.Arith) and node.op == "/" and linear(node) is None
    return node.parts[0] if is_by_fact else node


def linear(node: Node) -> dict[str, Fraction] | None:
    """The share of each fact in a plain sum of facts and constants; None of anything else. The constant stands under ``""``."""
    match node:
        case nodes.Const() if node.type.kind in ("number", "date") and not isinstance(node.value, Rows):
            return {"": Fraction(node.value)}
        case nodes.Fact() if node.type.kind == "number":
            return {node.id: Fraction(1)}
        case nodes.Named() | nodes.Retyped():
            return linear(node.parts[0])
        case nodes.Arith():
            left, right = linear(node.left), linear(node.right)
            if left is None or right is None:
                return None
            if node.op in "+-":
                sign = 1 if node.op == "+" else -1
                return {
                    name: left.get(name, Fraction(0)) + sign * right.get(name, Fraction(0))
                    for name in {**left, **right}
                }
            if node.op == "*" and set(left) <= {""}:
                left, right = right, left
            if not set(right) <= {""}:
                return None
            factor = right.get("", Fraction(0))
            if node.op == "/" and not factor:
                return None
            return {name: share * factor if node.op == "*" else share / factor for name, share in left.items()}
    return None
