"""Reads the lists of strangers in a limited process, and finds the list in a file: the sheet, the row of headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from typing import TypeVar

from matcher import sandbox
from matcher.firms import refuse
from matcher.rulebook import Rulebook
from matcher.rulebook.language import KIND_WORDS, ItemKind
from matcher.sandbox import Limits, Sandbox, TooHeavy

from .columns import NEEDED, Columns, plain_heading, unit_above
from .layout import find_layout, firm_rows
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


SEARCHED = 20

"""Rows among which the headings are looked for: a title and some lines of remarks may stand above them."""

SAMPLED = 200

"""Rows at the beginning that are looked at for what their columns hold, and in which unit."""


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """A sheet beside the list that is called as a kind of item is (贷款, loans): a row an item, with the credit code of its firm."""

    kind: ItemKind
    table: Table
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it stands in a file; ``rows`` are those under the headings and can be gone through once.

    ``sheet`` is the one that was read and ``others`` those that were not (None and none in a .csv); ``heading_row``
    (the last of the headings) counts from 1, ``above`` is what stands over the headings; ``ids`` are the template's columns
    by their position where its row of ids is there. ``sample`` are the first of the rows, ``yuan`` what one of the unit is
    worth that stands above or under the whole table, ``title`` what it is called.
    ``items`` are the sheets beside it with the loans, projects … of its firms.
    """

    sheet: str | None
    others: tuple[str, ...]
    above: tuple[Row, ...]
    heading_row: int
    headings: tuple[str, ...]
    ids: tuple[str | None, ...]
    rows: Iterator[Row]
    merged: tuple[Range, ...] = ()
    sample: tuple[Row, ...] = ()
    yuan: Decimal | None = None
    counts_from_1904: bool = False
    items: tuple[ItemSheet, ...] = ()
    title: str = ""


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
        notes: list[str] = list(sheet.ending)
        table = _table(columns, sheet, notes)
        is_list = table is not None and any(columns.named(heading) in NEEDED for heading in table.headings)
        if table is not None and is_list and kind_of_sheet(sheet.name) is None:
            _must_have_firms_in_rows(columns, table)
            return _with_items(columns, _with_unit_of_notes(table, notes), source, name)
        first = first or table
    if first is None:
        raise refuse(None, "是空的；第一行要有列名，其下每行一家企业", "is empty: headings first, then one firm a row")
    _must_have_firms_in_rows(columns, first)
    return first


def kind_of_sheet(name: str | None) -> ItemKind | None:
    """The kind of item that a sheet is called by, in Chinese or English: 贷款, loan, loans; None for another name."""
    plain = plain_heading(name or "")
    called = ((kind, (kind, words.zh, words.en, words.several)) for kind, words in KIND_WORDS.items())
    return next((kind for kind, names in called if plain in names), None)


def _with_items(columns: Columns, table: Table, source: Source, name: str) -> Table:
    """The table with the sheets of items beside it, which then are among those that were read."""
    wanted = {other: kind for other in table.others if (kind := kind_of_sheet(other)) is not None}
    if not wanted:
        return table
    found = []
    for sheet in open_sheets(source, name):
        if sheet.name in wanted and (other := _table(columns, sheet, [])) is not None:
            found.append(_items(columns, wanted[sheet.name], other))
    return replace(table, others=tuple(one for one in table.others if one not in wanted), items=tuple(found))


def _items(columns: Columns, kind: ItemKind, table: Table) -> ItemSheet:
    """The rows of a sheet of items; a credit code that is merged over several rows is every one's."""
    at = next((at for at, heading in enumerate(table.headings) if columns.named(heading) == "credit_code"), None)
    rows = {line: list(cells) for line, cells in table.rows}
    merged = [one for one in table.merged if one.first_column == one.last_column == at]
    for one in merged:
        at = one.first_column
        told = rows.get(one.first_row, [])[at : at + 1]
        for line in range(one.first_row + 1, one.last_row + 1):
            if line in rows and told:
                rows[line][at : at + 1] = told
    rest = tuple(one for one in table.merged if one not in merged)
    sample = tuple((line, rows[line]) for line, _ in table.sample)
    return ItemSheet(kind, replace(table, rows=iter(()), merged=rest, sample=sample), tuple(rows.items()))


