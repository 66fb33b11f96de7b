"""The several loans, projects, machines … of a case: a table for each kind in its form, read from what was sent or pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from matcher.firms import (
    COMPLETE,
    FIELD_LABELS,
    FOR,
    MOST_ITEMS,
    NAME,
    ItemKey,
    numbers,
    owner_named,
    read_key,
    read_value,
)
from matcher.firms.spreadsheets import Columns, is_owner_heading, read_one
from matcher.presentation import Catalogue, FieldFault, entries
from matcher.rulebook import Fact, Text
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, KIND_WORDS, ItemKind, owners
from matcher.text import figures, sentences

# ---------------------------------------------------------------------------------------------------------------------
# Names the fields of the tables: rows, columns, what is pasted, and what is taken out.
# ---------------------------------------------------------------------------------------------------------------------

ROW, COLUMN, PASTE, DROP, SOURCE = "item_", "column_", "paste_", "drop", "source_"

ALL = "all_"

"""What says that a form asked whether the items of a kind are all there."""

PART = "items_"
"""What the part of the form with the table of a kind is called, to open it and to keep it on the page."""

_LONGEST_NAME = 40

_MOST_PASTED = 200_000  # characters

_NAME_HEADINGS = frozenset({"名称", "名字", "name", "item"})


def facts_of_kind(book: Catalogue, kind: ItemKind) -> tuple[str, ...]:
    """The facts of an item of a kind, in the vocabulary's order."""
    return tuple(fact.id for fact in book.rulebook.facts.values() if kind in fact.of)


# ---------------------------------------------------------------------------------------------------------------------
# Reads the tables of a form: what each row says of its item, the rows that were taken out, and the rows pasted.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadTables:
    """What the tables of a form say: what is told now under each key (None: nothing), of the first item of a kind by the plain
    names of its facts; and what is wrong, each with its field."""

    told: Mapping[str, Any]
    faults: tuple[FieldFault, ...] = ()
    pasted: Mapping[ItemKind, int] = field(default_factory=dict)  # how many rows were taken from what was pasted
    sources: Mapping[str, str] = field(default_factory=dict)  # by the id of a row who says so, where the form asked

    @property
    def first(self) -> dict[str, Any]:
        """What was pasted for the first item of a kind."""
        return {name: value for name, value in self.told.items() if "." not in name}


def read_tables(book: Catalogue, base: Mapping[str, Any], sent: MultiDict[str, str]) -> ReadTables:
    """Read every table that a form has, beside the facts that it was filled in from."""
    told: dict[str, Any] = {}
    faults: list[FieldFault] = []
    pasted: dict[ItemKind, int] = {}
    sources: dict[str, str] = {}
    for kind in sorted(ITEM_KINDS, key=lambda one: len(tuple(owners(one)))):  # what others may be for comes first
        columns = [name for name in sent.getlist(COLUMN + kind) if name in facts_of_kind(book, kind)]
        rows = [key for key in map(_row_key, sent.getlist(ROW + kind)) if key is not None and key.kind == kind]
        for row in rows:
            _read_row(book, row, columns, base, sent, told, faults)
            if sent.get(SOURCE + row.item):
                sources[row.item] = sent[SOURCE + row.item]
        if ALL + kind in sent:
            key = str(ItemKey(kind, 1, COMPLETE))
            told[key] = True if sent.get(key) else None
        text = sent.get(PASTE + kind, "")[:_MOST_PASTED]
        if text.strip():
            pasted[kind] = _read_pasted(book, kind, text, columns, base, told, faults)
    _read_owners(base, sent, told, faults)
    return ReadTables(told, tuple(faults), pasted, sources)


def _row_key(told: str) -> ItemKey | None:
    return read_key(f"{told}.{NAME}")


def _read_row(
    book: Catalogue,
    row: ItemKey,
    columns: Sequence[str],
    base: Mapping[str, Any],
    sent: MultiDict[str, str],
    told: dict[str, Any],
    faults: list[FieldFault],
) -> None:
    if row.item in sent.getlist(DROP):
        told.update(dict.fromkeys(_keys_of(base, row)))
        return
    name = str(row._replace(field=NAME))
    if name in sent:
        told[name] = _plain_name(sent[name]) or None
    for column in columns if row.number > 1 else ():
        key = str(row._replace(field=column))
        if key not in sent:
            continue
        value, wrong = _read(book.fact(column), sent[key], is_in_percent=True)
        if wrong is None:
            told[key] = value
        else:
            faults.append(FieldFault(key, wrong))


