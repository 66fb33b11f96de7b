"""Quotients with untold facts: where they can lie when an end is open, and when the difference of two facts is known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matcher.engine import polynomials as forms
from matcher.engine.polynomials import Interval, Poly, Ratio

PREMIUM, COVER, CONTRACT = (Poly.fact(name) for name in ("premium", "sum_insured", "contract"))
UP_TO_A_TENTH = ((("premium",), Fraction(1)), (("sum_insured",), Fraction(-1, 10)))


def test_a_quotient_falls_to_nothing_where_its_divisor_has_no_end() -> None:
    """A told sum over an untold one from 4 upwards lies between 0 and a quarter of it."""
    found = forms.bounds(Ratio(Poly.of(100), COVER), lambda _: Interval(4))
    assert (found.low, found.high) == (0, 25)


def test_a_quotient_whose_divisor_may_be_zero_has_no_ends() -> None:
    """Nothing is said of a quotient while its divisor may be zero."""
    assert forms.bounds(Ratio(Poly.of(100), COVER), lambda _: Interval(0)) == forms.EVERYTHING


@pytest.mark.parametrize(
    ("form", "known"),
    [
        (UP_TO_A_TENTH, Interval(high=0)),
        (((*UP_TO_A_TENTH[1][:1], Fraction(1)), (("premium",), Fraction(-10))), Interval(low=0)),
    ],
    ids=["premium - cover / 10 <= 0", "cover - 10 premium >= 0"],
)
def test_a_known_difference_bounds_the_quotient(form: forms.FormKey, known: Interval) -> None:
    """Where the premium is at most a tenth of the cover, fifty times their quotient is at most five, whatever both are."""
    assert forms.at_most(Ratio(Poly.of(50) * PREMIUM, COVER), form, known) == 5


def test_what_is_left_of_a_bounded_quotient_keeps_its_other_facts() -> None:
    """With a third fact in the product, the bound is that fact times the known share."""
    assert forms.at_most(Ratio(CONTRACT * PREMIUM, COVER), UP_TO_A_TENTH, Interval(high=0)) == Ratio(
        Poly.of(Fraction(1, 10)) * CONTRACT, forms.ONE
    )


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (Ratio(PREMIUM, COVER), Interval(high=3)),
        (Ratio(CONTRACT, COVER), Interval(high=0)),
        (Ratio(Poly.of(-1) * PREMIUM, COVER), Interval(high=0)),
        (Ratio(CONTRACT, PREMIUM), Interval(high=0)),
    ],
    ids=["difference above zero", "another fact", "enters with a minus", "under the line"],
)
def test_a_difference_that_says_nothing_bounds_nothing(value: Ratio, known: Interval) -> None:
    """Only a difference of at most zero, of a fact that enters with a plus above the line, is used."""
    assert forms.at_most(value, UP_TO_A_TENTH, known) is None
