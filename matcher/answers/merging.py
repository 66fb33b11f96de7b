"""Merges two changes to one thing, name by name; and what two tabs told: of two changes to one answer the later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq
from typing import Generic, TypeVar

from .answers import Answers, Entry, GateTold

_Value = TypeVar("_Value")

_NOW = 2**63


@dataclass(frozen=True, slots=True)
class ThreeWay(Generic[_Value]):
    """What came of a three-way merge. ``entries`` are theirs with what of mine went in; the names are in alphabetical order.

    ``mine`` are the names that only I changed, ``theirs`` those that they changed, ``clashes`` those that both changed
    differently.
    """

    entries: dict[str, _Value]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    clashes: tuple[str, ...]


def three_way(
    base: Mapping[str, _Value],
    theirs: Mapping[str, _Value],
    mine: Mapping[str, _Value],
    *,
    is_same: Callable[[_Value, _Value], bool] = eq,
    choose: Callable[[_Value | None, _Value | None], _Value | None] | None = None,
) -> ThreeWay[_Value]:
    """Put what I changed since ``base`` upon ``theirs``; a name that is not there was taken out, which is a change too.

    :param is_same: whether two entries say the same.
    :param choose: whose of two changes to one name holds, theirs given first, None for taken out. It is asked even where
        both say the same. Without it theirs stands, and the name is among the clashes where they differ.

    >>> three_way({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 3, "b": 1}).entries
    {'a': 3, 'b': 2}
    >>> three_way({"a": 1}, {}, {"a": 3}).clashes
    ('a',)
    """

    def same(one: _Value | None, other: _Value | None) -> bool:
        return one is other if one is None or other is None else is_same(one, other)

    entries, taken, seen, clashes = dict(theirs), [], [], []
    for name in sorted(base.keys() | theirs.keys() | mine.keys()):
        was, other, now = base.get(name), theirs.get(name), mine.get(name)
        if not same(was, other):
            seen.append(name)
        if same(now, was):
            continue
        if same(other, was):
            taken.append(name)
        elif choose is not None:
            now = choose(other, now)
        else:
            if not same(now, other):
                clashes.append(name)
            continue
        if now is None:
            entries.pop(name, None)
        else:
            entries[name] = now
    return ThreeWay(entries, tuple(taken), tuple(seen), tuple(clashes))


_Timed = tuple[_Value, int | None]
"""What was told, and when, where that is known."""


def merged(base: Answers, theirs: Answers, mine: Answers) -> Answers:
    """`mine` with what became of `theirs` meanwhile; `base` is what both started from.

    Of two changes to one fact the later told holds, and mine where the times are the same or unknown. Nothing is
    lost by it: an answer goes only where one side took it back and the other left it alone.
    """
    sides = (base, theirs, mine)
    gates = three_way(*map(_gates, sides), is_same=_tells_the_same, choose=_later).entries
    facts = three_way(*map(_facts, sides), is_same=_says_the_same, choose=_later).entries
    result = Answers(
        as_of=_changed(base.as_of, theirs.as_of, mine.as_of),
        schemes=_changed(base.schemes, theirs.schemes, mine.schemes),
        ticked=frozenset(three_way(*(dict.fromkeys(side.ticked, True) for side in sides)).entries),
        vocabulary=mine.vocabulary or theirs.vocabulary,
        aside={**theirs.aside, **mine.aside},
        others=_changed(base.others, theirs.others, mine.others),
        names=_changed(base.names, theirs.names, mine.names),
        owners=_changed(base.owners, theirs.owners, mine.owners),
        complete=_changed(base.complete, theirs.complete, mine.complete),
        gates={gate: told for gate, (told, _) in sorted(gates.items())},
        told_at={gate: at for gate, (_, at) in sorted(gates.items()) if at is not None},
    )
    for fact, (entry, at) in sorted(facts.items()):
        result = result.with_entry(fact, entry, at or 0)
    return result


def joined(older: Answers, newer: Answers) -> Answers:
    """Both together, of two entries for one fact the later told; `newer` where the times are the same or unknown."""
    return merged(Answers(), older, newer)


def differing(one: Answers, other: Answers) -> tuple[str, ...]:
    """The facts that both tell, and tell otherwise, in alphabetical order."""
    both = one.answered & other.answered
    return tuple(sorted(fact for fact in both if not _same(one, other, fact)))


def _same(one: Answers, other: Answers, fact: str) -> bool:
    entry = one.entry(fact)
    return entry is not None and entry.is_same(other.entry(fact))


def _changed(base: _Value, theirs: _Value, mine: _Value) -> _Value:
    return theirs if mine == base else mine


def _gates(side: Answers) -> dict[str, _Timed[GateTold]]:
    return {gate: (told, side.told_at.get(gate)) for gate, told in side.gates.items()}


def _facts(side: Answers) -> dict[str, _Timed[Entry]]:
    entries = {fact: side.entry(fact) for fact in side.answered}
    return {fact: (entry, side.told_at.get(fact)) for fact, entry in entries.items() if entry is not None}


def _tells_the_same(one: _Timed[GateTold], other: _Timed[GateTold]) -> bool:
    return one[0] == other[0]


def _says_the_same(one: _Timed[Entry], other: _Timed[Entry]) -> bool:
    return one[0].is_same(other[0])


def _later(theirs: _Timed[_Value] | None, mine: _Timed[_Value] | None) -> _Timed[_Value] | None:
    """The later told. Taken back in this form, which was sent just now: nothing told before can be later."""
    my_time = _NOW if mine is None or mine[1] is None else mine[1]
    return theirs if theirs is not None and (theirs[1] or 0) > my_time else mine
