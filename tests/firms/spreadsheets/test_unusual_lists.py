"""Lists whose unit or year stands elsewhere than in the heading, and headings of three rows: read right, or left open."""

import datetime
from decimal import Decimal

import pytest

from matcher.firms.faults import Unreadable
from matcher.firms.spreadsheets.guessing import Guess
from matcher.firms.spreadsheets.outline import outline
from matcher.firms.spreadsheets.recognition import recognise
from matcher.firms.spreadsheets.rows import FirmRow
from matcher.firms.spreadsheets.tables import open_table
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.xlsx import Cells, written

ON = datetime.date(2026, 11, 30)
FIRMS = (
    ("优荣咨询有限公司", "911201047061033945"),
    ("甲乙商行", "92120106779791263T"),
    ("津海商贸有限公司", "91120222153479227M"),
)

Read = tuple[list[Guess], list[FirmRow]]


def read(rulebook: Rulebook, content: bytes, name: str = "a.xlsx") -> Read:
    """The columns of a list and its firms, as nobody helps."""
    found = recognise(rulebook, content, name, ON)
    return list(found.columns), list(found.firms)


def lines(*values: Cells) -> list[Cells]:
    """A row a firm, with its name and credit code before these values."""
    return [[*firm, *told] for firm, told in zip(FIRMS, values, strict=True)]


def facts(columns: list[Guess]) -> list[str | None]:
    """What each column was recognised as."""
    return [one.fact for one in columns]


def test_a_unit_over_a_group_of_columns_is_that_of_each(rulebook: Rulebook) -> None:
    """财务情况（万元） over 应纳税所得额: 35.55 is 355,500 yuan, and what is no money is not touched."""
    content = written(
        [
            ["企业名称", "统一社会信用代码", "人员情况（人）", "经营情况（万元）", "", "", "备注"],
            ["", "", "年末从业人员", "营业收入", "应纳税所得额", "参保人数", ""],
            *lines([12, 512.5, 35.55, 9, ""], [7, 88, -8.89, 5, ""], [30, 4000, 0, 21, ""]),
        ],
        merged=["A1:A2", "B1:B2", "D1:F1", "G1:G2"],
    )
    columns, rows = read(rulebook, content)
    assert facts(columns)[2:6] == ["employees", "annual_revenue", "annual_taxable_income", "insured_employees"]
    assert [Decimal(str(row.facts["annual_taxable_income"])) for row in rows] == [355_500, -88_900, 0]
    assert rows[0].facts["annual_revenue"] == "5125000"
    assert rows[0].facts["insured_employees"] == "9"


