"""Functions in a worked-out sum, in words."""

from __future__ import annotations

import pytest

from matcher.letters.compose.section import in_words


@pytest.mark.parametrize(
    ("lang", "line", "said"),
    [
        ("zh", "50% × 取大(0、7,100元 − (3元 + 1元)) = 2元", "50% × 取较大者（0、7,100元 − (3元 + 1元)） = 2元"),
        ("zh", "取小(1、取大(2、3)) + 4", "取较小者（1、取较大者（2、3）） + 4"),
        ("zh", "取大(1", "取较大者（1）"),
        ("en", "50 % × max(0, 7,100 yuan)", "50 % × the larger of (0, 7,100 yuan)"),
        ("en", "climax(1) + min(2, 3)", "climax(1) + the smaller of (2, 3)"),
        ("zh", "50% × 310元 = 155元", "50% × 310元 = 155元"),
    ],
)
def test_in_words(lang: str, line: str, said: str) -> None:
    """The larger and the smaller of several are said so, whatever stands in the brackets; all else stays."""
    assert in_words(line, lang) == said
