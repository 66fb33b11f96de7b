"""One mutant of a rulebook, and the mutants of its days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from matcher.rulebook import Dated, Names, ParameterHistory, ParsedScheme, Rulebook, Scheme, version_on
from matcher.rulebook.language import Node

# ---------------------------------------------------------------------------------------------------------------------
# One mutant: a copy of the rulebook in which a single thing is nudged, with the schemes and the days that could
# notice it.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mutant:
    """One nudge: what it is, the schemes that could notice, the days on which it matters, and the mutated rulebook.

    ``in_bundles``: what is nudged bears on the choice among offers alone, so that bundles notice it and cases do not.
    """

    id: str
    what: str
    schemes: tuple[str, ...]
    first: date | None
    last: date | None
    make: Callable[[], Rulebook]
    in_bundles: bool = False

    def matters_on(self, day: date) -> bool:
        """Whether the nudge can show on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def altered(rulebook: Rulebook, **changes: Any) -> Rulebook:
    """The rulebook with parts replaced and its caches empty."""
    return replace(rulebook, _editions={}, _segments={}, _turns={}, worked_out={}, **changes)


def with_history(rulebook: Rulebook, history: ParameterHistory) -> Rulebook:
    """The rulebook with one parameter's history in place of its own."""
    return altered(rulebook, parameters={**rulebook.parameters, history.parameter.id: history})


def open_between(rulebook: Rulebook, subject: str, first: date | None, last: date | None) -> bool:
    """Whether the scheme is open on a day of the span; a concept can be asked on any day."""
    parsed = rulebook.parsed.get(subject)
    return parsed is None or any(
        version.state is None
        and (version.from_ or date.min) <= (last or date.max)
        and (first or date.min) <= (version.until or date.max)
        for version in parsed.scheme.versions
    )


# ---------------------------------------------------------------------------------------------------------------------
# Mutants of the days: a first or last day of a figure, a version, a body, a route or a condition is moved by one.
# ---------------------------------------------------------------------------------------------------------------------


def value_turns(rulebook: Rulebook, history: ParameterHistory, users: tuple[str, ...]) -> Iterator[Mutant]:
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
        return with_history(rulebook, replace(history, values=tuple(values)))

    return make


def scheme_turns(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every first and last day that stands in a scheme: of versions and the rules that turn with them, of routes and conditions."""
    for slug, parsed in rulebook.parsed.items():
        for turn in sorted(_turns_of(parsed)):
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


def _turns_of(parsed: ParsedScheme) -> set[date]:
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
