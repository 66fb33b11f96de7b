"""The graph as SQL: one statement of the same conditions, for the warehouse that a city already has.

``and``, ``or`` and ``not`` of SQL are Kleene's; what it must never do is to take the unknown for a no, so every branch asks for its
condition and for its negation. A firm that must be read exactly has the status ``exact``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlglot import exp

from matcher.rulebook import Fact, Rulebook

from .codes import class_of, is_in
from .graph import NARROW, PARTS, Expr, Graph, NotColumnar
from .scheme import EXACT, scheme_columns
from .scheme_amount import KINDS

DIALECTS = ("duckdb", "postgres", "spark", "clickhouse", "mysql", "snowflake", "bigquery", "trino")

_KEEPS_STEPS = ("duckdb", "postgres")
"""Those that would write a step's columns into every place where they are used, and must be told to work them out once."""

_ALL_ROWS = 2**63 - 1
"""MySQL has no word for it, but works out once whatever has a limit: with this one 116 statements took a second, of which eight
did not end without."""

_EPOCH = date(1970, 1, 1).toordinal()

_DEEP = 20_000
"""How deep Python may call itself while a statement is written: it is as deep as the tables of a rule are long."""


@dataclass(slots=True)
class _Writer:
    """Writes expressions over a table ``f`` of firms; what several use becomes a column of a step of its own.

    ``counted``: the table has whole numbers as the graph counts them (fen, days, parts) within the bounds that the graph knows, so that
    64 bits do wherever it says so; else yuan, dates and rates, as large as they may be."""

    facts: Mapping[str, Fact]
    classes: frozenset[str]
    dialect: str
    counted: bool = False
    made: dict[int, tuple[exp.Expr, int]] = field(default_factory=dict)
    steps: dict[int, list[exp.Expr]] = field(default_factory=dict)
    uses: dict[int, int] = field(default_factory=dict)

    @property
    def wide(self) -> str:
        """The type of whole numbers: DuckDB divides decimals as floats, and has whole numbers of 128 bits."""
        return "INT128" if self.dialect == "duckdb" else "DECIMAL(38, 0)"

    def whole(self, expr: Expr) -> str:
        """The type of one whole number."""
        return "BIGINT" if self.counted and expr.most < NARROW else self.wide

    def count(self, expr: Expr) -> None:
        """Count how often each part is used."""
        self.uses[expr.number] = self.uses.get(expr.number, 0) + 1
        if self.uses[expr.number] == 1:
            for inner in expr.inputs:
                self.count(inner)

    def column(self, expr: Expr) -> exp.Expr:
        """The expression, or the column where it is kept."""
        return self._made(expr)[0].copy()

    def _made(self, expr: Expr) -> tuple[exp.Expr, int]:
        if expr.number not in self.made:
            level = max((self._made(inner)[1] for inner in expr.inputs), default=0)
            written = exp.paren(self._written(expr), copy=False)
            if expr.op not in ("fact", "const", "null") and self.uses[expr.number] > 1:
                self.steps.setdefault(level, []).append(exp.alias_(written, f"x{expr.number}", copy=False))
                self.made[expr.number] = (exp.column(f"x{expr.number}"), level + 1)
            else:
                self.made[expr.number] = (written, level)
        return self.made[expr.number]

    def _written(self, expr: Expr) -> exp.Expr:
        args = expr.args
        match expr.op:
            case "null":
                return exp.cast(exp.null(), {"bool": "BOOLEAN", "word": "TEXT"}.get(expr.kind, self.whole(expr)))
            case "const":
                return self._constant(expr)
            case "fact":
                return self._fact(args[0])
            case "in_codes" | "class_of":
                return self._of_code(expr)
            case "and" | "or":
                joined = exp.and_ if expr.op == "and" else exp.or_
                return joined(*(self.column(arg) for arg in args), copy=False)
            case "not":
                return exp.Not(this=self.column(args[0]))
            case "is_unknown":
                return exp.Is(this=self.column(args[0]), expression=exp.null())
            case "is_true":
                return exp.func("COALESCE", self.column(args[0]), exp.false())
            case "compare":
                return _COMPARE[args[0]](this=self.column(args[1]), expression=self.column(args[2]))
            case "among":
                return exp.In(this=self.column(args[0]), expressions=[exp.Literal.string(word) for word in args[1]])
            case "choose":
                condition, then, other = (self.column(arg) for arg in args)
                chosen = exp.Case().when(condition, then, copy=False)
                return chosen.when(exp.Not(this=condition.copy()), other, copy=False)
            case "first_known":
                return exp.func("COALESCE", *(self.column(arg) for arg in args))
            case "min" | "max":
                known = exp.and_(*(exp.Not(this=exp.Is(this=self.column(arg), expression=exp.null())) for arg in args))
                return exp.Case().when(
                    known, exp.func("LEAST" if expr.op == "min" else "GREATEST", *(self.column(arg) for arg in args))
                )
            case "floor":
                return self._floor(expr)
            case "+" | "-" | "*":
                kind = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[expr.op]
                left, right = (self.column(arg) for arg in args)
                if self.whole(expr) != self.whole(args[0]):
                    left = exp.cast(left, self.whole(expr), copy=False)
                return kind(this=left, expression=right)
            case "shift" if self.dialect == "duckdb":
                return self._shifted(args[0], args[1])
        raise NotColumnar(expr.op)

    def _constant(self, expr: Expr) -> exp.Expr:
        value = expr.args[0]
        if expr.kind == "bool":
            return exp.true() if value else exp.false()
        return (
            exp.Literal.string(value) if expr.kind == "word" else exp.cast(exp.Literal.number(value), self.whole(expr))
        )

    def _fact(self, name: str) -> exp.Expr:
        """A column as the graph counts it: fen, days, parts."""
        fact, column = self.facts[name], exp.column(name, "f")
        if self.counted or fact.type in ("boolean", "enum", "text"):
            return column
        if fact.type == "date":
            start = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
            days = exp.DateDiff(this=column, expression=start, unit=exp.var("DAY"))
            return exp.cast(exp.Add(this=exp.paren(days), expression=exp.Literal.number(_EPOCH)), self.wide)
        parts = {"money": 100, "integer": 1}.get(fact.type, PARTS)
        return exp.cast(
            exp.Mul(this=exp.cast(column, "DECIMAL(24, 6)"), expression=exp.Literal.number(parts)), self.wide
        )

    def _of_code(self, expr: Expr) -> exp.Expr:
        """The answers for every code of the standard, grouped by answer."""
        name, asked = expr.args
        codes = sorted({code[:length] for code in self.classes for length in (2, 3, 4)})
        groups: dict[Any, list[str]] = {}
        for code in codes:
            answer = is_in(code, asked, self.classes) if expr.op == "in_codes" else class_of(code, asked)
            if answer is not None:
                groups.setdefault(answer, []).append(code)
        found = exp.Case()
        for answer, members in groups.items():
            told = exp.In(this=exp.column(name, "f"), expressions=[exp.Literal.string(code) for code in members])
            found = found.when(
                told, exp.Literal.string(answer) if isinstance(answer, str) else (exp.true() if answer else exp.false())
            )
        return found if groups else exp.null()

    def _shifted(self, day: Expr, months: int) -> exp.Expr:
        """A day moved by months, in DuckDB: the same day of the month, or its last."""
        start = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
        since = exp.Sub(this=self.column(day), expression=exp.Literal.number(_EPOCH))
        told = exp.Add(this=start, expression=exp.cast(since, "INTEGER"))
        span = exp.Anonymous(this="TO_MONTHS", expressions=[exp.Literal.number(months)])
        moved = exp.cast(exp.Add(this=exp.paren(told), expression=span), "DATE")
        days = exp.Sub(this=moved, expression=start.copy())
        return exp.cast(exp.Add(this=exp.paren(days), expression=exp.Literal.number(_EPOCH)), "BIGINT")

    def _floor(self, expr: Expr) -> exp.Expr:
        """Rounded down, in whole numbers alone: no dialect's division of decimals is trusted with it."""
        above, below = (self.column(arg) for arg in expr.args)
        rest = exp.Mod(this=exp.paren(above), expression=exp.paren(below))
        exactly = exp.paren(exp.Sub(this=above.copy(), expression=rest))
        whole: exp.Expr = (
            exp.IntDiv(this=exactly, expression=below.copy())
            if self.dialect == "duckdb"
            else exp.Div(
                this=exactly, expression=below.copy(), typed=True, safe=False
            )  # untyped, it would be cast to a float
        )
        found = exp.cast(whole, self.whole(expr))
        negative = exp.and_(
            exp.LT(this=above.copy(), expression=exp.Literal.number(0)),
            exp.NEQ(this=rest.copy(), expression=exp.Literal.number(0)),
        )
        return (
            exp.Case()
            .when(negative, exp.Sub(this=found.copy(), expression=exp.Literal.number(1)))
            .when(exp.Not(this=exp.paren(negative.copy())), found)
        )


