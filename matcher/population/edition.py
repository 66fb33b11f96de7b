"""The rulebook of one day over columns: compiled once for a table's columns, then asked of chunk after chunk of firms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import polars as pl

from matcher.engine import Decision
from matcher.rulebook import RECIPIENTS, STATUSES, Rulebook
from matcher.rulebook.language import Scalar

from .cells import words_of
from .codes import class_of, is_in
from .exact import ExactReading, Line
from .graph import PARTS, Expr, Graph
from .over_items import line_of_all
from .polars_engine import CODES, WORDS, Lexicon, Plan, plan
from .rewriting import in_graph
from .scheme import EXACT, OUTPUTS, SchemeColumns
from .scheme_amount import KINDS
from .table import Chunk

STATUS, KIND, RECIPIENT = pl.Enum(list(STATUSES)), pl.Enum(list(KINDS)), pl.Enum(list(RECIPIENTS))

COLUMNS = ("firm", "scheme", "as_of", "status", "recipient", "kind", "low", "high")
"""Of a line; low and high in fen."""

POSITIVE = ("eligible", "needs_decision", "applies")

_MANY_FIRMS, _MOST_PLANS = 1_000, 32
"""From so many firms on a plan is made for what they have in common; so many plans are kept."""

_STEPS = (10**6, 10**9, 10**11, 10**12, 10**14, 2**63)
"""How large the figures of a chunk are is told by these."""

_HELD = {"status": CODES, "kind": CODES, "low": pl.Int64, "high": pl.Int64, "recipient": WORDS, "own": pl.Boolean}


@dataclass(slots=True)
class Decided:
    """What a day's schemes come to for the firms of a chunk: of scheme n the columns ``n:status`` … as `OUTPUTS` names them.
    ``over_items``: of firms with several items, by row and scheme, the decisions for each of them that the columns put together."""

    edition: EditionColumns
    ids: pl.Series
    columns: pl.DataFrame
    over_items: Mapping[int, Mapping[str, Sequence[Decision]]] = field(default_factory=dict)

    def of(self, number: int) -> pl.DataFrame:
        """The columns of one scheme, by their own names, numbers in place of words; a row for each firm."""
        return self.columns.select(pl.col(f"{number}:{one}").alias(one) for one in OUTPUTS)

    def lines(self, number: int, *, everything: bool) -> pl.DataFrame:
        """The lines of one scheme in words, with `COLUMNS`. Unless ``everything``, those of firms that have it with money in it or with
        something that speaks for them."""
        return self._lines(number, self._with_ids(), everything)

    def all_lines(self, *, everything: bool) -> list[pl.DataFrame]:
        """The same of every scheme, one after the other."""
        with_ids = self._with_ids()
        return [self._lines(number, with_ids, everything) for number in range(len(self.edition.schemes))]

    def _with_ids(self) -> pl.DataFrame:
        return self.columns.with_columns(self.ids.alias("firm"))

    def _lines(self, number: int, columns: pl.DataFrame, everything: bool) -> pl.DataFrame:
        scheme, in_words = self.edition.schemes[number], self._in_words(number)
        positive = [code for code, word in enumerate(scheme.statuses) if word in POSITIVE]
        if not everything:
            if not positive:
                return columns.clear().select(in_words)
            has_money = pl.col(f"{number}:kind") != KINDS.index("none")
            is_own = has_money if scheme.is_general else has_money | pl.col(f"{number}:own")
            is_told = pl.col(f"{number}:status").is_in(positive) & is_own
            columns = columns.select("firm", *(f"{number}:{one}" for one in OUTPUTS)).filter(is_told)
        return columns.select(in_words)

    def _in_words(self, number: int) -> list[pl.Expr]:
        edition = self.edition
        scheme, slugs = edition.schemes[number], pl.Enum([one.slug for one in edition.schemes])
        recipients = [(edition.lexicon.number(word), word) for word in RECIPIENTS]
        return [
            pl.col("firm"),
            pl.lit(scheme.slug, dtype=slugs).alias("scheme"),
            pl.lit(edition.day).alias("as_of"),
            _in_word(f"{number}:status", enumerate(scheme.statuses), STATUS).alias("status"),
            _in_word(f"{number}:recipient", recipients, RECIPIENT).alias("recipient"),
            _in_word(f"{number}:kind", enumerate(KINDS), KIND).alias("kind"),
            pl.col(f"{number}:low").alias("low"),
            pl.col(f"{number}:high").alias("high"),
        ]


@dataclass(slots=True)
class EditionColumns:
    """All schemes (or those named) of a day over a table that has these facts as columns."""

    rulebook: Rulebook
    day: date
    schemes: list[SchemeColumns]
    facts: tuple[str, ...]
    lexicon: Lexicon
    outputs: dict[str, Expr]
    exact: ExactReading
    grouped_by: frozenset[str] = frozenset()
    _asked: list[Expr] = field(default_factory=list)
    _plans: dict[tuple[Any, ...], Plan] = field(default_factory=dict)
    _codes: dict[tuple[str, tuple[Any, ...], str], Any] = field(default_factory=dict)

    @property
    def _coded(self) -> frozenset[str]:
        """The facts that are codes of which something is asked."""
        return frozenset(expr.args[0] for expr in self._asked)

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

    def decide(self, chunk: Chunk, reckon: Callable[[pl.DataFrame], pl.DataFrame] | None = None) -> Decided:
        """Decide the firms of a chunk, the exact reading and several items included.

        :param reckon: another engine's `reckon`, in place of that of Polars.
        """
        outputs = (reckon or self.reckon)(chunk.facts)
        slugs = [scheme.slug for scheme in self.schemes if scheme.reads]
        over_items = {row: firm.decide(self.rulebook, self.day, slugs) for row, firm in chunk.with_items.items()}
        patched: list[pl.Series] = []
        for number, scheme in enumerate(self.schemes):
            rows = outputs[f"{number}:status"].eq(EXACT).arg_true().to_list() if scheme.reads else []
            odd = [row for row, told in chunk.odd.items() if not told.keys().isdisjoint(scheme.reads)]
            rows = sorted({*rows, *odd} - over_items.keys()) if odd or over_items else rows
            lines = self._read_exactly(number, chunk, rows) if rows else {}
            if scheme.reads:
                lines.update((row, line_of_all(self.rulebook, of[scheme.slug])) for row, of in over_items.items())
            if lines:
                patched += self._placed(number, outputs, lines)
        return Decided(self, chunk.ids, outputs.with_columns(patched) if patched else outputs, over_items)

    def reckon(self, facts: pl.DataFrame) -> pl.DataFrame:
        """The columns alone; a firm that must be read exactly has the status `EXACT`."""
        plan = self._plan(facts)
        frame = facts.with_columns(pl.lit(0, dtype=pl.UInt8).alias("#"))
        if plan.codes:
            frame = frame.with_columns(self._asked_of_codes(frame, plan.codes))
        for level in plan.levels:
            frame = frame.with_columns(level)
        found = frame.select("#", *plan.outputs).drop("#")
        wide = [name for name, dtype in found.schema.items() if dtype == pl.Int128]
        return found.with_columns(pl.col(wide).cast(pl.Int64, strict=False)) if wide else found

    def _plan(self, facts: pl.DataFrame) -> Plan:
        """The plan for what these firms have in common: facts that all of them tell, and how large their figures are. Few firms, or ever
        other ones, are not worth a plan of their own."""
        graph = Graph(self.rulebook.facts, frozenset(self.facts))
        if facts.height >= _MANY_FIRMS:
            told = frozenset(column.name for column in facts.get_columns() if not column.null_count())
            graph.null_free, graph.clear = (
                told,
                frozenset(name for name in told & self._coded if self._is_clear(facts[name])),
            )
            graph.most = {column.name: _magnitude(column) for column in facts.get_columns() if column.dtype == pl.Int64}
        key = (graph.null_free, graph.clear, *graph.most.items())
        if key not in self._plans:
            if len(self._plans) >= _MOST_PLANS and facts.height >= _MANY_FIRMS:
                return self._plan(facts.head(0))
            self._plans[key] = plan(in_graph(graph, self.outputs.values()), self.outputs, self.lexicon)
        return self._plans[key]

    def _is_clear(self, codes: pl.Series) -> bool:
        """Whether each code that may occur has an answer to whatever is asked of codes."""
        words = words_of(codes)
        asked = [expr for expr in self._asked if expr.args[0] == codes.name]
        return all(self._of_code(expr, word) is not None for expr in asked for word in words)

    def _asked_of_codes(self, chunk: pl.DataFrame, asked: list[Expr]) -> list[pl.Series]:
        """What rules ask of the industry code, worked out once for each code that occurs."""
        made = []
        for name in {expr.args[0] for expr in asked}:
            numbers, codes = chunk[name].to_physical(), words_of(chunk[name])
            for expr in asked:
                if expr.args[0] == name:
                    answers = [self._of_code(expr, code) for code in codes]
                    kind = pl.Boolean if expr.kind == "bool" else WORDS
                    made.append(pl.Series(answers, dtype=kind).gather(numbers).alias(f"#{expr.number}"))
        return made

    def _of_code(self, expr: Expr, code: str) -> Any:
        key = (expr.op, expr.args, code)
        if key not in self._codes:
            if expr.op == "in_codes":
                self._codes[key] = is_in(code, expr.args[1], self.rulebook.industry_classes)
            else:
                word = class_of(code, expr.args[1])
                self._codes[key] = None if word is None else self.lexicon.number(word)
        return self._codes[key]

    def _read_exactly(self, number: int, chunk: Chunk, rows: list[int]) -> dict[int, Line]:
        """The exact answers of a scheme for the firms of these rows."""
        scheme = self.schemes[number]
        names = [name for name in self.facts if name in scheme.reads]
        values = chunk.facts.select(names)[rows].rows() if names else [()] * len(rows)
        lines = dict[int, Line]()
        for row, known in zip(rows, values, strict=True):
            extra = {name: told for name, told in chunk.odd.get(row, {}).items() if name in scheme.reads}
            key = (known, *sorted(extra.items())) if extra else (known,)
            told = partial(self._told_with, names, known, extra)
            lines[row] = self.exact.line(scheme.slug, key, told)
        return lines

    def _placed(self, number: int, outputs: pl.DataFrame, lines: Mapping[int, Line]) -> list[pl.Series]:
        """The columns of a scheme with these answers in their rows."""
        statuses = list[str](self.schemes[number].statuses)
        coded = [
            (
                EXACT if status is None else statuses.index(status), None if kind is None else KINDS.index(kind),
                low, high, None if recipient is None else self.lexicon.number(recipient), own,
            ) for status, kind, low, high, recipient, own in lines.values()
        ]  # fmt: skip
        answers = pl.DataFrame(coded, schema=_HELD, orient="row")
        return [
            outputs[f"{number}:{name}"].cast(held, strict=False).scatter(list(lines), answers[name])
            for name, held in _HELD.items()
        ]

    def _told_with(self, names: list[str], values: tuple[Any, ...], extra: Mapping[str, Scalar]) -> dict[str, Scalar]:
        return {**self.told(names, values), **extra}

    def told(self, names: list[str], values: tuple[Any, ...]) -> dict[str, Scalar]:
        """What a firm tells of these facts, from a row of their columns."""
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
        return facts


def _in_word(column: str, words: Iterable[tuple[int, str]], dtype: pl.Enum) -> pl.Expr:
    """The words of a column of numbers; none for another number. So few are compared one by one several times sooner than looked up."""
    word: Any = pl
    for number, named in words:
        word = word.when(pl.col(column) == number).then(pl.lit(named, dtype=dtype))
    found: pl.Expr = word.otherwise(None)
    return found


def _magnitude(column: pl.Series) -> int:
    """How far from zero the figures of a column lie, by steps: the same for chunk after chunk."""
    low, high = column.min(), column.max()
    if not isinstance(low, int) or not isinstance(high, int):
        return _STEPS[0]
    return next((step for step in _STEPS if max(-low, high) <= step), _STEPS[-1])
