"""The groups of the industry standard with their keywords, and what is refused when the list was edited wrongly."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.firms.industries import KEYWORDS, STANDARD, groups, industries, read_groups
from matcher.places import rules_dir
from matcher.rulebook.reading import Problem, RulebookError

HEADER = "code,name_zh,keywords_zh,keywords_en\n"
SMALL = "level,code,name_zh,parent\nsection,C,制造业,\ndivision,36,汽车制造业,C\ngroup,361,汽车整车制造,36\n"
SMALL += "class,3611,汽柴油车整车制造,361\ngroup,367,汽车零部件及配件制造,36\n"
GOOD = "361,汽车整车制造,汽车厂|造汽车,car factory\n367,汽车零部件及配件制造,做汽车零件,auto parts\n"


@pytest.fixture
def problems_of(tmp_path: Path) -> Callable[[str | bytes], list[Problem]]:
    """Write a list of keywords beside a standard of two groups, and return what is wrong with it."""

    def read(content: str | bytes) -> list[Problem]:
        (tmp_path / "reference").mkdir(exist_ok=True)
        (tmp_path / STANDARD).write_text(SMALL, encoding="utf-8")
        (tmp_path / KEYWORDS).write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            read_groups(tmp_path)
        except RulebookError as error:
            return list(error.problems)
        return []

    return read


def test_a_group_knows_what_it_stands_under() -> None:
    """A group has its division, section, classes and keywords, and the groups follow the standard."""
    found = groups()
    assert len(found) == 473
    assert [group.code for group in found] == sorted(group.code for group in found)
    parts = next(group for group in found if group.code == "367")
    assert (parts.name, parts.division, parts.section) == ("汽车零部件及配件制造", "36", "C")
    assert (parts.division_name, parts.section_name) == ("汽车制造业", "制造业")
    assert {"做汽车零件", "auto parts"} <= set(parts.keywords)
    assert parts.keywords == parts.keywords_zh + parts.keywords_en
    assert "锂离子电池制造" in next(group for group in found if group.code == "384").class_names
    assert all(industries()[group.code] == group.name for group in found)


def test_the_list_is_read_once() -> None:
    """A second call gives the very same groups."""
    assert groups() is groups()


def test_a_good_list_is_read(problems_of: Callable[[str | bytes], list[Problem]]) -> None:
    """A list that names every group with keywords has no fault, also as a spreadsheet saves it."""
    assert problems_of(HEADER + GOOD) == []
    assert problems_of("\ufeff" + (HEADER + GOOD).replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("content", "line", "key", "said"),
    [
        ("", 1, "-", "the first line must be code,name_zh"),
        ("code,name\n" + GOOD, 1, "-", "the first line must be code,name_zh"),
        (HEADER + GOOD + "361,汽车整车制造\n", 4, "-", "2 cells"),
        (HEADER + GOOD + "\n", 4, "-", "0 cells"),
        (HEADER + GOOD + '3,"open', 4, "-", "not comma-separated text"),
        (HEADER.encode() + b"\xff", 2, "-", "not UTF-8"),
        (HEADER + GOOD + "999,其他,杂,misc\n", 4, "999", "no group of GB/T 4754-2017"),
        (HEADER + GOOD + "36,汽车制造业,车,car\n", 4, "36", "no group of GB/T 4754-2017"),
        (HEADER + GOOD + "361,汽车整车制造,轿车厂,cars\n", 4, "361", "first on line 2"),
        (HEADER + GOOD.replace("汽车整车制造", "汽车制造"), 2, "361", "is called 汽车整车制造"),
        (HEADER + GOOD.splitlines()[0], 1, "367", "汽车零部件及配件制造 is missing"),
        (HEADER + GOOD.replace("做汽车零件", ""), 3, "367", "no Chinese keyword"),
        (HEADER + GOOD.replace("|造汽车", "||造汽车"), 2, "361", "1 to 40 characters"),
        (HEADER + GOOD.replace("|造汽车", "|" + "车" * 41), 2, "361", "1 to 40 characters"),
        (HEADER + GOOD.replace("auto parts", " auto parts"), 3, "367", "no space around"),
        (HEADER + GOOD.replace("|造汽车", "|汽车厂"), 2, "361", "汽车厂 stands twice"),
        (HEADER + GOOD.replace("造汽车", "汽柴油车整车制造"), 2, "361", "is a name of the standard"),
        (HEADER + GOOD.replace("造汽车", "|".join(f"车{n}" for n in range(150))), 2, "361", "at most 150"),
        (HEADER + GOOD.replace("造汽车", "车" * 1001), 2, "-", "a cell of more than 1000"),
        (HEADER + "367,x,y,z\n" * 5001, 5002, "-", "more than 5000 rows"),
        (HEADER + "x" * 2_000_000, 1, "-", "at most 2000000 are read"),
    ],
)
def test_a_wrong_list_is_refused(
    content: str | bytes, line: int, key: str, said: str, problems_of: Callable[[str | bytes], list[Problem]]
) -> None:
    """A fault names the list, its line and the group, and says what is wrong."""
    found = problems_of(content)
    assert any((one.file, one.line, one.key) == (KEYWORDS, line, key) and said in one.message for one in found), found


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    """Without the list of keywords the groups cannot be read, and the problem names the file."""
    (tmp_path / "reference").mkdir()
    shutil.copy(rules_dir() / STANDARD, tmp_path / STANDARD)
    with pytest.raises(RulebookError) as caught:
        read_groups(tmp_path)
    assert caught.value.problems == (Problem(KEYWORDS, 1, "-", "not a file"),)
