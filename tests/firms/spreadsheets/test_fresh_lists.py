"""Ways of writing a list that were met after `made_lists` was settled: questions, numbered headings, remarks, units said twice."""

import datetime

import pytest

from matcher.firms.numbers import Numeral
from matcher.firms.spreadsheets.guessing import guess
from matcher.firms.spreadsheets.recognition import recognise
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.xlsx import written

ON = datetime.date(2026, 12, 1)
CODES = ("911201047061033945", "92120106779791263T", "91120222153479227M")


def facts_of(rulebook: Rulebook, *headings: str) -> list[str | None]:
    """What a row of headings is taken for, without a look at any cell."""
    return [one.fact for one in guess(headings, rulebook, on=ON)]


def test_a_questionnaires_export_is_read(rulebook: Rulebook) -> None:
    """Its headings are numbered questions, after columns of its own that are nothing to us."""
    rows = [
        [
            "序号",
            "提交答卷时间",
            "来自IP",
            "1、您的企业全称是？",
            "2、统一社会信用代码",
            "3、贵企业目前有多少职工？（人）",
            "4、贵企业属于哪类增值税纳税人？",
            "5、贵企业2025年营业收入是多少（万元）",
            "6、您最关心的政策",
        ],
        *(
            [
                at,
                "2026/11/20 10:05:33",
                "60.26.1.7(天津)",
                f"天津市第{at}商贸有限公司",
                code,
                10 + at,
                "小规模纳税人",
                120.5,
                "减税┋贷款",
            ]
            for at, code in enumerate(CODES, 1)
        ),
    ]
    found = recognise(rulebook, written(rows), "a.xlsx", ON)
    told = [None, None, None, "name", "credit_code", "current_staff", "vat_status", "annual_revenue", None]
    assert [one.fact for one in found.columns] == told
    row = next(found.firms)
    assert (row.facts["annual_revenue"], row.facts["current_staff"], row.faults) == ("1205000", "11", ())


def test_numbered_headings_and_years_beside_units_are_known(rulebook: Rulebook) -> None:
    """1.企业名称, （二）…; 营业收入（万元，2025年）is of that year and in that unit; another year's is none of ours."""
    assert facts_of(rulebook, "1.企业名称", "（二）统一社会信用代码", "三、注册时间", "7.是否高新技术企业") == [
        "name",
        "credit_code",
        "established_on",
        "is_high_tech_enterprise",
    ]
    assert facts_of(rulebook, "营业收入（万元，2025年）", "从业人数（上年末，人）") == ["annual_revenue", "employees"]
    assert facts_of(rulebook, "营业收入（万元，2023年）") == [None]
    assert facts_of(rulebook, "1年期LPR") == ["loan_prime_rate"]


def test_a_programs_english_headings_are_known(rulebook: Rulebook) -> None:
    """As the books of a firm with foreign owners export them."""
    headings = ("Company", "USCC", "Headcount", "Revenue (RMB 10,000)", "High-tech", "Registered on")
    facts = ["name", "credit_code", "employees", "annual_revenue", "is_high_tech_enterprise", "established_on"]
    assert facts_of(rulebook, *headings) == facts


def test_a_unit_said_twice_is_one(rulebook: Rulebook) -> None:
    """1,234.50万元 under 资产总额（万元）; another unit than the heading's stays a question."""
    rows = [
        ["企业名称", "统一社会信用代码", "资产总额（万元）"],
        *(["优荣咨询", code, cell] for code, cell in zip(CODES, ("1,234.50万元", "350 万", "900元"), strict=True)),
    ]
    first, second, third = recognise(rulebook, written(rows), "a.xlsx", ON).firms
    assert [row.facts["total_assets"] for row in (first, second)] == ["12345000", "3500000"]
    assert [fault.value for fault in third.faults] == ["900元"]


def test_a_remark_under_a_list_is_no_firm(rulebook: Rulebook) -> None:
    """公示期：…, 监督电话：…, alone in their rows."""
    rows = [["序号", "企业名称", "信用代码"], [1, "优荣咨询", CODES[0]]]
    rows += [["公示期：2026年9月1日至9月7日", "", ""], ["", "监督电话：022-12345678", ""]]
    assert [row.name for row in recognise(rulebook, written(rows), "a.xlsx", ON).firms] == ["优荣咨询"]


@pytest.mark.parametrize(
    "heading",
    [
        "合同金额",
        "所得税",
        "固定资产",
        "固定资产投资",
        "设备购置额",
        "减免税额",
        "养老保险费",
        "工伤保险费",
        "补贴标准",
        "销售额",
        "总投资",
        "投资总额",
        "贷款",
        "担保",
    ],
)
def test_a_heading_that_says_less_than_a_fact_is_left_open(rulebook: Rulebook, heading: str) -> None:
    """A firm's contracts are not its sales of new material, nor its income tax its taxable income: nothing is silently wrong."""
    for unit in ("", "（元）", "（万元）"):
        (found,) = guess([f"{heading}{unit}"], rulebook, (), [[Numeral("7210000"), Numeral("1205.5")]], on=ON)
        assert found.fact is None, (heading, unit)
