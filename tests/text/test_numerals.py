"""Capital Chinese numerals: the rules' printed examples, and every sum read back by an independent reader."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.text.numerals import LARGEST, capital

PRINTED = {
    140950: "人民币壹仟肆佰零玖元伍角",
    600714: "人民币陆仟零柒元壹角肆分",
    168032: "人民币壹仟陆佰捌拾元零叁角贰分",
    10700053: "人民币壹拾万柒仟元零伍角叁分",
    1640902: "人民币壹万陆仟肆佰零玖元零贰分",
    32504: "人民币叁佰贰拾伍元零肆分",
    0: "人民币零元整",
    1: "人民币壹分",
    10: "人民币壹角",
    55: "人民币伍角伍分",
    1000: "人民币壹拾元整",
    100001: "人民币壹仟元零壹分",
    1932129: "人民币壹万玖仟叁佰贰拾壹元贰角玖分",
    100000000: "人民币壹佰万元整",
    100010000: "人民币壹佰万零壹佰元整",
    10000000000: "人民币壹亿元整",
    1000000010000: "人民币壹佰亿零壹佰元整",
    100010000000000: "人民币壹万零壹亿元整",
}


@pytest.mark.parametrize(("fen", "words"), PRINTED.items())
def test_printed_examples(fen: int, words: str) -> None:
    """The examples printed in the rules, and the awkward zeros beside them, come out to the character."""
    assert capital(fen) == words


def read_back(words: str) -> int:
    """Read a capital sum the way a cashier does: split at the units, add digit times place, ignore the zeros."""
    match = re.fullmatch(r"人民币(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?", words)
    assert match, words
    yuan, jiao, fen = (part or "" for part in match.groups())
    one = "零壹贰叁肆伍陆柒捌玖".index
    return read_whole(yuan) * 100 + (one(jiao) * 10 if jiao else 0) + (one(fen) if fen else 0)


def read_whole(words: str) -> int:
    """Read the whole yuan by walking through the characters, carrying over at 万 and 亿."""
    total, group, digit = 0, 0, 0
    for sign in words:
        if sign in "拾佰仟":
            group, digit = group + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        elif sign == "亿":
            total, group, digit = (total + group + digit) * 100_000_000, 0, 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
    return total + group + digit


@given(st.one_of(st.integers(0, LARGEST - 1), st.integers(0, 10**7), st.integers(0, 17).map(lambda n: 10**n)))
@example(LARGEST - 1)
@example(20_000_003_000_00)
def test_round_trip(fen: int) -> None:
    """Whatever the sum, the written words read back to exactly that sum."""
    assert read_back(capital(fen)) == fen


@given(st.integers(0, LARGEST - 1))
def test_well_formed(fen: int) -> None:
    """No words ever hold two zeros in a row, a zero before a unit, a bare 拾, or 整 after 分."""
    words = capital(fen)
    assert "零零" not in words
    assert not re.search(r"零[仟佰拾万亿角分]", words)
    assert not re.search(r"(^|[^壹贰叁肆伍陆柒捌玖])拾", words)
    assert words.endswith("整") == (fen % 100 == 0)


@pytest.mark.parametrize("fen", [-1, LARGEST])
def test_out_of_range(fen: int) -> None:
    """A negative or absurd sum is refused instead of being written wrong."""
    with pytest.raises(ValueError, match="fen"):
        capital(fen)
