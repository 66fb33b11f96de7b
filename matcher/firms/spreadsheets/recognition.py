"""Recognises a whole list without anybody's help: which fact each column holds, and what every firm's row then states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher.rulebook import Rulebook

from .columns import NEEDED
from .guessing import Guess, columns_of, guess
from .rows import FirmRow, RowReader
from .sheets import Source
from .tables import Table, open_table


@dataclass(frozen=True, slots=True)
class Recognised:
    """A list as it was understood: its columns that have a heading or hold anything, and its firms, read as they are wanted.

    Titles, headings, sums and notes are no firms. A row is read by the columns that were recognised; what the others
    hold is not looked at, so a list without credit codes can be read too.
    """

    columns: tuple[Guess, ...]
    firms: Iterator[FirmRow]


def recognise(rulebook: Rulebook, source: Source, name: str, on: date | None = None) -> Recognised:
    """Recognise the list in a file called ``name``, for a day (else today): last year is the one before it.

    Raises Unreadable where the file cannot be read or holds no list; half-way through the rows too.
    """
    table = open_table(rulebook, source, name)
    cells = columns_of(table.sample, len(table.headings))
    has_unit = table.yuan is not None
    guesses = guess(table.headings, rulebook, table.ids, cells, has_unit=has_unit, title=table.title, on=on)
    held = tuple(one for one in guesses if one.heading or cells[one.column])
    return Recognised(held, _firms(rulebook, table, guesses))


def _firms(rulebook: Rulebook, table: Table, guesses: list[Guess]) -> Iterator[FirmRow]:
    mapping = {one.column: one.fact for one in guesses}
    needed = [column for column in NEEDED if column in mapping.values()]
    reader = RowReader(rulebook, table, mapping, needed)
    return map(reader.read, table.rows)
