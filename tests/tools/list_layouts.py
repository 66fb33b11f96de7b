"""The forty layouts of `made_lists`: what stands over each column, how its cells are written, and which fact it truly holds."""

from __future__ import annotations

from collections.abc import Callable

from tests.tools.list_columns import (
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

_FORM = {"company": "有限责任公司", "individual_business": "个体工商户", "partnership": "合伙企业"}
_FORM_LONG = {
    "company": "有限责任公司（自然人投资或控股）",
    "individual_business": "个体工商户",
    "partnership": "有限合伙企业",
}
_VAT = {"general": "一般纳税人", "small_scale": "小规模纳税人"}
_VAT_SHORT = {"general": "一般", "small_scale": "小规模"}
_SIZE = {"small": "小型", "micro": "微型", "medium": "中型"}
_SIZE_LONG = {"small": "小型企业", "micro": "微型企业", "medium": "中型企业"}
_SRDI = {"none": "无", "innovative": "创新型中小企业", "srdi": "专精特新中小企业"}
_RATING = {"a": "A", "b": "B", "m": "M"}
_RATING_LONG = {"a": "A级", "b": "B级", "m": "M级"}
_OWNER = {"private": "民营", "foreign": "外商投资"}
_PURPOSE = {"working_capital": "流动资金贷款", "fixed_asset": "固定资产贷款"}

NUMBER = Column("序号", None, other(lambda at: at + 1))
NAME = Column("企业名称", "name", text("name"))
CODE = Column("统一社会信用代码", "credit_code", text("credit_code"))
CONTACT = Column("联系人", None, other(lambda at: "张王李赵刘陈杨黄"[at % 8] + "先生"))
PHONE = Column("联系电话", None, other(lambda at: str(13_800_000_000 + at * 7)))
NOTE = Column("备注", None, other(lambda at: "已电话联系" if at % 3 == 0 else ""))
ADDRESS = Column("经营地址", None, other(lambda at: f"天津市南开区长江道{at + 1}号"))
CAPITAL = Column("注册资本（万元）", None, other(lambda at: 100 * (at + 1)))


def _c(head: str | tuple[str, str], fact: str | None, write: Callable[[Firm, int], Cell]) -> Column:
    return Column(head, fact, write)


LAYOUTS: tuple[Layout, ...] = (
    # 1 the list of the fault report
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("类型", "legal_form", choice("legal_form", **_FORM)),
            _c("人数", "employees", count("employees")),
            _c("营收（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("纳税人类型", "vat_status", choice("vat_status", **_VAT)),
            _c("六税两费", "six_taxes_two_fees_payable", sum_of("six_taxes_two_fees_payable")),
            _c("查账征收", "is_audited_collection", flag("is_audited_collection")),
        ],
    ),
    # 2 a title, a line of remarks, a sum
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("所属区", "district", district()),
            _c("职工人数", "employees", count("employees")),
            _c("上年营业收入（元）", "annual_revenue", sum_of("annual_revenue")),
            NOTE,
        ],
        above=[["2025年度企业情况统计表"], ["填报单位：河西区企业服务中心", "", "", "", "日期：2026年3月"]],
        sums="合计",
    ),
    # 3 GBK, exported by a tax program
    Layout(
        "csv",
        [
            _c("纳税人识别号", "credit_code", text("credit_code")),
            _c("纳税人名称", "name", text("name")),
            _c("增值税纳税人类型", "vat_status", choice("vat_status", **_VAT)),
            _c("征收方式", "is_audited_collection", flag("is_audited_collection", "查账征收 核定征收")),
            _c("应纳税所得额", "annual_taxable_income", sum_of("annual_taxable_income", 1, "grouped")),
            _c("纳税信用等级", "tax_credit_rating", choice("tax_credit_rating", **_RATING)),
            _c("主管税务所", None, other(lambda at: f"第{at + 1}税务所")),
        ],
        encoding="gbk",
    ),
    # 4 semicolons
    Layout(
        "csv",
        [
            NAME,
            CODE,
            _c("成立日期", "established_on", day("established_on", "dots")),
            _c("员工人数", "employees", count("employees", "人")),
            _c("是否高新技术企业", "is_high_tech_enterprise", flag("is_high_tech_enterprise")),
            CONTACT,
            PHONE,
        ],
        delimiter=";",
    ),
    # 5 tabs, GBK
    Layout(
        "csv",
        [
            NAME,
            CODE,
            _c("注册日期", "established_on", day("established_on", "slashes")),
            _c("行业代码", "industry", text("industry")),
            _c("资产总额（万元）", "total_assets", sum_of("total_assets", 10_000)),
            _c("规上企业", "is_above_scale", flag("is_above_scale", "√ ×")),
        ],
        delimiter="\t",
        encoding="gbk",
    ),
    # 6 two rows of headings, merged
    Layout(
        "xlsx",
        [
            _c("序号", None, other(lambda at: at + 1)),
            _c("企业名称", "name", text("name")),
            _c("信用代码", "credit_code", text("credit_code")),
            _c(("用工情况", "上年末从业人数"), "employees", count("employees")),
            _c(("用工情况", "参保人数"), "insured_employees", count("insured_employees")),
            _c(("经营情况", "营业收入（万元）"), "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c(("经营情况", "资产总额（万元）"), "total_assets", sum_of("total_assets", 10_000)),
        ],
        above=[["企业用工情况一览表"]],
    ),
    # 7 units in a row of their own
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c(("从业人数", "人"), "employees", count("employees")),
            _c(("营业收入", "万元"), "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c(("资产总额", "万元"), "total_assets", sum_of("total_assets", 10_000)),
            _c(("裁员率", "%"), "layoff_rate_last_year", rate("layoff_rate_last_year")),
        ],
        unit_row=True,
    ),
    # 8 per cent by format
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("上年裁员率", "layoff_rate_last_year", rate("layoff_rate_last_year")),
            _c(
                "上年缴纳失业保险费（元）",
                "unemployment_premium_last_year",
                sum_of("unemployment_premium_last_year", 1, "currency"),
            ),
            _c("参保职工人数", "insured_employees", count("insured_employees")),
            _c("足额缴纳失业保险费", "pays_unemployment_insurance", flag("pays_unemployment_insurance")),
        ],
        sums="总计",
    ),
    # 9 days as bare numbers
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("成立时间", "established_on", day("established_on", "serial")),
            _c("现有职工人数", "current_staff", count("current_staff")),
            _c("企业规模", "size_class", choice("size_class", **_SIZE)),
        ],
    ),
    # 10 loans
    Layout(
        "xlsx",
        [
            NUMBER,
            _c("借款企业", "name", text("name")),
            CODE,
            _c("贷款金额（万元）", "loan_principal", sum_of("loan_principal", 10_000)),
            _c("贷款年利率", "loan_annual_rate", rate("loan_annual_rate")),
            _c("贷款期限（月）", "loan_term", count("loan_term")),
            _c("放款日期", "loan_granted_on", day("loan_granted_on")),
            _c("贷款用途", "loan_purpose", choice("loan_purpose", **_PURPOSE)),
            _c("是否逾期", "loan_is_overdue_or_bad", flag("loan_is_overdue_or_bad")),
        ],
        above=[["贷款贴息企业汇总表"]],
        sums="合  计",
    ),
    # 11 the unit stands above the table
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("营业收入", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("资产总计", "total_assets", sum_of("total_assets", 10_000)),
            _c("从业人员期末人数", "employees", count("employees")),
        ],
        above=[["规模以上企业主要指标"], ["", "", "", "", "", "单位：万元"]],
        sums="合计",
        index_row=True,
    ),
    # 12 thousands of yuan
    Layout(
        "xlsx",
        [
            _c("单位名称", "name", text("name")),
            _c("统一社会信用代码", "credit_code", text("credit_code")),
            _c("营业收入（千元）", "annual_revenue", sum_of("annual_revenue", 1_000)),
            _c("资产总计（千元）", "total_assets", sum_of("total_assets", 1_000)),
            _c("行业代码", "industry", text("industry")),
            _c("企业控股情况", None, other(lambda at: "私人控股")),
        ],
        sums="合计",
    ),
    # 13 without any heading for the code and the name that is known
    Layout(
        "xlsx",
        [
            _c("户名", "name", text("name")),
            _c("税号", "credit_code", text("credit_code")),
            _c("区", "district", district("")),
            _c("信用级别", "tax_credit_rating", choice("tax_credit_rating", **_RATING_LONG)),
            _c("纳税人身份", "vat_status", choice("vat_status", **_VAT)),
        ],
    ),
    # 14 columns that say too little
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("规模", "size_class", choice("size_class", **_SIZE_LONG)),
            _c("性质", "ownership", choice("ownership", **_OWNER)),
            _c("类别", "legal_form", choice("legal_form", **_FORM)),
            _c("金额", None, other(lambda at: 1000 + at)),
            _c("数量", None, other(lambda at: at + 2)),
        ],
    ),
    # 15 years in the headings
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("2024年营业收入（万元）", None, sum_of("total_assets", 10_000)),
            _c("2025年营业收入（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("2025年末从业人数", "employees", count("employees")),
            _c("同比增长", None, other(lambda at: (0.03 * at, "0.0%"))),
        ],
    ),
    # 16 growth, shares and the like stand beside
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("营业收入（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("营业收入增速（%）", None, other(lambda at: at * 1.5)),
            _c("利润总额（万元）", None, other(lambda at: at * 12)),
            _c("实缴税金（万元）", None, other(lambda at: at * 3)),
            _c("研发费用（万元）", "rd_expense", sum_of("rd_expense", 10_000)),
            _c("研发费用占比", None, other(lambda at: (0.03 + at / 100, "0%"))),
        ],
    ),
    # 17 subsidies for the disabled
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("应缴残保金（元）", "disability_fund_due", sum_of("disability_fund_due", 1, "accounting")),
            _c("安排残疾人就业人数", "disabled_employees", count("disabled_employees")),
            _c("在职职工人数", "current_staff", count("current_staff")),
            _c("所在区", "district", district()),
        ],
        above=[["残疾人就业保障金征缴名单（2026）"]],
        below=[["制表人：王芳", "", "", "审核：李强"]],
    ),
    # 18 districts merged downwards
    Layout(
        "xlsx",
        [_c("所在区", "district", district()), NAME, CODE, _c("从业人数", "employees", count("employees"))],
        merge_district=True,
        sums="合计",
    ),
    # 19 the list begins in the third column, under a cover
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("员工数", "employees", count("employees")),
            _c("高企", "is_high_tech_enterprise", flag("is_high_tech_enterprise")),
            _c("科技型中小企业", "is_tech_sme", flag("is_tech_sme")),
        ],
        left=2,
        cover=True,
    ),
    # 20 moments instead of days, quotes around codes
    Layout(
        "csv",
        [
            _c("entname", "name", text("name")),
            _c("uniscid", "credit_code", lambda firm, _: f'="{firm["credit_code"]}"'),
            _c("成立日期", "established_on", day("established_on", "moment")),
            _c("企业类型", "legal_form", choice("legal_form", **_FORM_LONG)),
            CAPITAL,
            _c("登记状态", None, other(lambda at: "存续")),
        ],
    ),
    # 21 risks
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("失信被执行人", "is_dishonest_debtor", flag("is_dishonest_debtor", "有 无")),
            _c("经营异常", "is_on_abnormal_list", flag("is_on_abnormal_list", "有 无")),
            _c(
                "欠薪欠保",
                "has_wage_or_social_insurance_arrears",
                flag("has_wage_or_social_insurance_arrears", "有 无"),
            ),
            _c(
                "从事限制或禁止行业",
                "in_restricted_or_prohibited_industry",
                flag("in_restricted_or_prohibited_industry", "是 否"),
            ),
        ],
    ),
    # 22 signed money in a CSV
    Layout(
        "csv",
        [
            NUMBER,
            NAME,
            CODE,
            _c("六税两费应纳额", "six_taxes_two_fees_payable", sum_of("six_taxes_two_fees_payable", 1, "signed")),
            _c("纳税人类型", "vat_status", choice("vat_status", **_VAT_SHORT)),
            _c("征收方式", "is_audited_collection", flag("is_audited_collection", "查账 核定")),
        ],
        sums="合计",
        encoding="gbk",
    ),
    # 23 units in cells
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("营收", "annual_revenue", sum_of("annual_revenue", 1, "wan")),
            _c("总资产", "total_assets", sum_of("total_assets", 1, "wan")),
            _c("从业人员", "employees", count("employees", "人")),
            _c("成立日期", "established_on", day("established_on", "words")),
        ],
    ),
    # 24 days by their digits and by a Chinese format
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("登记日期", "established_on", day("established_on", "digits")),
            _c("放款日", "loan_granted_on", day("loan_granted_on", "chinese")),
            _c("贷款本金（元）", "loan_principal", sum_of("loan_principal", 1, "currency")),
            _c("年利率（%）", "loan_annual_rate", rate("loan_annual_rate", "points")),
        ],
    ),
    # 25 districts as sections between the rows
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("上年末从业人员数（人）", "employees", count("employees")),
            _c("注册地", "district", district()),
        ],
        group_rows=True,
        sums="小计",
    ),
    # 26 three groups of headings
    Layout(
        "xlsx",
        [
            _c(("基本信息", "名称"), "name", text("name")),
            _c(("基本信息", "统一信用代码"), "credit_code", text("credit_code")),
            _c(("基本信息", "成立日期"), "established_on", day("established_on")),
            _c(("税务信息", "纳税人类别"), "vat_status", choice("vat_status", **_VAT)),
            _c(("税务信息", "信用等级"), "tax_credit_rating", choice("tax_credit_rating", **_RATING)),
            _c(("称号", "高新技术企业"), "is_high_tech_enterprise", flag("is_high_tech_enterprise")),
            _c(("称号", "专精特新"), "srdi_title", choice("srdi_title", **_SRDI)),
        ],
        above=[["重点企业台账"], ["截至2026年6月30日"]],
    ),
    # 27 the same two rows in a CSV
    Layout(
        "csv",
        [
            _c(("基本信息", "单位名称"), "name", text("name")),
            _c(("基本信息", "社会信用代码"), "credit_code", text("credit_code")),
            _c(("用工", "职工总数"), "employees", count("employees")),
            _c(("用工", "参加失业保险人数"), "insured_employees", count("insured_employees")),
            _c(("用工", "裁员率"), "layoff_rate_last_year", rate("layoff_rate_last_year", "sign")),
        ],
        encoding="gbk",
    ),
    # 28 line breaks and stars in headings
    Layout(
        "xlsx",
        [
            _c("*企业名称", "name", text("name")),
            _c("*统一社会\n信用代码", "credit_code", text("credit_code")),
            _c("从业人数\n（人）", "employees", count("employees")),
            _c("营业收入\n（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("是否查账征收\n（是/否）", "is_audited_collection", flag("is_audited_collection")),
            PHONE,
        ],
    ),
    # 29 graduates taken on
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("招用毕业生人数", "target_youth_hires", count("target_youth_hires")),
            _c("失业保险参保人数", "insured_employees", count("insured_employees")),
            _c("上年度实际缴纳失业保险费", "unemployment_premium_last_year", sum_of("unemployment_premium_last_year")),
            _c("开户银行", None, other(lambda at: "天津银行南开支行")),
            _c("银行账号", None, other(lambda at: f"62220000{at:010}")),
        ],
        above=[["一次性扩岗补助拟发放名单"]],
        sums="合计",
        below=[["注：以上人数以社保系统为准。"]],
    ),
    # 30 exporters
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("有无出口", "has_exports", flag("has_exports", "有 无")),
            _c("自贸区内", "is_in_ftz", flag("is_in_ftz")),
            _c("已投保出口信用保险", "holds_export_credit_policy", flag("holds_export_credit_policy")),
            _c("海关编码", None, other(lambda at: f"12019{at:05}")),
        ],
    ),
    # 31 English headings of a program
    Layout(
        "csv",
        [
            _c("name", "name", text("name")),
            _c("uscc", "credit_code", text("credit_code")),
            _c("employees", "employees", count("employees")),
            _c("revenue_yuan", "annual_revenue", sum_of("annual_revenue")),
            _c("industry_code", "industry", text("industry")),
            _c("updated_at", None, other(lambda at: f"2026-05-{at + 1:02}")),
        ],
    ),
    # 32 the assets in hundred millions
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("资产总额（亿元）", "total_assets", sum_of("total_assets", 100_000_000)),
            _c("年营业额（亿元）", "annual_revenue", sum_of("annual_revenue", 100_000_000)),
            _c("法定代表人", None, other(lambda at: "赵钱孙李周吴郑王"[at % 8] + "明")),
            ADDRESS,
        ],
    ),
    # 33 an average at the end
    Layout(
        "xlsx",
        [
            _c("编号", "id", other(lambda at: f"Q{at + 1:03}")),
            NAME,
            CODE,
            _c("年应纳税所得额（万元）", "annual_taxable_income", sum_of("annual_taxable_income", 10_000)),
            _c("期末资产总额（万元）", "total_assets", sum_of("total_assets", 10_000)),
        ],
        sums="平均值",
    ),
    # 34 yes and no as letters and digits
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("是否科技型中小企业", "is_tech_sme", flag("is_tech_sme", "Y N")),
            _c("是否列入经营异常名录", "is_on_abnormal_list", flag("is_on_abnormal_list", "是 否")),
            _c(
                "2022年已领留工补助",
                "received_retention_training_allowance",
                flag("received_retention_training_allowance"),
            ),
            _c("所有制", "ownership", choice("ownership", **_OWNER)),
        ],
    ),
    # 35 the training of a district, dates typed in ISO form
    Layout(
        "csv",
        [
            NAME,
            _c("信用代码", "credit_code", text("credit_code")),
            _c("设立日期", "established_on", day("established_on", "iso")),
            _c("用工人数", "employees", count("employees")),
            _c("所属街道", None, other(lambda at: "万兴街道")),
            _c("走访日期", None, other(lambda at: f"2026-04-{at + 1:02}")),
        ],
    ),
    # 36 contact data first
    Layout(
        "xlsx",
        [
            CONTACT,
            PHONE,
            _c("邮箱", None, other(lambda at: f"a{at}@example.com")),
            _c("公司名称", "name", text("name")),
            _c("公司税号", "credit_code", text("credit_code")),
            _c("主体类型", "legal_form", choice("legal_form", **_FORM)),
            _c("经营范围", None, other(lambda at: "五金产品零售；日用百货销售")),
        ],
    ),
    # 37 an unlabelled sum
    Layout(
        "xlsx",
        [
            NAME,
            CODE,
            _c("残保金", "disability_fund_due", sum_of("disability_fund_due")),
            _c("上年裁员率（%）", "layoff_rate_last_year", rate("layoff_rate_last_year", "sign")),
        ],
        sums="",
    ),
    # 38 headings in the middle of nowhere, with notes above and below
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("纳税信用级别", "tax_credit_rating", choice("tax_credit_rating", **_RATING)),
            _c("专精特新称号", "srdi_title", choice("srdi_title", **_SRDI)),
        ],
        above=[["附件2"], ["天津市专精特新企业申报汇总表"], ["联系人：赵敏    电话：022-12345678"], [""]],
        below=[["填表说明：", ""], ["1. 纳税信用级别以税务部门公布为准"]],
    ),
    # 39 many columns of which most are nothing to us
    Layout(
        "xlsx",
        [
            NUMBER,
            NAME,
            CODE,
            _c("法人代表", None, other(lambda at: "孙立")),
            CAPITAL,
            ADDRESS,
            CONTACT,
            PHONE,
            _c("主要产品", None, other(lambda at: "阀门")),
            _c("从业人员数", "employees", count("employees")),
            _c("上年营收（万元）", "annual_revenue", sum_of("annual_revenue", 10_000)),
            _c("上市情况", None, other(lambda at: "未上市")),
            _c("诉求", None, other(lambda at: "融资")),
            NOTE,
        ],
        sums="合计",
    ),
    # 40 a register's columns
    Layout(
        "csv",
        [
            _c("主体名称", "name", text("name")),
            _c("统一社会信用代码", "credit_code", text("credit_code")),
            _c("曾用名", "former_names", other(lambda at: "")),
            _c("行政区划", "district", district()),
            _c("组织形式", "legal_form", choice("legal_form", **_FORM)),
            _c("注册日期", "established_on", day("established_on", "iso")),
            _c("国民经济行业代码", "industry", text("industry")),
        ],
    ),
)
