"""How dates, sums, shares and told facts are written, and what is taken out of a stranger's text."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.letters.compose import values


def test_date_without_zeros() -> None:
    """A date has Arabic figures and no zero in front, as the standard for official papers asks."""
    assert values.write_date(date(2026, 1, 5), "zh") == "2026年1月5日"
    assert values.write_date(date(2026, 1, 5), "en") == "5 January 2026"


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00元", "0.00 yuan"),
        (5, "0.05元", "0.05 yuan"),
        (1_932_129, "19,321.29元", "19,321.29 yuan"),
        (-150, "-1.50元", "-1.50 yuan"),
    ],
)
def test_money_grouped(fen: int, zh: str, en: str) -> None:
    """Money is grouped by thousands and always has two decimals."""
    assert values.write_money(fen, "zh") == zh
    assert values.write_money(fen, "en") == en


@given(st.integers(-(10**17), 10**17))
def test_money_keeps_every_fen(fen: int) -> None:
    """No sum, however large, loses a fen on paper."""
    figures = values.write_money(fen, "zh").removesuffix("元").replace(",", "")
    assert values.fen_of(figures) == fen


def test_half_a_fen_is_refused() -> None:
    """A sum with a third decimal is an error of the caller and never rounded away."""
    with pytest.raises(ValueError, match="fen"):
        values.fen_of("1.005")


@pytest.mark.parametrize(
    ("share", "words"), [("0.5", "50%"), ("1.2", "120%"), ("0.0125", "1.25%"), ("1/3", "100/3%"), ("1", "100%")]
)
def test_rate(share: str, words: str) -> None:
    """A share is written as a percentage; one without a short decimal stays exact as a fraction."""
    assert values.write_rate(Fraction(share)) == words


@pytest.mark.parametrize(
    ("fact", "value", "zh", "en"),
    [
        ("vat_status", "small_scale", "小规模纳税人", "small-scale"),
        ("is_before_first_settlement", True, "是", "yes"),
        ("employees_end_last_month", 1212, "1,212人", "1,212 persons"),
        ("assets_end_last_month", 3_800_000_000, "38,000,000.00元", "38,000,000.00 yuan"),
        ("name", "恒通‮公司", "恒通公司", "恒通公司"),
    ],
)
def test_told_fact(book: Any, fact: str, value: Any, zh: str, en: str) -> None:
    """A told fact reads as its label, its unit, yes or no; text loses what would turn the reading order."""
    assert values.write_value(book.facts[fact], value, "zh") == zh
    assert values.write_value(book.facts[fact], value, "en") == en


def test_decision_strings_come_back_exact(book: Any) -> None:
    """What a decision carries as text is read back to the exact value: money in fen, a count as a whole number."""
    read = {fact: values.read_value(book.facts[fact], text) for fact, text in STRINGS.items()}
    assert read == {
        "assets_end_last_month": 5_000_000_001,
        "employees_end_last_month": 301,
        "is_before_first_settlement": False,
        "vat_status": "general",
    }


STRINGS = {
    "assets_end_last_month": "50000000.01",
    "employees_end_last_month": "301",
    "is_before_first_settlement": "false",
    "vat_status": "general",
}


def test_clean_keeps_names() -> None:
    """Control and bidirectional characters go, blanks close up, and the rarest ideograph of a name stays."""
    assert values.clean("天津\x00喆\u202e堃\n  𬭎\U00031350 行") == "天津喆堃 𬭎\U00031350 行"


def test_printed_chinese_is_set_tight() -> None:
    """Blanks between Chinese and figures go; an address and a number of an instrument keep theirs."""
    assert values.set_tight("人数 212 人，财政部 税务总局公告，见 https://a.cn 办", "zh") == (
        "人数212人，财政部 税务总局公告，见 https://a.cn 办"
    )
    assert values.set_tight("staff 212 persons", "en") == "staff 212 persons"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("rate", "0.5", "50%"),
        ("money", "40000.00", "40,000.00元"),
        ("date", "2022-12-31", "2022年12月31日"),
        ("months", "13", "13个月"),
        ("boolean", True, "是"),
        ("text", "cancelled", "直接取消审批"),
    ],
)
def test_output(kind: str, value: object, words: str) -> None:
    """A further output is written by its kind."""
    assert values.write_output(kind, value, "zh") == words
