"""Numbers inside the solver: a dividend over a positive divisor, so that whole fen stay whole and nothing is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import z3


@dataclass(frozen=True, slots=True)
class Term:
    """``over`` / ``under``. Each is a Python int or an expression of the solver; ``under`` is above zero."""

    over: Any
    under: Any = 1

    @property
    def constant(self) -> Fraction | None:
        """The number, where it is one."""
        return Fraction(self.over, self.under) if isinstance(self.over, int) and isinstance(self.under, int) else None


def const(value: Fraction | int) -> Term:
    """A number of the rules."""
    exact = Fraction(value)
    return Term(exact.numerator, exact.denominator)


def add(left: Term, right: Term, sign: int = 1) -> Term:
    """left + sign × right."""
    left, right = common((left, right))
    return Term(left.over + right.over if sign > 0 else left.over - right.over, left.under)


def multiply(left: Term, right: Term) -> Term:
    """left × right."""
    return Term(left.over * right.over, left.under * right.under)


def divide(left: Term, right: Term) -> Term:
    """left ÷ right, whose dividend must be above zero where it is no constant."""
    known = right.constant
    if known is not None:
        return multiply(left, const(1 / known))
    return Term(left.over * right.under, left.under * right.over)


def compare(op: str, left: Term, right: Term) -> Any:
    """left op right, without a division."""
    if isinstance(left.under, int) and isinstance(right.under, int):
        shared = lcm(left.under, right.under)
        one, other = left.over * (shared // left.under), right.over * (shared // right.under)
    else:
        one, other = left.over * right.under, right.over * left.under
    return {
        "<": lambda: one < other, "<=": lambda: one <= other, ">": lambda: one > other,
        ">=": lambda: one >= other, "==": lambda: one == other, "!=": lambda: one != other,
    }[op]()  # fmt: skip


def common(terms: Sequence[Term]) -> list[Term]:
    """The terms over one divisor."""
    if all(isinstance(term.under, int) for term in terms):
        shared = lcm(*(term.under for term in terms))
        return [Term(term.over * (shared // term.under), shared) for term in terms]
    return [Term(quotient(term)) for term in terms]


def quotient(term: Term) -> Any:
    """The number as one expression."""
    if isinstance(term.under, int) and term.under == 1:
        return term.over
    over = z3.IntVal(term.over) if isinstance(term.over, int) else term.over
    real = z3.ToReal(over) if z3.is_int(over) else over
    return real / term.under


def either(condition: Any, then: Term, other: Term) -> Term:
    """``then`` where the condition holds, else ``other``."""
    if isinstance(condition, bool):
        return then if condition else other
    then, other = common((then, other))
    return Term(z3.If(condition, _expr(then.over), _expr(other.over)), then.under)


def floor(term: Term) -> Term:
    """Rounded down."""
    known = term.constant
    if known is not None:
        return Term(known.numerator // known.denominator)
    if isinstance(term.under, int) and z3.is_int(term.over):
        return Term(term.over / term.under)  # of whole numbers: the solver rounds down over a positive divisor
    return Term(z3.ToInt(quotient(term)))


def _expr(value: Any) -> Any:
    return z3.IntVal(value) if isinstance(value, int) else value
