"""The rulebook of one day over columns: compiled once for a table's columns, then asked of chunk after chunk of firms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from matcher.rulebook import RECIPIENTS, STATUSES, Rulebook
from matcher.rulebook.language import Scalar, facts_in

from .codes import class_of, is_in
from .exact import ExactReading
from .graph import PARTS, Expr, Graph
from .polars_engine import CODES, WORDS, Lexicon, Plan, plan
from .reading import Reading
from .scheme import EXACT, KINDS, OUTPUTS, SchemeColumns, scheme_columns
from .table import Chunk

STATUS, KIND, RECIPIENT = pl.Enum(list(STATUSES)), pl.Enum(list(KINDS)), pl.Enum(list(RECIPIENTS))

POSITIVE = ("eligible", "needs_decision", "applies")

_SIZE = "size_class"
"""The concept by which firms are grouped by size."""

_HELD = {"status": CODES, "kind": CODES, "low": pl.Int64, "high": pl.Int64, "recipient": WORDS, "own": pl.Boolean}


@dataclass(slots=True)
class Decided:
    """What a day's schemes come to for the firms of a chunk: of scheme n the columns ``n:status`` … as `OUTPUTS` names them."""

    edition: EditionColumns
    ids: pl.Series
    columns: pl.DataFrame

    def of(self, number: int) -> pl.DataFrame:
        """The columns of one scheme, by their own names, numbers in place of words; a row for each firm."""
        return self.columns.select(pl.col(f"{number}:{one}").alias(one) for one in OUTPUTS)

    def lines(self, number: int, *, everything: bool) -> pl.DataFrame:
        """The lines of one scheme in words: firm, status, recipient, kind, low, high. Unless ``everything``, those of firms that have
        it with money in it or with something that speaks for them."""
        scheme, columns = self.edition.schemes[number], self.of(number)
        positive = [code for code, word in enumerate(scheme.statuses) if word in POSITIVE]
        if not everything and not positive:
            return _in_words(self.edition, scheme, columns.clear().insert_column(0, self.ids.clear().alias("firm")))
        with_ids = columns.insert_column(0, self.ids.alias("firm"))
        if not everything:
            has_money = pl.col("kind") != KINDS.index("none")
            with_ids = with_ids.filter(pl.col("status").is_in(positive) & (has_money | pl.col("own")))
        return _in_words(self.edition, scheme, with_ids)


def _in_words(edition: EditionColumns, scheme: SchemeColumns, columns: pl.DataFrame) -> pl.DataFrame:
    recipients: list[str | None] = [None] * (1 + max(edition.lexicon.number(word) for word in RECIPIENTS))
    for word in RECIPIENTS:
        recipients[edition.lexicon.number(word)] = word
    return columns.select(
        "firm",
        _named(columns["status"], list(scheme.statuses), STATUS),
        _named(columns["recipient"], recipients, RECIPIENT),
        _named(columns["kind"], list(KINDS), KIND),
        "low",
        "high",
    )


