"""Reads the sheets beside a list of firms that hold the loans, projects, machines … of each: one a kind, linked by the credit code."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from matcher.firms import COMPLETE, FOR, MOST_ITEMS, NAME, ItemKey, owner_named, read_key, refuse, shown
from matcher.rulebook import Rulebook, Text
from matcher.rulebook.language import BELONGS_TO, KIND_WORDS, ItemKind

from .columns import Columns, is_owner_heading, plain_heading
from .rows import CellFault, FirmRow, RowReader
from .tables import ItemSheet, Table

CODE = "credit_code"

_MOST_UNLINKED = 5  # rows that are named


def item_columns(columns: Columns, kind: ItemKind, headings: Sequence[str]) -> dict[int, str]:
    """What each column of a table of items says: the firm's credit code, `name`, `for`, or a fact of such an item; others are left out."""
    words = KIND_WORDS[kind]
    names = {plain_heading(one) for one in (words.zh, words.en, f"{words.zh}名称", "名称", "名字", "name", "item")}
    places: dict[int, str] = {}
    for at, heading in enumerate(headings):
        column = columns.named(heading) if heading.strip() else None
        fact = columns.facts.get(column or "")
        key = read_key(column or "")
        if plain_heading(heading) in names:
            column = NAME
        elif key is not None and (key.kind, key.number) == (kind, 1):
            column = key.field
        elif is_owner_heading(kind, heading):
            column = FOR
        elif column != CODE and (fact is None or kind not in fact.of):
            continue
        if column is not None and column not in places.values():
            places[at] = column
    return places


