"""Which money a sum is meant to grow with: the facts that enter it with a plus, however far inside."""

from __future__ import annotations

from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node


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
