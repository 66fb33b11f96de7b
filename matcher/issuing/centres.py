"""Reads the centres that issue letters, from `rules/reference/centres.csv`: the 16 districts' and the city's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from matcher import places
from matcher.firms.reference import Row, read_table
from matcher.letters.proof import Centre
from matcher.rulebook import Problem, RulebookError, Text

_FILE = "reference/centres.csv"
_COLUMNS = ("id", "district", "mark", "name_zh", "name_en")


@cache
def centres(directory: Path | None = None) -> Mapping[str, Centre]:
    """The centres by id, in the order of the list; ids are those of the districts, and ``tianjin`` for the city's.

    Raises RulebookError for a list that cannot be read, an empty cell, or an id or letter mark that stands twice.
    """
    rows = read_table(directory or places.rules_dir(), _FILE, _COLUMNS)
    _must_differ(rows)
    return {row["id"]: Centre(row["id"], Text(zh=row["name_zh"], en=row["name_en"]), row["mark"]) for _, row in rows}


def _must_differ(rows: list[Row]) -> None:
    """Two centres with one letter mark would give two letters the same number."""
    met: set[tuple[str, str]] = set()
    for line, row in rows:
        for column in ("id", "mark"):
            if (column, row[column]) in met:
                raise RulebookError([Problem(_FILE, line, column, f"{row[column]} stands already further up")])
            met.add((column, row[column]))
        if not all(cell for column, cell in row.items() if column != "district"):
            raise RulebookError([Problem(_FILE, line, row["id"], "a cell is empty")])
