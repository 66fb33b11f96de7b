"""What a change of rules means for a table of firms: who gains, who loses, and how many fen, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from matcher.rulebook import Rulebook
from matcher.rulebook.language import Const
from matcher.text import BilingualError

from .bundles import FACTS, Bundles
from .compiled import compile_edition
from .edition import POSITIVE, Decided, EditionColumns
from .output import check_output, writing
from .polars_engine import Lexicon
from .scheme_amount import KINDS
from .summary import groups_of
from .table import ROWS, Chunk, Table, TableError, kind_of

DECILE_OF = "annual_revenue"
"""The fact by which firms are put into ten groups of one size, the smallest first."""

_PARTS = ("status", "kind", "low", "high")


@dataclass(frozen=True, slots=True)
class Rules:
    """One side of a comparison: a rulebook on a day."""

    rulebook: Rulebook
    day: date


@dataclass(slots=True)
class Change:
    """Firms that gain, lose, or have it otherwise (another sum or kind of sum), and fen before and after: of exact sums, and of the most
    that ceilings and ranges come to."""

    gained: int = 0
    lost: int = 0
    changed: int = 0
    before: int = 0
    after: int = 0
    most_before: int = 0
    most_after: int = 0

    def add(self, other: Mapping[str, Any]) -> None:
        """Add counts."""
        for name, value in other.items():
            setattr(self, name, getattr(self, name) + int(value or 0))


@dataclass(slots=True)
class Impact:
    """The comparison: by scheme, each counted by itself; by kind of group and group, and in all (``total``), by what each firm can have
    together (firms better and worse off by exact sums count as gained and lost there). ``chosen``: sets that were chosen among
    schemes that exclude each other or share a ceiling."""

    firms: int = 0
    chosen: int = 0
    total: Change = field(default_factory=Change)
    schemes: dict[str, Change] = field(default_factory=dict)
    groups: dict[str, dict[str, Change]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Impact:
        """From what `dataclasses.asdict` made of one."""
        groups = {
            kind: {group: Change(**change) for group, change in of_kind.items()}
            for kind, of_kind in told["groups"].items()
        }
        schemes = {slug: Change(**change) for slug, change in told["schemes"].items()}
        return cls(told["firms"], told["chosen"], Change(**told["total"]), schemes, groups)

    @property
    def better(self) -> int:
        """Firms that are better off, by exact sums."""
        return self.total.gained

    @property
    def worse(self) -> int:
        """Firms that are worse off."""
        return self.total.lost


class OverrideError(BilingualError):
    """A figure that cannot be set. ``text``: why, in both languages."""


def with_figures(rulebook: Rulebook, figures: Mapping[str, str]) -> Rulebook:
    """The rulebook with dated figures set to these values on every day: numbers as the rules write them, money in yuan.

    :raises OverrideError: where there is no such figure, or the value is no number.
    """
    parameters = dict(rulebook.parameters)
    for name, written in figures.items():
        history = parameters.get(name)
        if history is None or any(
            constant.type.kind != "number" or not _is_number(constant) for _, constant, _ in history.values
        ):
            raise OverrideError(
                zh=f"{name} 不是可以改的数字。可改的数字见 rules/parameters/。",
                en=f"{name} is no figure that can be set. See rules/parameters/ for those that can.",
            )
        try:
            value = Fraction(written)
        except (ValueError, ZeroDivisionError):
            raise OverrideError(zh=f"{name}={written}：不是数字。", en=f"{name}={written}: no number.") from None
        parameters[name] = replace(
            history, values=tuple((told, _set(constant, value), sources) for told, constant, sources in history.values)
        )
    return replace(rulebook, parameters=parameters, _editions={}, _segments={}, _turns={}, worked_out={})


def _is_number(constant: Const) -> bool:
    return isinstance(constant.value, (int, Fraction)) and not isinstance(constant.value, bool)


def _set(constant: Const, value: Fraction) -> Const:
    """The constant with another value: money is kept in fen."""
    power = dict(constant.type.unit).get("yuan", 0)
    return replace(constant, value=value * 100**power if power >= 0 else value / 100**-power)


def compare_rules(
    table: Table, before: Rules, after: Rules, done: Callable[[int], None], named: Path | None = None,
    schemes: tuple[str, ...] | None = None, *, lenient: bool = False, rows: int = ROWS,
) -> Impact:  # fmt: skip
    """Compare two sets of rules over a table.

    :param named: where the firms concerned are written, a line for each firm and scheme that differs.
    :raises TableError: where cells are wrong; OutputError where ``named`` cannot be written.
    """
    if named is not None:
        check_output(named)
    comparison = Comparison.of(before, after, table.facts, schemes)
    lines: list[pl.DataFrame] = []
    for part in table.partitions(rows):
        chunk = table.read(part, comparison.needed, comparison.lexicon, lenient=lenient)
        concerned = comparison.add(chunk)
        if named is not None:
            lines += concerned()
        done(part.rows)
    if named is not None:
        _write(named, lines)
    return comparison.found


@dataclass(slots=True)
class Comparison:
    """Two sets of rules compared over one chunk of firms after another: ``found`` is what it comes to so far.

    ``bounds``: the nine figures of `DECILE_OF`, in fen, that part the ten groups; those of the first chunk that tells any.
    ``squares``: by scheme, and under ``""`` for all that a firm can have together, the sum of squares of what changes for each firm
    (fen²): what the error of a sample is reckoned from.
    """

    old: EditionColumns
    new: EditionColumns
    found: Impact = field(default_factory=Impact)
    bounds: list[int] = field(default_factory=list)
    squares: Counter[str] = field(default_factory=Counter)
    _bundles: tuple[Bundles, Bundles] | None = None

    @classmethod
    def of(cls, before: Rules, after: Rules, facts: Iterable[str], schemes: Iterable[str] | None = None) -> Comparison:
        """Of firms that tell these facts, by these schemes (all, unless named). Raises TableError where the two rulebooks have different
        schemes."""
        told, wanted = tuple(facts), None if schemes is None else frozenset(schemes)
        old = compile_edition(before.rulebook, before.day, told, wanted)
        new = compile_edition(after.rulebook, after.day, told, wanted, old.lexicon)
        if [scheme.slug for scheme in old.schemes] != [scheme.slug for scheme in new.schemes]:
            raise TableError(
                zh="两套规则的政策不同，无法逐项比较。",
                en="the two rulebooks have different schemes and cannot be compared.",
            )
        return cls(old, new, _bundles=(Bundles(old), Bundles(new)))

    @property
    def needed(self) -> frozenset[str]:
        """The facts that a chunk must have, as far as firms tell them."""
        return frozenset({*self.old.needed, *self.new.needed, *({DECILE_OF, *FACTS} & set(self.old.facts))})

    @property
    def lexicon(self) -> Lexicon:
        """The numbers of words in chunks."""
        return self.old.lexicon

    def add(self, chunk: Chunk) -> Callable[[], list[pl.DataFrame]]:
        """Count the firms of a chunk; gives what makes the lines of those concerned, a frame for each scheme."""
        assert self._bundles is not None
        if DECILE_OF in chunk.facts.columns and not self.bounds:
            told = chunk.facts[DECILE_OF].drop_nulls()
            self.bounds = [int(told.quantile(tenth / 10, "lower") or 0) for tenth in range(1, 10)] if len(told) else []
        sides = (self.old.decide(chunk), self.new.decide(chunk))
        before = sum(one.chosen for one in self._bundles)
        each = self._compare_schemes(*sides)
        self._compare_firms(sides, self._bundles, chunk)
        self.found.chosen += sum(one.chosen for one in self._bundles) - before
        return lambda: [_lines(*sides, number, both) for number, both in enumerate(each)]

    def _compare_schemes(self, before: Decided, after: Decided) -> list[pl.DataFrame]:
        every = []
        for number, scheme in enumerate(before.edition.schemes):
            both = _both(before, after, number)
            sums = both.select(
                gained=(~pl.col("had") & pl.col("has")).sum(),
                lost=(pl.col("had") & ~pl.col("has")).sum(),
                changed=(pl.col("had") & pl.col("has") & pl.col("differs")).sum(),
                before=pl.col("exact_old").sum(),
                after=pl.col("exact_new").sum(),
                most_before=pl.col("most_old").sum(),
                most_after=pl.col("most_new").sum(),
                squares=_square(pl.col("exact_new") - pl.col("exact_old")),
            ).row(0, named=True)
            self.squares[scheme.slug] += int(sums.pop("squares") or 0)
            self.found.schemes.setdefault(scheme.slug, Change()).add(sums)
            every.append(both)
        return every

    def _compare_firms(self, sides: tuple[Decided, Decided], bundles: tuple[Bundles, Bundles], chunk: Chunk) -> None:
        """Firm by firm what it can have together, before and after, put together by group."""
        found, bounds = self.found, self.bounds
        found.firms += len(chunk.ids)
        old, new = (bundle.sums(side, chunk) for bundle, side in zip(bundles, sides, strict=True))
        groups = groups_of(sides[1].edition, sides[1], chunk)
        if DECILE_OF in chunk.facts.columns and len(set(bounds)) == len(bounds) > 0:
            above = pl.sum_horizontal([(pl.col(DECILE_OF) > bound).cast(pl.Int8) for bound in bounds]) + 1
            decile = chunk.facts.select(
                pl.when(pl.col(DECILE_OF).is_not_null()).then(above).cast(pl.String).alias("decile")
            )
            groups = groups.with_columns(decile.to_series())
        rows = groups.with_columns(
            old["exact"].alias("old"), new["exact"].alias("new"), old["most"], new["most"].alias("most_new")
        )
        sums = {
            "gained": (pl.col("new") > pl.col("old")).sum(),
            "lost": (pl.col("new") < pl.col("old")).sum(),
            "changed": ((pl.col("new") == pl.col("old")) & (pl.col("most_new") != pl.col("most"))).sum(),
            "before": pl.col("old").sum(),
            "after": pl.col("new").sum(),
            "most_before": pl.col("most").sum(),
            "most_after": pl.col("most_new").sum(),
        }
        total = rows.select(**sums, squares=_square(pl.col("new") - pl.col("old"))).row(0, named=True)
        self.squares[""] += int(total.pop("squares") or 0)
        found.total.add(total)
        for name in groups.columns:
            of_groups = rows.drop_nulls(name).group_by(pl.col(name).cast(pl.String).alias("group")).agg(**sums)
            for row in of_groups.sort("group").iter_rows(named=True):
                group = row.pop("group")
                found.groups.setdefault(name, {}).setdefault(group, Change()).add(row)


def _square(change: pl.Expr) -> pl.Expr:
    """The sum of squares of fen: of a million firms with a thousand million yuan each it stays within 128 bits."""
    return (change.cast(pl.Int128) * change.cast(pl.Int128)).sum()


def _both(before: Decided, after: Decided, number: int) -> pl.DataFrame:
    """Of one scheme, for every firm: whether it had it and has it, whether the sum differs, and fen."""
    sides = []
    for side, suffix in ((before, "old"), (after, "new")):
        positive = [code for code, word in enumerate(side.edition.schemes[number].statuses) if word in POSITIVE]
        is_exact = (pl.col("kind") == KINDS.index("exact")).fill_null(value=False)
        sides.append(side.of(number).select(
            pl.col("status").is_in(positive).alias("had" if suffix == "old" else "has"),
            pl.when(is_exact).then(pl.col("high")).otherwise(0).fill_null(0).alias(f"exact_{suffix}"),
            pl.when(is_exact).then(0).otherwise(pl.col("high")).fill_null(0).alias(f"most_{suffix}"),
            *(pl.col(part).cast(pl.Int64).alias(f"{part}_{suffix}") for part in _PARTS),
        ))  # fmt: skip
    both = pl.concat(sides, how="horizontal")
    differs = pl.any_horizontal(pl.col(f"{part}_old").ne_missing(pl.col(f"{part}_new")) for part in _PARTS[1:])
    return both.with_columns(differs.alias("differs"))


def _lines(before: Decided, after: Decided, number: int, both: pl.DataFrame) -> pl.DataFrame:
    """The firms that gain, lose or have it otherwise, in words."""
    concerned = (both["had"] != both["has"]) | (both["had"] & both["has"] & both["differs"])
    old, new = (side.lines(number, everything=True).filter(concerned) for side in (before, after))
    return old.select(
        "firm", pl.col("scheme").cast(pl.String), *(pl.col(part).alias(f"{part}_before") for part in _PARTS)
    ).hstack(new.select(pl.col(part).alias(f"{part}_after") for part in _PARTS))


def _write(path: Path, lines: list[pl.DataFrame]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    names = ["firm", "scheme", *(f"{part}_{side}" for side in ("before", "after") for part in _PARTS)]
    with writing(path):
        try:
            every = pl.concat(lines) if lines else pl.DataFrame(schema=dict.fromkeys(names, pl.String))
            match kind_of(path):
                case "csv":
                    every.write_csv(draft)
                case "arrow":
                    every.write_ipc(draft)
                case _:
                    every.write_parquet(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
