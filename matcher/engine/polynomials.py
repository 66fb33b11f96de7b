"""Numbers with untold facts in them: exact polynomials and their quotients, and the intervals they can lie in.

A told number is a plain ``int`` or ``Fraction``. Money is in fen, a day is its ordinal. Nothing is ever rounded here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from matcher.text import Number

Monomial = tuple[str, ...]

FormKey = tuple[tuple[Monomial, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers between two ends; None is an open side without end, ``*_open`` excludes the end itself."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False

    def cut(self, op: str, bound: Number, whole: bool = False) -> Interval:
        """The part of the interval that is ``op`` (< <= > >=) the bound; among whole numbers the ends move to whole ones."""
        low, high, low_open, high_open = self.low, self.high, self.low_open, self.high_open
        strict = op in ("<", ">")
        if op[0] == "<" and (high is None or bound < high or (bound == high and strict)):
            high, high_open = bound, strict
        if op[0] == ">" and (low is None or bound > low or (bound == low and strict)):
            low, low_open = bound, strict
        if whole:
            if low is not None and (low_open or low.denominator != 1):
                low, low_open = low // 1 + 1, False
            if high is not None and (high_open or high.denominator != 1):
                high, high_open = -((-high) // 1) - 1, False
        return Interval(low, high, low_open, high_open)

    @property
    def empty(self) -> bool:
        """Whether no number lies inside."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def decides(self, op: str, bound: Number) -> bool | None:
        """Whether every number inside is ``op`` the bound (True), none is (False), or some are (None)."""
        if self.cut(_OPPOSITE[op], bound).empty:
            return True
        return False if self.cut(op, bound).empty else None

    def meets(self, other: Interval) -> bool:
        """Whether a number lies in both."""
        both = self
        if other.low is not None:
            both = both.cut(">" if other.low_open else ">=", other.low)
        if other.high is not None:
            both = both.cut("<" if other.high_open else "<=", other.high)
        return not both.empty


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

EVERYTHING = Interval()


def opposite(op: str) -> str:
    """The comparison that holds exactly when ``op`` does not."""
    return _OPPOSITE[op]


