"""The facts of a firm as variables of the solver, with the bounds the vocabulary gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import z3

from matcher.rulebook import Fact
from matcher.rulebook.language import Classify, Const, Member, Node, Scalar, code_classes, code_matches, walk

from . import solver

# ---------------------------------------------------------------------------------------------------------------------
# The industry of a firm inside the solver: classes that no rule of the edition tells apart count as one.
# ---------------------------------------------------------------------------------------------------------------------


Ranges = tuple[tuple[str, str], ...]

Classes = tuple[tuple[str, Ranges], ...]


@dataclass(frozen=True, slots=True)
class Industries:
    """``codes``: one code for each kind of industry that the rules tell apart; ``kinds``: the kind of every class."""

    codes: tuple[str, ...]
    kinds: Mapping[str, int]

    def under(self, ranges: Ranges) -> frozenset[int]:
        """The kinds that lie under the ranges."""
        return frozenset(index for index, code in enumerate(self.codes) if code_matches(code, ranges))

    def placed(self, classes: Classes) -> dict[int, str]:
        """The class of every kind that has one."""
        found = {index: code_classes(code, classes) for index, code in enumerate(self.codes)}
        return {index: word for index, word in found.items() if word is not None}


def industries(expressions: Iterable[Node], classes: frozenset[str]) -> Industries:
    """The kinds of industry that these expressions tell apart, out of all classes of the standard."""
    tables = list(dict.fromkeys(_tables(expressions)))
    codes = classes or _made_up(tables)
    first: dict[Any, str] = {}
    like = {
        code: first.setdefault(tuple(_where(table, codes)[code] for table in tables), code) for code in sorted(codes)
    }
    chosen = tuple(first.values())
    return Industries(chosen, {code: chosen.index(one) for code, one in like.items()})


def _tables(expressions: Iterable[Node]) -> Iterable[Any]:
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Member) and part.item.type.kind == "code" and isinstance(part.collection, Const):
                yield part.collection.value
            elif isinstance(part, Classify) and isinstance(part.table, Const):
                yield part.table.value


@lru_cache(maxsize=256)
def _where(table: Any, codes: frozenset[str]) -> dict[str, Any]:
    """Where every class lies in a table: under it or not, or in which class of it."""
    if isinstance(table[0][1], str):
        return {code: code_matches(code, table) for code in codes}
    return {code: code_classes(code, table) for code in codes}


def _made_up(tables: list[Any]) -> frozenset[str]:
    """Codes for a rulebook without the standard: the ends of every range, and one outside of all."""
    ends = {"0000"}
    for table in tables:
        ranges = table if isinstance(table[0][1], str) else [pair for _, pairs in table for pair in pairs]
        ends |= {f"{low:0<4}" for low, _ in ranges} | {f"{high:9<4}" for _, high in ranges}
    return frozenset(ends)


# ---------------------------------------------------------------------------------------------------------------------
# The facts of a firm as variables of the solver, with the bounds the vocabulary gives them, and a firm read back
# from a model.
# ---------------------------------------------------------------------------------------------------------------------


# Where the vocabulary sets no bound, a firm still fits into this world: ten trillion yuan, a century.
MOST_FEN = 10**15

MOST = 10**9

FIRST_DAY, LAST_DAY = date(1950, 1, 1).toordinal(), date(2050, 12, 31).toordinal()


class Variables:
    """One variable a fact. ``bounds`` say what any firm is; ``whole_firm`` that it told everything a rule wants told."""

    def __init__(self, facts: Mapping[str, Fact], industries: Industries, days: tuple[date, date]) -> None:
        self.facts = facts
        self.industries = industries
        self.bounds: list[Any] = []
        self.whole_firm: list[Any] = []
        self.known: dict[str, Any] = {}
        self._told: dict[str, Any] = {}
        self._words: dict[str, int] = {}
        self._civil: dict[Any, solver.Civil] = {}
        self._codes: dict[str, Any] = {}
        self._days = days
        self._as_of: Any = None

    @property
    def as_of(self) -> Any:
        """The day asked about: any of the edition."""
        if self._as_of is None:
            self._as_of = z3.Int("as_of")
            first, last = (day.toordinal() for day in self._days)
            self.bounds += [self._as_of >= first, self._as_of <= last]
        return self._as_of

    def boolean(self, name: str) -> Any:
        """A yes/no fact."""
        return self.known.setdefault(name, z3.Bool(name))

    def told(self, name: str) -> Any:
        """Whether a fact is told. A whole firm told all that it can tell itself; a department need not have found yet."""
        if name not in self._told:
            self._any(name)
            self._told[name] = z3.Bool(f"told:{name}")
            if not self.facts[name].is_finding:
                self.whole_firm.append(self._told[name])
        return self._told[name]

    def perhaps_told(self, name: str) -> Any:
        """Whether a fact is told that no rule wants told: even a whole firm may leave it out."""
        if name not in self._told:
            self._any(name)
            self._told[name] = z3.Bool(f"told:{name}")
        return self._told[name]

    def _any(self, name: str) -> None:
        """A variable for a fact that may be read for nothing but being told."""
        fact = self.facts[name]
        if fact.type == "boolean":
            self.boolean(name)
        elif fact.type == "enum":
            self.word(name, fact.values)
        elif fact.type == "text":
            self._code(name)
        else:
            self.number(name)

    def number(self, name: str) -> Any:
        """A number or day within its bounds."""
        if name not in self.known:
            fact = self.facts[name]
            real = fact.type in ("number", "rate")
            variable = self.known[name] = z3.Real(name) if real else z3.Int(name)
            least, most = _bounds(fact)
            self.bounds += [variable >= _value(least, real), variable <= _value(most, real)]
        return self.known[name]

    def parts_within_wholes(self) -> list[Any]:
        """That what is told as parts of a total is together no more than the total."""
        inside: dict[str, list[Any]] = {}
        for name, variable in self.known.items():
            whole = self.facts[name].part_of if name in self.facts else None
            if whole in self.known:
                inside.setdefault(whole, []).append(variable)
        return [z3.Sum(parts) <= self.known[whole] for whole, parts in inside.items()]

    def word(self, name: str, values: Iterable[str]) -> Any:
        """An enumeration: one of its words."""
        if name not in self.known:
            variable = self.known[name] = z3.Int(name)
            self.bounds.append(z3.Or(*(variable == self.number_of(word) for word in values)))
        return self.known[name]

    def number_of(self, word: str) -> int:
        """The number that stands for a word; the same word is the same number everywhere."""
        return self._words.setdefault(word, len(self._words))

    def among(self, name: str, kinds: frozenset[int]) -> Any:
        """Whether the industry is one of these kinds."""
        if not kinds or len(kinds) == len(self.industries.codes):
            return bool(kinds)
        return z3.Or(*(self._code(name) == kind for kind in sorted(kinds)))

    def placed(self, name: str, table: Node, values: tuple[str, ...]) -> Any:
        """The class of the industry by a table; any of the words where it has none."""
        assert isinstance(table, Const)
        code = self._code(name)
        result = self.word(f"{name}:unplaced:{table.name}", values)
        for kind, word in self.industries.placed(table.value).items():
            result = z3.If(code == kind, self.number_of(word), result)
        return result

    def _code(self, name: str) -> Any:
        if name not in self._codes:
            variable = self._codes[name] = self.known[name] = z3.Int(name)
            self.bounds += [variable >= 0, variable < len(self.industries.codes)]
        return self._codes[name]

    def civil(self, day: Any) -> solver.Civil:
        """A day in year, month and day."""
        if day not in self._civil:
            parts, made_so = solver.split(day, f"civil{len(self._civil)}")
            self._civil[day] = parts
            self.bounds += made_so
        return self._civil[day]

    def values(self, facts: Mapping[str, Scalar], day: date) -> list[tuple[Any, Any]]:
        """What stands for every variable for a firm that told ``facts``, for putting into a formula."""
        pairs = [(self.known[name], self._constant(name, facts[name])) for name in self.known if name in facts]
        pairs += [(variable, z3.BoolVal(name in facts)) for name, variable in self._told.items()]
        return pairs + ([] if self._as_of is None else [(self._as_of, z3.IntVal(day.toordinal()))])

    def _constant(self, name: str, value: Scalar) -> Any:
        if name in self._codes:
            return z3.IntVal(self.industries.kinds[str(value)])
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, str):
            return z3.IntVal(self.number_of(value))
        if isinstance(value, date):
            return z3.IntVal(value.toordinal())
        return _value(Fraction(value), z3.is_real(self.known[name]))

    def firm(self, model: Any) -> dict[str, Scalar]:
        """The firm of a model: what it tells of every fact the formula reads."""
        untold = {name for name, variable in self._told.items() if z3.is_false(model.eval(variable, True))}
        return {
            name: self._read(name, model.eval(variable, True))
            for name, variable in self.known.items() if name in self.facts and name not in untold
        }  # fmt: skip

    def day(self, model: Any) -> date:
        """The day of a model."""
        return self._days[0] if self._as_of is None else date.fromordinal(model.eval(self._as_of, True).as_long())

    def _read(self, name: str, value: Any) -> Scalar:
        fact = self.facts[name]
        if name in self._codes:
            return self.industries.codes[int(value.as_long())]
        if fact.type == "boolean":
            return bool(z3.is_true(value))
        if fact.type == "enum":
            return next(word for word, number in self._words.items() if number == value.as_long())
        if fact.type == "date":
            return date.fromordinal(int(value.as_long()))
        return exact_number(value)


def _bounds(fact: Fact) -> tuple[Fraction, Fraction]:
    if fact.type == "date":
        return Fraction(FIRST_DAY), Fraction(LAST_DAY)
    least, most = fact.bounds
    far = Fraction(MOST_FEN if fact.type == "money" else MOST)
    return -far if least is None else least, far if most is None else most


def _value(number: Fraction, real: bool) -> Any:
    return z3.RealVal(str(number)) if real else z3.IntVal(int(number))


def exact_number(value: Any) -> int | Fraction:
    """A number of the solver; one that is no fraction is cut after twelve places."""
    if z3.is_int_value(value):
        return int(value.as_long())
    if not z3.is_rational_value(value):
        value = value.approx(12)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
