"""Turns the tree of one edition into a formula: the same meaning as ``matcher.engine.evaluate``, for all firms at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from matcher.engine import shift
from matcher.rulebook import Condition, ResolvedBody, Rulebook
from matcher.rulebook.language import Node, nodes

from . import solver
from .lookups import Reading
from .solver import Term, choose, conjunction, disjunction, negation
from .variables import Variables, industries


class NotExpressible(Exception):
    """An expression that the formula has no form for; what hangs on it is listed as not proved."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """Something that must hold where it is come to: under ``path`` (what the rules have asked before), ``claim``.

    ``line`` of the scheme's file, where it is used.
    """

    path: Any
    claim: Any
    name: str
    line: int


class Formula:
    """The formulas of one edition. ``days``: the first and last day it is for.

    ``rows``, ``divisors`` and ``ceilings`` collect what was met on the way: look-ups that must find a row, divisors that must
    not be zero, figures that an amount must not exceed.
    """

    def __init__(self, rulebook: Rulebook, body: ResolvedBody, days: tuple[date, date]) -> None:
        kinds = industries(body.expressions(), rulebook.industry_classes)
        self.variables = Variables(rulebook.facts, kinds, days)
        self.rows: list[Guarded] = []
        self.divisors: list[Guarded] = []
        self.ceilings: list[Guarded] = []
        self.is_ceiling: Callable[[str], bool] = lambda name: False
        self.line = 0
        self._path: list[Any] = []
        self._inside = 0  # how many concepts deep: their lines are of another file

    @contextmanager
    def under(self, *conditions: Any) -> Iterator[None]:
        """What is met inside is come to only where the conditions hold."""
        self._path.extend(conditions)
        yield
        del self._path[len(self._path) - len(conditions) :]

    def _met(self, claim: Any, name: str) -> Guarded:
        return Guarded(conjunction(self._path), claim, name, self.line)

    # --- true or false

    def condition(self, condition: Condition) -> Any:
        """A condition tree."""
        if condition.line and not self._inside:
            self.line = condition.line
        if condition.expr is not None:
            return self.truth(condition.expr)
        self._inside += condition.concept is not None
        found = self._in_turn(condition.children, self.condition, negated=condition.kind == "any")
        self._inside -= condition.concept is not None
        if condition.kind == "any":
            return disjunction(found)
        return negation(conjunction(found)) if condition.kind == "not" else conjunction(found)

    def any(self, node: Node) -> Any:
        """An expression of any kind, for what is met inside it."""
        kind = node.type.kind
        return (
            self.truth(node)
            if kind == "boolean"
            else self.number(node)
            if kind in ("number", "date")
            else self.word(node)
        )

    def alone(self, condition: Condition) -> Any:
        """A condition by itself, whatever is asked before it; nothing met inside is collected."""
        rows, divisors = len(self.rows), len(self.divisors)
        found = self.condition(condition)
        del self.rows[rows:], self.divisors[divisors:]
        return found

    def _in_turn(self, items: tuple[Any, ...], read: Callable[[Any], Any], *, negated: bool) -> list[Any]:
        """Each is come to only where those before it have not decided."""
        found: list[Any] = []
        before = len(self._path)
        for item in items:
            found.append(read(item))
            self._path.append(negation(found[-1]) if negated else found[-1])
        del self._path[before:]
        return found

    def truth(self, node: Node) -> Any:
        """A yes/no expression."""
        match node:
            case nodes.Fact():
                return self.variables.boolean(node.id)
            case nodes.Const():
                return bool(node.value)
            case nodes.Named():
                return self.truth(node.body)
            case nodes.Logic():
                found = self._in_turn(node.args, self.truth, negated=node.op == "or")
                return conjunction(found) if node.op == "and" else disjunction(found)
            case nodes.Not():
                return negation(self.truth(node.arg))
            case nodes.Member():
                return self._member(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.Choice():
                return self._choice(node, self.truth, choose)
        assert isinstance(node, nodes.Told), node
        assert isinstance(node.arg, nodes.Fact)
        return self.variables.told(node.arg.id)

    def _member(self, node: nodes.Member) -> Any:
        assert isinstance(node.collection, nodes.Const)
        if node.item.type.kind == "code":
            assert isinstance(node.item, nodes.Fact)
            found = self.variables.among(node.item.id, self.variables.industries.under(node.collection.value))
        else:
            item = self.word(node.item)
            found = disjunction([item == self.variables.number_of(word) for word in sorted(node.collection.value)])
        return negation(found) if node.negated else found

    def _compare(self, node: nodes.Compare) -> Any:
        if node.left.type.kind in ("number", "date"):
            return solver.compare(node.op, self.number(node.left), self.number(node.right))
        left, right = self.word(node.left), self.word(node.right)
        return left == right if node.op == "==" else left != right

    def _choice(self, node: nodes.Choice, read: Callable[[Node], Any], choose: Callable[[Any, Any, Any], Any]) -> Any:
        chosen = self.truth(node.condition)
        with self.under(chosen):
            then = read(node.then)
        with self.under(negation(chosen)):
            other = read(node.other)
        return choose(chosen, then, other)

    # --- numbers and days

    def number(self, node: Node) -> Term:
        """A number, or a day by its ordinal."""
        match node:
            case nodes.Const():
                if self.is_ceiling(node.name):
                    self.ceilings.append(self._met(solver.const(node.value), node.name))
                return solver.const(node.value)
            case nodes.Fact():
                if self.is_ceiling(node.id):
                    self.ceilings.append(self._met(Term(self.variables.number(node.id)), node.id))
                return Term(self.variables.number(node.id))
            case nodes.AsOf():
                return Term(self.variables.as_of)
            case nodes.Named() | nodes.Retyped():
                return self.number(node.parts[0])
            case nodes.Arith():
                return self._arithmetic(node)
            case nodes.Extreme():
                return self._extreme([self.number(arg) for arg in node.args], node.op)
            case nodes.Choice():
                chosen: Term = self._choice(node, self.number, solver.either)
                return chosen
            case nodes.Lookup():
                found: Term = self._look_up(node, Reading(self, solver.const, solver.either))
                return found
            case nodes.Progressive():
                return self._progressive(node)
            case nodes.Whole():
                return solver.floor(self.number(node.arg))
            case nodes.Shift():
                return self._shift(node)
        assert isinstance(node, nodes.Calendar), node
        return self._calendar(node)

    def _arithmetic(self, node: nodes.Arith) -> Term:
        left, right = self.number(node.left), self.number(node.right)
        if node.op in "+-":
            return solver.add(left, right, 1 if node.op == "+" else -1)
        if node.op == "*":
            return solver.multiply(left, right)
        if right.constant is None:
            self.divisors.append(self._met(right.over > 0, "/".join(nodes.facts_in(node.right))))
        elif right.constant <= 0:
            raise NotExpressible("a divisor that is not above zero")
        return solver.divide(left, right)

    def _extreme(self, found: list[Term], op: str) -> Term:
        best = found[0]
        for other in found[1:]:
            best = solver.either(solver.compare("<=" if op == "min" else ">=", best, other), best, other)
        return best

    def _progressive(self, node: nodes.Progressive) -> Term:
        assert isinstance(node.scale, nodes.Const)
        amount = self.number(node.amount)
        slices: list[tuple[Any, Term]] = []
        total, lower = Fraction(0), Fraction(0)
        for upper, rate in (*node.scale.value.rows, (None, node.scale.value.other)):
            inside = solver.multiply(solver.add(amount, solver.const(lower), -1), solver.const(rate))
            within = True if upper is None else solver.compare("<=", amount, solver.const(upper))
            slices.append((within, solver.add(solver.const(total), inside)))
            if upper is not None:
                total, lower = total + (upper - lower) * rate, upper
        result = slices[-1][1]
        for within, sum_ in reversed(slices[:-1]):
            result = solver.either(within, sum_, result)
        return result

    def _shift(self, node: nodes.Shift) -> Term:
        day, amount = self.number(node.day), solver.floor(self.number(node.amount))
        count = amount.over * node.sign
        if node.span == "days":
            return solver.add(day, Term(count))
        if isinstance(day.over, int) and isinstance(count, int):
            return Term(shift(day.over, count, node.span))
        months = count * 12 if node.span == "years" else count
        return Term(solver.moved(self.variables.civil(day.over), months))

    def _calendar(self, node: nodes.Calendar) -> Term:
        day = self.number(node.day)
        if isinstance(day.over, int):
            return Term(int(getattr(date.fromordinal(day.over), node.op)))
        return Term(getattr(self.variables.civil(day.over), node.op))

    # --- words

    def word(self, node: Node) -> Any:
        """A word of an enumeration, by its number."""
        match node:
            case nodes.Fact():
                return self.variables.word(node.id, node.type.values)
            case nodes.Const():
                return self.variables.number_of(str(node.value))
            case nodes.Named():
                return self.word(node.body)
            case nodes.Derived():
                return self._derived(node)
            case nodes.Lookup():
                return self._look_up(node, Reading(self, self.variables.number_of, choose))
            case nodes.Choice():
                return self._choice(node, self.word, choose)
            case nodes.Extreme():
                return self._ranked(node)
        assert isinstance(node, nodes.Classify), node
        assert isinstance(node.code, nodes.Fact)
        return self.variables.placed(node.code.id, node.table, node.type.values)

    def _derived(self, node: nodes.Derived) -> Any:
        """What is worked out; where a firm may tell it, its own word counts, which may be any."""
        if node.told:
            return self.variables.word(node.id, node.type.values)
        return self.word(node.body)

    def _ranked(self, node: nodes.Extreme) -> Any:
        """The lowest or highest of words in their order."""
        words = [self.variables.number_of(word) for word in node.type.values]
        found = [self.word(arg) for arg in node.args]
        ends = list(reversed(words)) if node.op == "lower" else words  # the vocabulary lists the highest first
        result: Any = z3.IntVal(ends[-1])
        for end in reversed(ends[:-1]):
            result = z3.If(disjunction([one == end for one in found]), end, result)
        return result

    def _look_up(self, node: nodes.Lookup, reading: Reading) -> Any:
        """The figure of a table; that there is a row for every firm that comes here is left to be proved."""
        assert isinstance(node.table, nodes.Const)
        found, value = reading.row(node.table.value, node.keys)
        if found is not True:
            self.rows.append(self._met(found, node.table.name))
        if value is None:
            raise NotExpressible(f"the table {node.table.name} is empty")
        return value
