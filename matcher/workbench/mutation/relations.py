"""Mutants of the relations, and all mutants of a rulebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from matcher.rulebook import Ceiling, ParsedScheme, Relation, Rulebook
from matcher.rulebook.language import Compare, Node, walk

from .dates import Mutant, altered, open_between, scheme_turns
from .figures import figure_mutants

# ---------------------------------------------------------------------------------------------------------------------
# Mutants of rules/interplay.yaml: one relation is gone, or its ceiling, a day of it or its strictness is nudged.
#
# What changes no choice on any day is no mutant: a predecessor that is a fact bars nothing (the scheme asks for it
# itself).
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# Mutants of the rulebook: copies in which one number, one inclusive bound or one date is nudged, to test the cases
# with.
#
# A case that pins a number must answer otherwise when the number changes. What changes nothing on any day on which a
# scheme is open is no mutant.
# ---------------------------------------------------------------------------------------------------------------------


_SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant: figures, bounds, dates, what a day stands for, then how schemes bear on each other."""
    yield from figure_mutants(rulebook)
    yield from _bounds(rulebook)
    yield from scheme_turns(rulebook)
    yield from _periods(rulebook)
    yield from relation_mutants(rulebook)


def _periods(rulebook: Rulebook) -> Iterator[Mutant]:
    """The period that a day stands for, another one; and a scheme that helps before registration, no longer doing so."""
    for slug, parsed in rulebook.parsed.items():
        nudges: list[tuple[str, Any]] = []
        if parsed.scheme.period != "day":
            nudges = [
                ("period", other) for other in ("day", "month", "quarter", "year") if other != parsed.scheme.period
            ]
        if parsed.scheme.before_registration:
            nudges.append(("before_registration", False))
        for key, value in nudges:
            make = _with_key(rulebook, parsed, key, value)
            yield Mutant(f"{slug}.{key}={value}", f"{slug}: {key} made {value}", (slug,), None, None, make)


def _with_key(rulebook: Rulebook, parsed: ParsedScheme, key: str, value: Any) -> Callable[[], Rulebook]:
    scheme = parsed.scheme.model_copy(update={key: value})
    return lambda: altered(rulebook, parsed={**rulebook.parsed, scheme.slug: replace(parsed, scheme=scheme)})


def _bounds(rulebook: Rulebook) -> Iterator[Mutant]:
    for slug, parsed in rulebook.parsed.items():
        for number, compare in enumerate(_compares(parsed)):
            swapped = replace(compare, op=_SWAPPED[compare.op])
            make = _with_scheme(rulebook, parsed, compare, swapped)
            what = f"{slug}: {compare.op} made {swapped.op} in comparison {number + 1}"
            yield Mutant(f"{slug}#{number + 1}{compare.op}", what, (slug,), None, None, make)


def _compares(parsed: ParsedScheme) -> list[Compare]:
    """The ordered comparisons of a scheme, its concepts included, each once."""
    found: dict[int, Compare] = {}
    for body in parsed.bodies:
        for expression in body.expressions():
            for part in walk(expression):
                if isinstance(part, Compare) and part.op in _SWAPPED:
                    found[id(part)] = part
    return list(found.values())


def _with_scheme(rulebook: Rulebook, parsed: ParsedScheme, old: Node, new: Node) -> Callable[[], Rulebook]:
    def make() -> Rulebook:
        meanings = {name: exchanged(meaning, old, new) for name, meaning in parsed.names.meanings.items()}
        names = replace(parsed.names, meanings=meanings)
        changed = ParsedScheme(parsed.scheme, exchanged(parsed.bodies, old, new), names)
        return altered(rulebook, parsed={**rulebook.parsed, parsed.scheme.slug: changed})

    return make


def exchanged(tree: Any, old: Any, new: Any) -> Any:
    """``tree`` with the very object ``old`` replaced by ``new``; what does not hold it stays the same object."""
    if tree is old:
        return new
    if isinstance(tree, tuple):
        parts = tuple(exchanged(part, old, new) for part in tree)
        return tree if all(a is b for a, b in zip(parts, tree, strict=True)) else parts
    if is_dataclass(tree) and not isinstance(tree, type):
        changes = {}
        for field in fields(tree):
            before = getattr(tree, field.name)
            after = exchanged(before, old, new)
            if after is not before:
                changes[field.name] = after
        return replace(tree, **changes) if changes else tree
    return tree
