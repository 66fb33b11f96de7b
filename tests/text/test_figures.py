"""Figures as people read them: grouped, with one word for each unit, whichever page, letter or terminal they stand on."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.rulebook import Rulebook
from matcher.text import UNITS, figures


@pytest.mark.parametrize(
    ("value", "written"),
    [("19321.29", "19,321.29"), ("300000.00", "300,000"), ("0.00", "0"), ("0.50", "0.50"), ("-1234.50", "−1,234.50")],
)
def test_thousands_are_grouped(value: str, written: str) -> None:
    """Thousands are grouped; fen are shown where there are any."""
    assert figures.bare_sum(figures.fen_of(value)) == written


@pytest.mark.parametrize(("share", "written"), [("0.5", "50%"), ("0.125", "12.5%"), ("1", "100%"), ("0", "0%")])
def test_a_share_is_written_in_per_cent(share: str, written: str) -> None:
    """Rates are shares of one inside and per cent on the page."""
    assert figures.percent(Fraction(share)) == written


def test_days_are_written_in_words() -> None:
    """A day has no zero in front in either language."""
    assert figures.day("2026-07-01", "zh") == "2026年7月1日"
    assert figures.day(date(2026, 7, 1), "en") == "1 July 2026"


@pytest.mark.parametrize(
    ("yuan", "lang", "written"),
    [
        ("9800", "zh", "9,800元"),
        ("300000", "zh", "300,000元 = 30万元"),
        ("120000000", "zh", "120,000,000元 = 1.2亿元"),
        ("38642.57", "zh", "38,642.57元 = 3.864257万元"),
        ("-50000", "zh", "−50,000元 = −5万元"),
        ("300000", "en", "300,000 yuan"),
        ("1200000", "en", "1,200,000 yuan = 1.2 million yuan"),
    ],
)
def test_amounts_are_said_back_in_the_way_people_count(yuan: str, lang: str, written: str) -> None:
    """A typed amount is said back in 万 and 亿, so that a slipped zero is seen."""
    assert figures.sum_and_large(figures.fen_of(yuan), lang) == written


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00元", "0.00 yuan"),
        (5, "0.05元", "0.05 yuan"),
        (1_932_129, "19,321.29元", "19,321.29 yuan"),
        (-150, "−1.50元", "−1.50 yuan"),
    ],
)
def test_a_letter_writes_two_decimals_of_a_sum(fen: int, zh: str, en: str) -> None:
    """With cents a sum has two decimals in any case, a whole one too."""
    assert figures.sum_in_yuan(fen, "zh", cents=True) == zh
    assert figures.sum_in_yuan(fen, "en", cents=True) == en


def test_a_terminal_keeps_the_blank_that_a_page_sets_itself() -> None:
    """Tight or not is the only difference between a page's figure and a terminal's."""
    assert figures.sum_in_yuan(1_932_129, "zh", tight=False) == "19,321.29 元"
    assert figures.quantity(3, "persons", "zh", tight=False) == "3 人"
    assert figures.quantity(3, "persons", "zh") == "3人"


@given(st.integers(-(10**17), 10**17))
def test_money_keeps_every_fen(fen: int) -> None:
    """No sum, however large, loses a fen on its way into words and back."""
    written = figures.sum_in_yuan(fen, "zh").removesuffix("元").replace(",", "").replace("−", "-")
    assert figures.fen_of(written) == fen == figures.fen_of(figures.yuan(fen))


def test_half_a_fen_is_refused() -> None:
    """A sum with a third decimal is an error of the caller and never rounded away."""
    with pytest.raises(ValueError, match="fen"):
        figures.fen_of("1.005")


@pytest.mark.parametrize(
    ("unit", "zh", "one"),
    [
        ("loans", "次", "loan"),  # 贷款次数：1次, never 1笔
        ("patents", "项", "patent"),
        ("sets", "台（套）", "set"),
        ("units", "台（套）", "unit"),
        ("scenes", "个场景", "scene"),
    ],
)
def test_a_unit_has_one_word(unit: str, zh: str, one: str) -> None:
    """The units that letters and pages once named differently have one word, in English in the singular for one."""
    assert figures.quantity(1, unit, "zh") == f"1{zh}"
    assert figures.quantity(1, unit, "en") == f"1 {one}"
    assert figures.quantity(2, unit, "en") == f"2 {one}s"


def test_every_unit_of_the_rules_has_words(rulebook: Rulebook) -> None:
    """No fact and no figure is counted in a unit that the table does not know; a measure of physics is its own word."""
    counted = {fact.unit for fact in rulebook.facts.values()} - {None, "Wh/kg"}
    assert counted <= set(UNITS)
