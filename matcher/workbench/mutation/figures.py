"""Mutants of the figures: one number, bound or code of a parameter is nudged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from matcher.rulebook import ParameterHistory, Rulebook
from matcher.rulebook.language import Const, Node, Param, Rows, Type, walk

from .dates import Mutant, open_between, value_turns, with_history

_SMALL_RATE = Fraction(1, 10000)


def figure_mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every figure nudged by the smallest step, and the days on which it gives way to the next."""
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
        yield from value_turns(rulebook, history, users)


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
        return with_history(rulebook, replace(history, values=tuple(values)))

    return make


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
