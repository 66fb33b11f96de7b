"""Profiles as read, one after another, as a chunk of columns: for firms that come from a register, not from a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import polars as pl

from matcher.rulebook import Fact, Rulebook
from matcher.rulebook.language import Scalar

from .cells import held_as
from .graph import PARTS, largest
from .over_items import FirmWithItems
from .polars_engine import Lexicon
from .table import Chunk


def chunk_of_profiles(
    rulebook: Rulebook, ids: Sequence[str], profiles: Sequence[Mapping[str, Scalar] | FirmWithItems], names: Iterable[str],
    lexicon: Lexicon,
) -> Chunk:  # fmt: skip
    """The facts of these names of these firms, as `chunk_of` has them of a frame; what columns cannot hold is set aside."""
    with_items = {row: one for row, one in enumerate(profiles) if isinstance(one, FirmWithItems)}
    told_flat = [one.facts if isinstance(one, FirmWithItems) else one for one in profiles]
    odd: dict[int, dict[str, Scalar]] = {}
    columns = []
    for name in names:
        fact, cells = rulebook.facts[name], []
        for row, profile in enumerate(told_flat):
            told = profile.get(name)
            cell = None if told is None else _held(fact, told, lexicon)
            if cell is None and told is not None:
                odd.setdefault(row, {})[name] = told
            cells.append(cell)
        dtype = (
            pl.Enum(sorted({str(cell) for cell in cells if cell is not None}))
            if fact.id == "industry"
            else held_as(fact)
        )
        columns.append(pl.Series(name, cells, dtype=dtype))
    return Chunk(pl.Series("id", ids, dtype=pl.String), pl.DataFrame(columns), odd, with_items=with_items)


def _held(fact: Fact, told: Scalar, lexicon: Lexicon) -> bool | str | int | None:
    """A told value as columns hold it; None where they cannot."""
    if fact.type == "enum":
        return lexicon.number(str(told))
    if isinstance(told, (bool, str)):
        return told
    if isinstance(told, date):
        return told.toordinal()
    scaled = Fraction(told) * (PARTS if fact.type in ("rate", "number") else 1)
    return int(scaled) if scaled.denominator == 1 and abs(scaled) <= largest(fact) else None
