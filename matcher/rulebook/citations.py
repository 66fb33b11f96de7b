"""Holds every figure of the rules against the sentence it is cited from, and asks where a figure looks like a slip.

No part of a load, as the lock is none: the check of the rules refuses what is found here, the site does not stop for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from matcher.rulebook.language import Derived, Named, Node, Param

from .files import STANDING_GROUNDS, Instrument, Parameter, ParameterValue, Scheme
from .lock import own_parts, written
from .names import Condition
from .quantities import comparable, day_stands, stands
from .reading import Document, Place, Problem, decode, read_bytes, read_text
from .rulebook import Rulebook
from .shapes import Dated, decimal, exact, least
from .versions import Version

_RANKS = ("low", "medium", "high")

_NUMERIC = frozenset({"integer", "number", "money", "rate", "date"})

_ASK = "; if it is right, write confirm: with the reason"

# ---------------------------------------------------------------------------------------------------------------------
# The figures of a parameter, and whether each stands in its sentence.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as the file writes it: money in yuan, a rate as a share of one; ``path`` is where inside the value."""

    value: Fraction | date
    type: str
    unit: str | None
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        if isinstance(self.value, date):
            return self.value.isoformat()
        return decimal(self.value)


def figures_of(parameter: Parameter, raw: Any) -> tuple[Written, ...]:
    """The figures in a value of the parameter, those of a table with its bounds; none in what is made of words or codes."""
    if parameter.kind == "scale":
        return tuple(_rows(parameter.keys, raw, "rate", None, ()))
    if parameter.kind in ("value", "table") and (parameter.type in _NUMERIC or parameter.keys):
        return tuple(_rows(parameter.keys, raw, parameter.type or "", parameter.unit, ()))
    return ()


def _rows(keys: list[Any], raw: Any, type_: str, unit: str | None, path: tuple[str | int, ...]) -> Iterator[Written]:
    if not isinstance(raw, dict):
        if type_ in _NUMERIC:
            yield Written(raw if isinstance(raw, date) else exact(raw), type_, unit, path)
        return
    bound = next(iter(keys[0].values())) if isinstance(keys[0], dict) else None
    for name, below in raw.items():
        if bound is not None and name not in ("else", "above") and exact(name) != 0:  # from 0 on is no bound
            yield Written(
                exact(name), "money" if bound == "yuan" else "rate" if bound == "1" else "number", bound, path
            )
        yield from _rows(keys[1:], below, type_, unit, (*path, name))


