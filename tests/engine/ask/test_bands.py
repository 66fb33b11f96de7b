"""Bands: they divide a figure's domain, and what is decided by a band holds for every figure in it."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.engine.ask.readings import Told
from matcher.engine.ask.survey import survey
from matcher.engine.check import check
from matcher.engine.worlds import Band
from tests.conftest import count
from tests.engine.ask.interviews import Firm, firms, inside
from tests.engine.firms import the_rulebook
from tests.engine.test_unknowns import within

TODAY = date(2026, 11, 24)
OPEN = "needs_information"


@settings(max_examples=count(2000, 30))
@given(firms(whole=True), st.data())
def test_a_decision_by_a_band_holds_for_every_figure_in_it(firm: Firm, data: st.DataObject) -> None:
    """A settled status stays, the exact amount lies in the amount given before, and an open one lacked nothing that turns it."""
    figures = [name for name in firm.facts if the_rulebook().facts[name].type in ("integer", "money")]
    assume(figures)
    name = data.draw(st.sampled_from(sorted(figures)))
    middle = int(firm.facts[name])  # type: ignore[arg-type]
    least = the_rulebook().facts[name].bounds[0]
    reach = data.draw(st.sampled_from([0, 1, 10, 10**6]))
    band = Band(middle - reach if least is None else max(middle - reach, int(least)), middle + reach)
    rest = {fact: value for fact, value in firm.facts.items() if fact != name}
    exact = data.draw(inside(band))
    most = the_rulebook().facts[name].bounds[1]
    assume(most is None or exact <= most)
    by_band = check(the_rulebook(), rest, firm.day, firm.slugs, {name: band})
    by_figure = check(the_rulebook(), {**rest, name: exact}, firm.day, firm.slugs)
    for wide, narrow in zip(by_band, by_figure, strict=True):
        assert wide.status in (narrow.status, OPEN)
        if wide.amount is not None and narrow.amount is not None:
            assert within(narrow.amount, wide.amount)
        if wide.status == OPEN:
            assert wide.missing == (name,)


@settings(max_examples=count(1000, 30))
@given(firms())
def test_bands_divide_the_domain(firm: Firm) -> None:
    """Bands offered follow one another without gap or overlap, are two to five, and one of them settles a scheme."""
    for before, ask, told, _ in firm.steps():
        if ask.form != "bands":
            assert not ask.bands
            continue
        assert 2 <= len(ask.bands) <= 5
        for lower, upper in zip(ask.bands, ask.bands[1:], strict=False):
            assert lower.high is not None
            assert upper.low is not None
            assert not lower.holds(upper.low) or not upper.holds(upper.low)  # type: ignore[arg-type]
        bare = told.without(ask.fact)
        counts = [len(firm.survey(bare.answered(ask.fact, band)).settled) for band in ask.bands]
        assert max(counts) > len(before.settled)


def test_a_day_is_told_by_a_band_too() -> None:
    """Loans granted after the scheme's first day are all alike to the rules."""
    asked = {
        "size_class": "small",
        "ownership": "private",
        "loan_purpose": "fixed_asset",
        "loan_in_supported_field": True,
    }
    told = Told({**asked, "has_other_central_interest_subsidy": False})
    found = survey(the_rulebook(), told, TODAY, ["sme-loan-interest-subsidy"])
    assert found.screen is not None
    ask, *sums = found.screen.asks
    assert (ask.fact, ask.form) == ("loan_granted_on", "bands")
    assert all(one.refines for one in sums)  # beside it stands what the sum is reckoned from
    assert all(isinstance(end, date) for band in ask.bands for end in (band.low, band.high) if end is not None)
    settled = [
        survey(the_rulebook(), told.answered(ask.fact, band), TODAY, found.in_force).settled for band in ask.bands
    ]
    assert settled == [("sme-loan-interest-subsidy",)] * len(ask.bands)


def test_an_exact_figure_beats_its_band() -> None:
    """Where both are told the figure counts, even if it lies outside."""
    told = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 100_00}
    bands = {"six_taxes_two_fees_payable": Band(0, 10_00)}
    (decision,) = check(the_rulebook(), told, TODAY, ["six-taxes-two-fees"], bands)
    assert decision.amount is not None
    assert decision.amount.to_json() == {"kind": "exact", "value": "50.00"}
    (banded,) = check(the_rulebook(), {"vat_status": "small_scale"}, TODAY, ["six-taxes-two-fees"], bands)
    assert banded.amount is not None
    assert banded.amount.to_json() == {"kind": "range", "low": "0.00", "high": "5.00"}
