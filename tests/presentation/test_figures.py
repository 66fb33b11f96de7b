"""Tests of how figures are written for people."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from matcher.presentation import entries as figures
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook


@pytest.mark.parametrize(
    ("value", "written"),
    [("19321.29", "19,321.29"), ("300000.00", "300,000"), ("0.00", "0"), ("0.50", "0.50"), ("-1234.5", "-1,234.5")],
)
def test_thousands_are_grouped(value: str, written: str) -> None:
    """Thousands are grouped; fen are shown where there are any."""
    assert figures.thousands(value) == written


@pytest.mark.parametrize(("share", "written"), [("0.5", "50%"), ("0.125", "12.5%"), ("1", "100%"), ("0", "0%")])
def test_a_share_is_written_in_per_cent(share: str, written: str) -> None:
    """Rates are shares of one inside and per cent on the page."""
    assert figures.per_cent(share) == written


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
        ("-50000", "zh", "-50,000元 = -5万元"),
        ("300000", "en", "300,000 yuan"),
        ("1200000", "en", "1,200,000 yuan = 1.2 million yuan"),
    ],
)
def test_amounts_are_said_back_in_the_way_people_count(yuan: str, lang: str, written: str) -> None:
    """A typed amount is said back in 万 and 亿, so that a slipped zero is seen."""
    assert figures.yuan_in_words(Decimal(yuan), lang) == written


@pytest.mark.parametrize(
    ("fact_id", "value", "written"),
    [
        ("assets_end_last_month", 5_000_000_00, "= 5,000,000元 = 500万元"),
        ("employees_end_last_month", 212, "= 212人"),
        ("input_composition_ratio", Fraction(1, 8), "= 12.5%"),
        ("established_on", date(2022, 3, 1), "= 2022年3月1日"),
        ("is_tech_sme", True, None),
        ("legal_form", "company", None),
        ("name", "某公司", None),
    ],
)
def test_what_was_understood_is_said_back(rulebook: Rulebook, fact_id: str, value: Scalar, written: str) -> None:
    """Figures and days are said back under their field; choices and names cannot be mistaken."""
    assert figures.echo(rulebook.facts[fact_id], value, "zh") == written


@pytest.mark.parametrize(
    ("fact_id", "value", "zh", "en"),
    [
        ("legal_form", "company", "公司（有限责任公司、股份有限公司）", "company"),
        ("is_tech_sme", "true", "是", "yes"),
        ("is_tech_sme", False, "否", "no"),
        ("employees_end_last_month", "1", "1人", "1 person"),
        ("assets_end_last_month", "50000000.00", "50,000,000元", "50,000,000 yuan"),
        ("established_on", "2022-03-01", "2022年3月1日", "1 March 2022"),
        ("industry", "3670", "3670", "3670"),
    ],
)
def test_values_of_a_decision_are_put_into_words(
    rulebook: Rulebook, fact_id: str, value: object, zh: str, en: str
) -> None:
    """A value from a decision's JSON reads like an answer in both languages."""
    fact = rulebook.facts[fact_id]
    assert (figures.stated(fact, value, "zh"), figures.stated(fact, value, "en")) == (zh, en)
