"""Looks through a list without keeping its rows: what a page shows of an upload before its columns are matched."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.firms import refuse, shown
from matcher.rulebook import Rulebook

from .columns import Columns
from .guessing import columns_of
from .item_sheets import check_links, ignored_columns, link_text
from .rows import MOST_ROWS
from .sheets import Cell
from .tables import OUTLINING, find_table, read_limited

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Outline:
    """A list without its rows: ``samples`` are the first values of each column that has any, ``rows`` their number.

    ``items`` are the sheets of loans, projects … beside it, each with the number of its rows and the columns that are not read.
    ``cells`` are more of them, for `guess`; ``has_unit``: a unit of money stands above the whole table; ``title``: what it is called.
    The other fields are those of a `Table`.
    """

    sheet: str | None
    others: tuple[str, ...]
    headings: tuple[str, ...]
    ids: tuple[str | None, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int
    cells: tuple[tuple[Cell, ...], ...] = ()
    has_unit: bool = False
    items: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    title: str = ""


def outline(rulebook: Rulebook, content: bytes, name: str) -> Outline:
    """Look through a whole list of at most `MOST_ROWS` firms in a process with limits, .csv or .xlsx.

    Raises Unreadable where it breaks off, is too long or has no rows; `matcher.sandbox.Busy` where others are looked through.
    """
    return read_limited(OUTLINING, _outline, Columns(rulebook), content, name)


def _outline(columns: Columns, content: bytes, name: str) -> Outline:
    table = find_table(columns, content, name)
    samples: list[list[str]] = [[] for _ in table.headings]
    count = 0
    texts: set[str] = set()
    for line, cells in table.rows:
        count += 1
        if table.items:
            texts.update(link_text(str(cell)) for cell in cells if cell != "")
        if count > MOST_ROWS:
            raise refuse(line, f"最多 {MOST_ROWS} 家企业；请分成几个文件", f"at most {MOST_ROWS} firms: split the list")
        for held, cell in zip(samples, cells, strict=False):
            if cell != "" and len(held) < _SAMPLES:
                held.append(shown(cell))
    if count == 0:
        raise refuse(
            table.heading_row,
            "列名之下没有企业；每行填一家",
            "no firm stands under the headings: one a row",
        )
    check_links(columns, table.items, texts)
    probed = tuple(map(tuple, columns_of(table.sample, len(table.headings))))
    shown_samples = tuple(map(tuple, samples))
    items = tuple((one.table.sheet or "", len(one.rows), ignored_columns(columns, one)) for one in table.items)
    has_unit = table.yuan is not None
    return Outline(
        table.sheet, table.others, table.headings, table.ids, shown_samples, count, probed, has_unit, items, table.title
    )
