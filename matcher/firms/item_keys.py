"""Facts of several loans, projects … kept flat beside a firm's own: ``loan-2.loan_principal`` is of the second loan.

The first of a kind stands under the plain names of its facts, as if there were no other; ``loan-1.name`` is how it is called. So a case and
the register of firms keep several as they keep everything: merged, versioned and forgotten fact by fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from matcher.engine import Item
from matcher.rulebook import Rulebook, Text
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, ItemKind, Scalar, kind_of

from .items import ReadItems, read_items
from .profile import read_facts

NAME, FOR, COMPLETE = "name", "for", "complete"

"""What the name of an item is kept under (``loan-2.name``), what it is for (``loan-2.for``, the id of another item), and, with the
first, that a firm's items of the kind are all told (``loan-1.complete``)."""

FIELD_LABELS: Mapping[str, Text] = {
    NAME: Text(zh="名称", en="name"),
    FOR: Text(zh="属于", en="is for"),
    COMPLETE: Text(zh="是否已列全", en="all of them listed"),
}

_KEY = re.compile(rf"({'|'.join(ITEM_KINDS)})-([1-9]\d?)\.([a-z][a-z0-9_]{{0,80}})")


class ItemKey(NamedTuple):
    """Under what something of an item is kept: its kind, which of them it is (from 1), and the fact, or ``name``."""

    kind: ItemKind
    number: int
    field: str

    @property
    def item(self) -> str:
        """The id of the item."""
        return f"{self.kind}-{self.number}"

    @property
    def label(self) -> Text:
        """What the item is called without a name: 贷款2."""
        return Item(self.kind, self.item).label

    def __str__(self) -> str:
        return f"{self.item}.{self.field}"


def read_key(name: str) -> ItemKey | None:
    """What a name is kept for; None for the name of a fact of the firm, or of the first item."""
    found = _KEY.fullmatch(name)
    kind = kind_of(found[1]) if found else None
    return None if found is None or kind is None else ItemKey(kind, int(found[2]), found[3])


def read_told(rulebook: Rulebook, told: Mapping[str, object]) -> ReadItems:
    """The facts of the firm and its items, of what is kept flat; what cannot be read is left out."""
    others: dict[ItemKind, dict[int, dict[str, object]]] = {}
    firsts: dict[ItemKind, dict[str, object]] = {}
    for name, value in told.items():
        key = read_key(name)
        if key is not None and key.number == 1:
            firsts.setdefault(key.kind, {})[key.field] = value
        elif key is not None:
            others.setdefault(key.kind, {}).setdefault(key.number, {})[key.field] = value
    owners = {key: owner for key, owner in _owners_told(told) if owner is not None}
    for key, owner in owners.items():
        # Of both it matters which they are, though there be one of each.
        others.setdefault(key.kind, {})
        others.setdefault(owner.kind, {})
    listed: dict[ItemKind, list[dict[str, object]]] = {
        kind: [
            {
                "id": f"{kind}-{number}",
                NAME: own.get(NAME),
                FOR: _owner_of(ItemKey(kind, number, FOR), owners),
                "facts": {field: value for field, value in own.items() if field not in FIELD_LABELS},
            }
            for number, own in sorted(some.items())
        ]
        for kind, some in others.items()
    }
    first = {
        kind: {NAME: firsts.get(kind, {}).get(NAME), FOR: _owner_of(ItemKey(kind, 1, FOR), owners)} for kind in others
    }
    complete = {kind: True for kind, own in firsts.items() if own.get(COMPLETE) is True}
    flat = {name: value for name, value in told.items() if "." not in name}
    return with_first(rulebook, flat, listed, first, complete)


def owner_named(told: Mapping[str, object], kind: ItemKind, text: str) -> ItemKey | None:
    """The item that one of ``kind`` may be for and that is called so, by its id, its name, or its kind and number."""
    called: dict[str, ItemKey] = {}
    for name, value in told.items():
        key = read_key(name)
        if key is not None and value is not None and key.kind in BELONGS_TO[kind]:
            called[str(value) if key.field == NAME else key.item] = key._replace(field=NAME)
    for owner in BELONGS_TO[kind]:  # the first may be told under plain names alone
        called.setdefault(f"{owner}-1", ItemKey(owner, 1, NAME))
    for key in tuple(called.values()):
        for spoken in (key.item, key.label.zh, key.label.en):
            called.setdefault(spoken, key)
    return called.get(text.strip())


def _owners_told(told: Mapping[str, object]) -> Iterator[tuple[ItemKey, ItemKey | None]]:
    for name, value in told.items():
        key = read_key(name)
        if key is not None and key.field == FOR and value is not None:
            yield key, owner_named(told, key.kind, str(value))


def _owner_of(key: ItemKey, owners: Mapping[ItemKey, ItemKey]) -> str | None:
    return owners[key].item if key in owners else None


def with_first(
    rulebook: Rulebook,
    flat: Mapping[str, object],
    others: Mapping[ItemKind, Sequence[Mapping[str, object]]],
    firsts: Mapping[ItemKind, Mapping[str, object]],
    complete: Mapping[ItemKind, bool] | None = None,
) -> ReadItems:
    """Every item of the kinds with more than one, the first, which is told flat, among them, and what is left flat.

    :param others: the further items as a profile writes them.
    :param firsts: of the first of a kind its ``name`` and what it is ``for``.
    :param complete: the kinds of which all are told.
    """
    firm, _ = read_facts(rulebook, flat)
    of = {fact: rulebook.facts[fact].of for fact in firm}
    raw = {
        kind: [
            {
                "id": f"{kind}-1",
                **firsts.get(kind, {}),
                "facts": {fact: flat[fact] for fact in firm if kind in of[fact]},
            },
            *some,
        ]
        for kind, some in others.items()
    }
    rest: dict[str, Scalar] = {
        fact: value for fact, value in firm.items() if not of[fact] or not set(of[fact]) <= raw.keys()
    }
    shared = {fact for fact in rest if set(of[fact]) & raw.keys()}  # of two kinds, one of which is told flat
    read = read_items(
        rulebook, raw, complete, {fact: value for fact, value in rest.items() if fact not in shared}, lambda _: None
    )
    read.firm.update({fact: rest[fact] for fact in shared})
    return read
