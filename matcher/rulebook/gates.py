"""Gate questions: one "no" that answers every question beneath it or makes it moot; read from rules/reference/gates.yaml and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from matcher.rulebook.language import Scalar

from .build import shape
from .files import NUMBERS, Fact
from .reading import Document, Place
from .shapes import Id, Shape, Text, exact

FILE = "reference/gates.yaml"

PREFIX = "gate:"

_LONGEST_QUESTION, _FEWEST = 25, 2


class WrittenGate(Shape):
    """A gate as the file writes it. ``none``: what "no" says of each fact beneath, as a profile file states it; ``moot``: what
    is not asked after it, ``details``: after which fact beneath what is not asked. ``upto``: figures that "no" puts between zero
    and a bound. ``is_declaration``: what is forbidden or shameful, which is asked for by itself and never taken as no. ``at_start``:
    asked before the interview, so that nothing need stand beneath."""

    id: Id
    question: Text
    help: Text
    at_start: bool = False
    none: dict[str, Any]
    upto: Annotated[dict[str, Any], Field(default_factory=dict)]
    is_declaration: bool = False
    one_thing: bool = False
    details: Annotated[dict[str, list[str]], Field(default_factory=dict)]
    moot: Annotated[list[str], Field(default_factory=list)]


@dataclass(frozen=True, slots=True)
class Gate:
    """A question whose "no" answers those beneath it. ``id`` begins with ``gate:``, as no fact's does; ``none`` is kept as
    facts are kept inside (money in fen). ``moot``: the facts not asked after "no", those of ``details`` among them;
    ``details``: by fact beneath, those not asked where it is none or unknown. ``one_thing``: 不清楚 spares all questions about
    it. ``upto``: by figure beneath, the most that it is after "no" (money in fen). ``is_declaration``: no button answers it along with
    others. ``at_start``: asked before the interview only."""

    id: str
    question: Text
    help: Text
    none: Mapping[str, Scalar]
    moot: frozenset[str] = frozenset()
    details: Mapping[str, frozenset[str]] = field(default_factory=dict)
    one_thing: bool = False
    at_start: bool = False
    upto: Mapping[str, Scalar] = field(default_factory=dict)
    is_declaration: bool = False

    @property
    def beneath(self) -> tuple[str, ...]:
        """Every fact of which "no" says something."""
        return (*self.none, *self.upto)


NO_GATES: Mapping[str, Gate] = {}


def read_gates(document: Document, facts: Mapping[str, Fact], place: Place) -> dict[str, Gate]:
    """The gates by id, in the order of the file; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return {}
    found: dict[str, Gate] = {}
    owners: dict[str, str] = {}
    for index, raw in enumerate(document.data):
        written = shape(WrittenGate, raw, place / index)
        if written is None:
            continue
        if PREFIX + written.id in found:
            (place / index / "id").report(f"{written.id!r} stands twice")
        if len(written.question.zh) > _LONGEST_QUESTION:
            (place / index / "question").report(f"the Chinese question has at most {_LONGEST_QUESTION} characters")
        if len(written.none) + len(written.upto) < _FEWEST and not (written.at_start and written.moot):
            (place / index / "none").report(f"at least {_FEWEST} facts stand beneath a gate")
        found[PREFIX + written.id] = Gate(
            id=PREFIX + written.id,
            question=written.question,
            help=written.help,
            none=_none(written.id, written.none, facts, owners, place / index / "none"),
            upto=_upto(written.id, written.upto, facts, owners, place / index / "upto"),
            is_declaration=written.is_declaration,
            moot=_moot(written, facts, place / index),
            details={name: frozenset(behind) for name, behind in written.details.items()},
            one_thing=written.one_thing,
            at_start=written.at_start,
        )
    return found


def _moot(written: WrittenGate, facts: Mapping[str, Fact], place: Place) -> frozenset[str]:
    """All that "no" makes moot. What it answers cannot be moot, and details hang on what stands beneath."""
    found: set[str] = set()
    lists = [(place / "moot", written.moot)]
    for head, behind in written.details.items():
        lists.append((place / "details" / head, behind))
        if head not in written.none:
            (place / "details" / head).report(f"{head!r} does not stand beneath the gate")
    for at, names in lists:
        for index, name in enumerate(names):
            if name not in facts or facts[name].stated_by != "firm":
                (at / index).report(f"{name!r} is no fact that a firm is asked for")
            elif name in written.none:
                (at / index).report(f"'no' answers {name!r} already")
            found.add(name)
    return frozenset(found)


def _none(
    gate: str, stated: Mapping[str, Any], facts: Mapping[str, Fact], owners: dict[str, str], place: Place
) -> dict[str, Scalar]:
    """What "no" says of each fact; ``owners`` says beneath which gate a fact stands already."""
    for name in stated:
        first = owners.setdefault(name, gate)
        if first != gate:
            (place / name).report(f"the fact stands beneath the gate {first!r} already")
    return read_none(stated, facts, place)


def read_none(stated: Mapping[str, Any], facts: Mapping[str, Fact], place: Place) -> dict[str, Scalar]:
    """Values that mean nothing, as facts are kept inside; whatever is wrong is reported at its line."""
    found: dict[str, Scalar] = {}
    for name, value in stated.items():
        fact = facts.get(name)
        if fact is None or fact.stated_by != "firm":
            (place / name).report(f"{name!r} is no fact that a firm is asked for")
            continue
        try:
            found[name] = _value(fact, value)
        except ValueError as error:
            (place / name).report(str(error))
    return found


def _upto(
    gate: str, stated: Mapping[str, Any], facts: Mapping[str, Fact], owners: dict[str, str], place: Place
) -> dict[str, Scalar]:
    """The same of bounds, which only figures have."""
    found = _none(gate, stated, facts, owners, place)
    for name, value in found.items():
        if isinstance(value, bool | str):
            (place / name).report("only a figure lies up to a bound")
    return found


def _value(fact: Fact, stated: Any) -> Scalar:
    """The value of a fact. Raises ValueError where it is none, or where no value of the fact's type can mean "nothing"."""
    if fact.type == "boolean":
        if stated is not False:
            raise ValueError("no means false of a yes/no fact")
        return False
    if fact.type == "enum":
        if stated not in fact.values:
            raise ValueError(f"{stated!r} is none of {', '.join(fact.values)}")
        return str(stated)
    if fact.type not in NUMBERS:
        raise ValueError(f"a {fact.type} has no value that means nothing")
    return _figure(fact, exact(stated))


def _figure(fact: Fact, value: Fraction) -> Scalar:
    value = value * 100 if fact.type == "money" else value
    least, most = fact.bounds
    if (least is not None and value < least) or (most is not None and value > most):
        raise ValueError("the figure lies outside the fact's bounds")
    if fact.type not in ("integer", "money"):
        return value
    if value.denominator != 1:
        raise ValueError("a whole number is wanted" if fact.type == "integer" else "money has at most two decimals")
    return int(value)
