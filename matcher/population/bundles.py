"""What the firms of a chunk can have together, in fen: where schemes exclude each other or share a ceiling, a firm's best set is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import polars as pl

from matcher.engine import Decision
from matcher.engine.choose import ITEMS, MONEY, TITLES, Offer, best_of, choose, item_of, line_of, object_of, titles_held
from matcher.rulebook import RECIPIENTS, Relation
from matcher.rulebook.language import Scalar

from .edition import Decided, EditionColumns
from .over_items import FirmWithItems
from .scheme import OPEN, PASS
from .scheme_amount import KINDS
from .table import Chunk

FACTS = frozenset({"tax_filing_cycle", "vat_status", *ITEMS.values(), *TITLES})
"""What an offer's object and line, and the titles held, are read from."""

_MOST_KEPT = 200_000

_MOST_TOGETHER = 6

Sum = tuple[pl.Expr, pl.Expr]
"""Fen of exact sums, and the most of others."""

_EXACT, _NONE = KINDS.index("exact"), KINDS.index("none")


@dataclass(slots=True)
class Bundles:
    """Sums of the firms of one day's edition. Of schemes that nothing binds they are added up; of such as exclude each other in pairs
    the best set is found over columns; where more bears on it, or a firm has several items, it is chosen firm by firm. ``chosen`` counts
    the firms for which it was, ``worked`` those whose offers were not remembered."""

    edition: EditionColumns
    chosen: int = 0
    worked: int = 0
    _known: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)

    def sums(self, decided: Decided, chunk: Chunk) -> pl.DataFrame:
        """Of each firm the fen of exact sums (``exact``), and of the most that others come to (``most``), that it can have together."""
        relations = [one for one in self.edition.rulebook.relations if one.holds(self.edition.day)]
        offers = {
            one.slug: number for number, one in enumerate(self.edition.schemes)
            if len(one.statuses) > 1 and self.edition.rulebook.schemes[one.slug].kind != "restriction"
        }  # fmt: skip
        pairs, limited = self._bound(relations, offers)
        words: dict[str, int] = {word: self.edition.lexicon.number(word) for word in RECIPIENTS}
        tied = [
            (number, slug) for slug, number in offers.items() if slug in limited or any(slug in one for one in pairs)
        ]
        money = {slug: _money(number, slug, relations, words) for slug, number in offers.items()}
        free = [one for slug, one in money.items() if (offers[slug], slug) not in tied]
        best = [_best_of(sets, money) for sets in _sets([slug for _, slug in tied], pairs)]
        under = [_is_offered(number) for number, slug in tied if slug in limited]
        sums = decided.columns.lazy().with_row_index("row").select(
            "row", ~pl.any_horizontal(under or [pl.lit(value=False)]).alias("loose"), *_added(free, "free"), *_added(best, "tied")
        ).collect()  # fmt: skip
        rows = sums.filter(~pl.col("loose"))["row"]
        told = self._chosen(decided, chunk, rows, tied, words)
        chosen = pl.DataFrame(told, schema={"exact": pl.Int64, "most": pl.Int64}, orient="row").insert_column(0, rows)
        both = sums.join(chosen, on="row", how="left", maintain_order="left")
        found = both.select(
            (pl.col(f"free:{one}") + pl.when("loose").then(pl.col(f"tied:{one}")).otherwise(pl.col(one))).alias(one)
            for one in ("exact", "most")
        )
        if not chunk.with_items:
            return found
        over_items = [self._over_items(chunk.with_items[row], of) for row, of in decided.over_items.items()]
        rows_over = list(decided.over_items)
        return found.with_columns(
            found[one].scatter(rows_over, [sums_[place] for sums_ in over_items])
            for place, one in enumerate(("exact", "most"))
        )

    def _over_items(self, firm: FirmWithItems, decisions: Mapping[str, Sequence[Decision]]) -> tuple[int, int]:
        """The sums of the best set of what a firm has for each of its items."""
        self.chosen += 1
        every = [one for of_scheme in decisions.values() for one in of_scheme]
        total = best_of(self.edition.rulebook, firm.facts, every, self.edition.day, firm.items).total
        return total.exact, total.up_to

    def _bound(
        self, relations: list[Relation], offers: Mapping[str, int]
    ) -> tuple[frozenset[frozenset[str]], frozenset[str]]:
        """The pairs of schemes that exclude each other whatever the firm; and the schemes of which a set must be chosen firm by firm: under
        a ceiling, after a title that must be held before, or where it matters which of several lines is asked for."""
        schemes, day = self.edition.rulebook.schemes, self.edition.day
        pairs, limited = set[frozenset[str]](), set[str]()
        for one in relations:
            if one.kind == "excludes" and one.outside is None:
                if one.items or one.recipient is not None or len(offers.keys() & set(one.schemes)) > _MOST_TOGETHER:
                    limited |= set(one.schemes)
                for two in combinations(sorted(offers.keys() & set(one.schemes)), 2):
                    first, second = (object_of(schemes[slug], {}, day) for slug in two)
                    if one.scope == "firm" or first == second:
                        pairs.add(frozenset(two))
            elif one.kind == "shares_ceiling" or (
                one.kind == "precedes" and one.strict and one.from_scheme is not None
            ):
                limited |= set(one.subjects)
            elif one.kind == "never_adds":
                limited |= set(one.items)
        return frozenset(pairs), frozenset(limited)

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


