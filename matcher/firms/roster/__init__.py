"""Reads lists of firms (.csv or .xlsx), one a row: every fault with its row, column and reason."""

from matcher.firms.roster.guesses import Guess, guess
from matcher.firms.roster.mapping import CellFault, FirmRow, Mapped, mapping_faults
from matcher.firms.roster.outline import Outline, outline
from matcher.firms.roster.read import Listed, Roster, read_roster
from matcher.firms.roster.rows import MOST_ROWS, read_rows
from matcher.firms.roster.tables import Table, open_table

__all__ = [
    "MOST_ROWS",
    "CellFault",
    "FirmRow",
    "Guess",
    "Listed",
    "Mapped",
    "Outline",
    "Roster",
    "Table",
    "guess",
    "mapping_faults",
    "open_table",
    "outline",
    "read_roster",
    "read_rows",
]
