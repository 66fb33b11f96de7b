"""Who deals in what others make, and what verbs speak of: the lists of the rules are read, and a wrong line is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.firms.trades import DEALERS, TRADE_WORDS, read_dealers, read_trade_words
from matcher.places import rules_dir
from matcher.rulebook.reading import RulebookError


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A rules folder with these lists and the standard only."""
    (tmp_path / "reference").mkdir()
    for name in (DEALERS, TRADE_WORDS, "reference/gbt4754.csv"):
        shutil.copy(rules_dir() / name, tmp_path / name)
    return tmp_path


def test_the_lists_are_read(lists: Path) -> None:
    """Steel is sold by its own wholesalers and repaired by nobody; 炼 speaks of making."""
    found = read_dealers(lists)
    assert (found["33"].retail, found["33"].wholesale, found["33"].repair) == ("528", "517", "431")
    assert (found["31"].wholesale, found["31"].repair) == ("516", "")
    making = next(one for one in read_trade_words(lists) if one.pattern.search("炼钢"))
    assert {"13", "42"} <= making.divisions
    assert "43" not in making.divisions


@pytest.mark.parametrize(
    ("name", "read", "line", "message"),
    [
        (DEALERS, read_dealers, "999,528,,", "'999' is no division or group of GB/T 4754-2017"),
        (DEALERS, read_dealers, "33,528,,", "33 stands twice; first on line"),
        (DEALERS, read_dealers, "42,52,,", "'52' is no group of GB/T 4754-2017: three digits, or leave it empty"),
        (DEALERS, read_dealers, "42,528", "2 cells; the list has 4 columns"),
        (TRADE_WORDS, read_trade_words, "(卖,52", "no regular expression"),
        (TRADE_WORDS, read_trade_words, "卖?,52", "this is found in everything"),
        (TRADE_WORDS, read_trade_words, "卖,52|98-99", "'98-99' is neither a division (01 to 97) nor a span"),
        (TRADE_WORDS, read_trade_words, "卖,52-51", "'52-51' is neither a division (01 to 97) nor a span"),
        (TRADE_WORDS, read_trade_words, "卖,retail", "'retail' is neither a division (01 to 97) nor a span"),
    ],
)
def test_a_wrong_line_is_refused(lists: Path, name: str, read: Callable[[Path], Any], line: str, message: str) -> None:
    """The file and the line are named, and what is wrong there."""
    with (lists / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(RulebookError) as caught:
        read(lists)
    lines = len((lists / name).read_text(encoding="utf-8").splitlines())
    assert [(one.file, one.line) for one in caught.value.problems if message in one.message] == [(name, lines)]