def _read_owners(
    base: Mapping[str, Any], sent: MultiDict[str, str], told: dict[str, Any], faults: list[FieldFault]
) -> None:
    """What each row says that it is for, once all rows are read; nothing where that one was taken out."""
    now = {name: value for name, value in {**base, **told}.items() if value is not None}
    for name in {*now, *sent}:
        key = read_key(name)
        if key is None or key.field != FOR or name in told:
            continue
        typed = sent.get(name, str(base.get(name) or "")).strip()
        owner = owner_named(now, key.kind, typed)
        if typed and owner is None and typed not in sent.getlist(DROP) and name in sent:
            faults.append(FieldFault(name, _no_owner(key.kind, typed)))
        else:
            told[name] = None if owner is None or owner.item in sent.getlist(DROP) else owner.item


def _no_owner(kind: ItemKind, typed: str) -> Text:
    kinds = [KIND_WORDS[owner] for owner in BELONGS_TO[kind]]
    zh, en = "或".join(one.zh for one in kinds), " or ".join(one.en for one in kinds)
    return Text(
        zh=f"没有叫“{entries.shown(typed)}”的{zh}：写它的名称，或先把它填上",
        en=f"there is no {en} called “{entries.shown(typed)}”: write its name, or enter it first",
    )


def _keys_of(told: Mapping[str, Any], row: ItemKey) -> list[str]:
    keys = ((name, read_key(name)) for name in told)
    return [name for name, key in keys if key is not None and key.item == row.item]


def _read(fact: Fact, typed: str, heading: str = "", *, is_in_percent: bool = False) -> tuple[Any, Text | None]:
    """What a cell says of a fact as a profile states it (None: nothing), or what is wrong with it."""
    if not typed.strip():
        return None, None
    if len(typed) > entries.LONGEST_ENTRY:
        return None, sentences.filled("太长了，最多200个字")
    found = read_one(fact, typed.strip(), heading, is_in_percent=is_in_percent)
    if isinstance(found, Text):
        return None, found
    if found is None:
        return None, None
    _, reasons = read_value(fact, found)
    return (None, reasons[0]) if reasons else (found, None)


def _plain_name(typed: str) -> str:
    return entries.shown(typed).strip()[:_LONGEST_NAME]


def _read_pasted(
    book: Catalogue,
    kind: ItemKind,
    text: str,
    columns: Sequence[str],
    base: Mapping[str, Any],
    told: dict[str, Any],
    faults: list[FieldFault],
) -> int:
    """Put pasted rows behind those that are there; nothing of them where any cell is wrong. Gives how many were taken."""
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    places, has_heading = _places(book, kind, lines[0], columns)
    rows = lines[1:] if has_heading else lines
    numbers_ = _free_numbers(book, kind, {**base, **told})
    field_ = PASTE + kind
    if len(rows) > len(numbers_):
        faults.append(FieldFault(field_, _too_many(kind, MOST_ITEMS - len(numbers_) + len(rows))))
        return 0
    made: dict[str, Any] = {}
    wrong: list[FieldFault] = []
    for line, (cells, number) in enumerate(zip(rows, numbers_, strict=False), 2 if has_heading else 1):
        for at, column in places.items():
            cell = cells[at].strip() if at < len(cells) else ""
            if column == NAME:
                made[f"{kind}-{number}.{NAME}"] = _plain_name(cell) or None
                continue
            if column == FOR:
                owner = owner_named({**base, **told}, kind, cell)
                made[f"{kind}-{number}.{FOR}"] = owner.item if owner else None
                if cell and owner is None:
                    wrong.append(FieldFault(field_, _of_cell(FIELD_LABELS[FOR], line, _no_owner(kind, cell))))
                continue
            value, reason = _read(book.fact(column), cell, lines[0][at] if has_heading else "")
            if reason is not None:
                wrong.append(FieldFault(field_, _of_cell(book.fact(column).label, line, reason)))
            elif value is not None:
                made[column if number == 1 else f"{kind}-{number}.{column}"] = value
    faults += wrong
    if wrong:
        return 0
    told.update(made)
    return len(rows)


def _of_cell(label: Text, line: int, reason: Text) -> Text:
    return Text(zh=f"粘贴的第{line}行“{label.zh}”：{reason.zh}", en=f"pasted line {line}, {label.en}: {reason.en}")


