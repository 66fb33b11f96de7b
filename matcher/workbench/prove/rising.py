"""Which money a sum is meant to grow with, and whether its form alone shows that it does: then the solver need not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from matcher.rulebook import Fact
from matcher.rulebook.language import Const, Node, Rows, facts_in, nodes


def grows_with(node: Node) -> tuple[str, ...]:
    """The money facts that enter with a plus and nowhere with a minus, in the order they stand."""
    signs: dict[str, set[int]] = {}
    _signs(node, 1, signs)
    return tuple(name for name, found in signs.items() if found == {1})


def _signs(node: Node, sign: int, signs: dict[str, set[int]]) -> None:
    """``sign``: +1 or −1 as the sum rises or falls with the part."""
    match node:
        case nodes.Fact() if node.type.kind == "number":
            if dict(node.type.unit) == {"yuan": 1}:
                signs.setdefault(node.id, set()).add(sign)
        case nodes.Arith():
            _signs(node.left, sign, signs)
            _signs(node.right, -sign if node.op in "-/" else sign, signs)
        case nodes.Extreme() | nodes.Named() | nodes.Retyped() | nodes.Whole():
            for part in node.parts:
                _signs(part, sign, signs)
        case nodes.Choice():
            _signs(node.then, sign, signs)
            _signs(node.other, sign, signs)
        case nodes.Progressive():
            _signs(node.amount, sign, signs)


def rises_by_form(node: Node, fact: str, facts: Mapping[str, Fact]) -> bool:
    """Whether the number never falls while ``fact`` grows and all else stays, whatever the firm: sums, products and quotients with
    what is never below zero, the lowest and the highest of such parts. False where the form alone does not show it."""
    return _direction(node, fact, facts) in (0, 1)


def _direction(node: Node, fact: str, facts: Mapping[str, Fact]) -> int | None:
    """0: it does not change with the fact; 1, −1: it never falls, never rises with it; None: the form does not show it."""
    if fact not in facts_in(node):
        return 0
    match node:
        case nodes.Fact():
            return 1
        case nodes.Named() | nodes.Retyped() | nodes.Whole():
            return _direction(node.parts[0], fact, facts)
        case nodes.Extreme():
            return _together(*(_direction(part, fact, facts) for part in node.args))
        case nodes.Choice() if fact not in facts_in(node.condition):
            return _together(_direction(node.then, fact, facts), _direction(node.other, fact, facts))
        case nodes.Arith():
            return _of_arithmetic(node, fact, facts)
    return None


def _of_arithmetic(node: nodes.Arith, fact: str, facts: Mapping[str, Fact]) -> int | None:
    left, right = _direction(node.left, fact, facts), _direction(node.right, fact, facts)
    if left is None or right is None:
        return None
    if node.op == "+":
        return _together(left, right)
    if node.op == "-":
        return _together(left, -right)
    are_positive = _is_never_negative(node.left, facts), _is_never_negative(node.right, facts)
    if node.op == "/":
        return left if right == 0 and are_positive[1] else None
    if right == 0 and are_positive[1]:
        return left
    if left == 0 and are_positive[0]:
        return right
    return _together(left, right) if all(are_positive) else None


def _together(*found: int | None) -> int | None:
    """The one direction of several parts; None where they differ or one is not known."""
    moving = set(found) - {0}
    return 0 if not moving else moving.pop() if len(moving) == 1 else None


def _is_never_negative(node: Node, facts: Mapping[str, Fact]) -> bool:
    match node:
        case nodes.Fact():
            least = facts[node.id].bounds[0] if node.id in facts else None
            return least is not None and least >= 0
        case Const():
            leaves = list(node.value.leaves()) if isinstance(node.value, Rows) else [node.value]
            return all(isinstance(one, int | Fraction) and one >= 0 for one in leaves)
        case nodes.Lookup():
            return _is_never_negative(node.table, facts)
        case nodes.Named() | nodes.Retyped() | nodes.Whole():
            return _is_never_negative(node.parts[0], facts)
        case nodes.Extreme():
            how = any if node.op == "max" else all
            return how(_is_never_negative(part, facts) for part in node.args)
        case nodes.Choice():
            return _is_never_negative(node.then, facts) and _is_never_negative(node.other, facts)
        case nodes.Arith() if node.op in "+*/":
            return all(_is_never_negative(part, facts) for part in node.parts)
    return False
