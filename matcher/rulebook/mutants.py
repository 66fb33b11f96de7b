"""Mutants of the rulebook: copies in which one number, one inclusive bound or one date is nudged, to test the cases with.

A case that pins a number must answer otherwise when the number changes. What changes nothing on any day on which a scheme is
open is no mutant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from matcher.rulebook.date_mutants import scheme_turns
from matcher.rulebook.figure_mutants import figure_mutants
from matcher.rulebook.language.nodes import Compare, Node, walk
from matcher.rulebook.mutant import Mutant, altered
from matcher.rulebook.parsed import ParsedScheme
from matcher.rulebook.relation_mutants import relation_mutants
from matcher.rulebook.rulebook import Rulebook

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
