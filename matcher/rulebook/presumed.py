"""What a firm of another trade, size or kind has not: read from rules/reference/presumed.yaml and checked. It spares questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from matcher.rulebook.language import Scalar

from .build import shape
from .files import Fact
from .gates import Gate, read_none
from .reading import Document, Place
from .shapes import Id, Shape, Text

FILE = "reference/presumed.yaml"


class WrittenKind(Shape):
    """Which firms may have a thing, as the file writes it: all that is named must fit."""

    industry: list[str] = Field(default_factory=list)
    legal_form: list[str] = Field(default_factory=list)
    staff_from: int | None = None


class WrittenPresumption(Shape):
    """A subject that only some firms can have."""

    id: Id
    only: Annotated[list[WrittenKind], Field(min_length=1)]
    gates: list[str] = Field(default_factory=list)
    none: dict[str, Any] = Field(default_factory=dict)
    moot: list[str] = Field(default_factory=list)
    because: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """Firms by industry (beginnings of codes, spans of divisions as ``(13, 43)``), legal form and least staff; empty: any."""

    industry: tuple[str | tuple[int, int], ...] = ()
    legal_form: frozenset[str] = frozenset()
    staff_from: int | None = None

    def may_be(self, facts: Mapping[str, Scalar], most_staff: int | None) -> bool:
        """Whether a firm that told this may be of the kind: what it did not tell speaks for it. ``most_staff``: of a told band."""
        code, form = facts.get("industry"), facts.get("legal_form")
        if self.industry and isinstance(code, str) and not any(_begins(code, one) for one in self.industry):
            return False
        if self.legal_form and isinstance(form, str) and form not in self.legal_form:
            return False
        return self.staff_from is None or most_staff is None or most_staff >= self.staff_from

    def needs(self) -> frozenset[str]:
        """The facts that must be told before a firm is none of the kind."""
        asked = {"industry": self.industry, "legal_form": self.legal_form, "employees": self.staff_from}
        return frozenset(name for name, wanted in asked.items() if wanted)


def _begins(code: str, wanted: str | tuple[int, int]) -> bool:
    if isinstance(wanted, str):
        return code.startswith(wanted) or wanted.startswith(code)
    return wanted[0] <= int(code[:2]) <= wanted[1]


@dataclass(frozen=True, slots=True)
class Presumption:
    """``only``: the kinds of firm that may have it. For all others every fact of ``none`` has the value there, and ``moot`` is not
    asked; the gates of ``gates`` are answered "no". ``because``: why, as the answers' page says it."""

    id: str
    only: tuple[Kind, ...]
    none: Mapping[str, Scalar]
    moot: frozenset[str]
    gates: tuple[str, ...]
    because: Text

    def holds(self, facts: Mapping[str, Scalar], most_staff: int | None) -> bool:
        """Whether what a firm told rules the subject out."""
        return not any(kind.may_be(facts, most_staff) for kind in self.only)


@dataclass(frozen=True, slots=True)
class Presumptions:
    """All of them, in the order of the file."""

    every: tuple[Presumption, ...] = field(default=())


NOTHING_PRESUMED = Presumptions()


def read_presumed(
    document: Document, facts: Mapping[str, Fact], gates: Mapping[str, Gate], place: Place
) -> Presumptions:
    """What the file says; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return NOTHING_PRESUMED
    found: list[Presumption] = []
    for index, raw in enumerate(document.data):
        written = shape(WrittenPresumption, raw, place / index)
        if written is None:
            continue
        for name in written.moot:
            if name not in facts or facts[name].is_finding:
                (place / index / "moot").report(f"{name!r} is no fact that a firm is asked for")
        none = dict(read_none(written.none, facts, place / index / "none"))
        moot = set(written.moot)
        ids = []
        for name in written.gates:
            gate = gates.get(f"gate:{name}")
            if gate is None:
                (place / index / "gates").report(f"there is no gate {name!r}")
                continue
            ids.append(gate.id)
            none |= gate.none
            moot |= gate.moot
        only = tuple(_kind(kind, facts, place / index / "only" / at) for at, kind in enumerate(written.only))
        found.append(Presumption(written.id, only, none, frozenset(moot), tuple(ids), written.because))
    return Presumptions(tuple(found))


def _kind(written: WrittenKind, facts: Mapping[str, Fact], place: Place) -> Kind:
    industry: list[str | tuple[int, int]] = []
    for code in written.industry:
        low, _, high = code.partition("-")
        if not low.isdigit() or (high and not high.isdigit()):
            (place / "industry").report(f"{code!r} is no code: write '31', '5147' or a span of divisions, '13-43'")
        elif high:
            industry.append((int(low), int(high)))
        else:
            industry.append(code)
    form = facts.get("legal_form")
    for word in written.legal_form:
        if form is not None and word not in form.values:
            (place / "legal_form").report(f"{word!r} is no legal form")
    return Kind(tuple(industry), frozenset(written.legal_form), written.staff_from)
