"""Mutants of the rulebook: copies in which one number, one inclusive bound or one date is nudged, to test the cases with.

A case that pins a number must answer otherwise when the number changes. What changes nothing on any day on which a scheme is
open is no mutant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from matcher.rulebook.files import Dated, Scheme
from matcher.rulebook.language.nodes import Compare, Const, Node, Param, walk
from matcher.rulebook.language.tables import Rows
from matcher.rulebook.language.types import Type
from matcher.rulebook.mutant import Mutant, altered, open_between
from matcher.rulebook.names import Names
from matcher.rulebook.relation_mutants import relation_mutants
from matcher.rulebook.rulebook import ParameterHistory, ParsedScheme, Rulebook, version_on

_SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_SMALL_RATE = Fraction(1, 10000)


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant: figures, then bounds, then dates, then how schemes bear on each other."""
    yield from _figures(rulebook)
    yield from _bounds(rulebook)
    yield from _dates(rulebook)
    yield from relation_mutants(rulebook)


# --- figures ---------------------------------------------------------------------------------------------------------


def _figures(rulebook: Rulebook) -> Iterator[Mutant]:
    for name, history in rulebook.parameters.items():
        users = _users(rulebook, name)
        for index, (value, constant, _) in enumerate(history.values):
            if not any(open_between(rulebook, slug, value.from_, value.until) for slug in users):
                continue
            for place, changed in _nudged(constant.value, constant.type):
                mutated = replace(constant, value=changed)
                make = _with_parameter(rulebook, history, index, mutated)
                yield Mutant(
                    f"{name}@{value.from_}{place}",
                    f"{name} ({value.from_}) {place}",
                    users,
                    value.from_,
                    value.until,
                    make,
                )
        yield from _turns(rulebook, history, users)


def _users(rulebook: Rulebook, name: str) -> tuple[str, ...]:
    """The schemes that use a parameter, and the concepts that may be asked by themselves."""
    schemes = [slug for slug, parsed in rulebook.parsed.items() if name in parsed.parameters()]
    meanings = rulebook.names.meanings.items()
    concepts = [one for one, meaning in meanings if meaning.derives and _has(meaning.node, name)]
    return (*schemes, *concepts)


def _has(node: Node, parameter: str) -> bool:
    return any(isinstance(part, Param) and part.id == parameter for part in walk(node))


def _with_parameter(
    rulebook: Rulebook, history: ParameterHistory, index: int, constant: Const
) -> Callable[[], Rulebook]:
    def make() -> Rulebook:
        values = list(history.values)
        values[index] = (values[index][0], constant, values[index][2])
        return _with_history(rulebook, replace(history, values=tuple(values)))

    return make


def _with_history(rulebook: Rulebook, history: ParameterHistory) -> Rulebook:
    return altered(rulebook, parameters={**rulebook.parameters, history.parameter.id: history})


def _nudged(value: Any, type_: Type) -> Iterator[tuple[str, Any]]:
    """Every nudge of a constant: (where and by how much, the changed constant)."""
    if isinstance(value, Rows):
        yield from _nudged_rows(value, type_)
    elif type_.kind == "codes":
        yield from _nudged_ranges(value)
    elif isinstance(value, tuple):
        for index, (word, ranges) in enumerate(value):
            for place, changed in _nudged_ranges(ranges):
                yield f".{word}{place}", (*value[:index], (word, changed), *value[index + 1 :])
    elif isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        step = _step(type_, value)
        yield f"+{step}", value + step
        yield f"-{step}", value - step


def _step(type_: Type, value: Fraction | int) -> Fraction | int:
    """The smallest step people meet: a fen, a person, a day; one ten-thousandth of a share."""
    return 1 if type_.whole or type_.kind == "date" or type_.unit else _SMALL_RATE


def _nudged_rows(rows: Rows, type_: Type) -> Iterator[tuple[str, Any]]:
    for index, (key, row) in enumerate(rows.rows):
        name = "/".join(sorted(key)) if isinstance(key, frozenset) else str(key)
        for place, changed in _nudged(row, type_):
            yield f"[{name}]{place}", replace(rows, rows=_put(rows.rows, index, (key, changed)))
        if rows.kind != "enum" and key != 0:
            for step in (1, -1):
                yield f"[{name}] bound {step:+d}", replace(rows, rows=_put(rows.rows, index, (key + step, row)))
    if rows.other is not None:
        for place, changed in _nudged(rows.other, type_):
            yield f"[else]{place}", replace(rows, other=changed)


