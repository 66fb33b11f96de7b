"""Takes the dates out: replaces every parameter by its figure of a day and drops what does not hold on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from matcher.rulebook.conditions import Condition, as_node
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Const, Node
from matcher.rulebook.language.tables import Rows
from matcher.rulebook.names import Names


class Resolver:
    """Resolves trees for one day. ``constant`` gives the figure of a parameter on the day."""

    def __init__(self, names: Names, day: date, constant: Callable[[str], Const]) -> None:
        self.names = names
        self.day = day
        self.constant = constant
        self.done: dict[str, Node] = {}

    def holds(self, condition: Condition) -> bool:
        """Whether the condition is in force on the day."""
        return (condition.from_ is None or condition.from_ <= self.day) and (
            condition.until is None or self.day <= condition.until
        )

    def condition(self, condition: Condition) -> Condition:
        """The tree of the day."""
        children = tuple(self.condition(child) for child in condition.children if self.holds(child))
        expr = None if condition.expr is None else self.node(condition.expr)
        return replace(condition, children=children, expr=expr)

    def node(self, node: Node) -> Node:
        """The expression of the day."""
        match node:
            case nodes.Param():
                return self.constant(node.id)
            case nodes.Named() | nodes.Derived():
                return replace(node, body=self._named(node.id))
            case nodes.Arith() | nodes.Compare():
                return replace(node, left=self.node(node.left), right=self.node(node.right))
            case nodes.Retyped() | nodes.Whole() | nodes.Not() | nodes.Told():
                return replace(node, arg=self.node(node.arg))
            case nodes.Extreme() | nodes.Logic():
                return replace(node, args=tuple(self.node(arg) for arg in node.args))
            case nodes.Choice():
                condition, then, other = (self.node(part) for part in node.parts)
                return replace(node, condition=condition, then=then, other=other)
            case nodes.Lookup():
                table = self.node(node.table)
                if isinstance(table, Const) and not isinstance(table.value, Rows):
                    return table  # one figure whatever the keys: nothing is looked up
                return replace(node, table=table, keys=tuple(self.node(key) for key in node.keys))
            case nodes.Classify():
                return replace(node, code=self.node(node.code), table=self.node(node.table))
            case nodes.Progressive():
                return replace(node, amount=self.node(node.amount), scale=self.node(node.scale))
            case nodes.Shift():
                return replace(node, day=self.node(node.day), amount=self.node(node.amount))
            case nodes.Calendar():
                return replace(node, day=self.node(node.day))
            case nodes.Member():
                return replace(node, item=self.node(node.item), collection=self.node(node.collection))
            case _:
                return node

    def _named(self, name: str) -> Node:
        if name not in self.done:
            meaning = self.names.meaning(name)
            self.done[name] = (
                as_node(self.condition(meaning.condition)) if meaning.condition else self.node(meaning.node)
            )
        return self.done[name]


def figure_on(values: Mapping[str, list[tuple[date | None, date | None, Const]]], name: str, day: date) -> Const | None:
    """The constant of a parameter that holds on ``day``."""
    for first, last, constant in values[name]:
        if (first is None or first <= day) and (last is None or day <= last):
            return constant
    return None
