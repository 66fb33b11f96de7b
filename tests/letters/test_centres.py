"""The centres that issue letters, as data."""

from pathlib import Path

import pytest

from matcher.letters.order import centres
from matcher.rulebook.reading import RulebookError
from matcher.rulebook.rulebook import Rulebook

HEADER = "id,district,mark,name_zh,name_en\n"


def test_every_district_has_a_centre_and_the_city_one(rulebook: Rulebook) -> None:
    """The ids are those of the vocabulary's districts, and one more for the city."""
    assert set(centres()) == {"tianjin"} | set(rulebook.facts["district"].values or ()) - {"outside_tianjin"}
    assert len(centres()) == 17


def test_no_two_centres_share_a_letter_mark() -> None:
    """A mark that stood twice would give two letters the same number."""
    assert len({one.mark for one in centres().values()}) == 17


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a,a,津甲,甲,A\nb,b,津甲,乙,B\n", "津甲"),
        ("a,a,津甲,甲,A\na,a,津乙,乙,B\n", "further up"),
        ("a,a,津甲,,A\n", "empty"),
        ("a,a,津甲\n", "columns"),
    ],
)
def test_a_faulty_list_is_refused_by_line(tmp_path: Path, rows: str, fault: str) -> None:
    """A mark or id twice, an empty cell or a short row names its file and line."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "centres.csv").write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(RulebookError) as refusal:
        centres(tmp_path)
    problem = refusal.value.problems[0]
    assert problem.file == "reference/centres.csv"
    assert problem.line == 1 + rows.count("\n")
    assert fault in problem.message
