"""A sheet of loans, projects … beside the list of firms: a row each, linked by the credit code of its firm."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from matcher.batches.sheets import look
from matcher.firms.faults import Unreadable
from matcher.firms.item_keys import read_told
from matcher.firms.spreadsheets.guessing import guess
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.roster import read_roster
from matcher.firms.spreadsheets.rows import FirmRow
from matcher.firms.spreadsheets.tables import open_table
from matcher.firms.workbook.book import marked
from matcher.firms.workbook.template import template
from matcher.rulebook.rulebook import Rulebook

FIRST, SECOND = "91120101MA05TX9C3R", "91120000103064074F"

FIRMS = [["企业名称", "统一社会信用代码", "贷款本金（元）"], ["甲公司", FIRST, ""], ["乙公司", SECOND, "5"]]

LOANS = [
    ["统一社会信用代码", "名称", "贷款本金（万元）", "所属项目", "备注"],
    [FIRST, "设备贷款", "90", "二期", "x"],
    [FIRST.lower(), "流动资金贷款", "48", "", ""],
    [SECOND, "第二笔", "1", "", ""],
]

PROJECTS = [["信用代码", "名称", "项目已运营年数"], [FIRST, "一期", "3"], [FIRST, "二期", "5"]]


def workbook(merged: str = "", **sheets: list[list[str]]) -> bytes:
    """A workbook of these sheets; ``merged`` cells of the last of them become one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        if merged:
            sheet.merge_range(merged, FIRST)
    return out.getvalue()


def read(rulebook: Rulebook, content: bytes) -> list[FirmRow]:
    """The rows of a list, its columns as they are guessed."""
    table = open_table(rulebook, content, "list.xlsx")
    return read_rows(rulebook, table, {one.column: one.fact for one in guess(table.headings, rulebook, table.ids)})


@pytest.mark.parametrize(("loans", "projects"), [("贷款", "项目"), ("loans", "Project")])
def test_each_row_is_an_item_of_its_firm(rulebook: Rulebook, loans: str, projects: str) -> None:
    """In the order of the sheet, behind what the firm's own row tells; a loan is for the project that it names."""
    first, second = read(rulebook, workbook(企业=FIRMS, **{loans: LOANS, projects: PROJECTS}))
    assert (first.faults, second.faults) == ((), ())
    told = read_told(rulebook, first.facts).items
    assert [(one.name, one.facts["loan_principal"], one.owner) for one in told.of("loan")] == [
        ("设备贷款", 90_000_000, "project-2"), ("流动资金贷款", 48_000_000, None),
    ]  # fmt: skip
    assert [one.name for one in told.of("project")] == ["一期", "二期"]
    told = read_told(rulebook, second.facts).items
    assert [(one.name, one.facts["loan_principal"]) for one in told.of("loan")] == [(None, 500), ("第二笔", 1_000_000)]


def test_a_code_merged_over_several_rows_is_every_ones(rulebook: Rulebook) -> None:
    """As people group the loans of one firm."""
    loans = [LOANS[0], [FIRST, "甲", "1"], ["", "乙", "2"], ["", "丙", "3"]]
    first, _ = read(rulebook, workbook("A2:A4", 企业=FIRMS, 贷款=loans))
    assert [one.name for one in read_told(rulebook, first.facts).items.of("loan")] == ["甲", "乙", "丙"]


def test_a_wrong_cell_there_is_the_firms_fault_and_comes_back_with_all_of_the_firm(rulebook: Rulebook) -> None:
    """Named with its sheet; the copy has the firm, its other loans and its projects, and can be read again once corrected."""
    loans = [*LOANS[:2], [FIRST, "流动资金贷款", "很多", "三期", ""], LOANS[3]]
    content = workbook(企业=FIRMS, 贷款=loans, 项目=PROJECTS)
    first, second = read(rulebook, content)
    assert not second.faults
    assert {(one.sheet, one.row) for one in first.faults} == {("贷款", 3), ("", 2)}
    copy = marked(rulebook, content, "list.xlsx", first.faults, date(2026, 12, 2))
    with CalamineWorkbook.from_filelike(io.BytesIO(copy)) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert [len(sheets[name]) for name in ("企业", "贷款", "项目")] == [2, 3, 3]
    assert "很多" in str(sheets["需要改正"])
    again = read(rulebook, workbook(企业=sheets["企业"], 贷款=[*sheets["贷款"][:2], LOANS[2]], 项目=sheets["项目"]))
    assert not again[0].faults


def test_rows_of_no_firm_and_sheets_without_codes_are_refused(rulebook: Rulebook) -> None:
    """At the upload already, with what to do: nothing that was told is passed over."""
    stray = workbook(企业=FIRMS[:2], 贷款=LOANS)
    nameless = workbook(企业=FIRMS, 贷款=[row[1:] for row in LOANS])
    for content, words in ((stray, "“贷款”第 4 行"), (nameless, "统一社会信用代码")):
        for open_ in (lambda it: look(rulebook, it, "list.xlsx"), lambda it: read(rulebook, it)):
            with pytest.raises(Unreadable) as caught:
                open_(content)
            assert words in caught.value.faults[0].text.zh
    looked = look(rulebook, workbook(企业=FIRMS, 说明=[["x"]], 贷款=LOANS), "list.xlsx")
    assert (looked.items, looked.others) == ((("贷款", 3, ("备注",)),), ("说明",))


def test_an_import_names_the_columns_of_its_sheets_that_it_does_not_read(rulebook: Rulebook, tmp_path: Path) -> None:
    """With the sheet; a column that is empty is not worth a word."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(企业=FIRMS, 贷款=[[*row, "" if at else "空"] for at, row in enumerate(LOANS)]))
    assert read_roster(rulebook, path).ignored == ("贷款/备注",)


def test_more_than_twenty_are_the_firms_fault(rulebook: Rulebook) -> None:
    """With what to do."""
    first, _ = read(rulebook, workbook(企业=FIRMS, 贷款=[LOANS[0], *([FIRST, f"{n}", "1", "", ""] for n in range(21))]))
    (fault,) = first.faults
    assert "最多看 20 笔贷款" in fault.reason.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_has_a_sheet_a_kind(rulebook: Rulebook, lang: str) -> None:
    """What is filled in there is read back as it is headed."""
    content = template(rulebook, lang, ["sme-loan-interest-subsidy"])
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        names = book.sheet_names
        sheets = [book.get_sheet_by_name(names[0]).to_python(), book.get_sheet_by_name(names[1]).to_python()]
    assert names[1] == ("loans" if lang == "en" else "贷款")
    firms, loans = ([list(map(str, row)) for row in sheet[:2]] for sheet in sheets)
    assert loans[0][:2] == ["credit_code", "loan-1.name"]
    firms.append([{"name": "甲公司", "credit_code": FIRST}.get(one, "") for one in firms[0]])
    told = {"credit_code": FIRST, "loan-1.name": "设备贷款", "loan_principal": "900000"}
    loans.append([told.get(one, "") for one in loans[0]])
    loans.append([(told | {"loan-1.name": "第二笔"}).get(one, "") for one in loans[0]])
    (row,) = read(rulebook, workbook(**{names[0]: firms, names[1]: loans}))
    assert not row.faults
    assert [one.name for one in read_told(rulebook, row.facts).items.of("loan")] == ["设备贷款", "第二笔"]
