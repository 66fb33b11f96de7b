"""What a screening comes to: firms and fen by scheme, and by scheme and group; which untold facts leave firms undecided."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from .scheme import EXACT, KINDS, UNSETTLED
from .table import Chunk

if TYPE_CHECKING:
    from .edition import Decided, EditionColumns

GROUPS = ("district", "industry", "size")

Count = list[int]
"""Firms, fen of exact sums, fen of the most that ceilings and ranges come to."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts of a table of firms. ``schemes``: by scheme and status; ``groups``: of those that have it, by kind of group, value and
    scheme; ``untold``: of undecided firms, by scheme and fact that is untold. ``exact`` firm-scheme pairs were read exactly, ``worked``
    of these anew; ``given_up`` even so have no status; ``wrong`` cells counted as unknown; ``odd`` firms tell what columns cannot hold."""

    firms: int = 0
    lines: int = 0
    exact: int = 0
    worked: int = 0
    given_up: int = 0
    wrong: int = 0
    odd: int = 0
    schemes: dict[str, dict[str, Count]] = field(default_factory=dict)
    groups: dict[str, dict[str, dict[str, Count]]] = field(default_factory=dict)
    untold: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_json(self) -> str:
        """As text."""
        return json.dumps({one.name: getattr(self, one.name) for one in fields(self)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Tallies:
        """From text."""
        return cls(**json.loads(text))

    def with_counts(self, **counts: int) -> Tallies:
        """The same with these counts."""
        return replace(self, **counts)  # type: ignore[arg-type]

    @classmethod
    def sum(cls, several: Iterable[Tallies]) -> Tallies:
        """All of them together."""
        total = cls()
        for one in several:
            total = cls(
                **{each.name: _added(getattr(total, each.name), getattr(one, each.name)) for each in fields(cls)}
            )
        return total


def _added(left: Any, right: Any) -> Any:
    if isinstance(left, dict):
        return {
            key: _added(left[key], right[key]) if key in left and key in right else left.get(key, right.get(key))
            for key in {**left, **right}
        }
    return [a + b for a, b in zip(left, right, strict=True)] if isinstance(left, list) else left + right


def tallied(edition: EditionColumns, decided: Decided, chunk: Chunk) -> Tallies:
    """Count the firms of a chunk."""
    found = Tallies(firms=len(chunk.ids), wrong=chunk.wrong, odd=len(chunk.odd))
    given_up, held = 0, dict[str, pl.DataFrame]()
    for number, scheme in enumerate(edition.schemes):
        columns = decided.of(number).select("status", *_money())
        statuses = columns.group_by("status").agg(pl.len(), pl.col("exact").sum(), pl.col("most").sum())
        words = dict(enumerate(scheme.statuses))
        counts: dict[str, Count] = {}
        for code, firms, exact, most in statuses.sort("status").iter_rows():
            if code == EXACT:
                given_up += firms
                continue
            counts[words[code]] = [
                a + b for a, b in zip(counts.get(words[code], [0, 0, 0]), (firms, exact, most), strict=True)
            ]
        found.schemes[scheme.slug] = counts
        _count_untold(found, edition, number, columns["status"], chunk)
        if len(scheme.statuses) > 1:
            held[scheme.slug] = columns
    _count_groups(found, held, groups_of(edition, decided, chunk))
    return replace(found, given_up=given_up)


def _money() -> tuple[pl.Expr, pl.Expr]:
    is_exact = pl.col("kind") == KINDS.index("exact")
    exact = pl.when(is_exact).then(pl.col("high")).otherwise(0).fill_null(0)
    most = pl.when(is_exact).then(0).otherwise(pl.col("high")).fill_null(0)
    return exact.alias("exact"), most.alias("most")


def groups_of(edition: EditionColumns, decided: Decided, chunk: Chunk) -> pl.DataFrame:
    """District, division of the industry and size class of each firm, as far as told."""
    words, found = edition.lexicon.words(), []
    if "district" in chunk.facts.columns:
        found.append(
            chunk.facts["district"].replace_strict(dict(enumerate(words)), default=None, return_dtype=pl.String)
        )
    if "industry" in chunk.facts.columns:
        found.append(chunk.facts["industry"].str.slice(0, 2))
    if "size" in decided.columns.columns:
        found.append(
            decided.columns["size"].replace_strict(dict(enumerate(words)), default=None, return_dtype=pl.String)
        )
    return pl.DataFrame(found) if found else pl.DataFrame(height=len(chunk.ids))


def _count_groups(found: Tallies, held: dict[str, pl.DataFrame], groups: pl.DataFrame) -> None:
    """Of the firms that have each scheme, firms and fen by group: firms are put into groups once for all schemes."""
    parts, slugs = [groups], list(held)
    for number, columns in enumerate(held.values()):
        has = pl.col("status").is_between(0, 1)
        money = (pl.when(has).then(pl.col(one)).otherwise(0).alias(f"{number}:{one}") for one in ("exact", "most"))
        parts.append(columns.select(has.alias(f"{number}:firms"), *money))
    every = pl.concat(parts, how="horizontal")
    for name in groups.columns:
        by_group = (
            every.lazy()
            .filter(pl.col(name).is_not_null())
            .group_by(name)
            .agg(pl.exclude(groups.columns).sum())
            .sort(name)
            .collect()
        )
        for row in by_group.iter_rows(named=True):
            of_group = found.groups.setdefault(name, {}).setdefault(row[name], {})
            for number, slug in enumerate(slugs):
                if row[f"{number}:firms"]:
                    of_group[slug] = [row[f"{number}:{sum_}"] for sum_ in ("firms", "exact", "most")]


def _count_untold(found: Tallies, edition: EditionColumns, number: int, statuses: pl.Series, chunk: Chunk) -> None:
    """Of the undecided firms, how many did not tell each fact that the scheme reads and the table has."""
    scheme = edition.schemes[number]
    open_ = statuses == UNSETTLED
    undecided = int(open_.sum())
    if not undecided:
        return
    names = [name for name in scheme.reads if name in chunk.facts.columns]
    told = chunk.facts.select(names).filter(open_).null_count().row(0) if names else ()
    counts = dict(zip(names, told, strict=True))
    for name in scheme.reads:
        fact = edition.rulebook.facts[name]
        missing = counts.get(name, undecided)
        if missing and not fact.is_finding:
            found.untold.setdefault(scheme.slug, {})[name] = missing
