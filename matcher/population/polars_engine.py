"""The graph as Polars expressions: what several others use becomes a column of its own, level by level."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

import polars as pl

from .graph import NARROW, Expr

WORDS, CODES = pl.UInt16, pl.Int8

_EPOCH = date(1970, 1, 1).toordinal()


_numbering = threading.Lock()  # a number is given once, though several threads ask


@dataclass(slots=True)
class Lexicon:
    """Words as small numbers, for columns."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """The number of a word."""
        found = self.numbers.get(word)
        if found is None:
            with _numbering:
                found = self.numbers.setdefault(word, len(self.numbers))
        return found

    def words(self) -> list[str]:
        """The words, each at its number."""
        return list(self.numbers)


@dataclass(slots=True)
class Plan:
    """How a set of expressions is worked out of a frame: columns made level by level, then the wanted ones."""

    levels: list[list[pl.Expr]]
    outputs: list[pl.Expr]
    codes: list[Expr]  # what is asked of industry codes, to be there as columns `#n` beforehand


def plan(wanted: Iterable[Expr], names: Iterable[str], lexicon: Lexicon) -> Plan:
    """A plan for expressions, each to come out under its name."""
    made = _Planner(lexicon)
    roots = list(wanted)
    made.count(roots)
    outputs = [made.column(root).alias(name) for root, name in zip(roots, names, strict=True)]
    levels = [made.levels[level] for level in sorted(made.levels)]
    return Plan(levels, outputs, made.codes)


class _Planner:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.uses: Counter[int] = Counter()
        self.levels: dict[int, list[pl.Expr]] = {}
        self.done: dict[int, tuple[pl.Expr, int]] = {}
        self.codes: list[Expr] = []

    def count(self, roots: list[Expr]) -> None:
        waiting, seen = list(roots), set[int]()
        for root in roots:
            self.uses[root.number] += 1
        while waiting:
            here = waiting.pop()
            if here.number in seen:
                continue
            seen.add(here.number)
            for inner in (*here.inputs, *_asked_again(here)):
                self.uses[inner.number] += 1
                waiting.append(inner)

    def column(self, expr: Expr) -> pl.Expr:
        return self._made(expr)[0]

    def _made(self, expr: Expr) -> tuple[pl.Expr, int]:
        """The expression, and the level at which all it uses is there."""
        found = self.done.get(expr.number)
        if found is None:
            found = self.done[expr.number] = self._make(expr)
        return found

    def _make(self, expr: Expr) -> tuple[pl.Expr, int]:
        if expr.op in ("in_codes", "class_of"):
            self.codes.append(expr)
            return pl.col(f"#{expr.number}"), 0
        level = max((self._made(inner)[1] for inner in expr.inputs), default=0)
        made = self._written(expr)
        if expr.op in ("fact", "const", "null") or self.uses[expr.number] < 2:
            return made, level
        self.levels.setdefault(level, []).append(made.alias(f"#{expr.number}"))
        return pl.col(f"#{expr.number}"), level + 1

    def _written(self, expr: Expr) -> pl.Expr:
        args = expr.args
        match expr.op:
            case "null":
                return pl.lit(None, dtype={"bool": pl.Boolean, "word": WORDS, "code": CODES}.get(expr.kind, pl.Int64))
            case "const":
                return self._constant(expr)
            case "fact":
                return pl.col(args[0])
            case "and" | "or":
                parts = [self.column(arg) for arg in args]
                return reduce((lambda a, b: a & b) if expr.op == "and" else (lambda a, b: a | b), parts)
            case "not":
                return ~self.column(args[0])
            case "is_unknown":
                return self.column(args[0]).is_null()
            case "is_true":
                return self.column(args[0]).fill_null(False)
            case "compare":
                left, right = self._wide_pair(args[1], args[2])
                compared: pl.Expr = _COMPARE[args[0]](left, right)
                return compared
            case "among":
                return self._among(self.column(args[0]), args[1])
            case "choose":
                condition = self.column(args[0])
                then, other = (self._sized(arg, expr) for arg in args[1:])
                if args[0].known:
                    return pl.when(condition).then(then).otherwise(other)
                return pl.when(condition).then(then).when(~condition).then(other).otherwise(None)
            case "first_known":
                return pl.coalesce(self._sized(args[0], expr), self._sized(args[1], expr))
        return self._number(expr)

    def _number(self, expr: Expr) -> pl.Expr:
        args = expr.args
        if expr.op == "shift":
            day = (self.column(args[0]) - _EPOCH).cast(pl.Int32).cast(pl.Date)
            return day.dt.offset_by(f"{args[1]}mo").cast(pl.Int32).cast(pl.Int64) + _EPOCH
        if expr.op == "floor":
            left, right = self._wide_pair(args[0], args[1])
            found = left // right
            return found if expr.most >= NARROW else found.cast(pl.Int64)
        if expr.op in ("min", "max"):
            parts = [self._sized(arg, expr) for arg in args]
            best = pl.min_horizontal(*parts) if expr.op == "min" else pl.max_horizontal(*parts)
            open_ = [self.column(arg).is_not_null() for arg in args if not arg.known]
            return pl.when(reduce(lambda a, b: a & b, open_)).then(best).otherwise(None) if open_ else best
        left, right = (self._sized(arg, expr) for arg in args)
        return left + right if expr.op == "+" else left - right if expr.op == "-" else left * right

    def _constant(self, expr: Expr) -> pl.Expr:
        value = expr.args[0]
        if expr.kind == "word":
            return pl.lit(self.lexicon.number(value), dtype=WORDS)
        if expr.kind in ("bool", "code"):
            return pl.lit(value, dtype=pl.Boolean if expr.kind == "bool" else CODES)
        return pl.lit(value, dtype=pl.Int128 if expr.most >= NARROW else pl.Int64)

    def _among(self, item: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
        numbers = [self.lexicon.number(word) for word in words]
        return reduce(lambda a, b: a | b, [item == pl.lit(number, dtype=WORDS) for number in numbers])

    def _sized(self, part: Expr, of: Expr) -> pl.Expr:
        """A part of a wide number, made wide itself."""
        column = self.column(part)
        return column.cast(pl.Int128) if of.kind == "int" and of.most >= NARROW > part.most else column

    def _wide_pair(self, left: Expr, right: Expr) -> tuple[pl.Expr, pl.Expr]:
        one, other = self.column(left), self.column(right)
        if max(left.most, right.most) >= NARROW:
            one = one.cast(pl.Int128) if left.most < NARROW else one
            other = other.cast(pl.Int128) if right.most < NARROW else other
        return one, other


def _asked_again(expr: Expr) -> tuple[Expr, ...]:
    """What is written twice in the expression: worked out once, as what two expressions use is."""
    if expr.op == "choose":
        return () if expr.args[0].known else expr.args[:1]
    return tuple(arg for arg in expr.inputs if not arg.known) if expr.op in ("min", "max") else ()


_COMPARE: dict[str, Any] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
