"""Quarterly figures: which question stands in which row and column of the small table in which all of them are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CELL = re.compile(r"(q[1-4]_(?:start|end))_(\w+)")
# One row more than a question is a table.
FEWEST = 3


def cell_of(fact: str) -> tuple[str, str] | None:
    """The row (``q1_start``) and the column (``employees``) of a fact; None where it is no quarterly figure."""
    found = _CELL.fullmatch(fact)
    return None if found is None else (found[1], found[2])


def is_table(facts: Sequence[str]) -> bool:
    """Whether these are quarterly figures, enough of them for a table; how many quarters are counted may stand with them."""
    cells = [fact for fact in facts if cell_of(fact)]
    return len(cells) >= FEWEST and len(facts) - len(cells) <= 1
