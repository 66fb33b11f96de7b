"""Reads a list of firms (.csv or .xlsx), one a row, into entries for the register, every fault with its row."""

from matcher.firms.roster.read import Listed, Roster, read_roster

__all__ = ["Listed", "Roster", "read_roster"]