def ignored_columns(columns: Columns, sheet: ItemSheet) -> tuple[str, ...]:
    """The headings of a sheet of items whose columns are not read, and have anything in them."""
    table = sheet.table
    places = item_columns(columns, sheet.kind, [told or heading for told, heading in _headings(table)])
    return tuple(
        shown(heading)
        for at, heading in enumerate(table.headings)
        if heading.strip() and at not in places and any(at < len(row) and row[at] != "" for _, row in sheet.rows)
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet: what it tells under the plain names of facts, ``name`` and ``for``; its faults name the sheet."""

    kind: ItemKind
    sheet: str
    line: int
    told: Mapping[str, object]
    faults: tuple[CellFault, ...]


class ItemSheets:
    """The rows of all such sheets, by the credit code of their firm."""

    def __init__(self, rulebook: Rulebook, sheets: Iterable[ItemSheet]) -> None:
        self._columns = Columns(rulebook)
        self._of: dict[str, list[_Row]] = defaultdict(list)
        for one in sheets:
            for code, row in self._rows(rulebook, one):
                self._of[code].append(row)

    def _rows(self, rulebook: Rulebook, sheet: ItemSheet) -> Iterator[tuple[str, _Row]]:
        table, kind = sheet.table, sheet.kind
        places = item_columns(self._columns, kind, [told or heading for told, heading in _headings(table)])
        _must_have_code(table, places)
        mapping = {at: self._key(kind, column) for at, column in places.items()}
        reader = RowReader(rulebook, table, mapping, needed=(CODE,))
        for row in sheet.rows:
            read = reader.read(row)
            told = {name: value for name, value in read.facts.items() if name != CODE}
            told = {key.field if (key := read_key(name)) else name: value for name, value in told.items()}
            faults = tuple(
                replace(one, sheet=table.sheet or "", fact=self._key(kind, one.fact))
                for one in read.faults
                if one.fact != CODE or not read.credit_code
            )
            yield link_of(read), _Row(kind, table.sheet or "", read.line, told, faults)

    def _key(self, kind: ItemKind, column: str) -> str:
        return str(ItemKey(kind, 1, column)) if column in (NAME, FOR) else column

    def with_items(self, row: FirmRow) -> FirmRow:
        """The firm's row with what the sheets tell of it, behind what the row itself tells; a fault there is one of the row."""
        facts, faults = dict(row.facts), list(row.faults)
        link = link_of(row)
        for one in self._of.pop(link, ()) if link else ():
            faults += one.faults
            number = self._free(facts, one.kind)
            if number is None:
                faults.append(self._fault(one, None, _too_many(one.kind)))
                continue
            for name, value in one.told.items():
                key = str(ItemKey(one.kind, number, name))
                key = name if number == 1 and name not in (NAME, FOR) else key
                if facts.get(key, value) != value:
                    faults.append(self._fault(one, name, _OTHERWISE))
                facts[key] = value
        return replace(row, facts=facts, faults=tuple(faults))

    def must_be_linked(self) -> None:
        """Raise Unreadable where a row is of no firm of the list: nothing that was told may be passed over."""
        _refuse_unlinked([(one.sheet, one.line) for rows in self._of.values() for one in rows])

    def _free(self, facts: Mapping[str, object], kind: ItemKind) -> int | None:
        keys = (key for name in facts if (key := read_key(name)) and key.kind == kind and key.field != COMPLETE)
        taken = {key.number for key in keys}
        if any(kind in self._columns.facts[name].of for name in facts if name in self._columns.facts):
            taken.add(1)
        return next((number for number in range(1, MOST_ITEMS + 1) if number not in taken), None)

    def _fault(self, row: _Row, fact: str | None, reason: Text) -> CellFault:
        return CellFault(row.line, None, "", fact or f"items.{row.kind}", "", reason, row.sheet)


def check_links(columns: Columns, sheets: Iterable[ItemSheet], cells: Container[str]) -> None:
    """Raise Unreadable where a sheet has no column of codes, or one of its codes stands nowhere among the ``cells`` of the list."""
    unlinked = []
    for one in sheets:
        places = item_columns(columns, one.kind, [told or head for told, head in _headings(one.table)])
        _must_have_code(one.table, places)
        at = next(at for at, column in places.items() if column == CODE)
        codes = ((line, link_text(str(row[at])) if at < len(row) else "") for line, row in one.rows)
        unlinked += [(one.table.sheet or "", line) for line, code in codes if code not in cells]
    _refuse_unlinked(unlinked)


def _headings(table: Table) -> Iterator[tuple[str | None, str]]:
    return zip_longest(table.ids[: len(table.headings)], table.headings)


def _must_have_code(table: Table, places: Mapping[int, str]) -> None:
    if CODE not in places.values():
        raise refuse(
            table.heading_row,
            f"工作表“{table.sheet}”要有一列“统一社会信用代码”，说明每一行是哪家企业的",
            f"the sheet {table.sheet} needs a column with the credit code of each row's firm",
        )


def _refuse_unlinked(rows: Sequence[tuple[str, int]]) -> None:
    if not rows:
        return
    lines_zh = "、".join(f"“{sheet}”第 {line} 行" for sheet, line in rows[:_MOST_UNLINKED])
    lines_en = ", ".join(f"{sheet} row {line}" for sheet, line in rows[:_MOST_UNLINKED])
    more_zh, more_en = (" 等", " and more") if rows[_MOST_UNLINKED:] else ("", "")
    raise refuse(
        None,
        f"{lines_zh}{more_zh}的统一社会信用代码在企业表中没有；请对照改正，或把企业补进企业表",
        f"{lines_en}{more_en}: no firm of the list has this credit code; correct it, or add the firm",
    )


def with_owners(row: FirmRow) -> FirmRow:
    """The row with the id of what each item is for in place of its name; a fault where nothing is called so."""
    facts, faults = dict(row.facts), list(row.faults)
    for name, value in row.facts.items():
        key = read_key(name)
        if key is None or key.field != FOR:
            continue
        owner = owner_named(row.facts, key.kind, str(value))
        if owner is not None:
            facts[name] = owner.item
            continue
        kinds = [KIND_WORDS[kind] for kind in BELONGS_TO[key.kind]]
        zh, en = "或".join(one.zh for one in kinds), " or ".join(one.en for one in kinds)
        told = shown(str(value))
        text = Text(
            zh=f"{key.label.zh}属于“{told}”：这家企业没有叫这个的{zh}",
            en=f"{key.label.en} is for “{told}”: the firm has no {en} of this name",
        )
        faults.append(CellFault(row.line, None, "", name, told, text))
    return replace(row, facts=facts, faults=tuple(faults))


def link_of(row: FirmRow) -> str:
    """By what a row of a firm and rows of its items find each other: the credit code, or what stands in its place."""
    told = row.credit_code or next((one.value for one in row.faults if one.fact == CODE), "")
    return link_text(told)


def link_text(told: str) -> str:
    """A credit code as it is compared, however it is typed."""
    return unicodedata.normalize("NFKC", told).strip().upper()


_OTHERWISE = Text(
    zh="这一项已在企业表或别的工作表里写了另一个值，请只留一个",
    en="is told otherwise in the list of firms or on another sheet: keep one",
)


def _too_many(kind: ItemKind) -> Text:
    words = KIND_WORDS[kind]
    return Text(
        zh=f"一家企业最多看 {MOST_ITEMS} {words.counter}{words.zh}；先留下金额大的，其余的另传一份",
        en=f"we look at {MOST_ITEMS} {words.several} of a firm at most: keep the largest, and upload the others by themselves",
    )
