"""Reads rows by a mapping of their columns: what each firm tells, or every fault in it with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.firms import FOR, NAME, Fault, Numeral, read_facts, read_key, read_value, refuse, shown
from matcher.rulebook import Fact, Rulebook, Text
from matcher.text import today

from .cells import Notation, Told, read_cell
from .columns import BETWEEN, NEEDED, OWN, Columns, parse, unit_of_heading
from .sheets import Cell, Range, Row
from .tables import Table

# ---------------------------------------------------------------------------------------------------------------------
# What a row of a list comes to, and which columns it is read from: a person may set the mapping, so it is checked.
# ---------------------------------------------------------------------------------------------------------------------


Mapped = Mapping[int, str | None]

"""The fact (or `id`, `former_names`, `parent_id`) that each column (its index, from 0) holds; None and absent: not read."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell: its row (from 1) and column (index from 0, None where the column is missing); ``sheet`` is named
    where it is another than the list of firms."""

    row: int
    column: int | None
    heading: str
    fact: str
    value: str
    reason: Text
    sheet: str = ""

    def to_json(self) -> dict[str, object]:
        """Return `{row, column, heading, fact, value, reason: {zh, en}}`, and the `sheet` where it is another than the list of firms."""
        return ({"sheet": self.sheet} if self.sheet else {}) | {
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
            "fact": self.fact,
            "value": self.value,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True, slots=True)
class FirmRow:
    """One row. Where ``faults`` is not empty nothing of the row may be used: a firm is not judged by half of what it told.

    ``facts`` are as told, as a profile file would state them, name and credit code among them.
    """

    line: int
    name: str
    credit_code: str
    facts: dict[str, object]
    faults: tuple[CellFault, ...] = ()
    id: str = ""
    former_names: tuple[str, ...] = ()
    parent_id: str | None = None


def mapping_faults(rulebook: Rulebook, headings: Sequence[str], mapping: Mapped) -> list[Fault]:
    """Say why a list cannot be read by a mapping: a needed column is missing, a fact stands twice, a unit does not go with it."""
    columns, chosen = Columns(rulebook), {at: column for at, column in mapping.items() if column is not None}
    faults = []
    for at, column in chosen.items():
        heading = headings[at] if 0 <= at < len(headings) else ""
        if not (0 <= at < len(headings) and columns.is_known(column)):
            faults.append(_fault(column, heading, "没有这一列或这一项", "there is no such column or fact"))
        elif not all(columns.allows(parse(part), column) for part in heading.split(BETWEEN)):
            label = columns.label(column)
            zh, en = f"列名中的单位不适用于“{label.zh}”", f"the unit in the heading is none for {label.en}"
            faults.append(_fault(column, heading, zh, en))
    for column in sorted({one for one in chosen.values() if list(chosen.values()).count(one) > 1}):
        faults.append(_fault(column, "", "有两列对应同一项，请只留一列", "two columns are this: keep one"))
    for needed in NEEDED:
        if needed not in chosen.values():
            label = columns.label(needed)
            zh, en = f"要指明哪一列是“{label.zh}”", f"say which column is {label.en}"
            faults.append(_fault(needed, "", zh, en))
    return faults


def cell_name(row: int, column: int) -> str:
    """`B5` for row 5 and column index 1."""
    return f"{column_name(column)}{row}"


def column_name(column: int) -> str:
    """`B` for column index 1."""
    letters, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def _fault(field: str, heading: str, zh: str, en: str) -> Fault:
    return Fault(field, None, shown(heading), Text(zh=zh, en=en))


# ---------------------------------------------------------------------------------------------------------------------
# Reads rows by a mapping of their columns: what each firm tells, or every fault in it with its column and reason.
# ---------------------------------------------------------------------------------------------------------------------


MOST_ROWS = 20_000

LONGEST_ID = 64

_MOST_MERGED = 1_000_000  # rows that merged cells touch, each counted as often

# The full-width signs are read as the plain ones by some spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

_BETWEEN_NAMES = re.compile(r"[|;；\n]")

_FOUNDED = "established_on"

_TO_COME = Text(zh="这一天还没有到，请对照营业执照", en="this day has not come yet: compare it with the licence")

_EMPTY = Text(zh="没有填写", en="is empty")


def keys_of(row: FirmRow) -> list[tuple[str, str]]:
    """What no other row may have, as (column, value): the credit code, and the id where it is another."""
    keys = [("credit_code", row.credit_code), ("id", row.id if row.id != row.credit_code else "")]
    return [(column, value) for column, value in keys if value]


class RowReader:
    """Reads rows one by one, for lists of any length; whether a code stands twice is for its caller to see."""

    def __init__(
        self,
        rulebook: Rulebook,
        table: Table,
        mapping: Mapped,
        needed: Sequence[str] = NEEDED,
        carried: Sequence[str] = (),
    ) -> None:
        self._rulebook, self._headings, self._columns = rulebook, table.headings, Columns(rulebook)
        self._needed, self._table = needed, table
        self._mapped = {at: column for at, column in sorted(mapping.items()) if column is not None}
        self._at = {column: at for at, column in self._mapped.items()}
        told = {at: self._columns.fact_of(column) for at, column in self._mapped.items()}
        self._facts: list[tuple[int, str, Fact, Notation]] = [
            (at, self._mapped[at], fact, self._notation(at, fact)) for at, fact in told.items() if fact is not None
        ]
        self._names = [
            column for column in self._mapped.values() if (key := read_key(column)) and key.field in (NAME, FOR)
        ]
        self._begins: dict[tuple[int, int], int] = {}  # where cells merged downwards begin, and the row where they end
        self._carried: dict[int, tuple[int, Cell]] = {}
        self._merged = self._rows_merged(table.merged)

    def read(self, row: Row) -> FirmRow:
        """Return what a row tells, with every fault in it but those that other rows make."""
        line, cells = row
        faults: list[CellFault] = []
        raw: dict[str, object] = {}
        of_items: dict[str, object] = {}  # of several loans, projects …, under the keys that the register keeps them by
        for at, column, fact, notation in self._facts:
            cell = cells[at] if at < len(cells) else ""
            cell = self._carried_down(line, at, cell)
            told: Told | Text = None if cell == "" else read_cell(fact, cell, notation)
            if isinstance(told, Text):
                faults.append(self._named(line, column, cell, told))
            elif told is not None and column != fact.id:
                reasons = read_value(fact, told)[1]
                faults += [self._named(line, column, cell, reason) for reason in reasons]
                of_items |= {} if reasons else {column: told}
            elif told is not None:
                raw[fact.id] = told
        facts, wrong = read_facts(self._rulebook, raw)
        faults += [self._cell_fault(line, one.field, self._cell(cells, one.field), one.text) for one in wrong]
        founded = facts.get(_FOUNDED)
        if isinstance(founded, date) and founded > today():
            faults.append(self._named(line, _FOUNDED, self._cell(cells, _FOUNDED), _TO_COME))
            del facts[_FOUNDED]
        own = {column: str(self._cell(cells, column)).strip() for column in OWN}
        names, code = [str(facts.get("name", ""))], str(facts.get("credit_code", ""))
        former = tuple(part.strip() for part in _BETWEEN_NAMES.split(own["former_names"]) if part.strip())
        faults += self._missing(line, cells) + self._identity(line, own["id"], names[0], former)
        if line in self._merged:
            there = self._merged[line]
            faults = [there, *(one for one in faults if one.column != there.column)]
        called = {column: str(self._cell(cells, column)).strip()[:LONGEST_ID] for column in self._names}
        of_items |= {column: name for column, name in called.items() if name and name.isprintable()}
        stated = {fact: raw[fact] for fact in facts} | of_items | ({"name": names[0]} if names[0] else {})
        return FirmRow(
            line,
            names[0],
            code,
            {**stated, "credit_code": code} if code else stated,
            tuple(sorted(faults, key=lambda one: -1 if one.column is None else one.column)),
            own["id"] or code,
            former,
            own["parent_id"] or None,
        )

    def twin(self, row: FirmRow, key: tuple[str, str], lines: Sequence[int]) -> CellFault:
        """The fault of a row whose code or id stands in other rows too."""
        column, value = key
        others = [str(line) for line in lines if line != row.line]
        zh, en = "、".join(others[:5]), ", ".join(others[:5])
        more_zh, more_en = (" 等", " and more") if others[5:] else ("", "")
        text = Text(zh=f"与第 {zh} 行相同{more_zh}；同一企业只留一行", en=f"row {en}{more_en} has it too: keep one")
        return self._named(row.line, column, value, text)

    def _notation(self, at: int, fact: Fact) -> Notation:
        """How a column writes a fact: its heading's unit, else the table's; per cent where any of its numbers is above 1."""
        heading = self._headings[at] if at < len(self._headings) else ""
        yuan = unit_of_heading(heading) or (self._table.yuan if fact.type == "money" else None)
        cells = [cells[at] for _, cells in self._table.sample if at < len(cells)] if fact.type == "rate" else []
        figures = [Decimal(cell) for cell in cells if isinstance(cell, Numeral)]
        return Notation(yuan, any(abs(one) > 1 for one in figures), self._table.counts_from_1904)

    def _carried_down(self, line: int, at: int, cell: Cell) -> Cell:
        """A cell, or the one above that it is merged with: of districts and the like, never of figures."""
        if (line, at) in self._begins:
            self._carried[at] = (self._begins[(line, at)], cell)
        last, value = self._carried.get(at, (0, ""))
        return value if cell == "" and line <= last else cell

    def _cell(self, cells: Sequence[Cell], column: str) -> Cell:
        at = self._at.get(column, len(cells))
        return cells[at] if at < len(cells) else ""

    def _named(self, line: int, column: str, value: Cell, reason: Text) -> CellFault:
        label = self._columns.label(column)
        return self._cell_fault(line, column, value, Text(zh=f"{label.zh}：{reason.zh}", en=f"{label.en}: {reason.en}"))

    def _cell_fault(self, line: int, column: str, value: Cell, reason: Text) -> CellFault:
        at = self._at.get(column)
        return CellFault(line, at, "" if at is None else self._headings[at], column, shown(value), reason)

    def _missing(self, line: int, cells: Sequence[Cell]) -> list[CellFault]:
        return [self._named(line, column, "", _EMPTY) for column in self._needed if self._cell(cells, column) == ""]

    def _identity(self, line: int, firm_id: str, name: str, former: Sequence[str]) -> list[CellFault]:
        faults = []
        if len(firm_id) > LONGEST_ID or not firm_id.isprintable():
            text = Text(zh=f"编号最多 {LONGEST_ID} 个可见字符", en=f"at most {LONGEST_ID} characters that show")
            faults.append(self._named(line, "id", firm_id, text))
        for column, one in (("name", name), *(("former_names", one) for one in former)):
            if one.startswith(_FORMULA) or len(one) > 200 or not one.isprintable():
                zh = "企业名称不会以 = + - @ 开头，也不含控制字符，最长 200 字；请改正"
                en = (
                    "a name does not begin with = + - @, holds no control characters and at most 200 others: correct it"
                )
                faults.append(self._named(line, column, one, Text(zh=zh, en=en)))
        return faults

    def _may_carry(self, at: int) -> bool:
        """Whether a value that is merged over several rows is plainly every one's: a district, a class, an industry."""
        fact = self._columns.fact_of(self._mapped[at] or "")
        return fact is not None and (fact.type == "enum" or fact.id == "industry")

    def _rows_merged(self, merged: Iterable[Range]) -> dict[int, CellFault]:
        """Rows that merged cells touch: which of them a figure is of cannot be told, so none of them is read."""
        found: dict[int, CellFault] = {}
        touched = 0
        for one in merged:
            here = [at for at in self._mapped if one.first_column <= at <= one.last_column]
            touched += one.last_row - one.first_row + 1 if here else 0
            if touched > _MOST_MERGED:
                raise refuse(None, "合并单元格太多；请取消合并", "has too many merged cells: unmerge them")
            if here and one.first_column == one.last_column and self._may_carry(here[0]):
                self._begins[(one.first_row, here[0])] = one.last_row
                continue
            for row in range(one.first_row, one.last_row + 1) if here else ():
                name = f"{cell_name(one.first_row, one.first_column)}:{cell_name(one.last_row, one.last_column)}"
                zh = f"{name} 是合并单元格，分不清属于哪一行；请取消合并，逐行填写"
                en = f"{name} are merged: unmerge them and fill in every row"
                fault = CellFault(
                    row, here[0], self._headings[here[0]], self._mapped[here[0]], name, Text(zh=zh, en=en)
                )
                found.setdefault(row, fault)
        return found
