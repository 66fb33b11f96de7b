"""Tests of the bars: what is drawn together, what is solid and what is hatched."""

import pytest

from matcher.presentation.bars import charts
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.rulebook import Rulebook
from tests.presentation.test_cards import decision

CEILING = {"kind": "ceiling", "value": "77285.16"}


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def test_a_ceiling_is_hatched_and_an_exact_sum_is_solid(book: Catalogue) -> None:
    """On one scale: half of the ceiling's length for half its sum, none of the ceiling solid."""
    possible = decision(scheme="apprenticeship-subsidy", status="needs_decision", recipient="firm_cash", amount=CEILING)
    (chart,) = charts(book, [decision(amount={"kind": "exact", "value": "38642.58"}), possible], "zh")
    first, second = chart.bars
    assert (first.solid, first.amount, first.mark) == ("0.0%", "最高77,285.16元", "◐")
    assert float(first.hatched[:-1]) == pytest.approx(2 * float(second.solid[:-1]), abs=0.2)
    assert second.hatched == "0.0%"
    assert chart.has_ceiling


def test_a_range_is_solid_up_to_its_lower_end(book: Catalogue) -> None:
    """What is certain of a range is solid, the rest hatched."""
    (chart,) = charts(book, [decision(amount={"kind": "range", "low": "1000.00", "high": "4000.00"})], "en")
    (bar,) = chart.bars
    assert float(bar.hatched[:-1]) == pytest.approx(3 * float(bar.solid[:-1]), abs=0.4)
    assert bar.amount == "1,000 to 4,000 yuan"


@pytest.mark.parametrize(
    ("scheme", "recipient", "kind"),
    [
        ("manufacturing-tax-deferral", "firm_deferral", "deferral"),
        ("rd-super-deduction", "firm_price", "deduction"),
        ("vat-credit-refund", "firm_cash", "released_credit"),
    ],
)
def test_what_never_adds_to_money_is_drawn_apart(book: Catalogue, scheme: str, recipient: str, kind: str) -> None:
    """A deferral, a deduction or the firm's own credit stands in a chart of its own."""
    found = charts(book, [decision(), decision(scheme=scheme, recipient=recipient)], "zh")
    assert [(chart.kind, [bar.slug for bar in chart.bars]) for chart in found] == [
        ("money", ["six-taxes-two-fees"]),
        (kind, [scheme]),
    ]


def test_what_is_not_the_firms_has_no_bar(book: Catalogue) -> None:
    """Others' money, a scheme out of reach and one without a figure are not drawn."""
    others = decision(recipient="worker")
    away = decision(status="not_eligible", amount=None)
    assert charts(book, [others, away, decision(amount={"kind": "none"})], "zh") == ()
