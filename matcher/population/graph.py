"""Columnar expressions as a graph in which each is made once, however many schemes ask for it.

Every value may be unknown (null). ``and``, ``or`` and ``not`` are Kleene's, as Polars and SQL have them; a choice whose condition is
unknown is unknown. Numbers are whole: money in fen, a day as its ordinal, a rate or number as so many parts of ``PARTS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.rulebook import Fact

PARTS = 10**6
"""Into so many parts a told rate or number is counted; one that is no whole number of them is read exactly."""

LARGEST: Mapping[str, int] = {
    "money": 10**14,
    "integer": 10**12,
    "number": 10**12,
    "rate": 10**12,
    "date": date.max.toordinal(),
}
"""The largest told value, as columns hold it, that is reckoned with here; a firm that tells a larger one is read exactly."""

NARROW, WIDEST = 2**62, 2**125


def largest(fact: Fact) -> int:
    """How far from zero a told value of a fact may lie, as columns hold it; 0 for one that is no number."""
    least, most = fact.bounds
    found = LARGEST.get(fact.type, 0)
    if least is None or most is None or fact.type == "date":
        return found
    parts = PARTS if fact.type in ("rate", "number") else 1
    return min(found, int(max(abs(least), abs(most)) * parts))


class NotColumnar(Exception):
    """An expression that has no columnar form: its scheme is read exactly, firm by firm."""


@dataclass(
    frozen=True, slots=True, eq=False, repr=False
)  # written out, a shared node would stand there a million times
class Expr:
    """One node: an operation over other nodes (by number) and constants. ``kind`` is bool, int, word or code; ``most`` bounds the size of
    a whole number; ``known``: it is never unknown."""

    number: int
    op: str
    args: tuple[Any, ...]
    kind: str
    most: int = 0
    known: bool = False

    @property
    def inputs(self) -> tuple[Expr, ...]:
        """The nodes that it is made of."""
        return tuple(arg for arg in self.args if isinstance(arg, Expr))


@dataclass(slots=True)
class Graph:
    """Makes expressions. ``columns``: the facts that the firms' table has (None: all); any other is unknown of every firm. ``null_free``:
    those that every firm tells; ``clear``: those whose codes are all long enough for whatever is asked; ``most``: how far from zero
    the figures of some lie, where that is less than it might be."""

    facts: Mapping[str, Fact]
    columns: frozenset[str] | None = None
    null_free: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)
    made: dict[tuple[Any, ...], Expr] = field(default_factory=dict)

    def _make(self, op: str, args: tuple[Any, ...], kind: str, most: int = 0) -> Expr:
        key = (op, kind, *(("#", arg.number) if isinstance(arg, Expr) else arg for arg in args))
        found = self.made.get(key)
        if found is None:
            if most > WIDEST:
                raise NotColumnar("a number too large for 128 bits")
            found = self.made[key] = Expr(len(self.made), op, args, kind, most, self._is_known(op, args))
        return found

    def _is_known(self, op: str, args: tuple[Any, ...]) -> bool:
        if op == "fact":
            return args[0] in self.null_free
        if op in ("const", "is_unknown", "is_true"):
            return True
        if op == "first_known":
            return any(arg.known for arg in args)
        if op == "floor":
            return bool(args[0].known) and args[1].op == "const"
        if op in ("in_codes", "class_of"):  # a code may be told and yet be too short
            return args[0] in self.clear
        if op == "null":
            return False
        return all(arg.known for arg in args if isinstance(arg, Expr))

    # --- leaves

    def null(self, kind: str) -> Expr:
        """The unknown."""
        return self._make("null", (), kind)

    def boolean(self, value: bool) -> Expr:
        """True or false."""
        return self._make("const", (bool(value),), "bool")

    def whole(self, value: int) -> Expr:
        """A whole number."""
        return self._make("const", (int(value),), "int", abs(int(value)))

    def code(self, value: int) -> Expr:
        """A small number that stands for a word of ours, −128 to 127: it is chosen, never reckoned with."""
        return self._make("const", (int(value),), "code")

    def word(self, value: str) -> Expr:
        """A word of an enumeration."""
        return self._make("const", (value,), "word")

    def fact(self, name: str) -> Expr:
        """What a firm told; the industry code is asked by `in_codes` and `class_of`."""
        fact = self.facts[name]
        kind = {"boolean": "bool", "enum": "word", "text": "word"}.get(fact.type, "int")
        if self.columns is not None and name not in self.columns:
            return self.null(kind)
        return self._make("fact", (name,), kind, min(largest(fact), self.most.get(name, largest(fact))))

    def in_codes(self, name: str, ranges: tuple[tuple[str, str], ...]) -> Expr:
        """Whether the told industry code lies under the ranges; unknown where it is too short to tell."""
        absent = self.columns is not None and name not in self.columns
        return self.null("bool") if absent else self._make("in_codes", (name, ranges), "bool")

    def class_of(self, name: str, classes: tuple[Any, ...]) -> Expr:
        """The class of the told industry code; unknown where it has none."""
        absent = self.columns is not None and name not in self.columns
        return self.null("word") if absent else self._make("class_of", (name, classes), "word")

    # --- true, false, unknown

    def all(self, parts: Iterable[Expr]) -> Expr:
        """Kleene's and."""
        return self._join("and", parts, False)

    def any(self, parts: Iterable[Expr]) -> Expr:
        """Kleene's or."""
        return self._join("or", parts, True)

    def _join(self, op: str, parts: Iterable[Expr], ends: bool) -> Expr:
        kept: dict[int, Expr] = {}
        for part in parts:
            for one in part.inputs if part.op == op else (part,):
                if one.op == "const":
                    if one.args[0] is ends:
                        return one
                    continue
                kept[one.number] = one
        if not kept:
            return self.boolean(not ends)
        if len(kept) == 1:
            return next(iter(kept.values()))
        return self._make(op, tuple(kept[number] for number in sorted(kept)), "bool")

    def negation(self, part: Expr) -> Expr:
        """Not; the unknown stays unknown."""
        if part.op == "not":
            found: Expr = part.args[0]
            return found
        if part.op == "const":
            return self.boolean(not part.args[0])
        return part if part.op == "null" else self._make("not", (part,), "bool")

    def is_unknown(self, part: Expr) -> Expr:
        """Whether a value is unknown: never unknown itself."""
        if part.known or part.op == "null":
            return self.boolean(part.op == "null")
        return self._make("is_unknown", (part,), "bool")

    def is_true(self, part: Expr) -> Expr:
        """Whether it is known to be true: never unknown itself."""
        if part.known:
            return part
        if part.op == "null":
            return self.boolean(False)
        return self._make("is_true", (part,), "bool")

    def is_false(self, part: Expr) -> Expr:
        """Whether it is known to be false."""
        return self.is_true(self.negation(part))

    def compare(self, op: str, left: Expr, right: Expr) -> Expr:
        """Two whole numbers (< <= > >= == !=)."""
        if "null" in (left.op, right.op):
            return self.null("bool")
        return self._make("compare", (op, left, right), "bool")

    def among(self, item: Expr, words: Iterable[str]) -> Expr:
        """Whether a word is one of these."""
        chosen = tuple(sorted(set(words)))
        if item.op == "null":
            return self.null("bool")
        if item.op == "const":
            return self.boolean(item.args[0] in chosen)
        return self._make("among", (item, chosen), "bool") if chosen else self.boolean(False)

    # --- any kind

    def choose(self, condition: Expr, then: Expr, other: Expr) -> Expr:
        """``then`` where the condition is true, ``other`` where it is false, else unknown."""
        if condition.op == "null" or then is other is self.null(then.kind):
            return self.null(then.kind)
        if condition.op == "const":
            return then if condition.args[0] else other
        if condition.known and then is other:
            return then
        return self._make("choose", (condition, then, other), then.kind, max(then.most, other.most))

    def cases(self, cases: Iterable[tuple[Expr, Expr]], other: Expr) -> Expr:
        """The value of the first condition that is true, where conditions are never unknown. What earlier conditions leave certain is not
        asked again."""
        kept: list[tuple[Expr, Expr]] = []
        certain: dict[int, bool] = {}
        for condition, value in cases:
            left = self._given(condition, certain)
            if left.op == "const" and left.args[0]:
                other = value
                break
            if left.op != "const":
                kept.append((left, value))
                _learn(certain, left, value=False)
        found = other
        for condition, value in reversed(kept):
            found = self.choose(condition, value, found)
        return found

    def _given(self, condition: Expr, certain: Mapping[int, bool]) -> Expr:
        """What is left to ask of a condition where these (by number) are certain."""
        if condition.number in certain:
            return self.boolean(certain[condition.number])
        if condition.op == "not":
            return self.negation(self._given(condition.args[0], certain))
        if condition.op in ("and", "or"):
            parts = [self._given(part, certain) for part in condition.args]
            return self.all(parts) if condition.op == "and" else self.any(parts)
        return condition

    def first_known(self, first: Expr, second: Expr) -> Expr:
        """The first where it is known, else the second."""
        if first.op == "null":
            return second
        if first.known or second.op == "null":
            return first
        return self._make("first_known", (first, second), first.kind, max(first.most, second.most))

    # --- whole numbers

    def plus(self, left: Expr, right: Expr, sign: int = 1) -> Expr:
        """left + right, or left − right with sign −1."""
        if "null" in (left.op, right.op):
            return self.null("int")
        if left.op == right.op == "const":
            return self.whole(left.args[0] + sign * right.args[0])
        if right.op == "const" and right.args[0] == 0:
            return left
        return self._make("+" if sign > 0 else "-", (left, right), "int", left.most + right.most)

    def times(self, left: Expr, right: Expr) -> Expr:
        """left × right."""
        if "null" in (left.op, right.op):
            return self.null("int")
        if left.op == right.op == "const":
            return self.whole(left.args[0] * right.args[0])
        for one, other in ((left, right), (right, left)):
            if one.op == "const" and one.args[0] == 1:
                return other
        return self._make("*", (left, right), "int", left.most * right.most)

    def floor(self, over: Expr, under: Expr) -> Expr:
        """over ÷ under rounded down; ``under`` must be above zero."""
        if "null" in (over.op, under.op):
            return self.null("int")
        if over.op == under.op == "const":
            return self.whole(over.args[0] // under.args[0])
        least = under.args[0] if under.op == "const" else 1
        return (
            over
            if least == 1 and under.op == "const"
            else self._make("floor", (over, under), "int", over.most // least + 1)
        )

    def extreme(self, op: str, parts: list[Expr]) -> Expr:
        """The least (``min``) or greatest of numbers; unknown where one is."""
        if any(part.op == "null" for part in parts):
            return self.null("int")
        if all(part.op == "const" for part in parts):
            return self.whole((min if op == "min" else max)(part.args[0] for part in parts))
        return self._make(op, tuple(parts), "int", max(part.most for part in parts))

    def shift(self, day: Expr, amount: int, span: str) -> Expr:
        """A day moved by months or years."""
        if day.op == "null":
            return day
        return self._make("shift", (day, amount, span), "int", LARGEST["date"])


def _learn(certain: dict[int, bool], condition: Expr, *, value: bool) -> None:
    """Note what follows from a condition that is known and has this value."""
    if not condition.known:
        return
    certain[condition.number] = value
    if condition.op == "not":
        _learn(certain, condition.args[0], value=not value)
    elif condition.op == ("and" if value else "or"):
        for part in condition.args:
            _learn(certain, part, value=value)
