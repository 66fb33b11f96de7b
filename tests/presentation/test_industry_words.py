"""An industry in words: in English a class is not called by what its whole group is best known for."""

import pytest

from matcher.presentation.industry import industry_text


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("5225", "营养和保健品零售 5225", "5225, of group 522 (fruit shop, bakery shop)"),
        ("6210", "正餐服务 6210", "restaurant, hot pot 6210"),
        ("522", "食品、饮料及烟草制品专门零售 522", "fruit shop, bakery shop 522"),
    ],
)
def test_an_industry_is_the_same_in_both_languages(code: str, zh: str, en: str) -> None:
    """Health food is no fruit shop; the only class of its group is what the group is."""
    assert industry_text(code, "zh") == zh
    assert industry_text(code, "en") == en
