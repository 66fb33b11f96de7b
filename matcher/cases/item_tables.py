"""Lays the several loans, projects, machines … of a case out as a table of its form for each kind: a row each, and a blank one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matcher.firms import COMPLETE, FIELD_LABELS, FOR, MOST_ITEMS, NAME, ItemKey, numbers, read_key
from matcher.firms.spreadsheets import Columns
from matcher.presentation import Catalogue, FieldFault, entries
from matcher.rulebook import Fact
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, KIND_WORDS, ItemKind
from matcher.text import desk_labels, sentences, values

from .content import CONFIRMED, DECLARED, IMPORTED
from .items import PART, PASTE, SOURCE, facts_of_kind, item_called

_MOST_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the table: its name, how it is filled in, what stands in it, what may be chosen, and what is wrong."""

    name: str
    control: Literal["text", "choice"]
    value: str
    choices: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item: of the first the cells are words, and no fields (``is_first``). ``owner`` is what it is for, where there is anything
    that it may be for; ``source`` is who says so, of which there is nothing to choose where it is the first, or new."""

    id: str
    label: str
    name: str
    cells: tuple[Cell, ...]
    words: tuple[str, ...]
    is_first: bool
    is_new: bool
    owner: Cell | None = None
    source: Cell | None = None


@dataclass(frozen=True, slots=True)
class ItemTable:
    """The items of a kind, with what a paste may say and what is wrong with it."""

    kind: ItemKind
    noun: str
    counted: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ItemRow, ...]
    pasted: str
    faults: tuple[str, ...]
    is_open: bool
    has_owners: bool = False  # whether anything is told that an item may be for
    complete: bool = False

    @property
    def complete_name(self) -> str:
        """The field that says whether these are all."""
        return str(ItemKey(self.kind, 1, COMPLETE))

    @property
    def part(self) -> str:
        """The name of the part of the form."""
        return PART + self.kind


def tables(
    book: Catalogue,
    facts: Mapping[str, Any],
    sources: Mapping[str, Any],
    awaited: Sequence[str],
    posted: Mapping[str, str],
    faults: Sequence[FieldFault],
    opened: Sequence[str],
    lang: str,
) -> tuple[ItemTable, ...]:
    """A table for each kind of which anything is told or which is ``opened``.

    :param facts: as the case keeps them, ``sources`` who says so; ``awaited``: the facts that decisions wait for, first those worth most.
    :param posted: what was typed, which stands in the fields again.
    """
    wrong = {
        name: tuple(one.text.get(lang) for one in faults if one.field == name) for name in {one.field for one in faults}
    }
    filling, found = _Filling(book, facts, sources, posted, wrong, lang), []
    for kind in ITEM_KINDS:
        own = facts_of_kind(book, kind)
        several = sorted(
            {key.number for name in facts if (key := read_key(name)) and key.kind == kind and key.number > 1}
        )
        is_told = bool(several) or any(fact in facts for fact in own)
        is_opened = PART + kind in opened
        if is_told or is_opened or PASTE + kind in posted:
            found.append(_table(filling, kind, own, several, awaited, is_opened=is_opened))
    return tuple(found)


def untold_kinds(shown: Sequence[ItemTable], lang: str) -> tuple[tuple[str, str], ...]:
    """The kinds that have no table yet: the part to open, and what they are called."""
    here = {table.kind for table in shown}
    return tuple((PART + kind, KIND_WORDS[kind].noun(lang)) for kind in ITEM_KINDS if kind not in here)


@dataclass(frozen=True, slots=True)
class _Filling:
    """What the fields of the tables are filled in with: the facts as the case keeps them, what was typed, and what is wrong, by
    the name of the field."""

    book: Catalogue
    facts: Mapping[str, Any]
    sources: Mapping[str, Any]
    posted: Mapping[str, str]
    wrong: Mapping[str, tuple[str, ...]]
    lang: str

    def first(self, kind: ItemKind, columns: Sequence[str]) -> ItemRow:
        """The row of the first item, whose facts stand in the form itself."""
        key, facts = ItemKey(kind, 1, NAME), self.facts
        name = self.posted.get(str(key), str(facts.get(str(key)) or ""))
        words = tuple(
            values.stated_text(self.book.fact(fact), facts[fact], self.lang) if fact in facts else ""
            for fact in columns
        )
        return ItemRow(key.item, key.label.get(self.lang), name, (), words, True, False, self.owner(kind, 1))

    def row(self, kind: ItemKind, number: int, columns: Sequence[str], is_new: bool) -> ItemRow:
        """The row of a further item, or (``is_new``) a blank one."""
        key = ItemKey(kind, number, NAME)
        cells = tuple(self.cell(self.book.fact(fact), str(key._replace(field=fact))) for fact in columns)
        held = self.posted.get(str(key), "") if str(key) in self.wrong else str(self.facts.get(str(key)) or "")
        source = None if is_new else self.source(key.item)
        owner = self.owner(kind, number)
        return ItemRow(key.item, key.label.get(self.lang), held, cells, (), False, is_new, owner, source)

    def owners(self, kind: ItemKind) -> dict[str, str]:
        """The items that one of a kind may be for, by id, each with its name."""
        found: dict[str, str] = {}
        for owner in BELONGS_TO[kind]:
            numbers_ = {key.number for name in self.facts if (key := read_key(name)) and key.kind == owner}
            if any(fact in self.facts for fact in facts_of_kind(self.book, owner)):
                numbers_.add(1)
            keys = [ItemKey(owner, number, NAME) for number in sorted(numbers_)]
            found |= {key.item: item_called(str(key), self.facts, self.lang) for key in keys}
        return found

    def owner(self, kind: ItemKind, number: int) -> Cell | None:
        """The field of what an item is for."""
        key, choices = str(ItemKey(kind, number, FOR)), self.owners(kind)
        if not choices:
            return None
        value = self.posted.get(key, "") if self.wrong.get(key) else str(self.facts.get(key) or "")
        return Cell(key, "choice", value, tuple(choices.items()), self.wrong.get(key, ()))

    def source(self, item: str) -> Cell | None:
        """The field of who says what is told of an item; empty where of its facts one says this and one that."""
        stated = {
            str((self.sources.get(name) or {}).get("source", ""))
            for name in self.facts
            if (key := read_key(name)) and key.item == item and key.field not in FIELD_LABELS
        }
        if not stated:
            return None
        offered = (DECLARED, CONFIRMED, *((IMPORTED,) if IMPORTED in stated else ()))
        choices = tuple((one, sentences.say(desk_labels.FACT_SOURCE[one], self.lang)) for one in offered)
        return Cell(SOURCE + item, "choice", stated.pop() if len(stated) == 1 else "", choices, ())

    def cell(self, fact: Fact, name: str) -> Cell:
        """The field of one fact of an item."""
        value = numbers.typed(fact.type, self.facts[name]) if name in self.facts else ""
        if self.wrong.get(name):
            value = entries.shown(self.posted.get(name, ""))
        choices: tuple[tuple[str, str], ...] = ()
        if fact.type == "boolean":
            choices = (("true", sentences.say("是", self.lang)), ("false", sentences.say("否", self.lang)))
        elif fact.type == "enum":
            choices = tuple((each, label.get(self.lang)) for each, label in fact.values.items())
        return Cell(name, "choice" if choices else "text", value, choices, self.wrong.get(name, ()))


def _table(
    filling: _Filling,
    kind: ItemKind,
    own: Sequence[str],
    several: Sequence[int],
    awaited: Sequence[str],
    *,
    is_opened: bool,
) -> ItemTable:
    facts, wrong, lang, pasted = filling.facts, filling.wrong, filling.lang, PASTE + kind
    told = [fact for fact in own if fact in facts or any(f"{kind}-{number}.{fact}" in facts for number in several)]
    more = [fact for fact in dict.fromkeys(awaited) if fact in own and fact not in told]
    columns = [*told, *more[: max(_MOST_COLUMNS - len(told), 0)]] or list(own[:_MOST_COLUMNS])
    has_first = bool(several) or any(fact in facts for fact in own)
    free = next((number for number in range(2, MOST_ITEMS + 1) if number not in several), None)
    rows = [filling.first(kind, columns)] if has_first else []
    rows += [filling.row(kind, number, columns, is_new=False) for number in several]
    if free is not None and has_first:
        rows.append(filling.row(kind, free, columns, is_new=True))
    named = Columns(filling.book.rulebook)
    return ItemTable(
        kind,
        KIND_WORDS[kind].noun(lang),
        KIND_WORDS[kind].counted(len(several) + has_first, lang),
        tuple((fact, named.heading(fact, lang)) for fact in columns),
        tuple(rows),
        filling.posted.get(pasted, "") if wrong.get(pasted) else "",
        wrong.get(pasted, ()),
        bool(several) or is_opened or bool(wrong),
        bool(filling.owners(kind)),
        facts.get(str(ItemKey(kind, 1, COMPLETE))) is True,
    )
