"""Reads a list of any length into firms for the register, where all of it goes in or nothing: faults stop it early."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from matcher.firms import Fault, nearest, refuse, shown
from matcher.rulebook import Rulebook

from .columns import NEEDED, Columns
from .item_sheets import ItemSheets, ignored_columns, with_owners
from .rows import CellFault, FirmRow, RowReader, keys_of
from .sheets import Row
from .tables import Table, open_table

MOST_FAULTS = 100

"""Faults that are listed; after so many the rest of a list is not read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One firm of a list; ``facts`` are as told, with the ids of the vocabulary, name and credit code among them."""

    id: str
    name: str
    credit_code: str
    former_names: tuple[str, ...]
    parent_id: str | None
    facts: dict[str, object]
    line: int


@dataclass(slots=True)
class Roster:
    """A list that is being read; ``faults`` fills as ``firms`` is gone through, and is complete at its end.

    ``rows`` is how many rows the list has at most, None where that is not known before they are read.
    """

    ignored: tuple[str, ...]
    firms: Iterator[Listed]
    faults: list[Fault] = field(default_factory=list)
    rows: int | None = None


def read_roster(rulebook: Rulebook, path: Path) -> Roster:
    """Open a list. Raises Unreadable where it is no list of firms; faults in rows are gathered while it is read.

    Only columns that are known for certain are read: nobody looks over the guesses here.
    """
    table = open_table(rulebook, path, path.name)
    columns = Columns(rulebook)
    by_ids = [told if told and columns.is_known(told) else None for told in table.ids]
    mapped = [
        by_ids[at] if at < len(by_ids) and by_ids[at] else columns.named(heading)
        for at, heading in enumerate(table.headings)
    ]
    _must_have(table, mapped, columns)
    ignored = tuple(told for told, column in zip(table.headings, mapped, strict=True) if told and column is None)
    of_items = (f"{one.table.sheet}/{heading}" for one in table.items for heading in ignored_columns(columns, one))
    roster = Roster((*ignored, *of_items), iter(()))
    reader = RowReader(rulebook, table, dict(enumerate(mapped)))
    roster.rows = _lines_of(path)
    roster.firms = _firms(reader, ItemSheets(rulebook, table.items), table.rows, roster.faults)
    return roster


def _lines_of(path: Path) -> int | None:
    """The lines of a text file under its headings; None for a workbook."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return None
    with path.open("rb") as file:
        return -1 + sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def _must_have(table: Table, mapped: list[str | None], columns: Columns) -> None:
    twice = {column for column in mapped if column and mapped.count(column) > 1}
    if twice:
        listed = ", ".join(sorted(twice))
        raise refuse(table.heading_row, f"有两列都是 {listed}，请只留一列", f"two columns are {listed}: keep one")
    for needed in NEEDED:
        if needed not in mapped:
            label = columns.label(needed)
            near = nearest(label.zh, {told: (told, told) for told in table.headings if told})
            zh, en = (f"；是不是“{shown(near)}”？", f"; perhaps {shown(near)}?") if near else ("", "")
            raise refuse(
                table.heading_row,
                f"第一行要有列名，缺少“{label.zh}”{zh}",
                f"the first row must name the columns; {label.en} is missing{en}",
            )


def _firms(reader: RowReader, items: ItemSheets, rows: Iterator[Row], faults: list[Fault]) -> Iterator[Listed]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        if len(faults) >= MOST_FAULTS:
            return
        firm = with_owners(items.with_items(reader.read(row)))
        wrong = [*firm.faults, *(_twins(reader, firm, first) if firm.name and firm.credit_code else ())]
        faults += [Fault(one.fact, one.row, one.value, one.reason) for one in wrong]
        if not wrong:
            yield Listed(firm.id, firm.name, firm.credit_code, firm.former_names, firm.parent_id, firm.facts, firm.line)
    items.must_be_linked()


def _twins(reader: RowReader, firm: FirmRow, first: dict[tuple[str, str], int]) -> Iterator[CellFault]:
    for key in keys_of(firm):
        line = first.setdefault(key, firm.line)
        if line != firm.line:
            yield reader.twin(firm, key, [line])