@pytest.mark.parametrize(
    "said",
    [
        {"above": "2025年重点企业情况表（万元）"},
        {"above": "金额单位：万元"},
        {"below": "注：1.以上金额单位均为万元。2.职工人数为年末数。"},
    ],
    ids=["title", "above", "note"],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_unit_said_once_for_the_whole_list_is_that_of_every_sum(
    rulebook: Rulebook, said: dict[str, str], kind: str
) -> None:
    """In the title, above the headings, or in a note under three hundred firms."""
    heads = ["企业", "税号", "上年营业额", "本年应缴残保金", "去年末职工"]
    firms: list[Cells] = [[f"天津市第{at}号机械有限公司", "", 30.5 + at, 0.5, 3 + at] for at in range(300)]
    table = [
        *([[said["above"]]] if "above" in said else []),
        heads,
        *firms,
        *([[said["below"]]] if "below" in said else []),
    ]
    content = written(table)
    if kind == "csv":
        content = "\n".join(",".join(map(str, row)) for row in table).encode("gbk")
    columns, rows = read(rulebook, content, f"a.{kind}")
    assert facts(columns)[2:] == ["annual_revenue", "disability_fund_due", "employees"]
    assert len(rows) == 300
    assert Decimal(str(rows[1].facts["annual_revenue"])) == 315_000
    assert Decimal(str(rows[1].facts["disability_fund_due"])) == 5_000
    assert rows[1].facts["employees"] == "4"


def test_a_firm_called_by_a_word_for_a_unit_sets_none(rulebook: Rulebook) -> None:
    """填报单位：元亨公司 is who filled it in."""
    content = written(
        [["填报单位：元亨公司", "", ""], ["企业名称", "信用代码", "营业收入（万元）"], *lines([80], [90], [70])]
    )
    assert open_table(rulebook, content, "a.xlsx").yuan is None


def test_a_small_sum_beside_sums_in_ten_thousands_is_left_open(rulebook: Rulebook) -> None:
    """Who writes 万元 over the revenue alone may mean it of the tax too: 1.50 is not taken for one and a half yuan."""
    content = written(
        [["企业名称", "信用代码", "营业收入（万元）", "六税两费"], *lines([512, 1.5], [88, 0.75], [4000, 12.25])]
    )
    columns, _ = read(rulebook, content)
    assert facts(columns)[2:] == ["annual_revenue", None]
    assert "元还是万元" in columns[3].reason.zh


def test_quarters_over_beginnings_and_ends_are_told_apart(rulebook: Rulebook) -> None:
    """第一季度 over 季初从业人数 is no other quarter's."""
    quarters = [f"第{name}季度" for name in "一二三四"]
    upper = ["纳税人名称", "纳税人识别号", *(text for name in quarters for text in (name, "", "", ""))]
    lower = ["", "", *(["季初从业人数", "季末从业人数", "季初资产总额(万元)", "季末资产总额(万元)"] * 4)]
    firm = [10, 11, 300.5, 310.75, 12, 13, 320, 330, 14, 15, 340, 350, 16, 17, 360, 370]
    merged = ["A1:A2", "B1:B2", "C1:F1", "G1:J1", "K1:N1", "O1:R1"]
    columns, rows = read(rulebook, written([upper, lower, *lines(firm, firm, firm)], merged=merged))
    kinds = ("start_employees", "end_employees", "start_assets", "end_assets")
    assert facts(columns)[2:] == [f"q{number}_{kind}" for number in (1, 2, 3, 4) for kind in kinds]
    assert (rows[0].facts["q3_end_employees"], rows[0].facts["q4_end_assets"]) == ("15", "3700000")


def test_headings_of_three_rows_are_read_as_one(rulebook: Rulebook) -> None:
    """2025年生产经营情况（万元） over 收入 over 营业收入; no row of headings becomes a firm."""
    content = written(
        [
            ["企业名称", "信用代码", "2025年生产经营情况（万元）", "", "", ""],
            ["", "", "收入", "", "资产", ""],
            ["", "", "营业收入", "利润总额", "资产总额", "负债总额"],
            *lines([500, 20, 900, 400], [501, 21, 901, 401], [502, 22, 902, 402]),
        ],
        merged=["A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2"],
    )
    columns, rows = read(rulebook, content)
    assert facts(columns)[2:] == ["annual_revenue", None, "total_assets", None]
    assert [row.facts["annual_revenue"] for row in rows] == ["5000000", "5010000", "5020000"]
    assert [row.faults for row in rows] == [(), (), ()]


@pytest.mark.parametrize(
    ("title", "revenue"),
    [
        ("2025年度企业经营情况表", "annual_revenue"),
        ("2024年度企业经营情况表", None),
        ("工业企业财务状况（2026年10月）", None),
        ("工业企业财务状况（2026年1-10月）", None),
        ("2026年度第一批申报企业名单", "annual_revenue"),
    ],
)
def test_a_list_that_is_called_by_another_period_is_not_last_years(
    rulebook: Rulebook, title: str, revenue: str | None
) -> None:
    """Its revenue and assets stay open and say why; a column that names last year itself is read."""
    heads = ["企业名称", "信用代码", "营业收入（万元）", "2025年末从业人数"]
    columns, _ = read(rulebook, written([[title], heads, *lines([80, 3], [90, 4], [70, 5])]))
    assert facts(columns)[2:] == [revenue, "employees"]
    if revenue is None:
        assert "表名写的是202" in columns[2].reason.zh


def test_another_year_over_a_column_is_not_last_year(rulebook: Rulebook) -> None:
    """2024年 over 年末从业人数 is not last year's, whatever stands under it."""
    content = written(
        [
            ["企业名称", "信用代码", "2024年", "", "2025年", ""],
            ["", "", "年末从业人数", "营业收入（万元）", "年末从业人数", "营业收入（万元）"],
            *lines([3, 80, 4, 90], [5, 81, 6, 91], [7, 82, 8, 92]),
        ],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    )
    columns, rows = read(rulebook, content)
    assert facts(columns)[2:] == [None, None, "employees", "annual_revenue"]
    assert rows[0].facts["employees"] == "4"


def test_the_text_of_a_spreadsheet_program_in_unicode_is_read(rulebook: Rulebook) -> None:
    """Excel's "Unicode text" is UTF-16 with tabs, and a note under it counts."""
    rows = [
        "企业名称\t信用代码\t人员\t上年营业收入",
        *(f"{name}\t{code}\t5\t80.5" for name, code in FIRMS),
        "注：单位：万元\t\t\t",
    ]
    columns, firms = read(rulebook, "\r\n".join(rows).encode("utf-16"), "a.txt")
    assert facts(columns) == ["name", "credit_code", None, "annual_revenue"]
    assert [firm.facts["annual_revenue"] for firm in firms] == ["805000"] * 3


def test_firms_side_by_side_are_told_how_to_be_turned(rulebook: Rulebook) -> None:
    """A list in which every firm has a column is refused with what to do."""
    across = [
        ["企业名称", *(name for name, _ in FIRMS)],
        ["统一社会信用代码", *(code for _, code in FIRMS)],
        ["从业人数（人）", 5, 12, 3],
        ["纳税人类型", "一般纳税人", "小规模纳税人", "一般纳税人"],
    ]
    called_otherwise = [["项目", *across[0][1:]], *across[1:]]
    for content in (written(across), written([["企业信息采集表"], *across]), written(called_otherwise)):
        with pytest.raises(Unreadable, match="side by side"):
            outline(rulebook, content, "a.xlsx")


def test_english_names_of_districts_are_read(rulebook: Rulebook) -> None:
    """Hexi District, as foreign chambers write it."""
    told = lines(["Hexi District"], ["Binhai New Area"], ["NANKAI DISTRICT"])
    _, rows = read(rulebook, written([["企业名称", "信用代码", "District"], *told]))
    assert [row.facts["district"] for row in rows] == ["hexi", "binhai", "nankai"]
