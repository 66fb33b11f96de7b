"""Firms for the interview's property tests: a handful of schemes on a day, and what the firm would answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from matcher.engine.ask.play import can_turn, tell
from matcher.engine.ask.readings import Told
from matcher.engine.ask.screens import Ask
from matcher.engine.ask.survey import Survey, survey
from matcher.engine.worlds import Band
from matcher.rulebook.language.types import Scalar
from tests.engine.firms import the_rulebook, told_facts

DAYS = (date(2022, 8, 15), date(2024, 6, 3), date(2026, 11, 24))


@dataclass(frozen=True)
class Firm:
    """Some schemes in force on a day, and the facts that a firm knows of what they read."""

    day: date
    slugs: tuple[str, ...]
    facts: dict[str, Scalar]

    def survey(self, told: Told) -> Survey:
        """What the engine makes of what is told so far."""
        return survey(the_rulebook(), told, self.day, self.slugs)

    def steps(self) -> Iterator[tuple[Survey, Ask, Told, Survey]]:
        """Every answer of the interview: before it, the question, what is told with it, and after it. What an answer on the
        same screen made needless is not answered."""
        told = Told()
        now = self.survey(told)
        while now.screen is not None:
            for ask in now.screen.asks:
                if (
                    ask is not now.screen.asks[0]
                    and not ask.refines
                    and not can_turn(the_rulebook(), self.survey(told), ask.fact)
                ):
                    continue
                before = self.survey(told)
                told = tell(the_rulebook(), before, told, ask, self.facts)
                yield before, ask, told, self.survey(told)
            now = self.survey(told)


@cache
def in_force(day: date) -> list[str]:
    """The schemes in force on a day, but for the one whose blank reading takes a third of a second."""
    rulebook = the_rulebook()
    return [slug for slug in rulebook.parsed if rulebook.scheme_at(slug, day).body and slug != "nev-purchase-subsidy"]


@st.composite
def firms(draw: st.DrawFn, whole: bool = False) -> Firm:
    """A firm asked about one to four schemes; ``whole``: it knows every answer."""
    day = draw(st.sampled_from(DAYS))
    slugs = tuple(draw(st.lists(st.sampled_from(in_force(day)), min_size=1, max_size=4, unique=True)))
    values: dict[str, st.SearchStrategy[Scalar]] = {}
    for slug in slugs:
        values |= {name: own for name, own in told_facts(slug, day).items() if not name.startswith("dept_")}
    known = st.fixed_dictionaries(values) if whole else st.fixed_dictionaries({}, optional=values)
    return Firm(day, slugs, draw(known))


def inside(band: Band) -> st.SearchStrategy[int]:
    """Whole numbers in a band, its ends among them where they belong to it."""
    low = 0 if band.low is None else _up(band.low, band.low_open)
    high = low + 10**9 if band.high is None else -_up(-band.high, band.high_open)  # type: ignore[operator,arg-type]
    return st.sampled_from([low, high]) | st.integers(low, high)


def _up(end: int | Fraction | date, is_open: bool) -> int:
    assert not isinstance(end, date)
    return int(end // 1) + 1 if is_open or Fraction(end).denominator != 1 else int(end)
