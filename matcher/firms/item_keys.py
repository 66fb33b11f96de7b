"""Facts of several loans, projects … kept flat beside a firm's own: ``loan-2.loan_principal`` is of the second loan.

The first of a kind stands under the plain names of its facts, as if there were no other; ``loan-1.name`` is how it is called. So a case and
the register of firms keep several as they keep everything: merged, versioned and forgotten fact by fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matcher.engine import Item
from matcher.rulebook import Rulebook, Text
from matcher.rulebook.language import ITEM_KINDS, ItemKind, Scalar, kind_of

from .items import ReadItems, read_items
from .profile import read_facts

NAME = "name"

"""What the name of an item is kept under: ``loan-2.name``."""

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
    names: dict[str, str] = {}
    for name, value in told.items():
        key = read_key(name)
        if key is not None and key.number == 1 and key.field == NAME:
            names[key.kind] = str(value)
        elif key is not None and key.number > 1:
            others.setdefault(key.kind, {}).setdefault(key.number, {})[key.field] = value
    listed = {
        kind: [
            {"id": f"{kind}-{number}", "name": own.get(NAME), "facts": {f: v for f, v in own.items() if f != NAME}}
            for number, own in sorted(some.items())
        ]
        for kind, some in others.items()
    }
    return with_first(rulebook, {name: value for name, value in told.items() if "." not in name}, listed, names)


def with_first(
    rulebook: Rulebook,
    flat: Mapping[str, object],
    others: Mapping[ItemKind, Sequence[Mapping[str, object]]],
    names: Mapping[str, str],
) -> ReadItems:
    """Every item of the kinds with more than one, the first, which is told flat, among them, and what is left flat.

    :param others: the further items as a profile writes them.
    :param names: how the first of a kind is called.
    """
    firm, _ = read_facts(rulebook, flat)
    of = {fact: rulebook.facts[fact].of for fact in firm}
    raw = {
        kind: [
            {
                "id": f"{kind}-1",
                "name": names.get(kind),
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
        rulebook, raw, None, {fact: value for fact, value in rest.items() if fact not in shared}, lambda _: None
    )
    read.firm.update({fact: rest[fact] for fact in shared})
    return read
