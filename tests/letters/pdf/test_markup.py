"""Set lines as markup: escaped, with their label, spacing and closer marks."""

from __future__ import annotations

import re

from matcher.letters.pdf.markup import set_paragraph


def plain(markup: str) -> str:
    """The words without the markup."""
    return re.sub("<.*?>", "", markup)


def test_one_line_needs_no_markup() -> None:
    """A line that is neither spaced nor closed up is text and nothing else."""
    assert set_paragraph("特此函告。", 28, 2) == "特此函告。"


def test_lines_are_spaced_to_the_edge() -> None:
    """A line that is a little short is spaced out; the words stay the same."""
    text = "函" * 60
    markup = set_paragraph(text, 28.4)
    assert markup.count("\n") == 2
    assert "letter-spacing:0.01481em" in markup
    assert plain(markup).replace("\n", "") == text


def test_label_stands_apart() -> None:
    """The label at the start is marked, and nothing after it."""
    assert set_paragraph("政策依据：公告", 28, 0, 5, "FandolHei") == "<b>政策依据：</b>公告"


def test_what_is_typed_is_escaped() -> None:
    """Markup in a text is printed."""
    assert set_paragraph("<img src=x>&", 28) == "&lt;img src=x&gt;&amp;"


def test_marks_are_set_closer() -> None:
    """Two marks in a row are set closer by half a square."""
    assert '<i style="letter-spacing:-0.50000em">”</i>，' in set_paragraph("“甲”，乙", 28)
