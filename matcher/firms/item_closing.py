"""Closes what a newer list leaves out of a firm's loans, projects …: they are paid back, finished, sold, or stand there no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.rulebook.language import ItemKind

from .item_keys import COMPLETE, NAME, ItemKey, read_key


@dataclass(frozen=True, slots=True)
class Closing:
    """The keys that a list withdraws, and the kinds of which the register goes on having more than the list."""

    withdrawn: frozenset[str] = frozenset()
    more: frozenset[ItemKind] = frozenset()


def closing(known: Mapping[str, object], told: Mapping[str, object]) -> Closing:
    """What a list that tells of several of a kind makes of those that were known before.

    Left out of a list that says that these are all (``loan-1.complete``) they are closed; left out of another they stay, which its
    reader is told. What stood under a number that is now called otherwise was of another one, and goes.

    :param known: what is known of the firm under the keys of items; None for what was withdrawn.
    """
    numbers, withdrawn, more = _numbers(told), set[str](), set[ItemKind]()
    for name, value in known.items():
        key = read_key(name)
        if key is None or value is None or key.kind not in numbers or name in told or key.field == COMPLETE:
            continue
        if key.number in numbers[key.kind]:
            if _is_another(key, known, told):
                withdrawn.add(name)
        elif told.get(str(ItemKey(key.kind, 1, COMPLETE))) is True:
            withdrawn.add(name)
        else:
            more.add(key.kind)
    return Closing(frozenset(withdrawn), frozenset(more))


def _numbers(told: Mapping[str, object]) -> Mapping[ItemKind, set[int]]:
    """Of each kind that a list tells under keys the numbers that it has, the first always among them."""
    found: dict[ItemKind, set[int]] = defaultdict(lambda: {1})
    for name, value in told.items():
        key = read_key(name)
        if key is not None and value is not None:
            found[key.kind].add(key.number)
    return found


def _is_another(key: ItemKey, known: Mapping[str, object], told: Mapping[str, object]) -> bool:
    name = str(key._replace(field=NAME))
    return bool(known.get(name)) and bool(told.get(name)) and known[name] != told[name]