class Poly:
    """A sum of products of untold facts with exact coefficients."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Monomial, Fraction]) -> None:
        self.terms = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}

    @classmethod
    def of(cls, value: Number) -> Poly:
        """A constant."""
        return cls({(): Fraction(value)})

    @classmethod
    def fact(cls, name: str) -> Poly:
        """An untold fact."""
        return cls({(name,): Fraction(1)})

    def __add__(self, other: Poly) -> Poly:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            terms[monomial] = terms.get(monomial, Fraction(0)) + coefficient
        return Poly(terms)

    def __mul__(self, other: Poly) -> Poly:
        terms: dict[Monomial, Fraction] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, Fraction(0)) + a * b
        return Poly(terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    @property
    def constant(self) -> Fraction | None:
        """Its value if no untold fact is left in it, else None."""
        if not self.terms:
            return Fraction(0)
        return self.terms[()] if len(self.terms) == 1 and () in self.terms else None

    @property
    def facts(self) -> tuple[str, ...]:
        """The untold facts in it, in alphabetical order."""
        return tuple(sorted({name for monomial in self.terms for name in monomial}))

    def canonical(self) -> tuple[FormKey, Fraction, Fraction]:
        """(form, factor, constant) with self = factor × form + constant and the form's first coefficient 1."""
        rest = sorted((monomial, c) for monomial, c in self.terms.items() if monomial)
        factor = rest[0][1]
        return tuple((monomial, c / factor) for monomial, c in rest), factor, self.terms.get((), Fraction(0))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of polynomials with an untold fact in it. Build it with the functions below."""

    over: Poly
    under: Poly

    @property
    def alone(self) -> FormKey | None:
        """The form of an untold fact by itself; None of anything else."""
        terms = self.over.terms
        if len(terms) != 1 or self.under is not ONE:
            return None
        ((monomial, factor),) = terms.items()
        return ((monomial, factor),) if len(monomial) == 1 and factor == 1 else None


Value = Number | Ratio

ONE = Poly.of(1)


def _parts(value: Value) -> tuple[Poly, Poly]:
    return (value.over, value.under) if isinstance(value, Ratio) else (Poly.of(value), ONE)


def _made(over: Poly, under: Poly) -> Value:
    above, below = over.constant, under.constant
    if above == 0:
        return Fraction(0)
    if below is not None and below != 1:
        over, under = over * Poly.of(1 / below), ONE
        above, below = over.constant, Fraction(1)
    if above is not None and below is not None:
        return above
    if over == under:
        return Fraction(1)
    return Ratio(over, under)


def add(left: Value, right: Value, sign: int = 1) -> Value:
    """left + right, or left − right with sign −1."""
    if not isinstance(left, Ratio) and not isinstance(right, Ratio):
        return left + sign * right
    (a, b), (c, d) = _parts(left), _parts(right)
    c = c * Poly.of(sign)
    return _made(a + c, b) if b == d else _made(a * d + c * b, b * d)


def multiply(left: Value, right: Value) -> Value:
    """left × right."""
    if not isinstance(left, Ratio) and not isinstance(right, Ratio):
        return left * right
    (a, b), (c, d) = _parts(left), _parts(right)
    return _made(a * c, b * d)


def divide(left: Value, right: Value) -> Value:
    """left ÷ right, exact. Raises ZeroDivisionError."""
    if not isinstance(left, Ratio) and not isinstance(right, Ratio):
        return Fraction(left) / right
    (a, b), (c, d) = _parts(left), _parts(right)
    if c.constant == 0:
        raise ZeroDivisionError
    return _made(a * d, b * c)


# --- where a form can lie: the corners of the box of its facts -------------------------------------------------------
_End = tuple[Number | None, int, bool]  # value (None: infinite), its sign where infinite, whether it is reached


def bounds(value: Ratio, interval: Callable[[str], Interval]) -> Interval:
    """The interval of a quotient over a box, from its corners. An end that cannot be told is left open."""
    lows = highs = None
    names = tuple(sorted({*value.over.facts, *value.under.facts}))
    found: list[_End] = []
    for corner in product(*(_ends(interval(name)) for name in names)):
        at = dict(zip(names, corner, strict=True))
        end = _quotient(_at(value.over, at), _at(value.under, at))
        if end is None:
            return _apart(value, interval)
        found.append(end)
    lows, highs = min(found, key=_order_low), max(found, key=_order_high)
    return Interval(lows[0], highs[0], not lows[2], not highs[2])


def _apart(value: Ratio, interval: Callable[[str], Interval]) -> Interval:
    """Where a corner cannot be told (an end without end under the line): dividend and divisor each by itself."""
    if value.under == ONE:
        return EVERYTHING
    over, under = (bounds(Ratio(part, ONE), interval) for part in (value.over, value.under))
    if over.low is None or over.low < 0 or under.low is None or under.low <= 0:
        return EVERYTHING
    low = Fraction(0) if under.high is None else Fraction(over.low) / under.high
    high = None if over.high is None else Fraction(over.high) / under.low
    return Interval(low, high)


def at_most(value: Ratio, form: FormKey, known: Interval) -> Value | None:
    """What ``value`` cannot exceed once the difference of two facts is known (a - c × b up to 0): a taken as c × b.
    None where the difference says nothing about it."""
    if len(form) != 2 or form[1][1] >= 0 or any(len(monomial) != 1 for monomial, _ in form):
        return None
    ((small,), _), ((large,), c) = form
    factor = -c
    if known.high is None or known.high > 0:
        if known.low is None or known.low < 0:
            return None
        small, large, factor = large, small, 1 / factor
    terms = value.over.terms.items()
    if small in value.under.facts or any(k < 0 or monomial.count(small) != 1 for monomial, k in terms):
        return None
    over = Poly({tuple(sorted((*_less(monomial, small), large))): k * factor for monomial, k in terms})
    if any(large not in monomial for monomial in value.under.terms):
        return _made(over, value.under)
    return _made(*(Poly({_less(m, large): k for m, k in part.terms.items()}) for part in (over, value.under)))


def exchanged(value: Ratio, form: FormKey, known: Interval) -> Value | None:
    """What ``value`` cannot exceed once a form in its facts is known: its part in the form taken as the form's end. None where it is a
    quotient, or the form has no such end or nothing in common with it."""
    if value.under != ONE:
        return None
    parts = Poly(dict(form))
    shared = next((monomial for monomial in parts.terms if monomial in value.over.terms), None)
    if shared is None:
        return None
    share = value.over.terms[shared] / parts.terms[shared]
    end = known.high if share > 0 else known.low
    if end is None:
        return None
    rest = value.over + Poly({monomial: -share * c for monomial, c in parts.terms.items()})
    return _made(rest + Poly.of(share * end), ONE)


def _less(monomial: Monomial, name: str) -> Monomial:
    """A product without one of its factors."""
    at = monomial.index(name)
    return (*monomial[:at], *monomial[at + 1 :])


def form_bounds(form: FormKey, interval: Callable[[str], Interval]) -> Interval:
    """The interval of a form over a box."""
    poly = Poly(dict(form))
    if all(len(monomial) == 1 for monomial in poly.terms):
        return _linear_bounds(poly, interval)
    return bounds(Ratio(poly, ONE), interval)


def _linear_bounds(poly: Poly, interval: Callable[[str], Interval]) -> Interval:
    low: Number | None = Fraction(0)
    high: Number | None = Fraction(0)
    low_open = high_open = False
    for (name,), c in poly.terms.items():
        side = interval(name)
        least, most = (side.low, side.high) if c > 0 else (side.high, side.low)
        least_open, most_open = (side.low_open, side.high_open) if c > 0 else (side.high_open, side.low_open)
        low = None if low is None or least is None else low + c * least
        high = None if high is None or most is None else high + c * most
        low_open, high_open = low_open or least_open, high_open or most_open
    return Interval(low, high, low_open, high_open)


def _ends(interval: Interval) -> Iterator[_End]:
    yield interval.low, -1, interval.low is not None and not interval.low_open
    yield interval.high, 1, interval.high is not None and not interval.high_open


def _order_low(end: _End) -> tuple[int, Number, bool]:
    return (0, end[0], not end[2]) if end[0] is not None else (end[1], 0, False)


def _order_high(end: _End) -> tuple[int, Number, bool]:
    return (0, end[0], end[2]) if end[0] is not None else (end[1], 0, False)


def _at(poly: Poly, corner: dict[str, _End]) -> _End | None:
    """The value of a polynomial at a corner; None where infinities meet."""
    total: Number = Fraction(0)
    infinite = 0
    reached = True
    for monomial, coefficient in poly.terms.items():
        term: Number = coefficient
        sign = 0
        for name in monomial:
            value, side, attained = corner[name]
            reached = reached and attained
            if value is None:
                sign = (sign or 1) * side
            else:
                term *= value
        if sign and term:
            sign = sign if term > 0 else -sign
            if infinite and infinite != sign:
                return None
            infinite = sign
        elif not sign:
            total += term
    return (None, infinite, False) if infinite else (total, 0, reached)


def _quotient(over: _End | None, under: _End | None) -> _End | None:
    if over is None or under is None or under[0] is None or under[0] == 0:
        return None
    if over[0] is None:
        return None, over[1] if under[0] > 0 else -over[1], False
    return Fraction(over[0]) / under[0], 0, over[2] and under[2]
