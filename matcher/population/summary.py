"""What a screening comes to: firms and fen by scheme, and by scheme and group; which untold facts leave firms undecided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from matcher.engine.choose import CREDIT, MONEY, Offer, line_of
from matcher.rulebook import Rulebook

from .cells import words_of
from .scheme import EXACT, OPEN, PASS, UNSETTLED
from .scheme_amount import KINDS
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


def counts_of(statuses: Mapping[str, Count]) -> tuple[int, int, int, int]:
    """Of a scheme: firms that have it, firms of which a department decides, and the fen of both together: exact, and at most of others."""
    has = [statuses.get(word, [0, 0, 0]) for word in ("eligible", "applies")]
    decided = statuses.get("needs_decision", [0, 0, 0])
    exact, most = (sum(one[place] for one in (*has, decided)) for place in (1, 2))
    return sum(one[0] for one in has), decided[0], exact, most


def tallied(edition: EditionColumns, decided: Decided, chunk: Chunk) -> Tallies:
    """Count the firms of a chunk."""
    found = Tallies(firms=len(chunk.ids), wrong=chunk.wrong, odd=len(chunk.odd))
    schemes = [_SchemeCounts(number, len(one.statuses)) for number, one in enumerate(edition.schemes)]
    counted = decided.columns.select(expr for one in schemes for expr in one.firms()).row(0, named=True)
    fen = decided.columns.select(expr for one in schemes for expr in one.fen(counted))
    sums = fen.row(0, named=True) if fen.width else {}
    for scheme, one in zip(edition.schemes, schemes, strict=True):
        counts: dict[str, Count] = {}
        for code, word in enumerate(scheme.statuses):
            place = f"{one.number}:{code}"
            here = [counted[place], *(sums.get(f"{place}:{kind}", 0) for kind in _KINDS_OF_SUM)]
            if here[0]:
                counts[word] = [a + b for a, b in zip(counts.get(word, [0, 0, 0]), here, strict=True)]
        found.schemes[scheme.slug] = counts
    _count_untold(found, decided, chunk)
    _count_groups(
        found, decided, groups_of(edition, decided, chunk), [one for one in schemes if one.had(counted)], counted
    )
    given_up = sum(counted[f"{one.number}:{EXACT}"] for one in schemes)
    return replace(found, given_up=given_up)


_KINDS_OF_SUM = ("exact", "most")
"""What sums are put together as: exact ones, and the most that others come to."""


@dataclass(frozen=True, slots=True)
class _SchemeCounts:
    """What is counted of a scheme. Firms are counted first: what none of them has need not be told apart when sums are added up."""

    number: int
    statuses: int

    def firms(self) -> Iterable[pl.Expr]:
        """Firms by status, and by whether their sum is exact."""
        status = pl.col(f"{self.number}:status")
        for code in (*range(self.statuses), EXACT):
            yield (status == code).sum().alias(f"{self.number}:{code}")
        is_exact, has_sum = self._is_exact(), pl.col(f"{self.number}:high").is_not_null()
        yield is_exact.sum().alias(f"{self.number}:exact")
        yield (has_sum & ~is_exact).sum().alias(f"{self.number}:most")

    def had(self, counted: Mapping[str, int]) -> list[int]:
        """The codes of the positive statuses that firms have."""
        return [code for code in (PASS, OPEN) if code < self.statuses > 1 and counted[f"{self.number}:{code}"]]

    def fen(self, counted: Mapping[str, int]) -> Iterable[pl.Expr]:
        """The fen of each status and kind of sum that firms have (a sum is said of a positive status alone)."""
        codes = self.had(counted)
        for kind, high in self.highs(counted).items():
            for code in codes:
                here = high if len(codes) == 1 else pl.when(pl.col(f"{self.number}:status") == code).then(high)
                yield here.sum().alias(f"{self.number}:{code}:{kind}")

    def highs(self, counted: Mapping[str, int]) -> dict[str, pl.Expr]:
        """By kind of sum, of those that firms have, the most of each firm; null where its sum is of the other kind."""
        kinds = [kind for kind in _KINDS_OF_SUM if counted[f"{self.number}:{kind}"]]
        high = pl.col(f"{self.number}:high")
        if len(kinds) < 2:
            return dict.fromkeys(kinds, high)
        return {"exact": pl.when(self._is_exact()).then(high), "most": pl.when(~self._is_exact()).then(high)}

    def _is_exact(self) -> pl.Expr:
        return pl.col(f"{self.number}:kind") == KINDS.index("exact")


def groups_of(edition: EditionColumns, decided: Decided, chunk: Chunk) -> pl.DataFrame:
    """District, division of the industry and size class of each firm, as far as told, as enumerations."""
    words, found = edition.lexicon.words(), []
    every = pl.Enum(words)
    if "district" in chunk.facts.columns:
        found.append(chunk.facts["district"].cat.to(every))
    if "industry" in chunk.facts.columns:
        codes = chunk.facts["industry"]
        divisions = [code[:2] for code in words_of(codes)]
        named = pl.Series(divisions, dtype=pl.Enum(sorted(set(divisions))))
        found.append(named.gather(codes.to_physical()).alias("industry"))
    if "size" in decided.columns.columns:
        found.append(decided.columns["size"].cat.to(every))
    return pl.DataFrame(found) if found else pl.DataFrame(height=len(chunk.ids))


def _count_groups(
    found: Tallies, decided: Decided, groups: pl.DataFrame, schemes: list[_SchemeCounts], counted: Mapping[str, int]
) -> None:
    """Of the firms that have each scheme, firms and fen by group: firms are put together once by all that they are grouped by."""
    if not groups.width or not schemes:
        return
    sums = []
    for one in schemes:
        sums.append(pl.col(f"{one.number}:status").is_between(PASS, OPEN).alias(f"{one.number}:firms"))
        sums += [high.alias(f"{one.number}:{kind}") for kind, high in one.highs(counted).items()]
    every = decided.columns.with_columns(groups.get_columns()).lazy().select(*groups.columns, *sums)
    together = every.group_by(groups.columns).agg(pl.all().sum()).collect(engine="streaming")
    for name in groups.columns:
        by_group = together.drop_nulls(name).group_by(name).agg(pl.exclude(groups.columns).sum())
        for row in by_group.with_columns(pl.col(name).cast(pl.String)).sort(name).iter_rows(named=True):
            of_group = found.groups.setdefault(name, {}).setdefault(row[name], {})
            for one in schemes:
                if row[f"{one.number}:firms"]:
                    of_group[decided.edition.schemes[one.number].slug] = [
                        row.get(f"{one.number}:{sum_}", 0) for sum_ in ("firms", *_KINDS_OF_SUM)
                    ]


def _count_untold(found: Tallies, decided: Decided, chunk: Chunk) -> None:
    """Of the firms that each scheme leaves undecided, how many did not tell each fact that it reads."""
    edition = decided.edition
    gaps = {
        one.name: one.is_null().alias(f"untold:{one.name}") for one in chunk.facts.get_columns() if one.null_count()
    }
    asked, told = list[tuple[str, str, pl.Expr]](), set(chunk.facts.columns)
    for number, scheme in enumerate(edition.schemes):
        undecided = found.schemes[scheme.slug].get("needs_information", [0])[0]
        open_ = pl.col(f"{number}:status") == UNSETTLED
        for name in scheme.reads:
            if not undecided or edition.rulebook.facts[name].is_finding:
                continue
            if name in gaps:
                asked.append((scheme.slug, name, (open_ & pl.col(f"untold:{name}")).sum()))
            elif name not in told:
                asked.append((scheme.slug, name, pl.lit(undecided)))
    frame = decided.columns.with_columns(gaps.values())
    firms = frame.select(expr.alias(str(place)) for place, (_, _, expr) in enumerate(asked)).row(0) if asked else ()
    for (slug, name, _), missing in zip(asked, firms, strict=True):
        if missing:
            found.untold.setdefault(slug, {})[name] = missing


def sum_is(rulebook: Rulebook, slug: str, day: date) -> str:
    """What the sums of a scheme are, by its usual recipient: "money" or "released_credit", which firms get; "deduction" from income, on
    which the tax is saved; "deferral", which is paid later; "apart", paid to others; "not_counted"."""
    relations = [one for one in rulebook.relations if one.holds(day)]
    return line_of(Offer(slug, "", recipient=rulebook.schemes[slug].recipient), relations)


def is_for_firms(rulebook: Rulebook, slug: str, day: date) -> bool:
    """Whether the sums of a scheme are money that firms get or keep, so that they add up."""
    return sum_is(rulebook, slug, day) in (MONEY, CREDIT)
