"""What figures firms of a size and trade usually have: read from rules/reference/typical.yaml and checked. They only make estimates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .build import shape
from .files import NUMBERS, Fact
from .reading import Document, Place
from .shapes import Shape, Text, exact

FILE = "reference/typical.yaml"

Figure = Annotated[Fraction, BeforeValidator(exact)]

Span = tuple[Fraction, Fraction]
"""The least and the most, both included; money in fen."""

_QUARTERS, _MONTHS = 4, 12


class WrittenSpan(Shape):
    """The least and the most for one unit of the base, and what the most has besides."""

    low: Figure
    high: Figure
    plus: Figure = Fraction(0)
    industry: list[str] = Field(default_factory=list)


class WrittenLine(Shape):
    """What the file says of some facts."""

    facts: Annotated[list[str], Field(min_length=1)]
    per: str | None = None
    usual: WrittenSpan
    by_industry: list[WrittenSpan] = Field(default_factory=list)
    of_a_year: bool = False
    source: Text | None = None
    assumption: Text | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """``low`` and ``high`` of one unit of the base, in the units kept inside; ``plus`` comes on top of the most. ``industry``: the
    divisions (spans of the first two digits) for which it holds, empty for all."""

    low: Fraction
    high: Fraction
    plus: Fraction
    industry: tuple[tuple[int, int], ...] = ()

    def fits(self, industry: object) -> bool:
        """Whether it holds for a firm of this industry code."""
        code = int(industry[:2]) if isinstance(industry, str) and industry[:2].isdigit() else None
        return not self.industry or (code is not None and any(low <= code <= high for low, high in self.industry))


@dataclass(frozen=True, slots=True)
class Line:
    """One fact's usual figures: ``per`` the fact they are a multiple of (None: by themselves). ``of_a_year``: said for a year, while the
    fact is of one tax period. ``why``: the source, or that it is our assumption (``is_assumed``)."""

    fact: str
    per: str | None
    usual: Usual
    by_industry: tuple[Usual, ...]
    of_a_year: bool
    why: Text
    is_assumed: bool

    def span(self, base: Span | None, facts: Mapping[str, Any]) -> Span | None:
        """Where the figure lies by the base's own span; None while the base is not known."""
        if self.per is not None and base is None:
            return None
        low, high = base or (Fraction(1), Fraction(1))
        found = next((one for one in self.by_industry if one.fits(facts.get("industry"))), self.usual)
        ends = [found.low * end for end in (low, high)] + [found.high * end for end in (low, high)]
        part = 1
        if self.of_a_year:
            part = _MONTHS if facts.get("tax_filing_cycle") == "monthly" else _QUARTERS
        return min(ends) / part, (max(ends) + found.plus) / part


@dataclass(frozen=True, slots=True)
class Typical:
    """The lines in the order of the file: a base stands before what is reckoned from it."""

    lines: tuple[Line, ...] = ()

    def spans(self, facts: Mapping[str, Any], told: Mapping[str, Span]) -> dict[str, Span]:
        """Where every figure usually lies for a firm that told these facts; ``told``: where figures lie by a band it told. A figure that
        is told is left out; the spans only get narrower with every fact that agrees with them."""
        found: dict[str, Span] = {}
        for line in self.lines:
            span = None if line.fact in facts else line.span(self._of(line.per, facts, told, found), facts)
            if span is not None:
                found[line.fact] = span
        return found

    def surprises(self, facts: Mapping[str, Any], told: Mapping[str, Span]) -> dict[str, Span]:
        """The told figures that lie outside what is usual for the others told, each with what is usual."""
        found: dict[str, Span] = {}
        for line in self.lines:
            value = facts.get(line.fact)
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                continue
            rest = {name: other for name, other in facts.items() if name != line.fact}
            usual = line.span(self._base(line.per, rest, told), rest)
            if usual is not None and not usual[0] <= value <= usual[1]:
                found[line.fact] = usual
        return found

    def _base(self, name: str | None, facts: Mapping[str, Any], told: Mapping[str, Span]) -> Span | None:
        """Where the base of a line lies: told, or reckoned from its own base in turn; no other line is looked at."""
        known = self._of(name, facts, told, {})
        line = next((one for one in self.lines if one.fact == name), None)
        if known is not None or line is None or name in facts:
            return known
        return line.span(self._base(line.per, facts, told), facts)

    @staticmethod
    def _of(
        name: str | None, facts: Mapping[str, Any], told: Mapping[str, Span], found: Mapping[str, Span]
    ) -> Span | None:
        if name is None:
            return None
        value = facts.get(name)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Fraction(value), Fraction(value)
        return told.get(name) or found.get(name)


NOTHING_TYPICAL = Typical()


def read_typical(document: Document, facts: Mapping[str, Fact], place: Place) -> Typical:
    """What the file says; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return NOTHING_TYPICAL
    lines: list[Line] = []
    for index, raw in enumerate(document.data):
        written = shape(WrittenLine, raw, place / index)
        if written is not None:
            known = {line.fact for line in lines}
            lines += _lines(written, facts, known, place / index)
    return Typical(tuple(lines))


def _lines(written: WrittenLine, facts: Mapping[str, Fact], known: set[str], place: Place) -> Iterator[Line]:
    why = written.source or written.assumption
    if why is None or (written.source and written.assumption):
        place.report("say where the figures are from: a source, or an assumption, one of the two")
        return
    if written.per is not None and written.per not in known:
        (place / "per").report(f"{written.per!r} must stand in a line above")
        return
    for name in written.facts:
        fact = facts.get(name)
        if fact is None or fact.type not in NUMBERS or fact.is_finding:
            (place / "facts").report(f"{name!r} is no figure that a firm is asked for")
            continue
        if name in known:
            (place / "facts").report(f"{name!r} stands twice")
            continue
        base = facts.get(written.per or "")
        yield Line(
            fact=name,
            per=written.per,
            usual=_usual(written.usual, fact, base, place / "usual"),
            by_industry=tuple(
                _usual(one, fact, base, place / "by_industry" / at) for at, one in enumerate(written.by_industry)
            ),
            of_a_year=written.of_a_year,
            why=why,
            is_assumed=written.assumption is not None,
        )


def _usual(written: WrittenSpan, fact: Fact, base: Fact | None, place: Place) -> Usual:
    if written.low > written.high:
        place.report("low is more than high")
    spans: list[tuple[int, int]] = []
    for one in written.industry:
        low, _, high = one.partition("-")
        if not low.isdigit() or (high and not high.isdigit()):
            (place / "industry").report(f"{one!r} is no span of divisions: write '13-43' or '62'")
            continue
        spans.append((int(low), int(high or low)))
    fen = 100 if fact.type == "money" else 1
    per_unit = Fraction(fen, 100 if base is not None and base.type == "money" else 1)
    return Usual(written.low * per_unit, written.high * per_unit, written.plus * fen, tuple(spans))
