"""Firms of the register decided over columns, many at once: what `Screener` says of each of them alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from matcher.engine import REGISTERED_ON
from matcher.firms import read_key
from matcher.population import EditionColumns, Lexicon, chunk_of_profiles, compile_edition
from matcher.rulebook.language import Scalar

from .listing import POSITIVE
from .screener import Screener
from .service import FoundEntitlement


@dataclass(slots=True)
class ColumnScreener:
    """Decides all schemes of a day for many firms at once; unconfirmed ones by their last terms, on their last day. A firm with several
    loans, projects … is decided by itself."""

    screener: Screener
    _editions: list[tuple[EditionColumns, bool]] = field(default_factory=list)

    def found(self, told: Mapping[str, Mapping[str, object]]) -> Iterator[FoundEntitlement]:
        """What firms (id → facts as told) are entitled to, as `Screener.found` gives it of each; scheme after scheme."""
        plain = {firm: facts for firm, facts in told.items() if not any(read_key(name) for name in facts)}
        for firm in told.keys() - plain.keys():
            yield from self.screener.found(firm, told[firm])
        if not plain:
            return
        if not self._editions:
            self._editions = list(self._compiled())
        ids, profiles = list(plain), [self.screener.read(facts) for facts in plain.values()]
        districts = [profile.get("district") for profile in profiles]
        for edition, is_confirmed in self._editions:
            yield from self._of_edition(edition, is_confirmed, ids, profiles, districts)

    def _compiled(self) -> Iterator[tuple[EditionColumns, bool]]:
        """The edition of the day, and of each last day that schemes are decided by; a firm's age counts for none of these."""
        rulebook, days = self.screener.rulebook, self.screener.days
        lexicon: Lexicon | None = None  # the first one's is the others' too: they are asked of the same words
        for (day, is_confirmed), slugs in _by_day(days).items():
            names = [name for name in rulebook.facts if is_confirmed or name != REGISTERED_ON]
            edition = compile_edition(rulebook, day, names, slugs, lexicon)
            lexicon = edition.lexicon
            yield edition, is_confirmed

    def _of_edition(
        self, edition: EditionColumns, is_confirmed: bool, ids: Sequence[str], profiles: Sequence[Mapping[str, Scalar]],
        districts: Sequence[object],
    ) -> Iterator[FoundEntitlement]:  # fmt: skip
        chunk = chunk_of_profiles(edition.rulebook, ids, profiles, edition.needed, edition.lexicon)
        decided = edition.decide(chunk)
        rows = pl.Series("row", range(len(ids)), dtype=pl.UInt32)
        for number, (scheme, lines) in enumerate(zip(edition.schemes, decided.all_lines(everything=True), strict=True)):
            own, has_money = decided.columns[f"{number}:own"].alias("own"), pl.col("kind") != "none"
            is_own = has_money if scheme.is_general else has_money | pl.col("own")
            positive = lines.with_columns(rows, own).filter(pl.col("status").is_in(list(POSITIVE)))
            for row, status, recipient, kind, low, speaks in positive.select(
                "row", "status", "recipient", "kind", "low", is_own.alias("is_own")
            ).iter_rows():
                place = districts[row]
                yield FoundEntitlement(
                    scheme.slug, ids[row], place if isinstance(place, str) else None,
                    status if is_confirmed else "unconfirmed", recipient if is_confirmed else None, low if kind == "exact" else None,
                    speaks is True,
                )  # fmt: skip


def _by_day(days: Mapping[str, tuple[date, bool]]) -> dict[tuple[date, bool], list[str]]:
    found: dict[tuple[date, bool], list[str]] = {}
    for slug, on in days.items():
        found.setdefault(on, []).append(slug)
    return found
