"""Mutants of rules/interplay.yaml: one relation is gone, or its ceiling, a day of it or its strictness is nudged.

What changes no choice on any day is no mutant: a predecessor that is a fact bars nothing (the scheme asks for it itself).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from matcher.rulebook.interplay import Ceiling, Relation
from matcher.rulebook.mutant import Mutant, altered, open_between
from matcher.rulebook.rulebook import Rulebook

_FEN = Fraction(1, 100)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Nudge:
    """What becomes of a relation (None: it is gone), and the days between which that shows."""

    what: str
    to: Relation | None
    first: date | None
    last: date | None


def relation_mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every nudge of every relation, in the order of the file."""
    for index, relation in enumerate(rulebook.relations):
        for nudge in _nudges(relation):
            if _bears(rulebook, relation, nudge.first, nudge.last):
                yield Mutant(
                    f"{relation.id}: {nudge.what}",
                    f"the relation {relation.id}: {nudge.what}",
                    relation.subjects,
                    nudge.first,
                    nudge.last,
                    _with_relation(rulebook, index, nudge.to),
                    in_bundles=True,
                )


def _with_relation(rulebook: Rulebook, index: int, relation: Relation | None) -> Callable[[], Rulebook]:
    def make() -> Rulebook:
        before, after = rulebook.relations[:index], rulebook.relations[index + 1 :]
        return altered(rulebook, relations=(*before, *(() if relation is None else (relation,)), *after))

    return make


def _nudges(relation: Relation) -> Iterator[_Nudge]:
    first, last = relation.from_, relation.until
    if relation.kind == "precedes":
        word = "an order to tell" if relation.strict else "strict"
        yield _Nudge(f"made {word}", relation.model_copy(update={"strict": not relation.strict}), first, last)
        if relation.strict and relation.from_fact is not None:
            return
    yield _Nudge("removed", None, first, last)
    for what, ceiling in _ceilings(relation):
        yield _Nudge(what, relation.model_copy(update={"ceiling": ceiling}), first, last)
    yield from _days(relation)


def _ceilings(relation: Relation) -> Iterator[tuple[str, Ceiling]]:
    ceiling = relation.ceiling
    if ceiling is not None and ceiling.value is not None:
        for sign, step in (("+", _FEN), ("-", -_FEN)):
            yield f"ceiling {sign}0.01", ceiling.model_copy(update={"value": ceiling.value + step})
    if ceiling is not None and ceiling.count is not None:
        for more in (1, -1):
            yield f"count {more:+d}", ceiling.model_copy(update={"count": ceiling.count + more})


def _days(relation: Relation) -> Iterator[_Nudge]:
    """The first and the last day, each a day earlier and a day later; it shows on the one day gained or lost."""
    for key, name, day, outwards in (
        ("from_", "first day", relation.from_, -_ONE_DAY),
        ("until", "last day", relation.until, _ONE_DAY),
    ):
        if day is not None:
            for step, shows in ((outwards, day + outwards), (-outwards, day)):
                moved = relation.model_copy(update={key: day + step})
                yield _Nudge(f"{name} {step.days:+d}", moved, shows, shows)


def _bears(rulebook: Rulebook, relation: Relation, first: date | None, last: date | None) -> bool:
    """Whether so many schemes are open on one day that the relation has something to bear on."""
    pair = relation.kind in ("excludes", "stacks") and relation.outside is None and len(relation.schemes) > 1
    opened = [slug for slug in relation.subjects if open_between(rulebook, slug, first, last)]
    return len(opened) > pair


__all__ = ["relation_mutants"]
