"""What is remembered of one firm is said of another only where the two tell the same of all that the decision hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.engine.check import check
from matcher.engine.reading import MOST_KEPT
from matcher.engine.record import DecisionRecord
from matcher.rulebook.language.types import Scalar
from tests.conftest import count
from tests.engine.firms import Asked, asked, the_rulebook, told_facts, values


def said(one: Asked, facts: Mapping[str, Scalar]) -> DecisionRecord:
    """All that is said of a firm, its explanation with it."""
    (decision,) = check(the_rulebook(), facts, one.day, [one.slug])
    return decision.to_json()


@settings(max_examples=count(2000))
@given(asked(), st.data())
def test_another_firm_before_changes_nothing_that_is_said(one: Asked, data: st.DataObject) -> None:
    """After a firm that differs in one fact, of the scheme or of any other, the same is said as where nothing is remembered."""
    name = data.draw(st.sampled_from([*told_facts(one.slug, one.day), *the_rulebook().facts]))
    other = {
        **one.facts,
        name: data.draw(values(the_rulebook().facts[name], [Fraction(0), Fraction(1), Fraction(300)])),
    }
    one.edition.cache.pop("readings", None)
    alone = said(one, one.facts)
    one.edition.cache.pop("readings", None)
    said(one, other)
    assert said(one, one.facts) == alone
    assert said(one, one.facts) == alone


def test_what_is_remembered_stays_bounded() -> None:
    """Of each edition a number of readings is kept, the last that were asked for."""
    slug, day = "small-low-profit-income-tax", date(2024, 6, 1)
    for income in range(MOST_KEPT + 20):
        check(the_rulebook(), {"annual_taxable_income": income}, day, [slug])
    assert len(the_rulebook().scheme_at(slug, day).cache["readings"]) == MOST_KEPT
