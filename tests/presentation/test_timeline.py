"""Tests of the timeline: the versions of a scheme, the day asked about, and what ends soon."""

from datetime import date
from itertools import pairwise

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.timeline import timeline
from matcher.rulebook.rulebook import Rulebook
from tests.presentation.test_cards import decision

THIS_YEAR = {"from": "2022-01-01", "until": "2022-12-31"}


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def test_a_row_shows_the_versions_within_four_years(book: Catalogue) -> None:
    """Last year's version, this one and the next follow each other without overlap, from left to right."""
    (row,) = timeline(book, [decision(version=THIS_YEAR)], date(2022, 8, 15), "zh").rows
    assert [span.said for span in row.spans] == [
        "2019年1月1日至2021年12月31日",
        "2022年1月1日至2022年12月31日",
        "2023年1月1日至2027年12月31日",
    ]
    places = [(float(span.start[:-1]), float(span.wide[:-1])) for span in row.spans]
    assert all(start + wide < after for (start, wide), (after, _) in pairwise(places))
    assert sum(places[-1]) <= 97.05


@pytest.mark.parametrize(("day", "is_soon"), [((2022, 10, 1), False), ((2022, 10, 2), True), ((2022, 12, 31), True)])
def test_what_ends_within_ninety_days_is_marked(book: Catalogue, day: tuple[int, int, int], is_soon: bool) -> None:
    """The 90th day before the end is the first that marks it."""
    found = timeline(book, [decision(version=THIS_YEAR)], date(*day), "zh")
    assert (found.rows[0].end is not None, found.soon) == (is_soon, int(is_soon))
    assert ("只剩" in found.rows[0].until) is is_soon


def test_an_unconfirmed_version_is_hatched(book: Catalogue) -> None:
    """A version whose rules nobody has confirmed is drawn as such, and says so."""
    (row,) = timeline(book, [decision()], date(2026, 11, 24), "en").rows
    assert [span.is_sure for span in row.spans] == [True, False]
    assert row.spans[-1].said.endswith(")")


def test_what_lasts_is_counted_and_the_rest_ordered_by_its_end(book: Catalogue) -> None:
    """A scheme without a last day is no row; the others stand in the order of their ends; what is out of reach, nowhere."""
    later = decision(scheme="rd-super-deduction", version={"from": "2022-01-01", "until": "2023-12-31"})
    lasting = decision(version={"from": "2022-01-01", "until": None})
    away = decision(status="not_eligible", amount=None)
    found = timeline(book, [later, decision(version=THIS_YEAR), lasting, away], date(2022, 8, 15), "zh")
    assert [row.slug for row in found.rows] == ["six-taxes-two-fees", "rd-super-deduction"]
    assert found.lasting == 1
