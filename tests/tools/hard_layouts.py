"""Eight more layouts of `made_lists`, nastier ones: what WPS exports, sums between the rows, figures that are none, full-width digits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.tools.list_columns import (
    EPOCH,
    Cell,
    Column,
    Firm,
    Layout,
    choice,
    count,
    day,
    district,
    flag,
    other,
    rate,
    sum_of,
    text,
)

_WIDE = str.maketrans(
    "0123456789.,%ABCDEFGHJKLMNPQRTUWXY", "０１２３４５６７８９．，％ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ"
)
_VAT = {"general": "一般纳税人", "small_scale": "小规模纳税人"}
_NAME = Column("企业名称", "name", text("name"))
_CODE = Column("统一社会信用代码", "credit_code", text("credit_code"))
_NUMBER = Column("序号", None, other(lambda at: at + 1))


def _wide(write: Callable[[Firm, int], Cell]) -> Callable[[Firm, int], Cell]:
    """The same with full-width digits and letters, as a Chinese keyboard types them."""
    return lambda firm, at: str(write(firm, at)).translate(_WIDE)


def _serial_text(firm: Firm, _: int) -> Cell:
    """A day as the number that Excel has for it, in a cell of text."""
    on: date = firm["established_on"]
    return str((on - EPOCH).days)


HARD: tuple[Layout, ...] = (
    # 41 exported by WPS from merged headings: a title over the whole width, a group's name over its first column only
    Layout(
        "csv",
        [
            Column(("序号", ""), None, other(lambda at: at + 1)),
            Column(("企业名称", ""), "name", text("name")),
            Column(("统一社会信用代码", ""), "credit_code", text("credit_code")),
            Column(("经营情况", "营业收入（万元）"), "annual_revenue", sum_of("annual_revenue", 10_000, "grouped")),
            Column(("经营情况", "资产总额（万元）"), "total_assets", sum_of("total_assets", 10_000, "grouped")),
            Column(("用工情况", "从业人数"), "employees", count("employees")),
            Column(("用工情况", "上年裁员率"), "layoff_rate_last_year", rate("layoff_rate_last_year", "sign")),
            Column(("备注", ""), None, other(lambda at: "")),
        ],
        above=[["和平区重点企业运行监测表", *[""] * 7], ["填报日期：2026/11/30", *[""] * 7]],
        below=[[""] * 8, ["制表：", "", "", "审核：", *[""] * 4], [""] * 8],
        encoding="gbk",
        sums="合计",
    ),
    # 42 yuan over the table, ten thousands in one heading
    Layout(
        "xlsx",
        [
            _NUMBER,
            _NAME,
            _CODE,
            Column("营业收入（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            Column("应缴残保金", "disability_fund_due", sum_of("disability_fund_due")),
            Column(
                "上年缴纳失业保险费（元）", "unemployment_premium_last_year", sum_of("unemployment_premium_last_year")
            ),
            Column("从业人数（人）", "employees", count("employees")),
        ],
        above=[["企业缴费情况表"], ["", "", "", "", "", "", "单位：元"]],
        sums="合计",
    ),
    # 43 headings over units, some of which are per cent by format and some by sign
    Layout(
        "xlsx",
        [
            Column(("企业名称", ""), "name", text("name")),
            Column(("统一社会信用代码", ""), "credit_code", text("credit_code")),
            Column(("贷款金额", "万元"), "loan_principal", sum_of("loan_principal", 10_000)),
            Column(("年利率", "%"), "loan_annual_rate", rate("loan_annual_rate", "points")),
            Column(("上年裁员率", "%"), "layoff_rate_last_year", rate("layoff_rate_last_year")),
            Column(("贷款期限", "月"), "loan_term", count("loan_term")),
            Column(("放款日期", "年/月/日"), "loan_granted_on", day("loan_granted_on", "slashes")),
            Column(("应缴残保金", "元"), "disability_fund_due", sum_of("disability_fund_due", 1, "currency")),
        ],
        unit_row=True,
    ),
    # 44 days as numbers that are text, and in a CSV
    Layout(
        "csv",
        [
            _NAME,
            _CODE,
            Column("成立日期", "established_on", _serial_text),
            Column("人数", "employees", count("employees")),
            Column("上报时间", None, other(lambda at: str(46_000 + at))),
        ],
        encoding="gbk",
    ),
    # 45 sums after every third row, numbers that begin anew
    Layout(
        "xlsx",
        [
            Column("序号", None, other(lambda at: at % 3 + 1)),
            _NAME,
            _CODE,
            Column("从业人数", "employees", count("employees")),
            Column("营业收入（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            Column("六税两费应纳税额（元）", "six_taxes_two_fees_payable", sum_of("six_taxes_two_fees_payable")),
        ],
        subtotals="小计",
        sums="总计",
    ),
    # 46 running numbers that look like figures
    Layout(
        "xlsx",
        [
            Column("", None, other(lambda at: at + 101)),
            _NAME,
            _CODE,
            Column("户号", None, other(lambda at: 20_260_000 + at)),
            Column("职工人数", "employees", count("employees")),
            Column("排名", None, other(lambda at: at + 1)),
            Column("纳税人类型", "vat_status", choice("vat_status", **_VAT)),
            Column("得分", None, other(lambda at: 95 - at)),
        ],
    ),
    # 47 a hidden column with the figures of before, under the same heading
    Layout(
        "xlsx",
        [
            _NUMBER,
            _NAME,
            _CODE,
            Column("营业收入（万元）", None, sum_of("total_assets", 10_000)),
            Column("营业收入（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            Column("从业人数", "employees", count("employees")),
            Column("辅助列", None, other(lambda at: at * 1_000)),
        ],
        hidden=(3, 6),
    ),
    # 48 full-width digits
    Layout(
        "xlsx",
        [
            _NAME,
            Column("统一社会信用代码", "credit_code", _wide(text("credit_code"))),
            Column("从业人数", "employees", _wide(count("employees"))),
            Column(
                "营业收入（万元）", "annual_revenue", _wide(lambda firm, _: f"{firm['annual_revenue'] / 10_000:,.2f}")
            ),
            Column("上年裁员率", "layoff_rate_last_year", _wide(rate("layoff_rate_last_year", "sign"))),
            Column("成立日期", "established_on", _wide(day("established_on", "dots"))),
            Column("所属区", "district", district()),
            Column("查账征收", "is_audited_collection", flag("is_audited_collection")),
        ],
        sums="合　计",
    ),
)