def _named(numbers: pl.Series, words: Sequence[str | None], dtype: pl.Enum) -> pl.Series:
    """The word at each number; none where there is no number, or one below nought."""
    told = numbers.to_frame().select(pl.when(pl.first() >= 0).then(pl.first()).cast(pl.UInt32)).to_series()
    return pl.Series(words, dtype=dtype).gather(told).alias(numbers.name)


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
    grouped_by: frozenset[str] = frozenset()
    _codes: dict[tuple[int, str], Any] = field(default_factory=dict)

    @property
    def needed(self) -> tuple[str, ...]:
        """The facts that any of the schemes reads, of those the table has."""
        read = {*self.grouped_by, *(name for scheme in self.schemes for name in scheme.reads)}
        return tuple(name for name in self.facts if name in read)

    @property
    def absent(self) -> tuple[str, ...]:
        """The facts that the schemes read and the table does not have: unknown of every firm."""
        read = {name for scheme in self.schemes for name in scheme.reads}
        return tuple(name for name in self.rulebook.facts if name in read and name not in self.facts)

    def decide(self, chunk: Chunk) -> Decided:
        """Decide the firms of a chunk, the exact reading included."""
        outputs = self.reckon(chunk.facts)
        patched: list[pl.Series] = []
        for number, scheme in enumerate(self.schemes):
            rows = outputs[f"{number}:status"].eq(EXACT).arg_true().to_list() if scheme.reads else []
            odd = [row for row, told in chunk.odd.items() if not told.keys().isdisjoint(scheme.reads)]
            rows = sorted({*rows, *odd}) if odd else rows
            if rows:
                patched += self._read_exactly(number, outputs, chunk, rows)
        return Decided(self, chunk.ids, outputs.with_columns(patched) if patched else outputs)

    def reckon(self, facts: pl.DataFrame) -> pl.DataFrame:
        """The columns alone; a firm that must be read exactly has the status `EXACT`."""
        frame = facts.with_columns(pl.lit(0, dtype=pl.UInt8).alias("#"))
        if self.plan.codes:
            frame = frame.with_columns(self._asked_of_codes(frame))
        for level in self.plan.levels:
            frame = frame.with_columns(level)
        found = frame.select("#", *self.plan.outputs).drop("#")
        wide = [name for name, dtype in found.schema.items() if dtype == pl.Int128]
        return found.with_columns(pl.col(wide).cast(pl.Int64, strict=False)) if wide else found

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

    def _read_exactly(self, number: int, outputs: pl.DataFrame, chunk: Chunk, rows: list[int]) -> list[pl.Series]:
        """The columns of a scheme with the exact answers in these rows."""
        scheme = self.schemes[number]
        names = [name for name in self.facts if name in scheme.reads]
        values = chunk.facts.select(names)[rows].rows() if names else [()] * len(rows)
        lines = []
        for row, known in zip(rows, values, strict=True):
            extra = {name: told for name, told in chunk.odd.get(row, {}).items() if name in scheme.reads}
            key = (known, *sorted(extra.items())) if extra else (known,)
            line = self.exact.line(scheme.slug, key, lambda known=known, extra=extra: self._facts(names, known, extra))  # type: ignore[misc]
            status, kind, low, high, recipient, own = line
            lines.append((
                EXACT if status is None else list[str](scheme.statuses).index(status), None if kind is None else KINDS.index(kind),
                low, high, None if recipient is None else self.lexicon.number(recipient), own,
            ))  # fmt: skip
        answers = pl.DataFrame(lines, schema={f"{number}:{one}": held for one, held in _HELD.items()}, orient="row")
        before = outputs.select(answers.columns).cast(dict(answers.schema), strict=False)  # type: ignore[arg-type]
        return _placed(before, rows, answers)

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


def _placed(before: pl.DataFrame, rows: list[int], answers: pl.DataFrame) -> list[pl.Series]:
    """The columns with these answers in these rows."""
    order = pl.Series("#", range(before.height), dtype=pl.UInt32).scatter(
        rows, range(before.height, before.height + len(rows))
    )
    return pl.concat([before, answers])[order].get_columns()


def compile_edition(
    rulebook: Rulebook,
    day: date,
    facts: Iterable[str],
    schemes: Iterable[str] | None = None,
    lexicon: Lexicon | None = None,
) -> EditionColumns:
    """Compile the schemes (all, in the catalogue's order, unless named) of a day for a table with these facts as columns.

    :param lexicon: that of another edition, where both are asked of the same chunks.
    """
    told = tuple(name for name in facts if name in rulebook.facts)
    graph, lexicon = Graph(rulebook.facts, frozenset(told)), Lexicon() if lexicon is None else lexicon
    wanted = None if schemes is None else set(schemes)
    made = [scheme_columns(rulebook, graph, slug, day) for slug in rulebook.parsed if wanted is None or slug in wanted]
    outputs = [expr for scheme in made for expr in scheme.outputs]
    names = [f"{number}:{one}" for number, _ in enumerate(made) for one in OUTPUTS]
    grouped_by = {"district", "industry"}
    if rulebook.names.name(_SIZE) is not None:
        size = rulebook.concept_at(_SIZE, day)
        outputs.append(Reading(rulebook, graph, day.toordinal()).word(size))
        names.append("size")
        grouped_by |= set(facts_in(size))
    for fact in rulebook.facts.values():
        for word in fact.values:
            lexicon.number(word)
    for word in RECIPIENTS:
        lexicon.number(word)
    return EditionColumns(
        rulebook,
        day,
        made,
        told,
        lexicon,
        plan(outputs, names, lexicon),
        ExactReading(rulebook, day),
        frozenset(grouped_by),
    )
