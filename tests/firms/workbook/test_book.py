"""Lists as CSV and as workbooks: every cell comes back as it was, and none is a formula."""

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from matcher.firms.workbook.book import csv_lines, neutral, workbook

FORMULAS = ["=1+1", "+8622", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_worked_out_is_made_harmless(text: str) -> None:
    """An apostrophe stands before it, in CSV and in a workbook."""
    assert neutral(text) == f"'{text}"
    (line,) = csv_lines([[text]])
    assert next(csv.reader(io.StringIO(line.removeprefix("\ufeff"), newline=""))) == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "天津市喆堃镕科技有限公司", 'a,"b"\nc', "1-1", " =1", "19321.29"])
def test_other_text_stays_as_it_is(text: str) -> None:
    """Names, commas, quotes, figures."""
    assert neutral(text) == text
    (line,) = csv_lines([[text, None, 7]])
    assert next(csv.reader(io.StringIO(line.removeprefix("\ufeff"), newline=""))) == [text, "", "7"]


def test_a_spreadsheet_takes_the_csv_for_unicode() -> None:
    """The mark stands once, before the first line."""
    lines = list(csv_lines([["企业"], ["天津"]]))
    assert lines == ["\ufeff企业\r\n", "天津\r\n"]


def test_a_workbook_has_text_and_numbers() -> None:
    """Numbers can be added up, text is text; the same content gives the same bytes."""
    made = [
        workbook("一张名单" * 20, date(2026, 11, 24), ["企业", "人数"], [["=1+1", 12], [None, None], ["天津", 0]])
        for _ in range(2)
    ]
    assert made[0] == made[1]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made[0])).get_sheet_by_index(0)
    assert sheet.to_python() == [["企业", "人数"], ["'=1+1", 12.0], ["", ""], ["天津", 0.0]]
