"""What facts have in common: the groups in which they are asked and the series in which they stand, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeVar

from .build import shape
from .files import Fact
from .reading import Document, Place
from .shapes import Id, Shape, Text

GROUPS = "reference/groups.yaml"

SERIES = "reference/series.yaml"

# A yes/no question with one of these words mostly asks the firm to agree to something or to promise it.
_AGREES = re.compile("承诺|同意|授权")

_OF_A_QUARTER = re.compile("[一二三四1-4]季度[初末]")

_CELLS = tuple(product((1, 2, 3, 4), ("start", "end")))
Written = Iterable[tuple[Fact, Place]]


class Heading(Shape):
    """What several facts are headed by, in both languages."""

    id: Id
    label: Text


class Group(Heading):
    """The heading under which facts are asked. ``fixed``: they say where a firm stands and whose it is, so that another value
    is another firm and no step that it might take."""

    fixed: bool = False


class Series(Heading):
    """A figure that is asked for the start and the end of each quarter; ``label`` heads its column in the table of them."""


H = TypeVar("H", bound=Heading)


def read_headings(model: type[H], document: Document, place: Place) -> dict[str, H]:
    """The headings of a file by id, in its order; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return {}
    found: dict[str, H] = {}
    for index, raw in enumerate(document.data):
        one = shape(model, raw, place / index)
        if one is None:
            continue
        if one.id in found:
            (place / index / "id").report(f"{one.id!r} stands twice")
        found[one.id] = one
    return found


def heading_of(headings: Mapping[str, Heading], name: str) -> Text:
    """The words of a heading; its own name where nobody gave it any, as in rules of before there were headings."""
    found = headings.get(name)
    return found.label if found else Text(zh=name, en=name)


def check_facts(written: Written, groups: Mapping[str, Group], series: Mapping[str, Series]) -> None:
    """Report every fact of a group or a series that has no heading, and every one that does not say what its words suggest."""
    members: dict[str, list[tuple[Fact, Place]]] = {}
    for fact, place in written:
        if fact.group not in groups:
            known = ", ".join(groups)
            (place / "group").report(
                f"{fact.group!r} is no group of {GROUPS}: add it there with its label, or use {known}"
            )
        for missing in _unsaid(fact):
            (place / "label").report(missing)
        if fact.series is None:
            continue
        if fact.series.name not in series:
            (place / "series").report(f"{fact.series.name!r} is no series of {SERIES}: add it there with its label")
        members.setdefault(fact.series.name, []).append((fact, place))
    for name, found in members.items():
        _check_series(name, found)


def check_used(headings: Mapping[str, Heading], used: Iterable[str], place: Place) -> None:
    """Report every heading that no fact stands under."""
    under = set(used)
    for index, name in enumerate(headings):
        if name not in under:
            (place / index / "id").report(f"no fact stands under {name!r}: leave it out")


def _unsaid(fact: Fact) -> Iterator[str]:
    """What a fact's Chinese words suggest and its attributes leave open."""
    words = f"{fact.label.zh}{fact.question.zh if fact.question else ''}"
    agrees = fact.type == "boolean" and not fact.is_finding and _AGREES.search(words)
    if agrees and fact.consent is None:
        yield (
            f"consent is missing, and the words say {agrees.group()}: write consent: true where yes is something that the firm "
            "agrees to or promises, which nobody answers in its place, else consent: false"
        )
    if fact.series is None and (quarter := _OF_A_QUARTER.search(fact.label.zh)):
        yield (
            f"series is missing, and the words say {quarter.group()}: write series: {{name: …, quarter: 1 to 4, at: start or end}}, "
            f"its name one of {SERIES}"
        )


def _check_series(name: str, members: list[tuple[Fact, Place]]) -> None:
    """A series has one fact for the start and one for the end of each quarter, all of the same type, unit and group."""
    first, first_place = members[0]
    cells: dict[tuple[int, str], str] = {}
    for fact, place in members:
        assert fact.series is not None
        cell = fact.series.quarter, fact.series.at
        if cell in cells:
            (place / "series").report(f"{cells[cell]!r} is the figure of this quarter already")
        cells[cell] = fact.id
        kinds = [(one.type, one.unit, one.group, one.stated_by) for one in (first, fact)]
        if kinds[0] != kinds[1]:
            (place / "series").report(
                f"type, unit, group and stated_by are those of {first.id!r}, or it is no figure of {name!r}"
            )
    for quarter, at in _CELLS:
        if (quarter, at) not in cells:
            (first_place / "series").report(
                f"the series {name!r} has no fact for the {at} of quarter {quarter}: write one"
            )
