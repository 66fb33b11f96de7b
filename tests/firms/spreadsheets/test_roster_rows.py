"""Rows of a list by a mapping: what cells mean, which are faults, and that good rows go on."""

import datetime
from collections.abc import Callable

import pytest

from matcher.firms.faults import Unreadable
from matcher.firms.profile import read_facts
from matcher.firms.spreadsheets.guessing import guess
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.rows import FirmRow, mapping_faults
from matcher.firms.spreadsheets.tables import open_table
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.xlsx import Cells, written

CODES = ("911201047061033945", "92120106779791263T", "91120222153479227M")
HEADINGS = ["企业名称", "统一社会信用代码"]
Read = Callable[..., list[FirmRow]]


@pytest.fixture
def read(rulebook: Rulebook) -> Read:
    """Read the rows of a workbook under name, code and further headings, each column as the exact heading says."""

    def reading(headings: list[str], *lines: Cells, merged: tuple[str, ...] = ()) -> list[FirmRow]:
        table = open_table(rulebook, written([[*HEADINGS, *headings], *lines], merged=merged), "list.xlsx")
        mapping = {one.column: one.fact for one in guess(table.headings, rulebook)}
        return read_rows(rulebook, table, mapping)

    return reading


@pytest.mark.parametrize(
    ("heading", "cell", "fact", "told"),
    [
        ("上年度营业收入", 3000000.5, "annual_revenue", "3000000.5"),
        ("上年度营业收入", 0.1 + 0.2, "annual_revenue", "0.3"),
        ("上年度营业收入", "３０万", "annual_revenue", "300000"),
        ("上年度营业收入", "1.2亿元", "annual_revenue", "120000000"),
        ("上年度营业收入", "3,000,000", "annual_revenue", "3000000"),
        ("上年度营业收入（万元）", 38.64257, "annual_revenue", "386425.7"),
        ("营业收入(单位：万元)", "1,200", "annual_revenue", "12000000"),
        ("资产总额（亿元）", 1.2, "total_assets", "120000000"),
        ("从业人员（人）", 12.0, "employees", "12"),
        ("从业人员", "12人", "employees", "12"),
        ("注册地所在区", "南开", "district", "nankai"),
        ("注册地所在区", 120104, "district", "nankai"),
        ("主体类型", "个体户", "legal_form", "individual_business"),
        ("主体类型", "COMPANY", "legal_form", "company"),
        ("专精特新类称号", "无", "srdi_title", "none"),
        ("specialised-and-new title", "National Little Giant", "srdi_title", "little_giant"),
        ("在经营异常名录里吗", "不清楚", "is_on_abnormal_list", None),
        ("是否被列入经营异常名录", "否", "is_on_abnormal_list", False),
        ("是否被列入经营异常名录", "√", "is_on_abnormal_list", True),
        ("是否被列入经营异常名录", True, "is_on_abnormal_list", True),
        ("是否被列入经营异常名录", 0, "is_on_abnormal_list", False),
        ("是否被列入经营异常名录", "不清楚", "is_on_abnormal_list", None),
        ("成立日期", datetime.date(2022, 3, 1), "established_on", "2022-03-01"),
        ("成立日期", "2022年3月1日", "established_on", "2022-03-01"),
        ("成立日期", "2022/3/1", "established_on", "2022-03-01"),
        ("成立日期", 20220301, "established_on", "2022-03-01"),
        ("成立日期", 44621, "established_on", "2022-03-01"),
        ("成立日期", "2022-03-01 00:00:00", "established_on", "2022-03-01"),
        ("纳税人类型", "小规模", "vat_status", "small_scale"),
        ("征收方式", "核定征收", "is_audited_collection", False),
        ("行业代码", 3911, "industry", "3911"),
        ("行业代码", "0111", "industry", "0111"),
        ("贷款合同年利率", "4.35%", "loan_annual_rate", "0.0435"),
        ("贷款合同年利率(%)", 4.35, "loan_annual_rate", "0.0435"),
        ("从业人员", "—", "employees", None),
    ],
)
def test_cells_are_read_as_people_write_them(
    read: Read, rulebook: Rulebook, heading: str, cell: object, fact: str, told: object
) -> None:
    """Words, units, full-width digits, days of all kinds; what is not known is not told. All of it the vocabulary accepts."""
    row = read([heading], ["优荣咨询", CODES[0], cell])[0]
    assert row.faults == ()
    assert row.facts.get(fact) == told
    assert read_facts(rulebook, row.facts)[1] == []


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("上年度营业收入", "约30万", "digits only"),
        ("上年度营业收入", "1.234", "at most two decimals"),
        ("上年度营业收入", -5, "at least 0"),
        ("上年度营业收入（万元）", "300000元", "the cell another"),
        ("从业人员", 1.5, "whole number"),
        ("是否被列入经营异常名录", "可能", "yes or no"),
        ("注册地所在区", "南开县", "perhaps nankai"),
        ("成立日期", "2022年2月30日", "no day 2022-02-30"),
        ("成立日期", "2022年3月", "year-month-day"),
        ("成立日期", "2099-01-01", "has not come yet"),
        ("贷款合同年利率", 0.8, "0.8% or 80%"),
        ("行业代码", 111, "0111 or 111"),
        ("行业代码", "=1+1", "two to four digits"),
    ],
)
def test_an_unclear_cell_is_a_fault_with_its_place(read: Read, heading: str, cell: object, said: str) -> None:
    """Nothing is guessed: row, column, heading and value are named, with what to do in both languages."""
    row = read([heading], ["优荣咨询", CODES[0], cell])[0]
    assert [(one.row, one.column, one.heading) for one in row.faults] == [(2, 2, heading)]
    assert said in row.faults[0].reason.en
    assert row.faults[0].reason.zh != row.faults[0].reason.en
    assert row.faults[0].value == str(cell)


