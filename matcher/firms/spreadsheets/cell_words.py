"""What people and programs write in cells for the choices of a fact, beside the words of the vocabulary itself."""

from __future__ import annotations

from collections.abc import Mapping

CHOICES: Mapping[str, Mapping[str, str]] = {
    "legal_form": {
        "company": "有限责任公司 有限公司 股份有限公司 股份公司 公司 公司制 一人有限公司 国有独资公司 企业法人",
        "partnership": "合伙企业 合伙 有限合伙 普通合伙 有限合伙企业 普通合伙企业 特殊普通合伙",
        "sole_proprietorship": "个人独资企业 个人独资 独资企业",
        "individual_business": "个体工商户 个体户 个体 个体经营",
        "farmers_cooperative": "农民专业合作社 合作社 专业合作社 农民合作社",
        "branch": "分支机构 分公司 内资分公司 外资分公司",
        "public_institution": "事业单位 事业",
        "social_organisation": "社会组织 社会团体 民办非企业单位 民办非企业 民非 基金会",
    },
    "vat_status": {
        "general": "一般纳税人 一般 增值税一般纳税人 一般计税",
        "small_scale": "小规模纳税人 小规模 增值税小规模纳税人 小规模户",
    },
    "tax_credit_rating": {
        "a": "a级",
        "b": "b级",
        "m": "m级",
        "c": "c级",
        "d": "d级",
        "unrated": "未评级 未评 无 未评定",
    },
    "size_class": {
        "large": "大型 大型企业 大",
        "medium": "中型 中型企业 中",
        "small": "小型 小型企业 小",
        "micro": "微型 微型企业 微",
    },
    "srdi_title": {
        "none": "无 否 没有",
        "innovative": "创新型中小企业 创新型",
        "srdi": "专精特新中小企业 专精特新企业 市级专精特新 市级专精特新中小企业 天津市专精特新中小企业 专精特新",
        "little_giant": "小巨人 小巨人企业 国家级小巨人 专精特新小巨人 国家级专精特新小巨人 国家级专精特新小巨人企业 专精特新小巨人企业",
    },
    "ownership": {
        "private": "民营 民营企业 私营 私营企业 民企",
        "municipal_state": "市管国有 市属国企 市属国有企业 市管企业",
        "foreign": "外商投资 外资 外资企业 外商投资企业 外商独资",
        "collective": "集体 集体企业 集体所有制",
    },
    "tax_filing_cycle": {"monthly": "按月 月 月报 每月", "quarterly": "按季 季 季报 按季度 每季"},
    "company_kind": {},
    "loan_purpose": {
        "working_capital": "流动资金贷款 流动资金 经营周转 流贷",
        "fixed_asset": "固定资产贷款 固定资产 固贷",
    },
}

"""Values by fact; one that the vocabulary does not have is left aside."""

BEGINNINGS: Mapping[str, Mapping[str, str]] = {
    "legal_form": {
        "有限责任公司": "company",
        "股份有限公司": "company",
        "其他有限责任公司": "company",
        "有限合伙": "partnership",
        "普通合伙": "partnership",
        "有限责任公司分公司": "branch",
        "股份有限公司分公司": "branch",
        "其他有限责任公司分公司": "branch",
    },
    "company_kind": {"有限责任公司": "limited_liability", "股份有限公司": "joint_stock"},
}

"""The longest beginning that fits decides, as in 有限责任公司（自然人独资）."""

YES_NO: Mapping[str, tuple[str, str]] = {
    "is_audited_collection": ("查账征收 查账 查帐征收 查帐", "核定征收 核定 核定应税所得率征收 核定应纳所得税额征收"),
    "loan_is_overdue_or_bad": ("逾期 不良", "正常 未逾期"),
    "is_on_abnormal_list": ("已列入 列入", "未列入"),
    "is_on_serious_violation_list": ("已列入 列入", "未列入"),
    "is_dishonest_debtor": ("已列入 列入", "未列入"),
    "pays_unemployment_insurance": ("足额 足额缴纳 已足额缴纳", "未足额 未足额缴纳 欠费"),
    "has_exports": ("有出口", "无出口"),
    "loan_is_unsecured": ("信用", "抵押 质押 担保 保证"),
    "is_above_scale": ("规上", "规下"),
}

"""Words of one fact's yes and no."""
