"""The columnar reading of a typed expression: the same text as the exact engine reads, unknown wherever it cannot be sure.

What it says is settled is settled for the engine too; where it says unknown, the engine may know more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from matcher.engine import shift
from matcher.rulebook import Condition, Rulebook
from matcher.rulebook.language import Const, Node, Rows, nodes, walk

from .graph import PARTS, Expr, Graph, NotColumnar
from .linear import dividend, linear
from .quotients import Quotient, Quotients


@dataclass(slots=True)
class Reading:
    """Reads expressions of one edition. ``filled``: values (as the engine keeps them) that stand in for facts that are not told."""

    rulebook: Rulebook
    graph: Graph
    day: int
    filled: Mapping[str, Any] = field(default_factory=dict)
    reckon: Quotients = field(init=False)
    _kept: dict[tuple[str, int], tuple[Node, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reckon = Quotients(self.graph)

    def _once(self, how: str, node: Node, work: Callable[[Node], Any]) -> Any:
        """What was read of a node that several expressions share (a concept), read once; the node is held for its identity."""
        key = (how, id(node))
        if key not in self._kept:
            self._kept[key] = (node, work(node))
        return self._kept[key][1]

    # --- true, false, unknown

    def condition(self, condition: Condition) -> Expr:
        """A condition tree."""
        if condition.expr is not None:
            return self.truth(condition.expr)
        parts = [self.condition(child) for child in condition.children]
        if condition.kind == "any":
            return self.graph.any(parts)
        joined = self.graph.all(parts)
        return self.graph.negation(joined) if condition.kind == "not" else joined

    def truth(self, node: Node) -> Expr:
        """A yes/no expression."""
        found: Expr = self._once("truth", node, self._truth)
        return found

    def _truth(self, node: Node) -> Expr:
        graph = self.graph
        match node:
            case nodes.Fact():
                return self._fact(node.id)
            case nodes.Const():
                return graph.boolean(node.value)
            case nodes.Named():
                return self.truth(node.body)
            case nodes.Logic():
                parts = [self.truth(arg) for arg in node.args]
                return graph.all(parts) if node.op == "and" else graph.any(parts)
            case nodes.Not():
                return graph.negation(self.truth(node.arg))
            case nodes.Member():
                return self._member(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.Choice():
                return graph.choose(self.truth(node.condition), self.truth(node.then), self.truth(node.other))
        assert isinstance(node, nodes.Told), node
        assert isinstance(node.arg, nodes.Fact)
        if node.arg.by_department:
            return graph.negation(graph.is_unknown(graph.fact(node.arg.id)))
        told = graph.negation(graph.is_unknown(self._fact(node.arg.id)))
        return graph.choose(told, graph.boolean(True), graph.null("bool"))

    def _fact(self, name: str) -> Expr:
        told = self.graph.fact(name)
        if name not in self.filled:
            return told
        return self.graph.first_known(told, self._constant(name, self.filled[name]))

    def _constant(self, name: str, value: Any) -> Expr:
        if isinstance(value, bool):
            return self.graph.boolean(value)
        if isinstance(value, str):
            return self.graph.word(value)
        scaled = Fraction(value) * _parts(self.rulebook.facts[name].type)
        if scaled.denominator != 1:
            raise NotColumnar("a number that is no whole number of parts")
        return self.graph.whole(int(scaled))

    def _member(self, node: nodes.Member) -> Expr:
        assert isinstance(node.collection, nodes.Const)
        if node.item.type.kind != "code":
            found = self.graph.among(self.word(node.item), node.collection.value)
        else:
            assert isinstance(node.item, nodes.Fact)
            found = self._code(node.item.id, lambda name: self.graph.in_codes(name, node.collection.value), node)  # type: ignore[attr-defined]
        return self.graph.negation(found) if node.negated else found

    def _code(self, name: str, asked: Callable[[str], Expr], node: Node) -> Expr:
        """Something of the industry code, told or filled in."""
        told = asked(name)
        if name not in self.filled:
            return told
        inner = Reading(self.rulebook, self.graph, self.day)
        known = inner.of_code(node, self.filled[name])
        return self.graph.choose(self.graph.is_unknown(self.graph.fact(name)), known, told)

    def of_code(self, node: Node, code: str) -> Expr:
        """What a `Member` or `Classify` of a code comes to for one code."""
        from .codes import class_of, is_in

        if isinstance(node, nodes.Member):
            assert isinstance(node.collection, nodes.Const)
            found = is_in(code, node.collection.value, self.rulebook.industry_classes)
            return self.graph.null("bool") if found is None else self.graph.boolean(found)
        assert isinstance(node, nodes.Classify)
        assert isinstance(node.table, nodes.Const)
        name = class_of(code, node.table.value)
        return self.graph.null("word") if name is None else self.graph.word(name)

    def _compare(self, node: nodes.Compare) -> Expr:
        if node.left.type.kind not in ("number", "date"):
            assert isinstance(node.right, Const)
            found = self.graph.among(self.word(node.left), (node.right.value,))
            return found if node.op == "==" else self.graph.negation(found)
        found = self.reckon.compare(node.op, self.number(node.left), self.number(node.right))
        return self._by_ends(node, found) if node.op in _TURNED else found

    def _by_ends(self, node: nodes.Compare, found: Expr) -> Expr:
        """A comparison of sums of facts with some of them untold: decided by the least and the most that these can be."""
        graph, (left, right) = self.graph, (linear(dividend(node.left)), linear(dividend(node.right)))
        if left is None or right is None or len({*left, *right} - {""}) < 2:
            return found
        low, high = (node.left, node.right) if node.op in ("<", "<=") else (node.right, node.left)
        yes, no = ((self._end(low, most), self._end(high, not most)) for most in (True, False))
        op = node.op if node.op in ("<", "<=") else _TURNED[node.op]
        true = graph.boolean(False) if None in yes else graph.is_true(self.reckon.compare(op, *yes))  # type: ignore[arg-type]
        false = graph.boolean(False) if None in no else graph.is_false(self.reckon.compare(op, *no))  # type: ignore[arg-type]
        decided = graph.cases(((true, graph.boolean(True)), (false, graph.boolean(False))), graph.null("bool"))
        return graph.first_known(found, decided)

    def _end(self, node: Node, most: bool) -> Quotient | None:
        """The most (or the least) that a sum of facts, or one by a told divisor, can be; None where it has no such end."""
        if linear(node) is None:
            whole = node.parts[0] if isinstance(node, (nodes.Named, nodes.Retyped)) else node
            if not isinstance(whole, nodes.Arith):
                return self._end(whole, most)
            end = self._end(whole.left, most)
            return None if end is None else self.reckon.arithmetic("/", end, self.number(whole.right))
        shares = linear(node) or {}
        total = self.reckon.exact(shares.pop("", 0))
        for name, share in shares.items():
            fact = self.rulebook.facts[name]
            bound = fact.bounds[1 if most is (share > 0) else 0]
            told = self._fact(name)
            if bound is not None:
                told = self.graph.first_known(told, self._constant(name, bound))
            elif told.op == "null":
                return None
            term = self.reckon.arithmetic("*", Quotient(told, _parts(fact.type)), self.reckon.exact(share))
            total = self.reckon.arithmetic("+", total, term)
        return total

    # --- numbers and days

    def number(self, node: Node) -> Quotient:
        """A number or day."""
        found: Quotient = self._once("number", node, self._number)
        return found

    def _number(self, node: Node) -> Quotient:
        match node:
            case nodes.Const():
                return self.reckon.exact(node.value)
            case nodes.Fact():
                return Quotient(self._fact(node.id), _parts(self.rulebook.facts[node.id].type))
            case nodes.AsOf():
                return self.reckon.exact(self.day)
            case nodes.Named() | nodes.Retyped():
                return self.number(node.parts[0])
            case nodes.Arith():
                return self.reckon.arithmetic(node.op, self.number(node.left), self.number(node.right))
            case nodes.Extreme():
                parts, whole, under = self.reckon.common([self.number(arg) for arg in node.args])
                return Quotient(self.graph.extreme(node.op, parts), whole, under)
            case nodes.Choice():
                return self.reckon.choose(self.truth(node.condition), self.number(node.then), self.number(node.other))
            case nodes.Lookup():
                nothing = Quotient(self.graph.null("int"))
                row: Quotient = self._row(node, node.table, 0, self.reckon.exact, self.reckon.choose, nothing)
                return row
            case nodes.Progressive():
                assert isinstance(node.scale, nodes.Const)
                return self.reckon.by_slices(self.number(node.amount), node.scale.value)
            case nodes.Whole():
                return Quotient(self.reckon.floor(self.number(node.arg)))
            case nodes.Shift():
                return self._shift(node)
        raise NotColumnar(type(node).__name__)

    def rounded(self, node: Node) -> Expr:
        """The number rounded half up to the whole."""
        return self.reckon.rounded(self.number(node))

    def _shift(self, node: nodes.Shift) -> Quotient:
        amount = self.number(node.amount)
        if amount.over.op != "const" or amount.under is not None:
            raise NotColumnar("a day moved by a span that is told")
        moved = int(Fraction(amount.over.args[0], amount.whole)) * node.sign
        day = self.number(node.day).over
        if day.op == "const":
            return self.reckon.exact(shift(day.args[0], moved, node.span))
        if node.span == "days":
            return Quotient(self.graph.plus(day, self.graph.whole(moved)))
        return Quotient(self.graph.shift(day, moved * (12 if node.span == "years" else 1), "months"))

    # --- words

    def word(self, node: Node) -> Expr:
        """A word of an enumeration."""
        found: Expr = self._once("word", node, self._word)
        return found

    def _word(self, node: Node) -> Expr:
        graph = self.graph
        match node:
            case nodes.Fact():
                return self._fact(node.id)
            case nodes.Const():
                return graph.word(node.value)
            case nodes.Named():
                return self.word(node.body)
            case nodes.Derived():
                body = self.word(node.body)
                if not node.told:
                    return body
                if node.id in self.filled:
                    body = graph.choose(self._unplaced(node), graph.word(self.filled[node.id]), body)
                return graph.first_known(graph.fact(node.id), body)
            case nodes.Lookup():
                row: Expr = self._row(node, node.table, 0, graph.word, graph.choose, graph.null("word"))
                return row
            case nodes.Extreme():
                return self._ranked(node)
            case nodes.Classify():
                assert isinstance(node.code, nodes.Fact)
                assert isinstance(node.table, nodes.Const)
                table = node.table.value
                return self._code(node.code.id, lambda name: graph.class_of(name, table), node)
        assert isinstance(node, nodes.Choice), node
        return graph.choose(self.truth(node.condition), self.word(node.then), self.word(node.other))

    def _unplaced(self, node: nodes.Derived) -> Expr:
        """Whether nothing that is told places the firm at all: then the engine holds every value to be possible, whatever else is."""
        told = Reading(self.rulebook, self.graph, self.day)
        codes = {
            told.word(part).number: told.word(part)
            for part in walk(node.body)
            if isinstance(part, nodes.Derived) and any(isinstance(inner, nodes.Classify) for inner in walk(part.body))
        }
        found = self.graph.all(self.graph.is_unknown(one) for one in codes.values())
        return found if codes else self.graph.boolean(False)

    def _ranked(self, node: nodes.Extreme) -> Expr:
        """The lowest or highest of ordered words, from the end of the order on: that end decides whatever the others are."""
        graph, args = self.graph, [self.word(arg) for arg in node.args]
        order = node.type.values if node.op == "higher" else tuple(reversed(node.type.values))
        found = graph.null("word")
        for word in reversed(order):
            found = graph.choose(graph.any(graph.among(arg, (word,)) for arg in args), graph.word(word), found)
        return found

    # --- tables

    def _row(self, node: nodes.Lookup, table: Any, level: int, leaf: Any, choose: Any, null: Any) -> Any:
        """The row of a table by its keys; the next key is asked only where the row still has rows."""
        rows = table.value if isinstance(table, Const) else table
        if not isinstance(rows, Rows):
            return null if rows is None else leaf(rows)

        def below(row: Any) -> Any:
            return self._row(node, row, level + 1, leaf, choose, null)

        key = node.keys[level]
        if rows.kind == "enum":
            word, found = self.word(key), below(rows.other)
            for words, row in reversed(rows.rows):
                found = choose(self.graph.among(word, words), below(row), found)
            return found
        number = self.number(key)
        if rows.kind == "band":
            found = null
            for bound, row in rows.rows:
                found = choose(self.reckon.compare(">=", number, self.reckon.exact(bound)), below(row), found)
            return found
        found = below(rows.other)
        for bound, row in reversed(rows.rows):
            found = choose(self.reckon.compare("<=", number, self.reckon.exact(bound)), below(row), found)
        return found


_TURNED = {"<": "<", "<=": "<=", ">": "<", ">=": "<="}


def _parts(type_: str) -> int:
    return PARTS if type_ in ("rate", "number") else 1
