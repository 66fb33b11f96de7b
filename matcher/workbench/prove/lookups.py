"""Looks up a table inside the solver: a figure for every row, and whether there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from matcher.rulebook.language import Node, Rows

from .solver import choose, compare, const, disjunction
from .variables import Variables


class Formula(Protocol):
    """What a look-up asks of the formula that it is part of."""

    @property
    def variables(self) -> Variables:
        """The solver's variables."""

    def under(self, condition: Any) -> AbstractContextManager[None]:
        """What is asked inside holds under this condition."""

    def word(self, node: Node) -> Any:
        """The word that a node stands for, as the solver's number of it."""

    def number(self, node: Node) -> Any:
        """The number that a node stands for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one look-up is read: ``leaf`` makes a figure of a cell, ``choose`` takes one of two figures by a condition."""

    formula: Formula
    leaf: Callable[[Any], Any]
    choose: Callable[[Any, Any, Any], Any]

    def row(self, row: Any, keys: tuple[Node, ...]) -> tuple[Any, Any]:
        """Whether there is a row, and its figure."""
        if row is None:
            return False, None
        if not isinstance(row, Rows):
            return True, self.leaf(row)
        found, value = self.row(row.other, keys[1:]) if _has_other(row) else (False, None)
        for condition, below in self._choices(row, keys[0]):
            with self.formula.under(condition):
                there, figure = self.row(below, keys[1:])
            if value is None:
                value = figure
            elif figure is not None:
                value = self.choose(condition, figure, value)
            found = choose(condition, there, found)
        return found, value

    def _choices(self, rows: Rows, key: Node) -> Iterator[tuple[Any, Any]]:
        """The rows with the condition under which each is the one found, unless one given later is found too."""
        if rows.kind == "enum":
            word = self.formula.word(key)
            for words, below in reversed(rows.rows):
                yield disjunction([word == self.formula.variables.number_of(one) for one in sorted(words)]), below
            return
        number = self.formula.number(key)
        ordered = rows.rows if rows.kind == "band" else tuple(reversed(rows.rows))
        for bound, below in ordered:
            yield compare(">=" if rows.kind == "band" else "<=", number, const(bound)), below


def _has_other(row: Rows) -> bool:
    return row.other is not None and row.kind != "band"
