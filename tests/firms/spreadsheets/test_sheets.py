"""Files of lists as their rows: what cells say, where headings stand, and what is refused with what to do instead."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from matcher.firms.faults import Unreadable
from matcher.firms.spreadsheets import sheets, xlsx_limits
from matcher.firms.spreadsheets.columns import Columns
from matcher.firms.spreadsheets.layout import find_layout, firm_rows
from matcher.firms.spreadsheets.sheets import Range, Row, open_sheets
from matcher.firms.spreadsheets.xlsx_limits import MAX_PARTS, must_be_harmless
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.xlsx import SHEET, workbook


def read(content: bytes | Path, name: str = "firms.xlsx") -> list[Row]:
    """The rows of the first sheet."""
    return list(next(iter(open_sheets(content, name))).rows)


def test_cells_are_read_as_they_are_shown() -> None:
    """Per cent as typed, days without the hour, yes and no as such; blank rows are left out and blank ends cut off."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        percent, day = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        quoted = book.add_format({"num_format": '0.00"%"'})
        sheet.write_row(0, 0, ["名称", "占比", "成立", "高新", "备注", "数"])
        sheet.write_string(2, 0, "甲公司")
        sheet.write_number(2, 1, 0.035, percent)
        sheet.write_datetime(2, 2, datetime.datetime(2021, 3, 1, 9, 30), day)  # noqa: DTZ001
        sheet.write_boolean(2, 3, True)
        sheet.write_string(2, 4, "  ")
        sheet.write_number(2, 5, 0.5, quoted)
        sheet.write_string(3, 0, "乙公司")
        sheet.write_string(3, 1, "不详", percent)
        sheet.write_blank(3, 5, None, percent)
        sheet.write_string(4, 0, " ")
    rows = read(made.getvalue())
    assert [line for line, _ in rows] == [1, 3, 4]
    assert [str(cell) for cell in rows[1][1]] == ["甲公司", "3.5%", "2021-03-01", "True", "", "0.5"]
    assert rows[2][1] == ["乙公司", "不详"]


def zipped(parts: int = 1, size: int = 10) -> bytes:
    """A ZIP that is no workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(parts):
            packed.writestr(str(number), b"0" * size)
    return made.getvalue()


def sized(content: bytes, stated: int) -> bytes:
    """A ZIP of one part that says it unpacks to another size."""
    made = bytearray(content)
    at = made.index(b"PK\1\2") + 24
    made[at : at + 4] = stated.to_bytes(4, "little")
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(40), "is an old .xls workbook: save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "has a password: save it without one"),
        (b"name,code", "is named .xlsx but is no workbook"),
        (b"PK no zip", "is named .xlsx but is no workbook"),
        (zipped(MAX_PARTS + 1), "has too many parts"),
        (zipped(size=3_000_000), "unpack"),
        (sized(zipped(size=3_000_000), 10), "unpack"),
        (workbook(SHEET.format('<row r="100001"><c r="A100001"/></row>')), "has 100001 rows and 1 columns"),
        (workbook(SHEET.format('<row r="1048577"><c/></row>')), "XFD1048576"),
        (workbook("<worksheet"), "is no .xlsx workbook that opens"),
    ],
)
def test_workbooks_that_cannot_be_read_say_what_to_do(content: bytes, words: str) -> None:
    """Old, locked, packed too tight or reaching too far: in words, before anything is opened."""
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_a_long_text_without_a_tag_is_looked_through_at_once() -> None:
    """What may be no tag is not kept for the next piece; what stands behind it is seen."""
    text = "x" * 70_000
    content = workbook(SHEET.format(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'))
    must_be_harmless(content)
    with pytest.raises(Unreadable, match="XFD1048576"):
        must_be_harmless(workbook(SHEET.format(f"<!-- {text} -->" + '<row r="9999999"/>')))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('名称,代码\n"甲公司,1\n'.encode(), "line 2|is no comma-separated text"),
        (b"\xff\xfe\x00\xd8a", "is no text in UTF-8 or GBK"),
        (b"name\xff\xfe\xfd\n", "is no text in UTF-8 or GBK"),
        (b"na\0me\n", "is no text in UTF-8 or GBK"),
    ],
)
def test_texts_that_cannot_be_read_say_what_to_do(content: bytes, words: str) -> None:
    """Quotes left open, and other encodings."""
    with pytest.raises(Unreadable, match=words):
        read(content, "firms.csv")


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its size alone."""
    monkeypatch.setattr(sheets, "MAX_CSV_BYTES", 5)
    monkeypatch.setattr(xlsx_limits, "MAX_XLSX_BYTES", 5)
    with pytest.raises(Unreadable, match="is larger than 600 MB: split it"):
        read(b"name,code\n", "firms.csv")
    with pytest.raises(Unreadable, match="split it or save it as CSV"):
        must_be_harmless(b"PK    ")


