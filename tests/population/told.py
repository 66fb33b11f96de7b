"""Firms as a table tells them: yuan, rates and days as text, yes and no as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import polars as pl

from matcher.rulebook import Rulebook, decimal
from matcher.rulebook.language.types import Scalar


def cell(rulebook: Rulebook, name: str, value: Scalar | None) -> bool | str | None:
    """A told value as a cell."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return decimal(Fraction(value, 100) if rulebook.facts[name].type == "money" else value)


def frame(rulebook: Rulebook, profiles: Sequence[Mapping[str, Scalar]], names: Iterable[str]) -> pl.DataFrame:
    """A table of these firms, their numbers as ids."""
    columns: list[pl.Series] = [pl.Series("id", [f"F{number}" for number in range(len(profiles))])]
    for name in names:
        cells = [cell(rulebook, name, profile.get(name)) for profile in profiles]
        columns.append(
            pl.Series(name, cells, dtype=pl.Boolean if rulebook.facts[name].type == "boolean" else pl.String)
        )
    return pl.DataFrame(columns)
