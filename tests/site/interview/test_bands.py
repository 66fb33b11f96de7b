"""Tests of bands: written into a form, read back, and said in words."""

import pytest

from matcher.answers import answers as bands
from matcher.engine.worlds import Band
from matcher.rulebook.rulebook import Rulebook


@pytest.mark.parametrize(
    ("fact", "band", "zh", "en"),
    [
        ("employees", Band(0, 20, high_open=True), "不超过19人", "at most 19 persons"),
        ("employees", Band(20, 300, low_open=True), "21人到300人", "21 persons to 300 persons"),
        ("employees", Band(300, None, low_open=True), "301人及以上", "301 persons or more"),
        ("employees", Band(0, 0), "0人", "0 persons"),
        ("annual_revenue", Band(0, 300_000_000, high_open=True), "不到300万元", "under 3 million yuan"),
        ("annual_revenue", Band(300_000_000, None, low_open=True), "超过300万元", "over 3 million yuan"),
    ],
)
def test_a_band_in_words(rulebook: Rulebook, fact: str, band: Band, zh: str, en: str) -> None:
    """Whole numbers are said by the first and last that lie in the band, sums by their bounds."""
    found = rulebook.facts[fact]
    assert (bands.band_text(found, band, "zh"), bands.band_text(found, band, "en")) == (zh, en)


@pytest.mark.parametrize("band", [Band(0, 20, high_open=True), Band(20, None, low_open=True), Band(3, 3)])
def test_a_band_goes_through_a_form(rulebook: Rulebook, band: Band) -> None:
    """What a form sends back is the band that it offered."""
    fact = rulebook.facts["employees"]
    assert bands.read_band(rulebook, fact, bands.band_value(fact, band)) == bands.band_told(fact, band)


@pytest.mark.parametrize("text", ["", "1|2", "1|2|0|x", "x|2|0|0", "-1|2|0|0", "||0|0", "1|2|0|0|0"])
def test_junk_is_no_band(rulebook: Rulebook, text: str) -> None:
    """A value that no form of ours sends is no answer."""
    assert bands.read_band(rulebook, rulebook.facts["employees"], text) is None
