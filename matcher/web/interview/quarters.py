"""Lays quarterly figures out as one small table: a row for the start and the end of each quarter, a column for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.engine.ask import cell_of
from matcher.web import words

if TYPE_CHECKING:
    from matcher.web.interview.screens import Posed


@dataclass(frozen=True)
class Row:
    """The start or the end of a quarter; where a figure is not asked, None."""

    label: str
    cells: tuple[Posed | None, ...]


@dataclass(frozen=True)
class Table:
    """The rows, under the names of the columns; `cost` says once why all of it is asked and what 不清楚 costs; `before` is
    what is asked above the table."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cost: str
    before: tuple[Posed, ...]


def table(posed: Sequence[Posed], lang: str) -> Table:
    """The table of questions that are quarterly figures, and what stands with them."""
    cells = {cell: one for one in posed if (cell := cell_of(one.question.fact))}
    columns = tuple(dict.fromkeys(column for _, column in cells))
    rows = sorted({row for row, _ in cells}, key=lambda row: (row[:2], row.endswith("end")))
    return Table(
        tuple(words.say_or(f"quarters.{column}", column, lang) for column in columns),
        tuple(
            Row(words.say_or(f"quarters.{row}", row, lang), tuple(cells.get((row, column)) for column in columns))
            for row in rows
        ),
        posed[0].cost,
        tuple(replace(one, cost="") for one in posed if not cell_of(one.question.fact)),
    )