def excerpts_of(instruments: Mapping[str, Instrument], sources: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The words kept of each source (``instrument#article``) of which any are kept."""
    parts = (source.partition("#") for source in sources)
    found = (instruments[slug].excerpts.get(article) for slug, _, article in parts if slug in instruments)
    return tuple(text for text in found if text)


def unquoted(parameter: Parameter, value: ParameterValue, instruments: Mapping[str, Instrument]) -> tuple[Written, ...]:
    """The figures of the value that stand in none of the words it is cited from."""
    sentence = value.says or "；".join(excerpts_of(instruments, value.source))
    return tuple(
        one for one in figures_of(parameter, value.value) if not stands(one.value, one.type, one.unit, sentence)
    )


# ---------------------------------------------------------------------------------------------------------------------
# What is refused.
# ---------------------------------------------------------------------------------------------------------------------


def find_faults(rulebook: Rulebook, directory: Path) -> tuple[Problem, ...]:
    """Everything in the rules of ``directory`` that does not stand where it is cited from, or looks like a slip, by file and line."""
    problems: list[Problem] = []
    places = written(directory, "parameters")
    for name, history in rulebook.parameters.items():
        _, document, index = places[name]
        place = Place(document, (index, "values"), problems)
        for number, (value, _, _) in enumerate(history.values):
            _figure(history.parameter, value, rulebook.instruments, place / number)
            _plausible(history.parameter, value, place / number)
        _neighbours(history.parameter, place)
    problems += _phrases(rulebook, directory)
    for file in sorted(directory.glob("schemes/**/*.yaml")):
        scheme = rulebook.schemes.get(file.stem)
        if scheme is not None:
            _days(scheme, rulebook.instruments, Place(_document(file, directory), (), problems))
    return tuple(sorted(set(problems)))


def _document(path: Path, directory: Path) -> Document:
    name = path.relative_to(directory).as_posix()
    return read_text(decode(read_bytes(path, name), name), name)


def _figure(parameter: Parameter, value: ParameterValue, instruments: Mapping[str, Instrument], place: Place) -> None:
    """The figure stands in its sentence or says why not, and is no surer than the text it comes from."""
    excerpts = excerpts_of(instruments, value.source)
    where = ", ".join(value.source)
    if value.says and not any(value.says in text for text in excerpts):
        (place / "says").report(f"the phrase does not stand in the excerpt of {where}")
    missing = unquoted(parameter, value, instruments)
    if missing and value.ground is None:
        (place / "value").report(_not_there(missing[0], value, excerpts, where))
    if not missing and value.ground in STANDING_GROUNDS and figures_of(parameter, value.value):
        (place / "ground").report(f"the figure stands in the excerpt of {where}; leave ground out")
    texts = [instruments[slug] for slug in (source.partition("#")[0] for source in value.source)]
    most = least(text.confidence for text in texts)
    if _RANKS.index(value.confidence) > _RANKS.index(most):
        seen = next(text for text in texts if text.confidence == most)
        (place / "confidence").report(f"{seen.number} was seen as {seen.seen}: what rests on it is {most} at most")


def _not_there(figure: Written, value: ParameterValue, excerpts: tuple[str, ...], where: str) -> str:
    others = comparable(figure.type, figure.unit, value.says or "；".join(excerpts))
    if not excerpts:
        said = f"no words of {where} are kept in which {figure} could stand"
    elif others:
        said = f"{figure} does not stand in the words of {where}, which say {', '.join(map(str, others))}"
    else:
        said = f"{figure} does not stand in the words of {where}"
    return f"{said}; mend the figure or let the excerpt grow to the words that hold it, or say why none can be quoted (ground: unquoted)"


def _plausible(parameter: Parameter, value: ParameterValue, place: Place) -> None:
    """Rates above one and bands out of order."""
    if value.confirm is None:
        high = next((one for one in figures_of(parameter, value.value) if _above_one(one)), None)
        if high is not None and parameter.kind == "scale":
            (place / "value").report(f"a scale has no rate above 100 %: {high}{_ASK}")
        elif high is not None:
            percent = Fraction(high.value) if not isinstance(high.value, date) else Fraction(0)
            (place / "value").report(
                f"a rate of {high} is {decimal(percent * 100)} %; for {high} % write {decimal(percent / 100)}{_ASK}"
            )
    for keys, rows in _levels(parameter.keys, value.value):
        bounds = [exact(name) for name in rows if name not in ("else", "above")] if isinstance(keys[0], dict) else []
        wrong = next((after for before, after in pairwise(bounds) if after <= before), None)
        if wrong is not None:
            (place / "value").report(
                f"the bands are out of order at {decimal(wrong)}; write them from the lowest to the highest"
            )


def _above_one(one: Written) -> bool:
    return one.type == "rate" and not isinstance(one.value, date) and one.value > 1


def _levels(keys: list[Any], raw: Any) -> Iterator[tuple[list[Any], dict[Any, Any]]]:
    if keys and isinstance(raw, dict):
        yield keys, raw
        for below in raw.values():
            yield from _levels(keys[1:], below)


def _neighbours(parameter: Parameter, place: Place) -> None:
    """A sum or count ten times its neighbour in time is a slipped 万 more often than a law."""
    numbered = sorted(enumerate(parameter.values), key=lambda pair: pair[1].from_ or date.min)
    for (_, before), (number, after) in pairwise(numbered):
        old, new = (_numbers(parameter, one.value) for one in (before, after))
        if after.confirm is not None or old.keys() != new.keys():
            continue
        for path, value in new.items():
            if old[path] > 0 and value > 0 and not Fraction(1, 10) < value / old[path] < 10:
                (place / number / "value").report(
                    f"{decimal(value)} is ten times its neighbour before, {decimal(old[path])}, or more, or a tenth{_ASK}"
                )
                break


def _numbers(parameter: Parameter, raw: Any) -> dict[tuple[str | int, ...], Fraction]:
    found = ((one.path, one.value) for one in figures_of(parameter, raw) if one.type == parameter.type)
    return {path: value for path, value in found if isinstance(value, Fraction)}


def _days(scheme: Scheme, instruments: Mapping[str, Instrument], place: Place) -> None:
    """A day of a version stands in the words of its source; where none is named, the scheme says why."""
    for number, version in enumerate(scheme.versions):
        here = place / "versions" / number
        for key, day, source in _dated(version):
            excerpts = excerpts_of(instruments, (source,))
            if not excerpts:
                (here / "source" / key).report(f"no words of {source} are kept; the day must stand in them")
            elif day is None or not day_stands(day, excerpts[0]):
                (here / "source" / key).report(f"{day or 'no day'} does not stand in the words of {source}")
        if version.state is None and scheme.days_ground is None and len(_ends(version)) > len(list(_dated(version))):
            here.report(
                'name the article in which its days stand (source: {from: "INSTRUMENT#ARTICLE", until: …}), '
                "or say why none can be quoted (days_ground: unquoted, above versions)"
            )


def _ends(version: Version) -> tuple[date, ...]:
    return tuple(day for day in (version.from_, version.until) if day is not None)


def _dated(version: Version) -> Iterator[tuple[str, date | None, str]]:
    if version.source is not None:
        for key, day, source in (
            ("from", version.from_, version.source.from_),
            ("until", version.until, version.source.until),
        ):
            if source is not None:
                yield key, day, source


# ---------------------------------------------------------------------------------------------------------------------
# The phrase beside a condition: where it holds a figure of the kind that the condition compares with, it is that figure.
# ---------------------------------------------------------------------------------------------------------------------


def _phrases(rulebook: Rulebook, directory: Path) -> Iterator[Problem]:
    files = {path.stem: path.relative_to(directory).as_posix() for path in directory.glob("schemes/**/*.yaml")}
    for slug, parsed in rulebook.parsed.items():
        for body in parsed.bodies:
            spans: list[tuple[Condition, Dated | None]] = [(tree, None) for tree in (body.requires, *body.ask_first)]
            spans += [
                (tree, Dated.model_validate({"from": route.from_, "until": route.until}))
                for route in body.routes
                for tree in (route.when, route.requires)
                if tree is not None
            ]
            for tree, span in spans:
                for part in own_parts(tree):
                    yield from _phrase(rulebook, part, (body.body, span), files[slug])
        for one in parsed.scheme.let:
            condition = parsed.names.meanings[one.id].condition
            for part in () if condition is None else own_parts(condition):
                yield from _phrase(rulebook, part, (), files[slug])
    for name, (file, _, _) in written(directory, "concepts").items():
        condition = rulebook.names.meanings[name].condition
        for part in () if condition is None else own_parts(condition):
            yield from _phrase(rulebook, part, (), file)


def _phrase(rulebook: Rulebook, part: Condition, spans: tuple[Dated | None, ...], file: str) -> Iterator[Problem]:
    if part.says is None or part.expr is None or part.override is not None:
        return
    for name in _parameters(part.expr):
        history = rulebook.parameters[name]
        parameter = history.parameter
        for value, _, _ in history.values:
            if parameter.kind != "value" or not _together(value, (*spans, part)):
                continue
            for one in figures_of(parameter, value.value):
                others = comparable(one.type, one.unit, part.says)
                if others and not stands(one.value, one.type, one.unit, part.says):
                    said = ", ".join(map(str, others))
                    yield Problem(
                        file,
                        part.line,
                        "says",
                        f"{name} is {one}, but the phrase beside it says {said}; mend one of them",
                    )


def _parameters(node: Node) -> Iterator[str]:
    """The parameters that the expression itself names; those of the names it uses have phrases of their own."""
    if isinstance(node, Param):
        yield node.id
    elif not isinstance(node, (Named, Derived)):
        for part in node.parts:
            yield from _parameters(part)


def _together(value: ParameterValue, spans: tuple[Dated | Condition | None, ...]) -> bool:
    """Whether there is a day on which all of them hold."""
    dated = [value, *(one for one in spans if one is not None)]
    return max(one.from_ or date.min for one in dated) <= min(one.until or date.max for one in dated)


# ---------------------------------------------------------------------------------------------------------------------
# How much is quoted.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citations:
    """Counts. conditions: quoted, ground. figures: found, ground, missing. days (of open versions): found, ground, missing.

    instruments: of, and how many have a number, title, date, address (url); seen: how many were seen how.
    """

    conditions: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    instruments: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)


def count_citations(rulebook: Rulebook) -> Citations:
    """How many of the conditions, figures, days and instruments say what they rest on."""
    found = Citations()
    for history in rulebook.parameters.values():
        for value, _, _ in history.values:
            if figures_of(history.parameter, value.value):
                missing = unquoted(history.parameter, value, rulebook.instruments)
                found.figures["ground" if value.ground else "missing" if missing else "found"] += 1
    for part in _all_tests(rulebook):
        found.conditions["quoted" if part.says else "ground"] += 1
    for scheme in rulebook.schemes.values():
        for version in scheme.versions:
            if version.state is None:
                quoted = len(list(_dated(version)))
                found.days["found"] += quoted
                found.days["ground" if scheme.days_ground else "missing"] += len(_ends(version)) - quoted
    for one in rulebook.instruments.values():
        having = {"of": True, "number": one.number, "title": one.title, "date": one.date, "url": one.url}
        found.instruments.update(name for name, value in having.items() if value)
        found.seen[one.seen] += 1
    return found


def _all_tests(rulebook: Rulebook) -> Iterator[Condition]:
    """Every test that a file writes, once."""
    trees = [tree for parsed in rulebook.parsed.values() for body in parsed.bodies for tree in body.trees()]
    trees += [
        condition
        for parsed in rulebook.parsed.values()
        for one in parsed.scheme.let
        if (condition := parsed.names.meanings[one.id].condition) is not None
    ]
    trees += [one.condition for one in rulebook.names.meanings.values() if one.condition is not None]
    yield from (
        part for tree in trees for part in own_parts(tree) if part.expr is not None and (part.says or part.ground)
    )
