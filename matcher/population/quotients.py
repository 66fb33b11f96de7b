"""Numbers as quotients of whole numbers: reckoned with, compared and rounded without a fraction ever being rounded before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from matcher.rulebook.language import Rows

from .graph import Expr, Graph, NotColumnar


@dataclass(frozen=True, slots=True)
class Quotient:
    """A number: ``over`` ÷ (``whole`` × ``under``); ``under``, where there is one, must be above zero, and is unknown where it is not."""

    over: Expr
    whole: int = 1
    under: Expr | None = None


@dataclass(frozen=True, slots=True)
class Quotients:
    """Reckons with quotients in a graph."""

    graph: Graph

    def exact(self, value: Any) -> Quotient:
        """A constant."""
        number = Fraction(value)
        return Quotient(self.graph.whole(number.numerator), number.denominator)

    def common(self, terms: list[Quotient]) -> tuple[list[Expr], int, Expr | None]:
        """The terms over one divisor."""
        graph, whole = self.graph, lcm(*(term.whole for term in terms))
        unders = {term.under.number: term.under for term in terms if term.under is not None}
        overs = []
        for term in terms:
            over = graph.times(term.over, graph.whole(whole // term.whole))
            for number, under in unders.items():
                if term.under is None or term.under.number != number:
                    over = graph.times(over, under)
            overs.append(over)
        product: Expr | None = None
        for under in unders.values():
            product = under if product is None else graph.times(product, under)
        return overs, whole, product

    def compare(self, op: str, left: Quotient, right: Quotient) -> Expr:
        """Two numbers, by multiplying out; unknown where a divisor is."""
        (over, other), _, _ = self.common([left, right])
        return self.graph.compare(op, over, other)

    def arithmetic(self, op: str, left: Quotient, right: Quotient) -> Quotient:
        """Two numbers added, taken from each other, multiplied or divided (+ - * /). Raises NotColumnar for a division by zero."""
        graph = self.graph
        if op in "+-":
            (over, other), whole, under = self.common([left, right])
            return Quotient(graph.plus(over, other, 1 if op == "+" else -1), whole, under)
        if op == "/":
            if right.over.op == "const":
                if right.over.args[0] == 0 or right.under is not None:
                    raise NotColumnar("a division by zero")
                right = self.exact(Fraction(right.whole, right.over.args[0]))
            else:
                divisor = graph.choose(graph.compare(">", right.over, graph.whole(0)), right.over, graph.null("int"))
                over = graph.times(left.over, graph.whole(right.whole))
                over = over if right.under is None else graph.times(over, right.under)
                return Quotient(over, left.whole, divisor if left.under is None else graph.times(left.under, divisor))
        unders = [one for one in (left.under, right.under) if one is not None]
        under = None if not unders else unders[0] if len(unders) == 1 else graph.times(*unders)
        return self._reduced(Quotient(graph.times(left.over, right.over), left.whole * right.whole, under), left, right)

    def _reduced(self, product: Quotient, left: Quotient, right: Quotient) -> Quotient:
        """A product with a constant whose numerator and the other's divisor are shortened."""
        for one, other in ((left, right), (right, left)):
            if one.over.op == "const" and one.over.args[0]:
                share = Fraction(one.over.args[0], one.whole * other.whole)
                return Quotient(
                    self.graph.times(other.over, self.graph.whole(share.numerator)), share.denominator, product.under
                )
        return product

    def choose(self, condition: Expr, then: Quotient, other: Quotient) -> Quotient:
        """A branch that is not taken may have no divisor: its own is part of the choice."""
        (over, rest), whole, under = self.common([Quotient(then.over, then.whole), Quotient(other.over, other.whole)])
        del under
        if then.under is None and other.under is None:
            return Quotient(self.graph.choose(condition, over, rest), whole)
        one = self.graph.whole(1)
        divisor = self.graph.choose(condition, then.under or one, other.under or one)
        return Quotient(self.graph.choose(condition, over, rest), whole, divisor)

    def by_slices(self, amount: Quotient, scale: Rows) -> Quotient:
        """What a progressive scale comes to."""
        total, lower = Fraction(0), Fraction(0)
        slices: list[tuple[Expr | None, Quotient]] = []
        for upper, rate in (*scale.rows, (None, scale.other)):
            inside = self.arithmetic("-", amount, self.exact(lower))
            value = self.arithmetic("+", self.exact(total), self.arithmetic("*", inside, self.exact(rate)))
            slices.append((None if upper is None else self.compare("<=", amount, self.exact(upper)), value))
            if upper is not None:
                total, lower = total + (Fraction(upper) - lower) * rate, Fraction(upper)
        found = slices[-1][1]
        for condition, value in reversed(slices[:-1]):
            assert condition is not None
            found = self.choose(condition, value, found)
        return found

    def floor(self, term: Quotient) -> Expr:
        """Rounded down to the whole."""
        return self.graph.floor(term.over, self._divisor(term))

    def rounded(self, term: Quotient) -> Expr:
        """Rounded half up to the whole."""
        if term.under is None and term.whole == 1:
            return term.over
        if term.under is None and term.whole % 2 == 0:
            half = self.graph.plus(term.over, self.graph.whole(term.whole // 2))
            return self.graph.floor(half, self.graph.whole(term.whole))
        under, two = self._divisor(term), self.graph.whole(2)
        over = self.graph.plus(self.graph.times(term.over, two), under)
        return self.graph.floor(over, self.graph.times(under, two))

    def _divisor(self, term: Quotient) -> Expr:
        under = self.graph.whole(term.whole)
        return under if term.under is None else self.graph.times(under, term.under)