def _put(items: tuple[Any, ...], index: int, item: Any) -> tuple[Any, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _nudged_ranges(ranges: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Any]]:
    for index, (low, high) in enumerate(ranges):
        for name, pair in (
            (f"{low}-1", (_code(low, -1), high)),
            (f"{low}+1", (_code(low, 1), high)),
            (f"{high}-1", (low, _code(high, -1))),
            (f"{high}+1", (low, _code(high, 1))),
        ):
            yield f"[{low}-{high}] {name}", _put(ranges, index, pair)


def _code(code: str, step: int) -> str:
    return f"{max(0, int(code) + step):0{len(code)}d}"


# --- bounds ----------------------------------------------------------------------------------------------------------


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


# --- dates -----------------------------------------------------------------------------------------------------------


def _turns(rulebook: Rulebook, history: ParameterHistory, users: tuple[str, ...]) -> Iterator[Mutant]:
    """The day on which one value of a parameter gives way to the next, a day earlier and a day later."""
    for index, ((value, constant, _), (after, other, _)) in enumerate(
        zip(history.values, history.values[1:], strict=False)
    ):
        if constant.value == other.value or value.until is None or after.from_ is None:
            continue
        for step, day in ((1, after.from_), (-1, value.until)):
            if not any(open_between(rulebook, slug, day, day) for slug in users):
                continue
            make = _with_turn(rulebook, history, index, step)
            what = f"{history.parameter.id}: the turn of {after.from_} a day {'later' if step > 0 else 'earlier'}"
            yield Mutant(f"{history.parameter.id}@{after.from_} {step:+d}d", what, users, day, day, make)


def _with_turn(rulebook: Rulebook, history: ParameterHistory, index: int, step: int) -> Callable[[], Rulebook]:
    def make() -> Rulebook:
        values = list(history.values)
        for place, key in ((index, "until"), (index + 1, "from_")):
            value, constant, sources = values[place]
            moved = getattr(value, key) + timedelta(days=step)
            values[place] = (value.model_copy(update={key: moved}), constant, sources)
        return _with_history(rulebook, replace(history, values=tuple(values)))

    return make


def _dates(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every first and last day that stands in a scheme: of versions and the rules that turn with them, of routes and conditions."""
    for slug, parsed in rulebook.parsed.items():
        for turn in sorted(_scheme_turns(parsed)):
            for step, day in ((1, turn), (-1, turn - timedelta(days=1))):
                mutated = _moved(parsed, turn, step)
                if version_on(mutated.scheme, day)[1] == version_on(parsed.scheme, day)[1] != "open":
                    continue
                what = f"{slug}: the turn of {turn} a day {'later' if step > 0 else 'earlier'}"
                make = _with_parsed(rulebook, mutated)
                yield Mutant(f"{slug}@{turn} {step:+d}d", what, (slug,), day, day, make)


def _with_parsed(rulebook: Rulebook, parsed: ParsedScheme) -> Callable[[], Rulebook]:
    return lambda: altered(rulebook, parsed={**rulebook.parsed, parsed.scheme.slug: parsed})


def _dated(parsed: ParsedScheme) -> Iterator[tuple[date | None, date | None]]:
    yield from ((version.from_, version.until) for version in parsed.scheme.versions)
    for body in parsed.bodies:
        yield body.body.from_, body.body.until
        yield from ((route.from_, route.until) for route in body.routes)
        yield from ((condition.from_, condition.until) for tree in body.trees() for condition in tree.walk())


def _scheme_turns(parsed: ParsedScheme) -> set[date]:
    found: set[date] = set()
    for first, last in _dated(parsed):
        if first is not None:
            found.add(first)
        if last is not None:
            found.add(last + timedelta(days=1))
    return found


def _moved(parsed: ParsedScheme, turn: date, step: int) -> ParsedScheme:
    """The scheme with every day that stands at ``turn`` (or just before it) moved."""
    moved: ParsedScheme = _shifted(parsed, turn, turn + timedelta(days=step))
    return moved


def _shifted(tree: Any, turn: date, to: date) -> Any:
    if isinstance(tree, tuple):
        return tuple(_shifted(part, turn, to) for part in tree)
    if isinstance(tree, Dated):
        return tree.model_copy(update=_days(tree, turn, to))
    if isinstance(tree, Scheme):
        return tree.model_copy(update={"versions": _shifted(tree.versions, turn, to)})
    if is_dataclass(tree) and not isinstance(tree, (type, Node, Names)):
        changes = {f.name: _shifted(getattr(tree, f.name), turn, to) for f in fields(tree)}
        if "from_" in changes:
            changes |= _days(tree, turn, to)
        return replace(tree, **changes)
    return tree


def _days(tree: Any, turn: date, to: date) -> dict[str, Any]:
    before = turn - timedelta(days=1)
    return {
        "from_": to if tree.from_ == turn else tree.from_,
        "until": to - timedelta(days=1) if tree.until == before else tree.until,
    }