@pytest.mark.parametrize("name", ["firms.xlsx", "firms.csv"])
def test_a_file_that_is_gone_says_so(tmp_path: Path, name: str) -> None:
    """With the system's reason."""
    with pytest.raises(Unreadable, match="cannot be opened: No such file"):
        read(tmp_path / name, name)


def found(rulebook: Rulebook, rows: list[list[object]], *merged: Range) -> tuple[str, ...]:
    """The headings of a list."""
    return find_layout(Columns(rulebook), [(line, cells) for line, cells in enumerate(rows, 1)], merged).headings  # type: ignore[misc]


def test_headings_in_two_rows_are_one_a_column(rulebook: Rulebook) -> None:
    """Units below, groups above merged cells, and a blank column at the end."""
    assert found(rulebook, [["企业名称", "从业人数", "资产总额"], ["", "人", "万元"], ["甲公司", "3", "5"]]) == (
        "企业名称",
        "从业人数（人）",
        "资产总额（万元）",
    )
    across = Range(1, 1, 1, 2)
    grouped = found(
        rulebook, [["企业名称", "贷款", ""], ["", "本金", "年利率"], ["甲公司", "3", "5"]], across, Range(1, 0, 2, 0)
    )
    assert grouped[0] == "企业名称"
    assert grouped[1].startswith("贷款")
    assert grouped[1].endswith("本金")
    assert grouped[2].endswith("年利率")
    units = [["企业名称", "贷款", ""], ["", "本金", "年利率"], ["", "万元", "%"], ["甲公司", "3", "5"]]
    assert found(rulebook, units, across, Range(1, 0, 2, 0))[1].endswith("（万元）")
    assert found(rulebook, [["企业名称", "从业人数", ""], ["甲公司", "3", "", "注"]]) == ("企业名称", "从业人数")
    alone = [["企业名称", "从业人数"], ["全市"], ["甲公司", "3"]]
    assert found(rulebook, alone) == ("企业名称", "从业人数")


def test_rows_that_are_of_no_firm_are_left_out() -> None:
    """Sums, notes, sections, the numbers of the columns; a row of numbers alone is a sum only where it is the last."""
    headings = ("企业名称", "从业人数", "资产总额")
    numeral = sheets.Numeral
    rows: list[Row] = [
        (2, ["1", "2", "3"]),
        (3, ["甲公司", numeral("3"), numeral("5")]),
        (4, ["一、和平区"]),
        (5, [numeral("1"), numeral("3"), numeral("5")]),
        (6, ["乙公司", numeral("3"), numeral("5")]),
        (7, ["企业名称", "从业人数", "资产总额"]),
        (8, ["", numeral("9"), numeral("15")]),
    ]
    assert [line for line, _ in firm_rows(rows, headings, ())] == [3, 5, 6]
    last: list[Row] = [(2, ["甲公司", numeral("3"), numeral("5")]), (3, [numeral("2"), numeral("3"), numeral("5")])]
    assert [line for line, _ in firm_rows(last, headings, ())] == [2, 3]
    wide: list[Row] = [(2, ["重点企业"]), (3, ["甲公司", numeral("3"), numeral("5")])]
    assert [line for line, _ in firm_rows(wide, headings, (Range(2, 0, 2, 2),))] == [3]
