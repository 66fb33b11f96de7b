"""Lists of firms: .csv and .xlsx, headings of all kinds, and every fault with its line."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.firms.faults import Fault, Unreadable
from matcher.firms.spreadsheets.roster import Listed, read_roster
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.xlsx import SHEET, rows, workbook

Read = Callable[[str, bytes], tuple[list[Listed], list[Fault], tuple[str, ...]]]
ROW = "T1,天津市优荣咨询合伙企业（有限合伙）,911201047061033945"
OTHER = "92120106779791263T"


@pytest.fixture
def read(rulebook: Rulebook, tmp_path: Path) -> Read:
    """Read a file of this name and content to its end: firms, faults, columns not used."""

    def reading(name: str, content: bytes) -> tuple[list[Listed], list[Fault], tuple[str, ...]]:
        (tmp_path / name).write_bytes(content)
        roster = read_roster(rulebook, tmp_path / name)
        return list(roster.firms), roster.faults, roster.ignored

    return reading


def test_the_generators_columns_are_read(
    read: Read, generated_firms: Callable[[int, Path], Path], tmp_path: Path
) -> None:
    """Names, codes, former names and parents as they stand; districts and legal forms as the vocabulary has them."""
    made = generated_firms(500, tmp_path)
    firms, faults, ignored = read("firms.csv", made.read_bytes())
    with made.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert (faults, ignored) == ([], ("zone",))
    assert [(firm.id, firm.name, firm.credit_code) for firm in firms] == [
        (row["id"], row["name"], row["uscc"]) for row in listed
    ]
    assert [("|".join(firm.former_names), firm.parent_id or "") for firm in firms] == [
        (row["former_names"], row["parent_id"]) for row in listed
    ]
    assert firms[0].facts["district"] == "nankai"
    assert firms[0].facts["legal_form"] == "partnership"
    assert firms[0].facts["annual_revenue"] == "214610"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_and_both_encodings_are_read(read: Read, encoding: str) -> None:
    """Without an id the credit code is the id; empty rows do not count."""
    text = "企业名称,统一社会信用代码,所在区,从业人员（人）\r\n优荣咨询,911201047061033945,南开区,12\r\n,,,\r\n"
    firms, faults, _ = read("firms.csv", text.encode(encoding))
    assert faults == []
    assert [(firm.id, firm.facts["district"], firm.facts["employees"], firm.line) for firm in firms] == [
        ("911201047061033945", "nankai", "12", 2)
    ]


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        (ROW.replace("T1", "T2"), 3, "row 2 has it too"),
        (f"T1,另一家,{OTHER}", 3, "row 2 has it too"),
        ("T2,另一家,92120106779791263X", 3, "check character"),
        (f"T2,,{OTHER}", 3, "is empty"),
        (f"T2,=cmd|' /C calc'!A0,{OTHER}", 3, "does not begin with"),
        (f"{'T' * 65},另一家,{OTHER}", 3, "at most 64"),
    ],
)
def test_a_fault_is_named_with_its_line(read: Read, row: str, line: int, said: str) -> None:
    """Codes and ids that stand twice, wrong codes, missing names, formulas; what to do is said in both languages."""
    _, faults, _ = read("firms.csv", f"id,name,uscc\n{ROW}\n{row}\n".encode())
    assert [fault.line for fault in faults] == [line]
    assert said in faults[0].text.en
    assert faults[0].text.zh != faults[0].text.en


def test_values_of_a_workbook_are_read(read: Read) -> None:
    """A formula counts by its value and is never seen; the rest is as in a .csv."""
    sheet = rows(["编号", "企业名称", "信用代码"], ["T1", "=HYPERLINK()", "911201047061033945"])
    firms, faults, _ = read("firms.xlsx", workbook(sheet))
    assert faults == []
    assert [(firm.name, firm.line) for firm in firms] == [("value", 2)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("firms.xlsx", b"MZ\x90\x00 an .exe", "is no workbook"),
        ("firms.csv", b"PK\x03\x04", "must be a .csv or .xlsx"),
        ("firms.pdf", b"%PDF", "must be a .csv or .xlsx"),
        ("firms.csv", b"\x00\x01\x02", "is no text"),
        ("firms.csv", b"", "is empty"),
        ("firms.csv", b"uscc,tel\n1,2\n", "firm's name is missing"),
        ("firms.csv", "名称,企业名称,信用代码\n".encode(), "two columns are name"),
        ("firms.csv", b"name,uscc\n" + b"x" * 1001 + b",1\n", "more than 1000 characters"),
        ("firms.xlsx", workbook(rows(["x" * 20_000_000])), "unpacks to 20 MB"),
        ("firms.xlsx", workbook(SHEET.format('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')), "1048576 rows"),
        ("firms.xlsx", workbook(SHEET.format('<row r="9999"><c r="XFD9999"><v>1</v></c></row>')), "16384 columns"),
    ],
)
def test_what_is_no_list_is_refused(read: Read, name: str, content: bytes, said: str) -> None:
    """Other files under a wrong name, bombs, no headings: said in words, with nothing read."""
    with pytest.raises(Unreadable) as refused:
        read(name, content)
    assert said in refused.value.faults[0].text.en
