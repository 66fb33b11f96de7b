"""Firms for the engine's property tests: told whole or in part, with figures close to the bounds of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from matcher.rulebook.edition import SchemeEdition
from matcher.rulebook.files import Fact
from matcher.rulebook.language.nodes import Compare, Const, walk
from matcher.rulebook.language.types import Rows, Scalar
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook

the_rulebook = cache(load)


@dataclass(frozen=True)
class Asked:
    """A question to the engine: a scheme, a day on which it is open, and what a firm tells."""

    slug: str
    day: date
    facts: dict[str, Scalar]

    @property
    def edition(self) -> SchemeEdition:
        """The scheme on the day."""
        return the_rulebook().scheme_at(self.slug, self.day)


def editions(rulebook: Rulebook) -> Iterator[tuple[str, date, SchemeEdition]]:
    """Every open edition of every scheme, with its first day."""
    for slug in rulebook.schemes:
        for day in rulebook.turns(slug):
            edition = rulebook.scheme_at(slug, day)
            if edition.body is not None:
                yield slug, day, edition


@cache
def open_days() -> list[tuple[str, date]]:
    """The first days of all open editions."""
    return [(slug, day) for slug, day, _ in editions(the_rulebook())]


# Days before and after the one asked about on which a firm is registered, the most of them before.
_AROUND = (-3000, -900, -400, -90, -31, -1, 0, 1, 31, 92, 400)


@st.composite
def asked(draw: st.DrawFn, whole: bool = False) -> Asked:
    """A question about any edition; the firm tells all that the rules read, or any part of it."""
    slug, day = draw(st.sampled_from(open_days()))
    registered = st.sampled_from(_AROUND).map(lambda days: day + timedelta(days=days))
    told = {**told_facts(slug, day), "established_on": registered}
    return Asked(slug, day, draw(st.fixed_dictionaries(told) if whole else st.fixed_dictionaries({}, optional=told)))


@cache
def told_facts(slug: str, day: date) -> dict[str, st.SearchStrategy[Scalar]]:
    """For every fact an edition reads, the values it may be told as."""
    edition = the_rulebook().scheme_at(slug, day)
    numbers = figures_near(edition)
    return {name: values(the_rulebook().facts[name], numbers) for name in edition.facts}


def figures_near(edition: SchemeEdition) -> list[Fraction]:
    """The numbers that the edition compares with, looks up by or reckons with."""
    found: set[Fraction] = {Fraction(0), Fraction(1)}
    assert edition.body is not None
    for expression in edition.body.expressions():
        for part in walk(expression):
            if isinstance(part, Compare) and isinstance(part.right, Const) and part.right.type.kind == "number":
                found.add(Fraction(part.right.value))
            if isinstance(part, Const) and isinstance(part.value, Rows):
                found.update(_keys(part.value))
            elif isinstance(part, Const) and part.name and part.type.kind == "number":
                found.add(Fraction(part.value))
    return sorted(found)


def _keys(rows: Rows) -> Iterator[Fraction]:
    for key, row in rows.rows:
        if not isinstance(key, frozenset):
            yield Fraction(key)
        if isinstance(row, Rows):
            yield from _keys(row)


def values(fact: Fact, numbers: list[Fraction]) -> st.SearchStrategy[Scalar]:
    """The possible values of a fact, mostly close to a bound."""
    if fact.type == "boolean":
        return st.booleans()
    if fact.type == "enum":
        return st.sampled_from(list(fact.values))
    if fact.type == "date":
        return st.integers(-900, 900).map(lambda days: date(2022, 1, 1) + timedelta(days=days))
    if fact.type == "text":
        codes = sorted(the_rulebook().industry_classes)
        short = st.sampled_from([2, 3, 4, 4])
        return (
            st.tuples(st.sampled_from(codes), short).map(lambda pair: pair[0][: pair[1]])
            if fact.id == "industry"
            else st.just("津")
        )
    return _numbers(fact, numbers)


def _numbers(fact: Fact, numbers: list[Fraction]) -> st.SearchStrategy[Scalar]:
    least, most = fact.bounds
    share = fact.type in ("rate", "number")
    steps = [Fraction(step, 1000) if share else Fraction(step) for step in (0, 0, 1, -1, 100)]
    near = [number for number in numbers if not share or number <= 2]

    def fitted(number: Fraction) -> Scalar:
        number = number if least is None else max(number, least)
        number = number if most is None else min(number, most)
        return number if share else int(number)

    close = st.tuples(st.sampled_from(near), st.sampled_from(steps)).map(lambda pair: fitted(pair[0] + pair[1]))
    far = (
        st.integers(0, 1000).map(lambda n: fitted(Fraction(n, 1000)))
        if share
        else st.integers(-(10**6), 10**12).map(lambda n: fitted(Fraction(n)))
    )
    return st.one_of(close, close, far)