def _is_offered(number: int) -> pl.Expr:
    return pl.col(f"{number}:status").is_between(PASS, OPEN)


def _money(number: int, slug: str, relations: list[Relation], words: Mapping[str, int]) -> Sum:
    """The money of an offer: what is exact, and the most of what is not."""
    money = [code for word, code in words.items() if line_of(Offer(slug, "", recipient=word), relations) == MONEY]
    is_known = (pl.col(f"{number}:status") == PASS) | pl.col(f"{number}:own")
    counts = _is_offered(number) & is_known & pl.col(f"{number}:recipient").is_in(money)
    is_exact, high = pl.col(f"{number}:kind") == _EXACT, pl.col(f"{number}:high")
    return tuple(pl.when(counts & kind).then(high).otherwise(0).fill_null(0) for kind in (is_exact, ~is_exact))  # type: ignore[return-value]


def _added(sums: list[Sum], name: str) -> Iterator[pl.Expr]:
    for place, one in enumerate(("exact", "most")):
        yield pl.sum_horizontal([sum_[place] for sum_ in sums] or [pl.lit(0, dtype=pl.Int64)]).alias(f"{name}:{one}")


def _sets(slugs: list[str], pairs: frozenset[frozenset[str]]) -> Iterator[list[tuple[str, ...]]]:
    """Of the schemes that hang together by pairs that exclude each other: the sets that may be had, none part of another."""
    left = list(slugs)
    while left:
        together, waiting = [left.pop(0)], 0
        while waiting < len(together):
            together += [one for one in left if frozenset((one, together[waiting])) in pairs]
            left = [one for one in left if one not in together]
            waiting += 1
        free = [
            chosen for size in range(len(together), 0, -1) for chosen in combinations(together, size)
            if not any(frozenset(two) in pairs for two in combinations(chosen, 2))
        ]  # fmt: skip
        yield [one for one in free if not any(set(one) < set(other) for other in free)]


def _best_of(sets: list[tuple[str, ...]], money: Mapping[str, Sum]) -> Sum:
    """The sums of the best of some sets: most money, then most that is exact; what else decides changes no sum."""
    sums: list[Sum] = [
        (pl.sum_horizontal([money[slug][0] for slug in one]), pl.sum_horizontal([money[slug][1] for slug in one])) for one in sets
    ]  # fmt: skip
    exact, most = sums[0]
    for other, up_to in sums[1:]:
        more, same = other + up_to > exact + most, other + up_to == exact + most
        better = more | (same & (other > exact))
        exact, most = pl.when(better).then(other).otherwise(exact), pl.when(better).then(up_to).otherwise(most)
    return exact, most
