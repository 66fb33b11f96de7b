"""Tests of reading what a person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.firms import numbers
from matcher.presentation import entries


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3,000,000", "3000000"),
        ("３，０００，０００", "3000000"),
        ("30万", "300000"),
        ("３０万元", "300000"),
        ("30.5 万", "305000"),
        ("1.2亿", "120000000"),
        ("1亿2000万", "120000000"),
        ("1亿2000万300.05元", "120000300.05"),
        ("3千万", "30000000"),
        ("¥38642.57", "38642.57"),
        ("人民币 800 元整", "800"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        (".5", "0.5"),
        ("-5", "-5"),
        ("－5", "-5"),
        ("−5", "-5"),
        ("1.10", "1.1"),
        ("0.00001万", "0.1"),
    ],
)
def test_numbers_as_people_write_them(typed: str, meant: str) -> None:
    """Full-width digits, thousands, 万 and 亿 are read exactly."""
    assert numbers.number(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "元",
        "万",
        "3,5",
        "3,00",
        "1,0000",
        "1.2.3",
        "1e5",
        "三三万十",
        "30万亿",
        "abc",
        "😀",
        "NaN",
        "∞",
        "1" * 41,
        "--5",
    ],
)
def test_what_is_not_a_number(typed: str) -> None:
    """What cannot be read for certain is not guessed at."""
    assert numbers.number(typed) is None


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False, allow_infinity=False))
def test_a_plain_decimal_keeps_its_value(number: object) -> None:
    """No amount changes by being read, to the fen."""
    read = numbers.number(str(number))
    assert read is not None
    assert type(number)(read) == number


@given(st.text(max_size=60))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed, reading it raises nothing."""
    for kind in ("boolean", "integer", "number", "money", "rate", "date", "enum", "text"):
        numbers.plain_text(kind, text)
    assert not entries.unprintable(entries.printable(text))


@pytest.mark.parametrize(
    "typed",
    [
        "2022-03-01",
        "2022-3-1",
        "2022.3.1",
        "2022/3/1",
        "20220301",
        "2022年3月1日",
        "２０２２．３．１",
        " 2022 年 3 月 1 日 ",
    ],
)
def test_days_as_people_write_them(typed: str) -> None:
    """A day is read in every way people write it."""
    assert numbers.iso_date(typed) == "2022-03-01"


@pytest.mark.parametrize("typed", ["", "2022", "2022-03", "3/1/2022", "yesterday", "202231", "2022年3月"])
def test_what_is_not_a_day(typed: str) -> None:
    """A day without its year, month or day is not guessed at."""
    assert numbers.iso_date(typed) is None


def test_an_impossible_day_is_handed_on() -> None:
    """31 February is written like a day; that it is none is said where facts are judged."""
    assert numbers.plain_text("date", "2022年2月31日") == "2022-02-31"


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("boolean", "maybe", "maybe"),
        ("integer", "２１２", 212),
        ("integer", "0", 0),
        ("integer", "3.5", "3.5"),
        ("integer", "三", 3),
        ("money", "1万", "10000"),
        ("rate", "80", "0.8"),
        ("rate", "80％", "0.8"),
        ("rate", "0", "0"),
        ("rate", "12.5 %", "0.125"),
        ("text", " ３６７０ ", "３６７０"),
        ("enum", "general", "general"),
    ],
)
def test_each_type_is_read_in_its_own_way(kind: str, typed: str, meant: object) -> None:
    """Each type comes out as a profile file would state it, a rate from per cent; the unreadable stays as typed."""
    read = numbers.plain_text(kind, typed)
    assert read == meant
    assert type(read) is type(meant)