_COMPARE: dict[str, type[exp.Binary]] = {
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "==": exp.EQ,
    "!=": exp.NEQ,
}


@contextmanager
def _deeply() -> Iterator[None]:
    """While a statement is written, Python may call itself as often as that takes."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def statement(rulebook: Rulebook, slug: str, day: date, dialect: str, table: str = "firms") -> str:
    """One SELECT of firm, scheme, as_of, status, recipient, kind, low, high over a table whose columns are `id` and the facts that the
    scheme reads (money in yuan). Where its status is ``exact``, SQL cannot settle it: ask `matcher check`.

    :raises NotColumnar: where the scheme's rules have no form in SQL.
    """
    with _deeply():
        graph = Graph(rulebook.facts)
        scheme = scheme_columns(rulebook, graph, slug, day)
        writer = _Writer(rulebook.facts, rulebook.industry_classes, dialect)
        outputs = scheme.outputs[:5]
        for one in (*outputs, scheme.status, scheme.kind):  # those two are asked for several words
            writer.count(one)
        status, kind, low, high, recipient = (writer.column(one) for one in outputs)
        words = exp.Case()
        for code, word in (*enumerate(scheme.statuses), (EXACT, "exact")):
            words = words.when(
                exp.EQ(this=status.copy(), expression=exp.Literal.number(code)), exp.Literal.string(word)
            )
        kinds = exp.Case()
        for code, word in enumerate(KINDS):
            kinds = kinds.when(exp.EQ(this=kind.copy(), expression=exp.Literal.number(code)), exp.Literal.string(word))
        chosen = exp.select(
            exp.alias_(exp.column("id", "f"), "firm"), exp.alias_(exp.Literal.string(slug), "scheme"),
            exp.alias_(exp.cast(exp.Literal.string(day.isoformat()), "DATE"), "as_of"), exp.alias_(words, "status"),
            exp.alias_(recipient, "recipient"), exp.alias_(kinds, "kind"), exp.alias_(exp.cast(low, "BIGINT"), "low"),
            exp.alias_(exp.cast(high, "BIGINT"), "high"),
        )  # fmt: skip
        return _over(writer, table, ("id", *scheme.reads), chosen)


def counted_statement(rulebook: Rulebook, wanted: Mapping[str, Expr], facts: Iterable[str], table: str) -> str:
    """One SELECT of `id` and the expressions (by name) for DuckDB, over a table of `id` and these facts as the graph counts them: fen, days
    as ordinals, parts, words as text.

    :raises NotColumnar: where an expression has no form in SQL.
    """
    with _deeply():
        writer = _Writer(rulebook.facts, rulebook.industry_classes, "duckdb", counted=True)
        for one in wanted.values():
            writer.count(one)
        outputs = [exp.alias_(writer.column(one), name, quoted=True, copy=False) for name, one in wanted.items()]
        return _over(writer, table, ("id", *facts), exp.select(exp.column("id", "f"), *outputs, copy=False))


def _over(writer: _Writer, table: str, read: Iterable[str], chosen: exp.Select) -> str:
    """A selection over the steps that the writer made, over a table with these columns."""
    source: exp.Expr = exp.to_table(table)
    for step, level in enumerate(sorted(writer.steps)):
        before = [exp.column(exp.Star(), "f")] if step else [exp.column(name, "f") for name in read]
        made = exp.select(*before, *writer.steps[level], copy=False).from_(exp.alias_(source, "f", table=True))
        if writer.dialect == "mysql":
            made = made.limit(_ALL_ROWS, copy=False)
        keep = writer.dialect in _KEEPS_STEPS or None
        chosen = chosen.with_(f"step_{step}", made, materialized=keep, copy=False)
        source = exp.to_table(f"step_{step}")
    return chosen.from_(exp.alias_(source, "f", table=True), copy=False).sql(dialect=writer.dialect)
