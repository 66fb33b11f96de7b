"""Reads the lists of strangers in a limited process, and finds the list in a file: the sheet, the row of headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeVar

from matcher import sandbox
from matcher.firms import refuse
from matcher.rulebook import Rulebook
from matcher.sandbox import Limits, Sandbox, TooHeavy

from .columns import NEEDED, Columns
from .sheets import Cell, Range, Row, Sheet, Source, is_workbook, open_sheets, workbook_bytes

# ---------------------------------------------------------------------------------------------------------------------
# Reads lists of strangers in a process with limits: what takes too much is refused, and takes nobody else's process
# along.
# ---------------------------------------------------------------------------------------------------------------------


T = TypeVar("T")

_PRELOAD = ["matcher.firms.spreadsheets.outline"]

OUTLINING = Sandbox(
    Limits(computing_seconds=10, seconds=30, memory=1024**3, niceness=5), _PRELOAD, waiting=2, patience=5.0
)

"""For a page that somebody waits for. The largest list that a run takes (20,000 rows of 60 columns) needs 4 seconds of computing."""

READING = Sandbox(Limits(computing_seconds=45, seconds=90, memory=2 * 1024**3), _PRELOAD, waiting=100, patience=None)

"""For the command line and the worker of long work: all the cells that a workbook may have."""


def read_limited(sandbox: Sandbox, read: Callable[..., T], *args: object) -> T:
    """Return what ``read`` makes of a file. Raises Unreadable, also for one that takes too much, and Busy as the sandbox does."""
    try:
        return sandbox.run(read, *args)
    except TooHeavy:
        raise refuse(
            None,
            "读取超出时间或内存限制，已停止；请删去空白和格式、分成几个文件或另存为 CSV",
            "took more time or memory to read than is allowed: delete what is blank, split it or save it as CSV",
        ) from None


# ---------------------------------------------------------------------------------------------------------------------
# Finds the list in a file: the sheet, the row of headings under titles, and the template's row of ids.
# ---------------------------------------------------------------------------------------------------------------------


SEARCHED = 10

"""Rows among which the headings are looked for: a title and some lines of remarks may stand above them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it stands in a file; ``rows`` are those under the headings and can be gone through once.

    ``sheet`` is the one that was read and ``others`` those that were not (None and none in a .csv); ``heading_row``
    counts from 1, ``above`` is what stands over it; ``ids`` are the template's columns by their position where its row of ids is there.
    """

    sheet: str | None
    others: tuple[str, ...]
    above: tuple[Row, ...]
    heading_row: int
    headings: tuple[str, ...]
    ids: tuple[str | None, ...]
    rows: Iterator[Row]
    merged: tuple[Range, ...] = ()


def open_table(rulebook: Rulebook, source: Source, name: str) -> Table:
    """Find the list in a file called ``name``: in the first sheet whose headings are known, else in the first with rows.

    A workbook is opened in a process of its own with limits, since its reader may be brought down by one that was made for it.

    Raises Unreadable where the file cannot be read or holds no headings; half-way through the rows too.
    """
    columns = Columns(rulebook)
    if not is_workbook(name) or sandbox.is_inside():
        return find_table(columns, source, name)
    table, rows = read_limited(READING, _whole, columns, workbook_bytes(source), name)
    return replace(table, rows=iter(rows))


def _whole(columns: Columns, content: bytes, name: str) -> tuple[Table, list[Row]]:
    """The table and its rows, apart from each other: what is read only as it is wanted cannot leave its process."""
    table = find_table(columns, content, name)
    rows = list(table.rows)
    return replace(table, rows=iter(())), rows


def find_table(columns: Columns, source: Source, name: str) -> Table:
    """Find the list as `open_table` does, in this process, whatever the file is."""
    first: Table | None = None
    for sheet in open_sheets(source, name):
        table = _table(columns, sheet)
        if table is not None and any(columns.named(heading) in NEEDED for heading in table.headings):
            return table
        first = first or table
    if first is None:
        raise refuse(None, "是空的；第一行要有列名，其下每行一家企业", "is empty: headings first, then one firm a row")
    if first.sheet is None and len(first.headings) == 1 and re.search(r"[\t;；|]", first.headings[0]):
        raise refuse(
            first.heading_row,
            "列之间要用逗号分隔；请另存为“CSV UTF-8（逗号分隔）”",
            "must have commas between its columns",
        )
    return first


def _table(columns: Columns, sheet: Sheet) -> Table | None:
    rows = iter(sheet.rows)
    head = list(islice(rows, SEARCHED))
    if not head:
        return None
    at = _heading_at(columns, head)
    ids: tuple[str | None, ...] = ()
    if at + 1 < len(head) and _is_row_of_ids(columns, head[at][1]) and _repeats(columns, head[at][1], head[at + 1][1]):
        ids = tuple(str(cell) or None for cell in head[at][1])
        at += 1
    number, cells = head[at]
    return Table(
        sheet.name,
        sheet.others,
        tuple(head[:at]),
        number,
        tuple(map(_written, cells)),
        ids,
        chain(head[at + 1 :], rows),
        tuple(one for one in sheet.merged if one.last_row > number),
    )


def _heading_at(columns: Columns, head: list[Row]) -> int:
    """The row with most known headings; where none has any, the first of several cells."""
    known = [sum(columns.named(_written(cell)) is not None for cell in cells if cell) for _, cells in head]
    if max(known) > 0:
        return known.index(max(known))
    return next((at for at, (_, cells) in enumerate(head) if sum(cell != "" for cell in cells) > 1), 0)


def _is_row_of_ids(columns: Columns, cells: list[Cell]) -> bool:
    return all(isinstance(cell, str) and (not cell or columns.is_known(cell)) for cell in cells)


def _repeats(columns: Columns, ids: list[Cell], below: list[Cell]) -> bool:
    """Whether the row under a row of ids heads the same columns, rather than being the first firm."""
    pairs = [(told, _written(cell)) for told, cell in zip(ids, below, strict=False) if told in NEEDED and cell]
    return any(
        columns.named(cell) == told or (told == "credit_code" and not any(char.isdigit() for char in cell))
        for told, cell in pairs
    )


def _written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)
