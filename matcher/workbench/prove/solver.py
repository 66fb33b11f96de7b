"""Numbers, days, tables and logic inside the solver, and asking it within a fixed measure of its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import z3

# ---------------------------------------------------------------------------------------------------------------------
# Asks the solver, within a fixed measure of its work, so that the same question has the same answer on every
# machine.
# ---------------------------------------------------------------------------------------------------------------------


# About a second of the solver's work on one question; it counts steps, not time, and so never hangs on a busy machine.
MOST_WORK = 3_000_000

YES, NO, OPEN = "yes", "no", "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """``answer``: yes with a model, no, or open (neither proved nor refuted within the measure)."""

    answer: str
    model: Any = None


class Solver:
    """Asks whether any firm within the bounds makes all of some claims true."""

    def __init__(self, most_work: int = MOST_WORK) -> None:
        self.most_work = most_work
        self.questions = 0

    def ask(self, *claims: Any) -> Answer:
        """Whether one firm makes all claims true."""
        self.questions += 1
        if any(claim is False for claim in claims):
            return Answer(NO)
        context = z3.Context()  # its own for each question: what was asked before must not steer the search
        solver = z3.Solver(ctx=context)
        solver.set("rlimit", self.most_work)
        solver.add(*(claim.translate(context) for claim in claims if claim is not True))
        result = solver.check()
        if result == z3.sat:
            return Answer(YES, solver.model().translate(z3.main_ctx()))
        return Answer(NO if result == z3.unsat else OPEN)


# ---------------------------------------------------------------------------------------------------------------------
# And, or, not and if inside the solver, where a part may already be known to be true or false.
# ---------------------------------------------------------------------------------------------------------------------


def choose(condition: Any, then: Any, other: Any) -> Any:
    """``then`` where the condition holds, else ``other``."""
    if isinstance(condition, bool):
        return then if condition else other
    if then is other or (isinstance(then, (bool, int)) and isinstance(other, (bool, int)) and then == other):
        return then
    if isinstance(then, bool) and isinstance(other, bool):
        return condition if then else z3.Not(condition)
    return z3.If(condition, then, other)


def conjunction(parts: Sequence[Any]) -> Any:
    """All of them."""
    open_ = [part for part in parts if part is not True]
    if any(part is False for part in open_):
        return False
    return True if not open_ else open_[0] if len(open_) == 1 else z3.And(*open_)


def disjunction(parts: Sequence[Any]) -> Any:
    """Any of them."""
    return negation(conjunction([negation(part) for part in parts]))


def negation(part: Any) -> Any:
    """The opposite."""
    if isinstance(part, bool):
        return not part
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


# ---------------------------------------------------------------------------------------------------------------------
# Numbers inside the solver: a dividend over a positive divisor, so that whole fen stay whole and nothing is rounded.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# Days as year, month and day inside the solver, for spans of months and years: between 1901 and 2099.
# ---------------------------------------------------------------------------------------------------------------------


FIRST_YEAR, LAST_YEAR = 1901, 2099

_BEFORE = date(FIRST_YEAR - 1, 12, 31).toordinal()

_CUMULATED = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Civil:
    """A day in parts."""

    year: Any
    month: Any
    day: Any


def leap(year: Any) -> Any:
    """Whether the year has a 29 February: between 1901 and 2099 every fourth."""
    return year % 4 == 0


def length(year: Any, month: Any) -> Any:
    """How many days the month has."""
    return _by_month(month, _LENGTHS) + z3.If(z3.And(month == 2, leap(year)), 1, 0)


def ordinal(parts: Civil) -> Any:
    """The day's number, as Python's date.toordinal counts."""
    since = parts.year - FIRST_YEAR
    extra = z3.If(z3.And(parts.month > 2, leap(parts.year)), 1, 0)
    return _BEFORE + 365 * since + since / 4 + _by_month(parts.month, _CUMULATED) + extra + parts.day


def split(day: Any, name: str) -> tuple[Civil, list[Any]]:
    """The parts of a day, and what makes them so."""
    parts = Civil(*(z3.Int(f"{name}.{part}") for part in ("year", "month", "day")))
    return parts, [
        parts.year >= FIRST_YEAR, parts.year <= LAST_YEAR, parts.month >= 1, parts.month <= 12,
        parts.day >= 1, parts.day <= length(parts.year, parts.month), ordinal(parts) == day,
    ]  # fmt: skip


def moved(parts: Civil, months: Any) -> Any:
    """The day moved by months: the same day of the month, or its last where there is none."""
    counted = parts.year * 12 + parts.month - 1 + months
    year, month = counted / 12, counted % 12 + 1
    last = length(year, month)
    return ordinal(Civil(year, month, z3.If(parts.day <= last, parts.day, last)))


def _by_month(month: Any, values: tuple[int, ...]) -> Any:
    result: Any = z3.IntVal(values[-1])
    for index in range(10, -1, -1):
        result = z3.If(month == index + 1, values[index], result)
    return result
