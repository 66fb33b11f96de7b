"""What the firms of a chunk can have together, in fen: where schemes exclude each other or share a ceiling, a firm's best set is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from matcher.engine.choose import ITEMS, MONEY, TITLES, Offer, choose, item_of, line_of, object_of, titles_held
from matcher.rulebook import RECIPIENTS, Relation, Rulebook
from matcher.rulebook.language import Scalar

from .edition import Decided, EditionColumns
from .scheme import KINDS, OPEN, PASS
from .table import Chunk

FACTS = frozenset({"tax_filing_cycle", "vat_status", *ITEMS.values(), *TITLES})
"""What an offer's object and line, and the titles held, are read from."""

_MOST_KEPT = 200_000

_EXACT, _NONE = KINDS.index("exact"), KINDS.index("none")


@dataclass(slots=True)
class Bundles:
    """Sums of the firms of one day's edition: of schemes that nothing binds they are added up, of the others chosen, firm by firm.
    ``chosen`` counts the firms for which a set was chosen, ``worked`` those whose offers were not remembered."""

    edition: EditionColumns
    chosen: int = 0
    worked: int = 0
    _known: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)

    def sums(self, decided: Decided, chunk: Chunk) -> pl.DataFrame:
        """Of each firm the fen of exact sums (``exact``), and of the most that others come to (``most``), that it can have together."""
        relations = [one for one in self.edition.rulebook.relations if one.holds(self.edition.day)]
        bound, limited = _bound(relations, self.edition.rulebook)
        offers = [
            (number, one.slug) for number, one in enumerate(self.edition.schemes)
            if len(one.statuses) > 1 and self.edition.rulebook.schemes[one.slug].kind != "restriction"
        ]  # fmt: skip
        words = {word: self.edition.lexicon.number(word) for word in RECIPIENTS}
        free = [(number, slug) for number, slug in offers if slug not in bound]
        tied = [(number, slug) for number, slug in offers if slug in bound]
        alone = pl.sum_horizontal([_is_offered(number).cast(pl.Int64) for number, _ in tied] or [pl.lit(0)]) < 2
        loose = alone & ~pl.any_horizontal(
            [_is_offered(number) for number, slug in tied if slug in limited] or [pl.lit(value=False)]
        )
        sums = decided.columns.lazy().with_row_index("row").select(
            "row", loose.alias("loose"), *_added(free, relations, words, "free"), *_added(tied, relations, words, "tied")
        ).collect()  # fmt: skip
        rows = sums.filter(~pl.col("loose"))["row"]
        told = self._chosen(decided, chunk, rows, tied, words)
        chosen = pl.DataFrame(told, schema={"exact": pl.Int64, "most": pl.Int64}, orient="row").insert_column(0, rows)
        both = sums.join(chosen, on="row", how="left", maintain_order="left")
        return both.select(
            (pl.col(f"free:{one}") + pl.when("loose").then(pl.col(f"tied:{one}")).otherwise(pl.col(one))).alias(one)
            for one in ("exact", "most")
        )

    def _chosen(
        self, decided: Decided, chunk: Chunk, rows: pl.Series, tied: list[tuple[int, str]], words: Mapping[str, int]
    ) -> Iterator[tuple[int, int]]:
        names = [name for name in chunk.facts.columns if name in FACTS]
        facts = chunk.facts.select(names)[rows].rows() if names else [()] * len(rows)
        parts = [f"{number}:{one}" for number, _ in tied for one in ("status", "recipient", "kind", "high", "own")]
        lines = decided.columns.select(parts)[rows].rows()
        recipients = {number: word for word, number in words.items()}
        for told, line in zip(facts, lines, strict=True):
            self.chosen += 1
            key = (told, line)
            if key not in self._known:
                if len(self._known) >= _MOST_KEPT:
                    self._known.clear()
                self.worked += 1
                self._known[key] = self._best(self.edition.told(names, told), tied, line, recipients)
            yield self._known[key]

    def _best(
        self,
        facts: Mapping[str, Scalar],
        tied: list[tuple[int, str]],
        line: tuple[Any, ...],
        recipients: Mapping[int, str],
    ) -> tuple[int, int]:
        """The sums of the best set of one firm's offers."""
        rulebook, day, offers = self.edition.rulebook, self.edition.day, list[Offer]()
        for place, (_, slug) in enumerate(tied):
            status, recipient, kind, high, own = line[5 * place : 5 * place + 5]
            if status not in (PASS, OPEN):
                continue
            scheme, is_known = rulebook.schemes[slug], kind not in (None, _NONE) and (status == PASS or own)
            offers.append(Offer(
                slug, object_of(scheme, facts, day), item_of(slug, facts), "eligible" if status == PASS else "needs_decision",
                recipients.get(recipient), high if is_known else None, kind == _EXACT, scheme.award == "by_department",
            ))  # fmt: skip
        total = choose(offers, rulebook.relations, day, titles_held(facts)).total
        return total.exact, total.up_to


def _bound(relations: list[Relation], rulebook: Rulebook) -> tuple[frozenset[str], frozenset[str]]:
    """The schemes of which a set must be chosen; and those that are bound even where nothing else is offered (by a ceiling, by a title
    that must be held before, or by which of its lines is asked for)."""
    bound, limited = set[str](), set[str]()
    for one in relations:
        if one.kind == "excludes" and one.outside is None:
            bound |= set(one.schemes)
        elif one.kind == "shares_ceiling" or (one.kind == "precedes" and one.strict):
            limited |= set(one.subjects)
        elif one.kind == "never_adds":
            limited |= set(one.items)
    return frozenset((bound | limited) & rulebook.schemes.keys()), frozenset(limited)


def _is_offered(number: int) -> pl.Expr:
    return pl.col(f"{number}:status").is_between(PASS, OPEN)


def _added(
    schemes: list[tuple[int, str]], relations: list[Relation], words: Mapping[str, int], name: str
) -> Iterator[pl.Expr]:
    """The money of these schemes, exact sums and the most of others, each offer by itself."""
    sums: dict[str, list[pl.Expr]] = {"exact": [], "most": []}
    for number, slug in schemes:
        money = [code for word, code in words.items() if line_of(Offer(slug, "", recipient=word), relations) == MONEY]
        is_known = (pl.col(f"{number}:status") == PASS) | pl.col(f"{number}:own")
        counts = _is_offered(number) & is_known & pl.col(f"{number}:recipient").is_in(money)
        is_exact = pl.col(f"{number}:kind") == _EXACT
        for one, kind in (("exact", is_exact), ("most", ~is_exact)):
            sums[one].append(pl.when(counts & kind).then(pl.col(f"{number}:high")).otherwise(0).fill_null(0))
    for one, parts in sums.items():
        yield pl.sum_horizontal(parts or [pl.lit(0, dtype=pl.Int64)]).alias(f"{name}:{one}")
