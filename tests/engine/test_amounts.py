"""Amounts and outputs: ranges that the law itself gives, awards that need no decision, outputs in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from matcher.engine.check import check
from matcher.engine.decision import Decision
from matcher.rulebook.files import Benefit
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook


def decide(rulebook: Rulebook, slug: str, day: date, **facts: Scalar) -> Decision:
    """The decision of one scheme."""
    (decision,) = check(rulebook, facts, day, [slug])
    return decision


def test_a_fine_that_the_law_gives_as_a_range_is_a_range(rulebook: Rulebook) -> None:
    """Everything told, the ends are those of the law, and each end has its line of arithmetic."""
    found = decide(
        rulebook, "futures-conduct", date(2024, 1, 1), manipulated_futures_market=True, futures_illegal_gain=0
    )
    assert found.amount is not None
    assert found.amount.to_json() == {"kind": "range", "low": "1000000.00", "high": "10000000.00"}
    assert [line["zh"].rpartition(" = ")[2] for line in found.arithmetic] == ["100 万元", "1,000 万元"]


def test_a_range_widens_with_a_finding_that_is_open(rulebook: Rulebook) -> None:
    """Whether the case is of the heavier kind is not found yet: the least of both kinds to the greatest of both."""
    found = decide(rulebook, "false-information-ban", date(2024, 1, 1), spread_price_rumour=True, price_illegal_gain=0)
    assert found.amount is not None
    assert found.amount.to_json() == {"kind": "range", "low": "50000.00", "high": "3000000.00"}


def test_a_range_without_an_upper_end_is_none(rulebook: Rulebook) -> None:
    """The fine is a multiple of a gain that is not told: there is no greatest value."""
    found = decide(rulebook, "futures-conduct", date(2024, 1, 1), manipulated_futures_market=True)
    assert found.amount is not None
    assert found.amount.to_json() == {"kind": "none"}


def test_a_body_awarded_by_law_needs_no_decision(rulebook: Rulebook) -> None:
    """The green factory award went with the title; the support that came after is by selection."""
    titled = decide(rulebook, "low-carbon-upgrade", date(2019, 1, 1), green_factory_title="municipal")
    assert titled.status == "eligible"
    chosen = decide(
        rulebook, "low-carbon-upgrade", date(2024, 1, 1), district="hexi", upgrade_is_green=True,
        upgrade_total_investment=1000000000, upgrade_completed=True,
    )  # fmt: skip
    assert chosen.status == "needs_decision"


def test_an_output_in_words_comes_only_where_its_route_is_taken(rulebook: Rulebook) -> None:
    """The city reviews from 10,000 tonnes; with the energy use untold nobody says who reviews."""
    day = date(2024, 1, 1)
    large = decide(rulebook, "energy-review", day, project_outside_energy_review=False, project_energy=Fraction(10000))
    assert large.extra == {"reviewer": "municipal"}
    open_ = decide(
        rulebook, "energy-review", day, project_outside_energy_review=False, project_electricity=Fraction(500)
    )
    assert (open_.status, open_.extra) == ("applies", {})


def test_a_lower_end_stands_beside_an_upper_end() -> None:
    """A lower end alone, or beside an exact sum, is refused with the reason."""
    for wrong in ({"at_least": "a"}, {"at_least": "a", "exact": "b"}):
        with pytest.raises(ValueError, match="it stands beside up_to"):
            Benefit.model_validate(wrong)
