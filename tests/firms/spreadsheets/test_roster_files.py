"""Files that are no list, and lists that do not begin in the first row of the first sheet."""

import contextlib
import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.firms.faults import Unreadable
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.tables import open_table
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.fixtures.xlsx import SHEET, rows, workbook, written

HEADINGS = ["企业名称", "统一社会信用代码", "从业人员"]
FIRM = ["优荣咨询", "911201047061033945", 12]
ALL = {0: "name", 1: "credit_code", 2: "employees"}
WHOLE = written([HEADINGS, FIRM], merged=["A4:A6"])
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c><v>1</v></c><c r="XFD90000"><v>1</v></c></row>'
LOAD = """
import resource, sys
from matcher.firms.faults import Unreadable
from matcher.firms.spreadsheets import open_table
from matcher import rulebook
rules, content = rulebook.load(), open(sys.argv[1], "rb").read()
resource.setrlimit(resource.RLIMIT_DATA, (600_000_000, 600_000_000))
try:
    open_table(rules, content, "firms.xlsx")
except Unreadable as error:
    print(error)
"""


def bomb(part: str, piece: bytes, times: int, stated: int | None = None) -> bytes:
    """A workbook one part of which unpacks to `times` pieces; `stated` is the size that it says it has."""
    packed = io.BytesIO(workbook(rows(["name", "uscc"])))
    # The strings are no bomb by their bytes: packed they would be one.
    packing = zipfile.ZIP_STORED if "Strings" in part else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "a", packing) as file, file.open(part, "w") as stream:
        for _ in range(times // 1000):
            stream.write(piece * 1000)
    content = bytearray(packed.getvalue())
    if stated is not None:
        at = content.rindex(b"PK\1\2")
        content[at + 24 : at + 28] = struct.pack("<I", stated)
    return bytes(content)


@pytest.mark.parametrize(
    ("part", "piece", "times", "stated", "said"),
    [
        ("xl/worksheets/sheet9.xml", b"\0" * 1000, 300_000, None, "unpacks to 300 MB"),
        ("xl/worksheets/sheet9.xml", b"\0" * 1000, 300_000, 4000, "unpacks to"),
        ("xl/sharedStrings.xml", b"<si/>", 6_000_000, None, "5000000 cells"),
        ("elsewhere.xml", b'<row r="7"><c r="A7"/><c r="XFD9"/></row><row r="100001"/>', 1000, None, "100001 rows"),
    ],
)
def test_a_bomb_is_refused_in_little_memory(
    tmp_path: Path, repo_root: Path, part: str, piece: bytes, times: int, stated: int | None, said: str
) -> None:
    """What unpacks to 300 MB, says that it is small, or holds millions of strings or far cells: a sentence, no more."""
    (tmp_path / "bomb.xlsx").write_bytes(bomb(part, piece, times, stated))
    run = subprocess.run(
        [sys.executable, "-c", LOAD, tmp_path / "bomb.xlsx"], cwd=repo_root, capture_output=True, text=True, check=True
    )
    assert said in run.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"MZ\x90\x00" + b"\0" * 999, "is no workbook"),
        ("a.xlsx", b"", "is no workbook"),
        ("a.xlsx", b"PK\x03\x04 broken", "is no workbook"),
        ("a.xlsx", b"PK\1\2" * 3000, "too many parts"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "old .xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old .xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        ("a.csv", "企业名称,信用代码,从业人员\n".encode("utf-16"), "no firm stands under"),
        ("a.csv", b"\n\n,,\n", "is empty"),
        ("a.xlsx", written([]), "is empty"),
        ("a.csv", "企业名称,信用代码,从业人员\n".encode(), "no firm stands under"),
        ("a.xlsx", written([HEADINGS]), "no firm stands under"),
        ("a.csv", ("企业名称,信用代码,从业人员\n" + "甲,1,\n" * 6).encode(), "at most 5 firms"),
        ("a.xlsx", workbook(SHEET.format(FAR)), "90000 rows and 16384 columns"),
    ],
)
def test_what_is_no_list_is_refused_in_words(rulebook: Rulebook, name: str, content: bytes, said: str) -> None:
    """Programs, old and locked workbooks, other encodings, nothing in it, too much in it: both languages say so."""
    with pytest.raises(Unreadable) as refused:
        read_rows(rulebook, open_table(rulebook, content, name), ALL, most=5)
    text = refused.value.faults[0].text
    assert said in text.en
    assert text.zh != text.en


@pytest.mark.parametrize("separator", [",", ";", "\t", "；"])
def test_cells_are_told_apart_by_the_sign_that_is_there(rulebook: Rulebook, separator: str) -> None:
    """Commas, semicolons and tabs; a comma inside a cell of another list stays one."""
    lines = [separator.join(["企业名称", "统一社会信用代码", "从业人员"]), separator.join(["优荣咨询", FIRM[1], "12"])]
    rows = read_rows(rulebook, open_table(rulebook, "\n".join(lines).encode(), "a.csv"), ALL)
    assert [(row.facts["employees"], row.faults) for row in rows] == [("12", ())]


def test_headings_may_stand_under_titles(rulebook: Rulebook) -> None:
    """The row is found among the first ten; firms keep the row that the spreadsheet shows."""
    table = open_table(rulebook, written([["2025年企业名单"], [], ["填表日期", "1月"], HEADINGS, FIRM]), "a.xlsx")
    assert (table.heading_row, table.headings) == (4, tuple(HEADINGS))
    assert [(row.line, row.facts["employees"]) for row in read_rows(rulebook, table, ALL)] == [(5, "12")]


def test_the_first_shown_sheet_with_headings_is_read(rulebook: Rulebook) -> None:
    """A cover and a hidden sheet are passed over, and which sheets were not read is said."""
    content = written([["封面", "说明"]], [HEADINGS, FIRM], [HEADINGS, FIRM], [["附注", "无"]], hidden=[1])
    table = open_table(rulebook, content, "a.xlsx")
    assert (table.sheet, table.others) == ("表3", ("表1", "表4"))


def test_unknown_headings_are_kept_for_a_person_to_map(rulebook: Rulebook) -> None:
    """Where no heading is known, the first row of several cells is taken for them."""
    table = open_table(rulebook, "名单\n甲列,乙列\n优荣,911201047061033945\n".encode(), "a.csv")
    assert (table.heading_row, table.headings) == (2, ("甲列", "乙列"))


def test_columns_keep_their_place_beside_empty_ones(rulebook: Rulebook) -> None:
    """An empty first column counts, so that a fault names the column that the spreadsheet shows."""
    table = open_table(rulebook, written([["", *HEADINGS], ["", "优荣咨询", "911201047061033945", "多"]]), "a.xlsx")
    row = read_rows(rulebook, table, {1: "name", 2: "credit_code", 3: "employees"})[0]
    assert [(fault.row, fault.column, fault.value) for fault in row.faults] == [(2, 3, "多")]


@given(st.data())
@settings(max_examples=count(1000))
def test_a_damaged_workbook_is_read_or_refused(rulebook: Rulebook, data: st.DataObject) -> None:
    """Whatever byte of it is another, nothing but a refusal comes of it."""
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        read_rows(rulebook, open_table(rulebook, bytes(content), "a.xlsx"), ALL)
