"""Draws firms that tell any part of what a day's rules read, most figures at a bound of some rule or one step beside it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from matcher.rulebook.files import Fact
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.engine.firms import figures_near

DAYS_AROUND = (-3000, -900, -400, -90, -31, -1, 0, 1, 31, 92, 400)

MOST_DIGITS = {"money": (6, 9, 12), "integer": (2, 3, 5)}


class Profiles:
    """Draws profiles for the rules of one day; the same for the same seed."""

    def __init__(self, rulebook: Rulebook, day: date, seed: int) -> None:
        self.rulebook, self.day, self.dice = rulebook, day, random.Random(seed)
        self.codes = sorted(rulebook.industry_classes)
        near: dict[str, set[Fraction]] = {"established_on": set()}
        for slug in rulebook.parsed:
            edition = rulebook.scheme_at(slug, day)
            if edition.body is not None:
                for name in edition.facts:
                    near.setdefault(name, set()).update(figures_near(edition))
        self.near = {name: sorted(near[name]) for name in rulebook.facts if name in near}

    @property
    def names(self) -> list[str]:
        """The facts that may be told."""
        return list(self.near)

    def draw(self) -> dict[str, Scalar]:
        """One profile: of everything, of most, or of little."""
        share = self.dice.choice((1.0, 0.8, 0.5, 0.2))
        return {name: self._value(self.rulebook.facts[name]) for name in self.near if self.dice.random() < share}

    def _value(self, fact: Fact) -> Scalar:
        dice = self.dice
        if fact.type == "boolean":
            return dice.random() < 0.5
        if fact.type == "enum":
            return dice.choice(list(fact.values))
        if fact.type == "date":
            return self.day + timedelta(days=dice.choice(DAYS_AROUND))
        if fact.type == "text":
            return dice.choice(self.codes)[: dice.choice((2, 3, 4, 4))] if fact.id == "industry" else "津"
        return self._number(fact)

    def _number(self, fact: Fact) -> Scalar:
        dice, share = self.dice, fact.type in ("rate", "number")
        step = Fraction(1, 1000) if share else Fraction(1)
        if dice.random() < 0.7:
            number = dice.choice(self.near[fact.id] or [Fraction(0)]) + dice.choice((0, 0, 1, -1, 100)) * step
        else:
            number = (
                Fraction(dice.randrange(1000), 1000)
                if share
                else Fraction(dice.randrange(10 ** dice.choice(MOST_DIGITS[fact.type])))
            )
        least, most = fact.bounds
        number = number if least is None else max(number, least)
        number = number if most is None else min(number, most)
        return Fraction(int(number * 10**6), 10**6) if share else int(number)
