"""Reads a whole list of firms by a mapping of its columns, with the sheets of items beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from matcher.firms import Unreadable, refuse
from matcher.rulebook import Rulebook

from .item_sheets import ItemSheets, with_owners
from .rows import MOST_ROWS, FirmRow, Mapped, RowReader, keys_of, mapping_faults
from .tables import Table


def read_rows(rulebook: Rulebook, table: Table, mapping: Mapped, most: int = MOST_ROWS) -> list[FirmRow]:
    """Read every row of a list, good or bad, to its end. A bad cell makes its row bad and no other; all faults are named.

    Raises Unreadable where the mapping cannot be used, no row stands under the headings, there are more than ``most``,
    or the file breaks off.
    """
    faults = mapping_faults(rulebook, table.headings, mapping)
    if faults:
        raise Unreadable(faults)
    reader, items = RowReader(rulebook, table, mapping), ItemSheets(rulebook, table.items)
    read: list[FirmRow] = []
    for row in table.rows:
        if len(read) == most:
            raise refuse(row[0], f"最多 {most} 家企业；请分成几个文件", f"at most {most} firms: split the list")
        read.append(with_owners(items.with_items(reader.read(row))))
    if not read:
        zh, en = "列名之下没有企业；每行填一家", "no firm stands under the headings: one a row"
        raise refuse(table.heading_row, zh, en)
    items.must_be_linked()
    return _without_twins(reader, read)


def _without_twins(reader: RowReader, rows: list[FirmRow]) -> list[FirmRow]:
    """Name every row whose credit code or id stands in another too: which of them is meant is not ours to say."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        for key in keys_of(row):
            lines[key].append(row.line)
    return [
        replace(
            row, faults=(*row.faults, *(reader.twin(row, key, lines[key]) for key in keys_of(row) if lines[key][1:]))
        )
        for row in rows
    ]
