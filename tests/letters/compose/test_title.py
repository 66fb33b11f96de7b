"""Titles broken by sense into shapes the form allows."""

from __future__ import annotations

import pytest

from matcher.letters.compose.levels import ENGLISH_PER_LINE, PER_LINE, break_english, break_title
from matcher.rulebook.rulebook import Rulebook


def test_a_short_title_is_one_line() -> None:
    """What fits on a line stays on it."""
    assert break_title("关于人力资源市场秩序核对结果的函") == ("关于人力资源市场秩序核对结果的函",)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "关于新能源汽车充电基础设施建设支持政策核对结果的函",
            ("关于新能源汽车充电基础设施建设支持政策", "核对结果的函"),
        ),
        ("关于津辰企服函〔2026〕128号登记情况的函", ("关于津辰企服函〔2026〕128号", "登记情况的函")),
    ],
)
def test_a_long_one_is_parted_where_a_word_ends(title: str, lines: tuple[str, ...]) -> None:
    """The break stands where the title's own parts meet, never inside a number or a bracket."""
    assert break_title(title) == lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Green ships: result of the check", ("Green ships: result of the check",)),
        (
            "Six taxes and two fees, halved for small firms: result of the check",
            ("Six taxes and two fees, halved for small firms:", "result of the check"),
        ),
        (
            "Insurance compensation for the first batch of a new material in use: result of the check",
            ("Insurance compensation for the first", "batch of a new material in use:", "result of the check"),
        ),
    ],
)
def test_an_english_one_is_parted_after_its_colon(title: str, lines: tuple[str, ...]) -> None:
    """What the letter is about and what it says of that are lines of their own, each as even as its words allow."""
    assert break_english(title) == lines


def test_every_english_title_fits(rulebook: Rulebook) -> None:
    """The English title on every scheme is the same text in lines that the page holds."""
    for scheme in rulebook.schemes.values():
        text = f"{scheme.name.en}: result of the check"
        lines = break_english(text)
        assert " ".join(lines) == text
        assert max(map(len, lines)) <= ENGLISH_PER_LINE, lines


def test_every_scheme_has_a_title(rulebook: Rulebook) -> None:
    """The title on every scheme fits its lines, is the same text, and no line begins or ends badly."""
    for scheme in rulebook.schemes.values():
        text = f"关于{scheme.name.zh}核对结果的函"
        lines = break_title(text)
        assert "".join(lines) == text
        assert max(map(len, lines)) <= PER_LINE, lines
        assert not any(line[0] in "）”、，》" or line[-1] in "（“《" for line in lines), lines


def test_a_title_of_any_length() -> None:
    """A text of four lines and more is still cut to the width."""
    lines = break_title("天" * 90)
    assert ("".join(lines), max(map(len, lines))) == ("天" * 90, PER_LINE)
