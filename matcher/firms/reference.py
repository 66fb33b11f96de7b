"""Read a comma-separated list of `rules/reference` within stated sizes, every fault with its file and line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from matcher.rulebook import Problem, RulebookError
from matcher.rulebook.reading import decode, read_bytes

MAX_ROWS = 5_000
MAX_CELL = 1_000
Row = tuple[int, dict[str, str]]


def read_table(directory: Path, name: str, columns: tuple[str, ...]) -> list[Row]:
    """Return the rows of the list `name` (as `reference/x.csv`) under the rules folder, each with its line (1-based).

    Raises RulebookError where it is no UTF-8 file of at most 2 MB, its header is not `columns`, a row has more or
    fewer cells, a cell more than 1,000 characters, or there are more than 5,000 rows.
    """
    # Spreadsheets put a byte-order mark before what they save as UTF-8.
    text = decode(read_bytes(directory / name, name), name).removeprefix("\ufeff")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        for cells in lines:
            fault = _fault(cells, columns, len(rows))
            if fault is not None:
                raise RulebookError([Problem(name, lines.line_num, "-", fault)])
            rows.append((lines.line_num, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        raise RulebookError([Problem(name, lines.line_num, "-", f"not comma-separated text: {error}")]) from None
    if not rows:
        raise RulebookError([Problem(name, 1, "-", f"the first line must be {','.join(columns)}")])
    return rows[1:]


def _fault(cells: list[str], columns: tuple[str, ...], before: int) -> str | None:
    """Say what is wrong with one row, the header being the first."""
    if before == 0 and tuple(cells) != columns:
        return f"the first line must be {','.join(columns)}"
    if len(cells) != len(columns):
        return f"{len(cells)} cells; the list has {len(columns)} columns"
    if any(len(cell) > MAX_CELL for cell in cells):
        return f"a cell of more than {MAX_CELL} characters"
    return f"more than {MAX_ROWS} rows" if before > MAX_ROWS else None
