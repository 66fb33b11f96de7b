"""Random firms for the engine's tests: told in part or whole, with figures close to the bounds of the rules."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from matcher.rulebook import Fact, Rulebook, Scalar, SchemeEdition
from matcher.rulebook.language.nodes import Compare, Const, walk
from matcher.rulebook.language.tables import Rows


def days(rulebook: Rulebook, slug: str) -> list[date]:
    """One day of every span in which the scheme is open."""
    return [day for day in rulebook.turns(slug) if rulebook.scheme_at(slug, day).body is not None]


def editions(rulebook: Rulebook) -> Iterator[tuple[str, date, SchemeEdition]]:
    """Every open edition of every scheme, with its first day."""
    for slug in rulebook.schemes:
        for day in days(rulebook, slug):
            yield slug, day, rulebook.scheme_at(slug, day)


def figures_near(edition: SchemeEdition) -> list[Fraction]:
    """The numbers that the edition compares with or looks up by."""
    found: set[Fraction] = {Fraction(0), Fraction(1)}
    assert edition.body is not None
    for expression in edition.body.expressions():
        for part in walk(expression):
            if isinstance(part, Compare) and isinstance(part.right, Const) and part.right.type.kind == "number":
                found.add(Fraction(part.right.value))
            if isinstance(part, Const) and isinstance(part.value, Rows):
                found.update(_keys(part.value))
            if (
                isinstance(part, Const)
                and part.name
                and part.type.kind == "number"
                and not isinstance(part.value, Rows)
            ):
                found.add(Fraction(part.value))
    return sorted(found)


def _keys(rows: Rows) -> Iterator[Fraction]:
    for key, row in rows.rows:
        if not isinstance(key, frozenset):
            yield Fraction(key)
        if isinstance(row, Rows):
            yield from _keys(row)


def value(fact: Fact, numbers: list[Fraction], codes: list[str], chance: random.Random) -> Scalar:
    """A possible value of a fact, often close to a bound."""
    if fact.type == "boolean":
        return chance.random() < 0.5
    if fact.type == "enum":
        return chance.choice(list(fact.values))
    if fact.type == "date":
        return date(2022, 1, 1) + timedelta(days=chance.randrange(-900, 900))
    if fact.type == "text":
        return chance.choice(codes)[: chance.choice([2, 3, 4, 4])] if fact.id == "industry" else "天津"
    return _number(fact, numbers, chance)


def _number(fact: Fact, numbers: list[Fraction], chance: random.Random) -> int | Fraction:
    least, most = fact.bounds
    if fact.type in ("rate", "number"):
        near = [number for number in numbers if number <= 2]
        found = chance.choice(near) + chance.choice([0, 0, Fraction(1, 1000), Fraction(-1, 1000)])
    else:
        found = Fraction(int(chance.choice(numbers)) + chance.choice([0, 0, 1, -1, 100, chance.randrange(10**9)]))
        if least is not None and most is not None:
            found = Fraction(chance.randint(int(least), int(most)))
    if least is not None:
        found = max(found, least)
    if most is not None:
        found = min(found, most)
    return found if fact.type in ("rate", "number") else int(found)


def firm(rulebook: Rulebook, edition: SchemeEdition, chance: random.Random, told: float = 1.0) -> dict[str, Scalar]:
    """A firm that tells each fact the edition reads with the probability ``told``; a derived class is not told itself."""
    numbers, codes = figures_near(edition), sorted(rulebook.industry_classes)
    facts: dict[str, Scalar] = {}
    for name in edition.facts:
        if chance.random() < told:
            facts[name] = value(rulebook.facts[name], numbers, codes, chance)
    return facts