def _must_have_firms_in_rows(columns: Columns, table: Table) -> None:
    """Raise Unreadable where codes stand beside the words 统一社会信用代码: such a list has a firm in every column."""
    for cells in (*(cells for _, cells in (*table.above, *table.sample)), table.headings):
        texts = [_written(cell) for cell in cells if cell != ""]
        if len(texts) > 1 and columns.named(texts[0]) == "credit_code" and all(map(_CODE.fullmatch, texts[1:])):
            raise refuse(
                table.heading_row,
                "企业是横着排的，一列一家；请用“选择性粘贴—转置”改为一行一家",
                "the firms stand side by side, one a column: paste them transposed, one a row",
            )


_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z]{15,20}")


def _with_unit_of_notes(table: Table, notes: list[str]) -> Table:
    """The table with the unit that a note under it states, 注：金额单位为万元; none where notes disagree.

    ``notes`` fill while the rows of a workbook are gone through, which its reader has in memory already.
    """
    if table.sheet is not None:
        rows = list(table.rows)
        table = replace(table, rows=iter(rows))
    units = {unit for unit in map(unit_above, notes) if unit is not None}
    return replace(table, yuan=units.pop()) if table.yuan is None and len(units) == 1 else table


def _noting(rows: Iterator[Row], notes: list[str]) -> Iterator[Row]:
    """The rows, with the texts of those that may be notes put into ``notes``: few cells, one that speaks of a unit."""
    for row in rows:
        texts = [cell for cell in row[1] if cell != ""]
        if len(texts) <= _FEW:
            notes += [cell for cell in texts if isinstance(cell, str) and "单位" in cell]
        yield row


_FEW = 3


def _table(columns: Columns, sheet: Sheet, notes: list[str]) -> Table | None:
    rows = iter(sheet.rows)
    head = list(islice(rows, SEARCHED))
    if not head:
        return None
    ids: tuple[str | None, ...] = ()
    title = ""
    at = next((at for at, (_, cells) in enumerate(head[:-1]) if _is_row_of_ids(columns, cells)), None)
    if at is not None and _repeats(columns, head[at][1], head[at + 1][1]):
        ids = tuple(str(cell) or None for cell in head[at][1])
        first = last = at + 1
        headings, yuan = tuple(map(_written, head[last][1])), None
    else:
        found = find_layout(columns, head, sheet.merged)
        first, last, headings, yuan, title = found.first, found.last, found.headings, found.yuan, found.title
    number = head[last][0]
    merged = tuple(one for one in sheet.merged if one.last_row > number)
    firms = firm_rows(_noting(chain(head[last + 1 :], rows), notes), headings, merged)
    sample = tuple(islice(firms, SAMPLED))
    return Table(
        sheet.name,
        sheet.others,
        tuple(head[:first]),
        number,
        headings,
        ids,
        chain(sample, firms),
        merged,
        sample,
        yuan,
        sheet.counts_from_1904,
        title=title,
    )


def _is_row_of_ids(columns: Columns, cells: list[Cell]) -> bool:
    return len(cells) > 1 and all(isinstance(cell, str) and (not cell or columns.is_known(cell)) for cell in cells)


def _repeats(columns: Columns, ids: list[Cell], below: list[Cell]) -> bool:
    """Whether the row under a row of ids heads the same columns, rather than being the first firm."""
    pairs = [(told, _written(cell)) for told, cell in zip(ids, below, strict=False) if told in NEEDED and cell]
    return any(
        columns.named(cell) == told or (told == "credit_code" and not any(char.isdigit() for char in cell))
        for told, cell in pairs
    )


def _written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)
