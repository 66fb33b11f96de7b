"""Closes what a newer list leaves out of a firm's loans, projects …: they are paid back, finished, sold, or stand there no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from matcher.rulebook.language import ItemKind

from .item_keys import COMPLETE, NAME, ItemKey, read_key


@dataclass(frozen=True, slots=True)
class Closing:
    """The keys that a list withdraws, and the kinds of which the register goes on having more than the list."""

    withdrawn: frozenset[str] = frozenset()
    more: frozenset[ItemKind] = frozenset()


def closing(
    known: Mapping[str, object], told: Mapping[str, object], kinds: Mapping[str, Collection[ItemKind]]
) -> Closing:
    """What a list that tells of several of a kind makes of those that were known before.

    Left out of a list that says that these are all (``loan-1.complete``) they are closed; left out of another they stay, which its
    reader is told. What stood under a number that is now called otherwise was of another one, and goes; of the first that is what is told
    flat, of a fact of two kinds only where the first of both is another.

    :param known: what is known of the firm; None for what was withdrawn.
    :param kinds: of which kinds of item each fact is that may be told flat.
    """
    numbers, withdrawn, more = _numbers(told), set[str](), set[ItemKind]()
    others = _others_first(known, told)
    for name, value in known.items():
        key = read_key(name)
        if key is None and value is not None and name not in told and kinds.get(name):
            if all(kind in others for kind in kinds[name]):
                withdrawn.add(name)
            continue
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


def _others_first(known: Mapping[str, object], told: Mapping[str, object]) -> set[ItemKind]:
    """The kinds of which the first is now called otherwise."""
    return {kind for kind in _numbers(told) if _is_another(ItemKey(kind, 1, NAME), known, told)}


def _is_another(key: ItemKey, known: Mapping[str, object], told: Mapping[str, object]) -> bool:
    name = str(key._replace(field=NAME))
    return bool(known.get(name)) and bool(told.get(name)) and known[name] != told[name]