def _places(
    book: Catalogue, kind: ItemKind, first: Sequence[str], columns: Sequence[str]
) -> tuple[dict[int, str], bool]:
    """Which column of what was pasted says what: by its headings where the first line has any, else the table's own order."""
    named = Columns(book.rulebook)
    own = facts_of_kind(book, kind)
    places: dict[int, str] = {}
    for at, cell in enumerate(first):
        column = named.named(cell) if cell.strip() else None
        if column in own and column not in places.values():
            places[at] = column or ""
    if not places:
        return dict(enumerate((NAME, *columns))), False
    words = {KIND_WORDS[kind].zh, KIND_WORDS[kind].en, f"{KIND_WORDS[kind].zh}名称", *_NAME_HEADINGS}
    names = [at for at, cell in enumerate(first) if cell.strip().casefold() in words and at not in places]
    for_ = [at for at, cell in enumerate(first) if is_owner_heading(kind, cell)]
    return places | dict.fromkeys(names[:1], NAME) | dict.fromkeys(for_[:1], FOR), True


def _free_numbers(book: Catalogue, kind: ItemKind, told: Mapping[str, Any]) -> list[int]:
    """The numbers that further items may have; the first too, where nothing is told of one yet."""
    taken = {
        key.number
        for name, value in told.items()
        if value is not None and (key := read_key(name)) and key.kind == kind and key.field != COMPLETE
    }
    if taken - {1} or any(told.get(fact) is not None for fact in facts_of_kind(book, kind)):
        taken.add(1)
    else:
        taken.discard(1)
    return [number for number in range(1, MOST_ITEMS + 1) if number not in taken]


def _too_many(kind: ItemKind, number: int) -> Text:
    words = KIND_WORDS[kind]
    return Text(
        zh=f"一次最多看{MOST_ITEMS}{words.counter}{words.zh}，这样会有{number}{words.counter}：先粘贴金额大的，其余的另开一件",
        en=f"we look at {MOST_ITEMS} {words.several} at a time at most, and these would be {number}: paste the largest first, and "
        "open another case for the rest",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Says what is kept of an item in words, wherever a case lists its facts: changes, clashes, what is told.
# ---------------------------------------------------------------------------------------------------------------------


def key_label(book: Catalogue, name: str, facts: Mapping[str, Any], lang: str) -> str | None:
    """How something kept of an item is called, with the item's name: ``数控车床A – 单价``; None for a fact of the firm."""
    key = read_key(name)
    if key is None:
        return None
    called = item_called(name, facts, lang)
    if key.field == COMPLETE:
        return sentences.say("{noun}是否已列全", lang, noun=KIND_WORDS[key.kind].noun(lang))
    if key.field in FIELD_LABELS:
        what = FIELD_LABELS[key.field].get(lang)
    else:
        known = book.rulebook.facts.get(key.field)
        what = known.label.get(lang) if known else key.field
    return f"{called}{figures.blank(lang)}–{figures.blank(lang)}{what}"


def item_called(name: str, facts: Mapping[str, Any], lang: str) -> str:
    """How the item is called that something is kept of; empty for a fact of the firm."""
    key = read_key(name)
    return "" if key is None else str(facts.get(str(key._replace(field=NAME))) or "") or key.label.get(lang)


def key_words(name: str, value: object, lang: str, facts: Mapping[str, Any] | None = None) -> str | None:
    """A value in words that is kept of an item and is none of the vocabulary: what it is for, whether these are all; else None."""
    key = read_key(name)
    if key is not None and key.field == COMPLETE:
        return sentences.say("是" if value is True else "否", lang)
    owner = _row_key(str(value)) if key is not None and key.field == FOR else None
    return None if owner is None else item_called(str(owner), facts or {}, lang)


def fact_of(book: Catalogue, name: str) -> Fact | None:
    """The fact of the vocabulary that a name or a key of an item is told of; None where there is none."""
    key = read_key(name)
    return None if key and key.field in FIELD_LABELS else book.rulebook.facts.get(name if key is None else key.field)


def fields_of(book: Catalogue, name: str, value: Any) -> tuple[tuple[str, str], ...]:
    """The fields by which a value kept of an item (under its key) is sent: its own, and those that make its row and column."""
    key = read_key(name)
    assert key is not None
    fact = fact_of(book, name)
    typed = "" if value is None else numbers.typed(fact.type, value) if fact else str(value)
    if key.field == COMPLETE:
        return ((ALL + key.kind, "1"), *(((name, "true"),) if value else ()))
    sent = [(ROW + key.kind, key.item), (name, typed)]
    return (*sent, (COLUMN + key.kind, key.field)) if fact else tuple(sent)
