"""Forty-eight spreadsheets of firms as people make them, each with the fact of every column and the value of every cell.

The answers stand beside the layouts: what a column's heading and its way of writing mean was settled before any reading was
tried. `python -m tests.tools.made_lists FOLDER` writes the files for a look.
"""

from __future__ import annotations

import csv
import datetime
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from tests.tools.hard_layouts import HARD
from tests.tools.list_columns import Cell, Firm, Layout, Value, _plain, firms, told
from tests.tools.list_layouts import LAYOUTS


@dataclass(frozen=True)
class MadeList:
    """One file with its answers: the fact of every column, and what every firm's row states, as a profile would."""

    name: str
    content: bytes
    facts: tuple[str | None, ...]
    rows: tuple[dict[str, Value], ...]


def made_lists() -> list[MadeList]:
    """All of them, always the same bytes but for what a workbook says of the day it was made."""
    return [_make(number, layout) for number, layout in enumerate((*LAYOUTS, *HARD), start=1)]


def _make(number: int, layout: Layout) -> MadeList:
    listed = firms(number, layout.firms)
    if layout.merge_district or layout.group_rows:
        listed.sort(key=lambda firm: firm["district"])
    facts = tuple(column.fact for column in layout.columns)
    rows = tuple(
        {fact: told(fact, firm) for fact in facts if fact and fact in firm and fact != "former_names"}
        for firm in listed
    )
    content = _workbook(layout, listed) if layout.kind == "xlsx" else _text(layout, listed)
    return MadeList(f"{number:02}.{layout.kind}", content, facts, rows)


def _grid(layout: Layout, listed: Sequence[Firm]) -> tuple[list[list[Cell]], list[tuple[int, int, int, int]]]:
    """All cells of a sheet, and the areas that are merged as (first row, first column, last row, last column)."""
    columns, width = layout.columns, len(layout.columns)
    grid: list[list[Cell]] = [list(row) for row in layout.above]
    merged: list[tuple[int, int, int, int]] = []
    if layout.above and layout.kind == "xlsx" and width > 1:
        merged.append((0, 0, 0, width - 1))
    is_double = any(isinstance(column.head, tuple) for column in columns)
    top = len(grid)
    if is_double:
        heads = [column.head if isinstance(column.head, tuple) else (column.head, "") for column in columns]
        upper = [
            "" if at and not layout.unit_row and heads[at - 1][0] == head[0] else head[0]
            for at, head in enumerate(heads)
        ]
        grid += [upper, [head[1] for head in heads]]
        at = 0
        while at < width:
            end = at
            while end + 1 < width and heads[end + 1][0] == heads[at][0]:
                end += 1
            if end > at:
                merged.append((top, at, top, end))
            elif not heads[at][1]:
                merged.append((top, at, top + 1, at))
            at = end + 1
    else:
        grid.append([column.head for column in columns])
    if layout.index_row:
        grid.append(["甲", "乙", "丙", *range(1, width - 2)])
    previous, start = None, len(grid)
    for at, firm in enumerate(listed):
        if layout.group_rows and firm["district"] != previous:
            grid.append([f"{'一二三四五六七八九十'[at]}、{firm['district_name']}区"])
            merged.append((len(grid) - 1, 0, len(grid) - 1, width - 1))
        grid.append([column.write(firm, at) for column in columns])
        if layout.merge_district and firm["district"] == previous:
            grid[-1][0] = ""
        if layout.subtotals and at % 3 == 2:
            grid.append(_sums(layout, listed[at - 2 : at + 1], layout.subtotals))
        previous = firm["district"]
    if layout.merge_district:
        at = start
        while at < len(grid):
            end = at
            while end + 1 < len(grid) and grid[end + 1][0] == "":
                end += 1
            if end > at:
                merged.append((at, 0, end, 0))
            at = end + 1
    if layout.sums is not None:
        grid.append(_sums(layout, listed, layout.sums))
    grid += [list(row) for row in layout.below]
    return grid, merged


def _sums(layout: Layout, listed: Sequence[Firm], word: str) -> list[Cell]:
    row: list[Cell] = []
    for column in layout.columns:
        values = [column.write(firm, at) for at, firm in enumerate(listed)]
        numbers = [value[0] if isinstance(value, tuple) else value for value in values]
        is_sum = column.fact and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in numbers)
        row.append(round(sum(numbers), 2) if is_sum else "")
    if word:
        row[0] = word
    return row


def _workbook(layout: Layout, listed: Sequence[Firm]) -> bytes:
    grid, merged = _grid(layout, listed)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        if layout.cover:
            cover = book.add_worksheet("填表说明")
            cover.write_column(0, 0, ["填表说明", "请如实填写", "联系电话：022-12345678"])
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(grid):
            for column, cell in enumerate(row):
                value, shape = cell if isinstance(cell, tuple) else (cell, None)
                style = book.add_format({"num_format": shape}) if shape else None
                if isinstance(value, datetime.date):
                    sheet.write_datetime(
                        at, layout.left + column, datetime.datetime.combine(value, datetime.time()), style
                    )
                elif isinstance(value, str):
                    if value:
                        sheet.write_string(at, layout.left + column, value, style)
                else:
                    sheet.write_number(at, layout.left + column, value, style)
        for column in layout.hidden:
            sheet.set_column(layout.left + column, layout.left + column, None, None, {"hidden": True})
        for first, left, last, right in merged:
            value = grid[first][left] if left < len(grid[first]) else ""
            sheet.merge_range(first, layout.left + left, last, layout.left + right, value)
    return made.getvalue()


def _text(layout: Layout, listed: Sequence[Firm]) -> bytes:
    grid, _ = _grid(layout, listed)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter)
    for row in grid:
        writer.writerow([_plain(Decimal(str(cell))) if isinstance(cell, float) else cell for cell in row])
    return out.getvalue().encode(layout.encoding)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made_list in made_lists():
        (folder / made_list.name).write_bytes(made_list.content)
