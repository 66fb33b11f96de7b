"""Tests of the gauges: which bounds are drawn, and where the firm and the line stand."""

from typing import Any

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.gauges import gauges
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def condition(op: str = "<=", value: Any = "212", bound: Any = "300", **changes: Any) -> dict[str, Any]:
    """A condition of the tree: staff at the end of last month against a bound, unless changed."""
    found = {"fact": "employees_end_last_month", "op": op, "value": value, "bound": bound, "distance": "88"}
    return {**found, "outcome": True, "text": {"zh": "从业人数", "en": "staff"}, "children": [], **changes}


def place(text: str) -> float:
    """A place in per cent as a number."""
    return float(text.removesuffix("%"))


def test_a_gauge_says_value_bound_and_distance(book: Catalogue) -> None:
    """What the drawing shows is written out beside it, in the fact's unit."""
    (found,) = gauges(book, condition(), "zh")
    assert (found.value, found.bound, found.distance) == ("贵单位212人", "不超过300人", "还有88人余地")
    (english,) = gauges(book, condition(), "en")
    assert (english.value, english.bound, english.distance) == (
        "firm: 212 persons",
        "at most 300 persons",
        "88 persons to spare",
    )


@pytest.mark.parametrize(("op", "inclusive", "below"), [("<=", True, True), ("<", False, True), (">=", True, False)])
def test_the_line_counts_only_where_the_bound_is_inclusive(
    book: Catalogue, op: str, inclusive: bool, below: bool
) -> None:
    """The tick is open for an exclusive bound, and the marked stretch lies on the side that holds."""
    (found,) = gauges(book, condition(op), "zh")
    assert found.is_inclusive is inclusive
    ends = place(found.holds_from) + place(found.holds_wide)
    assert (ends == pytest.approx(place(found.tick))) if below else (found.holds_from == found.tick)


def test_dot_and_tick_keep_the_proportion(book: Catalogue) -> None:
    """The dot stands left of the tick as far as the figures are apart; a negative figure still stands on the bar."""
    (found,) = gauges(book, condition(), "zh")
    assert (place(found.dot) - 3) / (place(found.tick) - 3) == pytest.approx(212 / 300, abs=0.01)
    (negative,) = gauges(book, condition(value="-40"), "zh")
    assert 0 < place(negative.dot) < place(negative.tick) < 100


def test_days_are_said_as_days(book: Catalogue) -> None:
    """A bound that is a day reads as one, with the distance in days."""
    node = condition(">=", "2026-02-10", "2026-01-01", fact="loan_granted_on", distance="40")
    (found,) = gauges(book, node, "zh")
    assert (found.bound, found.distance) == ("不早于2026年1月1日", "还有40天余地")


def test_what_cannot_be_held_against_a_line_is_not_drawn(book: Catalogue) -> None:
    """An untold figure, a bound of nought, an equality or a choice have no gauge; the same bound twice has one."""
    bare = [
        condition(value=None),
        condition(bound="0"),
        condition("=="),
        condition("in", bound=["a"]),
        condition(distance=None),
    ]
    tree = condition(op=None, children=[*bare, condition(), condition()])
    assert len(gauges(book, tree, "zh")) == 1
    assert gauges(book, None, "zh") == ()
