"""Tests of the money and of what was found, said in words while the interview goes on."""

import pytest

from matcher.engine.ask.readings import Outlook
from matcher.engine.ask.screens import Price
from matcher.presentation.entries import money_range
from matcher.site.interview.screens import price
from tests.fixtures.pages import words

from .conftest import Interview


@pytest.mark.parametrize(
    ("outlook", "zh", "en"),
    [
        (Outlook(0, 0), "", ""),
        (Outlook(480_500, 480_500), "合计约4,805元", "about 4,805 yuan in all"),
        (Outlook(0, 15_000_000), "合计最多15万元", "at most 150,000 yuan in all"),
        (Outlook(12_345_678, 20_000_001), "合计至少12.3万元，最多20.1万元", "at least 123,000 yuan, at most 201,000 yuan in all"),
        (
            Outlook(0, None, ("a", "b")),
            "还没有确定的金额，上限还不知道（2项不知道能有多少）",
            "no certain sum yet, the upper end is not known (2 schemes of unknown amount)",
        ),
        (
            Outlook(100, None, ("a",)),
            "合计至少1元，上限还不知道（1项不知道能有多少）",
            "at least 1 yuan in all, the upper end is not known (1 scheme of unknown amount)",
        ),
    ],
)  # fmt: skip
def test_the_range_in_words(outlook: Outlook, zh: str, en: str) -> None:
    """The lower end is rounded down, the upper up, so that the truth is always inside."""
    assert (money_range(outlook, "zh"), money_range(outlook, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (Price(0, 0), ""),
        (Price(4, 18_000_000), "不清楚的话，4项定不下来，最多18万元"),
        (Price(1, 0), "不清楚的话，1项定不下来"),
        (Price(2, None), "不清楚的话，2项定不下来，金额还估不出"),
    ],
)
def test_the_price_of_not_knowing(cost: Price, said: str) -> None:
    """What stays open, and up to how much."""
    assert price(cost, "zh") == said


def test_what_was_found_so_far_is_what_is_counted(owner: Interview) -> None:
    """The services that are open to every firm stand neither in the list nor in its count: they said “entitled to” above 0 schemes."""
    page = owner.screen(owner.begin(fact_legal_form="company", fact_vat_status="general"))
    assert "能享受0项" in words(page.by_id("stands"))
    assert words(page.by_id("found")) == "还没有定下能享受的。"
