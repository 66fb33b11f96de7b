"""The facts of a firm as variables of the solver, with the bounds the vocabulary gives them, and a firm read back from a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from matcher.engine.prove import civil
from matcher.engine.prove.industries import Industries
from matcher.rulebook import Fact, Scalar
from matcher.rulebook.language.nodes import Const, Node

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
        self._civil: dict[Any, civil.Civil] = {}
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
            if not name.startswith("dept_"):
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

    def civil(self, day: Any) -> civil.Civil:
        """A day in year, month and day."""
        if day not in self._civil:
            parts, made_so = civil.split(day, f"civil{len(self._civil)}")
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
