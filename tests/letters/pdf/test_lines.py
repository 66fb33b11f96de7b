"""Lines of set Chinese: where they may break, how they are filled, and what is never torn."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from matcher.letters.pdf import fonts as faces
from matcher.letters.pdf.lines import TIED, Line, break_lines, closings, room
from matcher.text.marks import CLOSING, OPENING

MEASURE = 28 * faces.EM
SENTENCE = (
    "贵单位符合《小微企业“六税两费”减免》的全部条件，可以享受；少缴38,642.57元（人民币叁万捌仟陆佰肆拾贰元伍角柒分）。"
)
ALPHABET = "贵单位符合条件可以享受，。、；：“”（）《》〔〕…—38642.57%AbCd /"


def lines_of(text: str, measure: int = MEASURE, indent: int = 0) -> list[Line]:
    """The lines of `text` with the widths of the body's faces."""
    return break_lines(text, [faces.width(sign) for sign in text], measure, indent)


def natural(text: str, line: Line) -> float:
    """How wide the line is as it is set."""
    words = text[line.start : line.end]
    gaps = [
        line.evenly or not re.fullmatch(r"[!-~]{2}", pair)
        for pair in (words[at : at + 2] for at in range(len(words) - 1))
    ]
    return sum(map(faces.width, words)) - sum(line.closed) + line.spacing * sum(gaps)


@given(st.text(ALPHABET, min_size=1, max_size=300))
def test_nothing_is_lost(text: str) -> None:
    """The lines are the text again, but for the blanks at their ends."""
    lines = lines_of(text)
    at = 0
    for line in lines:
        assert not text[at : line.start].strip()
        at = line.end
    assert not text[at:].strip()


@given(
    st.lists(
        st.sampled_from([*ALPHABET[:11], "，", "。”", "（甲）", "《乙》", "2026", "……", "A4"]),
        min_size=40,
        max_size=300,
    )
)
def test_no_mark_stands_where_it_may_not(words: list[str]) -> None:
    """No line begins with a closing mark or ends with an opening one, and none tears a figure apart."""
    text = "".join(words)
    lines = lines_of(text)
    for line in lines[1:]:
        if text[line.start - 1] not in OPENING:
            assert text[line.start] not in CLOSING | TIED
        assert (
            not (text[line.start].isdecimal() and text[line.start - 1].isdecimal())
            or len(max(re.findall("[0-9A]+", text), key=len)) > 24
        )
    assert all(text[line.end - 1] not in OPENING for line in lines[:-1])


@given(st.lists(st.sampled_from([*ALPHABET[:11], "，", "。”", "（甲）", "2026"]), min_size=60, max_size=300))
def test_every_line_but_the_last_is_full(words: list[str]) -> None:
    """With its spacing and its closer marks each line but the last is as wide as the measure, to a fiftieth of an em."""
    text = "".join(words)
    lines = lines_of(text, indent=2 * faces.EM)
    for line in lines[:-1]:
        wanted = MEASURE - (0 if line.start else 2 * faces.EM)
        assert abs(natural(text, line) - wanted) <= 20


def test_plain_characters_fill_the_grid() -> None:
    """Twenty-eight characters to a line, none of them spaced."""
    lines = lines_of("函" * 84)
    assert [(line.end - line.start, line.spacing) for line in lines] == [(28, 0.0)] * 3


def test_marks_in_a_row_share_their_air() -> None:
    """Of two marks in a row the first gives up half a square, whichever way they face; between words none does."""
    assert closings("符合”，可") == [0, 0, 500, 0, 0]
    assert closings("（“甲") == [500, 0, 0]
    assert closings("甲、乙") == [0, 0, 0]


def test_a_full_stop_keeps_its_air() -> None:
    """To save a line a comma may close up and a bracket may, a full stop may not."""
    assert room("甲，乙。丙（丁") == [0, 250, 0, 0, 250, 0, 0]


def test_a_comma_is_not_left_over_for_a_loose_line() -> None:
    """A line of twenty-eight characters takes the comma that follows, by closing up the marks inside it."""
    text = "甲、" * 8 + "乙" * 12 + "，" + "丙" * 20
    first = lines_of(text)[0]
    assert text[first.end - 1] == "，"
    assert first.spacing == 0
    assert sum(first.closed) == faces.EM


def test_no_lost_character_in_the_last_line() -> None:
    """A last line of one character and its stop takes a second one along."""
    text = "贵单位符合小微企业“六税两费”减免的全部条件，可以享受。"
    assert text[lines_of(text, indent=2 * faces.EM)[-1].start :] == "享受。"


def test_an_address_is_parted_after_a_mark_only() -> None:
    """A long address breaks after a dot or a slash; a word longer than any line is cut, since no line holds it."""
    text = "请登录电子税务局办理并留存备查资料https://etax.tianjin.chinatax.gov.cn/login"
    second = lines_of(text)[1]
    assert text[second.start - 1] in "./:"
    assert len(lines_of("A" * 400)) > 5


def test_a_figure_keeps_its_unit() -> None:
    """No line begins with a lonely 元 after the figure it belongs to."""
    for length in range(15, 30):
        text = "税" * length + "19,321.29元（人民币）" + "税" * 30
        assert all(text[line.start] != "元" for line in lines_of(text))
