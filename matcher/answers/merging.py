"""Merges what two tabs told, fact by fact: what only one of them changed stays changed, and of two changes the later."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from .answers import Answers, Entry

_Choice = TypeVar("_Choice")

_NOW = 2**63


def merged(base: Answers, theirs: Answers, mine: Answers) -> Answers:
    """`mine` with what became of `theirs` meanwhile; `base` is what both started from.

    Of two changes to one fact the later told holds, and mine where the times are the same or unknown. Nothing is
    lost by it: an answer goes only where one side took it back and the other left it alone.
    """
    result = Answers(
        as_of=_changed(base.as_of, theirs.as_of, mine.as_of),
        schemes=_changed(base.schemes, theirs.schemes, mine.schemes),
        ticked=(theirs.ticked | (mine.ticked - base.ticked)) - (base.ticked - mine.ticked),
        vocabulary=mine.vocabulary or theirs.vocabulary,
        aside={**theirs.aside, **mine.aside},
    )
    gates = {gate: _gate_side(gate, base, theirs, mine) for gate in sorted({*theirs.gates, *mine.gates})}
    result = replace(
        result,
        gates={gate: side.gates[gate] for gate, side in gates.items() if gate in side.gates},
        told_at={gate: side.told_at[gate] for gate, side in gates.items() if gate in side.told_at},
    )
    for fact in sorted(base.answered | theirs.answered | mine.answered):
        side = _side(fact, base, theirs, mine)
        result = result.with_entry(fact, side.entry(fact), side.told_at.get(fact, 0))
    return result


def joined(older: Answers, newer: Answers) -> Answers:
    """Both together, of two entries for one fact the later told; `newer` where the times are the same or unknown."""
    return merged(Answers(), older, newer)


def differing(one: Answers, other: Answers) -> tuple[str, ...]:
    """The facts that both tell, and tell otherwise, in alphabetical order."""
    both = one.answered & other.answered
    return tuple(sorted(fact for fact in both if not _same(one.entry(fact), other.entry(fact))))


def _changed(base: _Choice, theirs: _Choice, mine: _Choice) -> _Choice:
    return theirs if mine == base else mine


def _gate_side(gate: str, base: Answers, theirs: Answers, mine: Answers) -> Answers:
    """Whose answer to a gate holds: that of the one who changed it, and the later where both did."""
    if mine.gates.get(gate) == base.gates.get(gate):
        return theirs
    return theirs if theirs.told_at.get(gate, 0) > mine.told_at.get(gate, _NOW) else mine


def _side(fact: str, base: Answers, theirs: Answers, mine: Answers) -> Answers:
    was, their, my = base.entry(fact), theirs.entry(fact), mine.entry(fact)
    if _same(my, was):
        return theirs
    if _same(their, was) or _same(their, my):
        return mine
    # Taken back in this form, which was sent just now: nothing told before can be later.
    my_time = _NOW if my is None else mine.told_at.get(fact, _NOW)
    return theirs if theirs.told_at.get(fact, 0) > my_time else mine


def _same(one: Entry | None, other: Entry | None) -> bool:
    return other is None if one is None else one.is_same(other)