def test_good_rows_go_on_and_every_fault_is_listed(read: Read) -> None:
    """A thousand bad cells are a thousand faults, and the good firm between them is read."""
    bad = [["", "1", "许多"] for _ in range(400)]
    rows = read(["从业人员"], *bad, ["优荣咨询", CODES[0], 12], *bad)
    assert [row.line for row in rows if not row.faults] == [402]
    assert sum(len(row.faults) for row in rows) == 800 * 3


def test_a_row_without_name_or_code_is_bad(read: Read) -> None:
    """Both are needed: a code kept as a number has lost its last digits."""
    rows = read([], ["优荣咨询", None], [None, CODES[0]], ["优荣咨询", 9.11201047061033e17])
    assert [[fault.fact for fault in row.faults] for row in rows] == [["credit_code"], ["name"], ["credit_code"]]
    assert "is empty" in rows[0].faults[0].reason.en
    assert "kept as a number" in rows[2].faults[0].reason.en


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "＝A1"])
def test_a_name_that_is_a_formula_is_a_fault(read: Read, rulebook: Rulebook, name: str) -> None:
    """In a .csv, where it stands as a text; a former name too."""
    content = f"企业名称,信用代码,曾用名\n{name},{CODES[0]},\n优荣,{CODES[1]},旧名|{name}\n".encode()
    rows = read_rows(rulebook, open_table(rulebook, content, "a.csv"), {0: "name", 1: "credit_code", 2: "former_names"})
    assert [fault.column for row in rows for fault in row.faults] == [0, 2]


def test_rows_with_the_same_code_are_all_named(read: Read) -> None:
    """Each says which others; hyphens and small letters make no other code of it."""
    rows = read([], ["甲企业", CODES[1]], ["乙企业", CODES[0]], ["丙企业", CODES[1].lower()])
    assert [[fault.reason.en for fault in row.faults] for row in rows] == [
        ["unified social credit code: row 4 has it too: keep one"],
        [],
        ["unified social credit code: row 2 has it too: keep one"],
    ]


