"""The rulebook of one day over columns: compiled once for a table's columns, then asked of chunk after chunk of firms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from matcher.rulebook import RECIPIENTS, STATUSES, Rulebook
from matcher.rulebook.language import Scalar

from .codes import class_of, is_in
from .exact import ExactReading
from .graph import PARTS, Expr, Graph
from .polars_engine import WORDS, Lexicon, Plan, plan
from .scheme import EXACT, KINDS, SchemeColumns, scheme_columns

STATUS, KIND, RECIPIENT = pl.Enum(list(STATUSES)), pl.Enum(list(KINDS)), pl.Enum(list(RECIPIENTS))

ODD = "#odd"
"""In a chunk: whether a firm tells something that columns cannot hold, so that all of it is read exactly."""

Odd = Mapping[int, Mapping[str, Scalar]]
"""By row of a chunk, what a firm told that columns cannot hold."""


@dataclass(slots=True)
class EditionColumns:
    """All schemes (or those named) of a day over a table that has these facts as columns."""

    rulebook: Rulebook
    day: date
    schemes: list[SchemeColumns]
    facts: tuple[str, ...]
    lexicon: Lexicon
    plan: Plan
    exact: ExactReading
    _codes: dict[tuple[int, str], Any] = field(default_factory=dict)

    @property
    def needed(self) -> tuple[str, ...]:
        """The facts that any of the schemes reads, of those the table has."""
        read = {name for scheme in self.schemes for name in scheme.reads}
        return tuple(name for name in self.facts if name in read)

    def decided(self, chunk: pl.DataFrame, odd: Odd | None = None) -> dict[str, pl.DataFrame]:
        """By scheme the columns status, kind, low, high and recipient, a row for each firm of the chunk.

        :param chunk: the facts as `matcher.population.table` reads them.
        """
        outputs = self._reckoned(chunk)
        found = {}
        odd = odd or {}
        always = sorted(odd)
        for number, scheme in enumerate(self.schemes):
            columns = outputs.select(pl.col(f"{number}:{one}").alias(one) for one in _OUTPUTS)
            waiting = columns["status"].eq(EXACT).arg_true().to_list()
            if scheme.reads and always:
                waiting = sorted({*waiting, *always})
            found[scheme.slug] = self._read_exactly(scheme, self._in_words(scheme, columns), chunk, waiting, odd)
        return found

    def _reckoned(self, chunk: pl.DataFrame) -> pl.DataFrame:
        frame = chunk.with_columns(self._asked_of_codes(chunk)) if self.plan.codes else chunk
        for level in self.plan.levels:
            frame = frame.with_columns(level)
        return frame.select(self.plan.outputs)

    def _asked_of_codes(self, chunk: pl.DataFrame) -> list[pl.Series]:
        """What rules ask of the industry code, worked out once for each code that occurs."""
        made = []
        for name in {expr.args[0] for expr in self.plan.codes}:
            codes = chunk[name].drop_nulls().unique().sort().to_list()
            numbers = chunk[name].cast(pl.Enum(codes)).to_physical()
            for expr in self.plan.codes:
                if expr.args[0] == name:
                    answers = [self._of_code(expr, code) for code in codes]
                    kind = pl.Boolean if expr.kind == "bool" else WORDS
                    made.append(pl.Series(answers, dtype=kind).gather(numbers).alias(f"#{expr.number}"))
        return made

    def _of_code(self, expr: Expr, code: str) -> Any:
        key = (expr.number, code)
        if key not in self._codes:
            if expr.op == "in_codes":
                self._codes[key] = is_in(code, expr.args[1], self.rulebook.industry_classes)
            else:
                word = class_of(code, expr.args[1])
                self._codes[key] = None if word is None else self.lexicon.number(word)
        return self._codes[key]

    def _in_words(self, scheme: SchemeColumns, columns: pl.DataFrame) -> pl.DataFrame:
        recipients = {self.lexicon.number(word): word for word in RECIPIENTS}
        return columns.with_columns(
            pl.col("status").replace_strict(dict(enumerate(scheme.statuses)), default=None, return_dtype=STATUS),
            pl.col("kind").replace_strict(dict(enumerate(KINDS)), default=None, return_dtype=KIND),
            pl.col("low", "high").cast(pl.Int64, strict=False),
            pl.col("recipient").replace_strict(recipients, default=None, return_dtype=RECIPIENT),
        )

    def _read_exactly(
        self, scheme: SchemeColumns, columns: pl.DataFrame, chunk: pl.DataFrame, rows: list[int], odd: Odd
    ) -> pl.DataFrame:
        if not rows:
            return columns
        names = [name for name in self.facts if name in scheme.reads]
        told = chunk.select(names)[rows] if names else pl.DataFrame()
        values = told.rows() if names else [()] * len(rows)
        lines = []
        for row, known in zip(rows, values, strict=True):
            extra = odd.get(row, {})
            key = (known, *sorted(extra.items())) if extra else (known,)
            lines.append(self.exact.line(scheme.slug, key, lambda known=known, extra=extra: self._facts(names, known, extra)))  # type: ignore[misc]
        answers = pl.DataFrame(lines, schema=dict(zip(_OUTPUTS, (STATUS, KIND, pl.Int64, pl.Int64, RECIPIENT), strict=True)), orient="row")
        return columns.select(_placed(columns[name], rows, answers[name]) for name in _OUTPUTS)

    def _facts(self, names: list[str], values: tuple[Any, ...], extra: Mapping[str, Scalar]) -> dict[str, Scalar]:
        words = self.lexicon.words()
        facts: dict[str, Scalar] = {}
        for name, value in zip(names, values, strict=True):
            if value is None:
                continue
            type_ = self.rulebook.facts[name].type
            if type_ == "enum":
                facts[name] = words[value]
            elif type_ in ("rate", "number"):
                facts[name] = Fraction(value, PARTS)
            else:
                facts[name] = date.fromordinal(value) if type_ == "date" else value
        return {**facts, **extra}


_OUTPUTS = ("status", "kind", "low", "high", "recipient")


def _placed(column: pl.Series, rows: list[int], values: pl.Series) -> pl.Series:
    """The column with these values in these rows."""
    height = len(column)
    numbers = pl.DataFrame({"row": pl.Series(rows, dtype=pl.UInt32), "new": values, "is_new": True})
    joined = pl.DataFrame({"row": pl.arange(0, height, dtype=pl.UInt32, eager=True), "old": column}).join(
        numbers, on="row", how="left", maintain_order="left"
    )
    return joined.select(pl.when(pl.col("is_new")).then("new").otherwise("old").alias(column.name)).to_series()


def compile_edition(
    rulebook: Rulebook, day: date, facts: Iterable[str], schemes: Iterable[str] | None = None
) -> EditionColumns:
    """Compile the schemes (all, in the catalogue's order, unless named) of a day for a table with these facts as columns."""
    told = tuple(name for name in facts if name in rulebook.facts)
    graph, lexicon = Graph(rulebook.facts, frozenset(told)), Lexicon()
    wanted = None if schemes is None else set(schemes)
    made = [
        scheme_columns(rulebook, graph, slug, day) for slug in rulebook.parsed if wanted is None or slug in wanted
    ]
    outputs = [expr for scheme in made for expr in scheme.outputs]
    names = [f"{number}:{one}" for number, _ in enumerate(made) for one in _OUTPUTS]
    for fact in rulebook.facts.values():
        for word in fact.values:
            lexicon.number(word)
    for word in RECIPIENTS:
        lexicon.number(word)
    return EditionColumns(
        rulebook, day, made, told, lexicon, plan(outputs, names, lexicon), ExactReading(rulebook, day)
    )
