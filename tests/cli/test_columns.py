"""Columns: Chinese characters are two wide, lines do not begin with a comma, nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.cli.options import columns, wrap

texts = st.text(alphabet=st.sampled_from("甲乙丙，。（）“”ab c12.,-() "), max_size=120)


def test_a_chinese_character_takes_two_columns() -> None:
    """Full-width forms count double, combining marks and zero-width characters nothing."""
    assert columns("从业人数 300") == 12
    assert columns("ａ") == 2
    assert columns("e\u0301\u200b") == 1


@given(text=texts, width=st.integers(12, 80))
def test_lines_fit_and_nothing_is_lost(text: str, width: int) -> None:
    """No line is wider than asked for, and the characters come out in their order, spaces aside."""
    lines = wrap(text, "  · ", width=width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "").removeprefix("·") == "".join(text.split())


def test_punctuation_stays_with_its_character() -> None:
    """A comma never begins a line and an opening bracket never ends one."""
    lines = wrap("从业人数，不超过（三百）人，" * 20, width=21)
    assert not any(line.strip()[0] in "，）" for line in lines)
    assert not any(line[-1] == "（" for line in lines)


def test_words_are_not_broken_and_the_rest_hangs() -> None:
    """A Latin word stays whole where it fits; following lines are set in under the first."""
    assert wrap("one two three", "- ", width=9) == ["- one two", "  three"]
    assert wrap("abcdefghij", "", width=4) == ["abcd", "efgh", "ij"]
    assert wrap("", "x: ") == ["x:"]