def test_rows_with_merged_cells_are_refused(read: Read) -> None:
    """Which row the value is of cannot be told; those beside them, and those in columns not read, go on."""
    rows = read(
        ["从业人员", "备注"],
        *(["甲企业", CODES[0], None], ["乙企业", CODES[1], None], ["丙企业", CODES[2], 5]),
        merged=("C2:C3", "D3:D4"),
    )
    assert [[fault.value for fault in row.faults] for row in rows] == [["C2:C3"], ["C2:C3"], []]


def test_a_person_may_set_the_mapping(rulebook: Rulebook) -> None:
    """Columns set to None or left out are not read."""
    content = f"甲,乙,丙,丁\n优荣,{CODES[0]},12,x\n".encode()
    table = open_table(rulebook, content, "a.csv")
    row = read_rows(rulebook, table, {0: "name", 1: "credit_code", 2: "employees", 3: None})[0]
    assert row.facts == {"name": "优荣", "credit_code": CODES[0], "employees": "12"}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({0: "name"}, "say which column is unified social credit code"),
        ({0: "name", 1: "credit_code", 2: "annual_revenue", 3: "annual_revenue"}, "two columns are this"),
        ({0: "name", 1: "credit_code", 2: "nonsense"}, "no such column or fact"),
        ({0: "name", 1: "credit_code", 7: "employees"}, "no such column or fact"),
        ({0: "name", 1: "credit_code", 2: "employees"}, "the unit in the heading is none for staff"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(rulebook: Rulebook, mapping: dict[int, str], said: str) -> None:
    """Needed columns, one column a fact, units that go with it."""
    faults = mapping_faults(rulebook, ["甲", "乙", "丙（万元）", "丁"], mapping)
    assert [said in fault.text.en for fault in faults] == [True]
    table = open_table(rulebook, "甲,乙,丙（万元）,丁\n1,2,3,4\n".encode(), "a.csv")
    with pytest.raises(Unreadable):
        read_rows(rulebook, table, mapping)


def test_headings_are_guessed(rulebook: Rulebook) -> None:
    """Exact ones first, likeness after; each with a score and a reason; no fact twice; strange ones to nothing."""
    headings = [
        "公司名称*",
        "统一社会信用代码",
        "从业人员数量",
        "上年度营业收入额(万元)",
        "企业名称",
        "联系电话",
        "",
        "营业收入",
    ]
    made = guess(headings, rulebook)
    assert [one.fact for one in made] == ["name", "credit_code", "employees", None, None, None, None, "annual_revenue"]
    assert [one.column for one in made] == list(range(8))
    assert made[0].score == made[1].score == 100 > made[2].score > 0
    assert "like" in made[2].reason.en
    assert "column 1 is firm's name already" in made[4].reason.en
    assert all(one.reason.zh != one.reason.en for one in made)


def test_a_unit_keeps_a_guess_from_other_facts(rulebook: Rulebook) -> None:
    """A column of people is no sum of money, however alike the names are."""
    assert guess(["上年度营业收入（人）"], rulebook)[0].fact != "annual_revenue"
    assert guess(["上年度营业收人（万元）"], rulebook)[0].fact == "annual_revenue"


def test_two_likely_facts_are_left_to_a_person(rulebook: Rulebook) -> None:
    """Where two are as near, none is taken and both are named."""
    made = guess(["是否被列入名单"], rulebook)[0]
    assert made.fact is None
    assert made.score == 0


def test_a_departments_finding_is_never_guessed(rulebook: Rulebook) -> None:
    """Only its exact heading makes a column one: what a firm says of itself is no finding."""
    findings = [fact for fact in rulebook.facts.values() if fact.stated_by == "department"]
    exact = guess([fact.label.zh for fact in findings], rulebook)
    assert [one.fact for one in exact] == [fact.id for fact in findings]
    near = guess([f"{fact.label.zh}吗" for fact in findings], rulebook)
    assert not {one.fact for one in near} & {fact.id for fact in findings}
