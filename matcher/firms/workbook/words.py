"""The words of the workbooks in Chinese and English; labels of facts and schemes are the rulebook's own."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

GROUPS: Mapping[str, Pair] = {
    "identity": ("单位概况", "The firm"),
    "size": ("规模", "Size"),
    "tax": ("税务", "Tax"),
    "people": ("用工和社保", "Staff and social insurance"),
    "titles": ("称号和资质", "Titles"),
    "standing": ("信用和合规", "Standing"),
    "conduct": ("经营行为", "Conduct"),
    "financing": ("融资", "Financing"),
    "guarantee": ("担保", "Guarantee"),
    "capital_market": ("资本市场", "Capital market"),
    "project": ("项目", "Project"),
    "digital": ("数字化和智能化", "Digital and smart"),
    "first_set": ("首台（套）装备", "First sets of equipment"),
    "material": ("新材料", "New materials"),
    "product": ("产品", "Product"),
    "design": ("工业设计", "Industrial design"),
    "testing": ("检验检测", "Testing"),
    "vehicles": ("车辆和充电", "Vehicles and charging"),
    "appliances": ("家电", "Appliances"),
    "consumption": ("消费品", "Consumer goods"),
    "trade": ("外贸", "Foreign trade"),
    "regions": ("区域合作", "Regions"),
    "training": ("培训", "Training"),
    "worker": ("职工个人", "The worker"),
    "access": ("准入", "Access"),
    "department": ("部门认定", "Findings of departments"),
}
"""The groups of facts in the order in which a firm is asked."""

STATUS: Mapping[str, Pair] = {
    "eligible": ("可享受", "entitled"),
    "needs_decision": ("待部门决定", "department decides"),
    "needs_information": ("还缺信息", "information missing"),
    "not_eligible": ("不符合", "not entitled"),
    "not_open": ("不在执行期", "not in force"),
    "unconfirmed": ("未核实", "unconfirmed"),
    "applies": ("受此限制", "restriction applies"),
    "does_not_apply": ("不受此限制", "restriction does not apply"),
}
COLOURS: Mapping[str, str] = {
    "eligible": "#C6E7CE",
    "needs_decision": "#CFE2F3",
    "needs_information": "#FFF2CC",
    "not_eligible": "#E7E6E6",
    "not_open": "#F5F5F5",
    "unconfirmed": "#E4DFEC",
    "applies": "#F8CBAD",
    "does_not_apply": "#FFFFFF",
}
RECIPIENT: Mapping[str, Pair] = {
    "firm_cash": ("款项付给企业", "paid to the firm"),
    "firm_price": ("企业少缴或少付", "the firm pays less"),
    "firm_deferral": ("企业缓缴，到期仍要缴", "the firm pays later, but pays"),
    "firm_right": ("企业取得的资格或权利", "a right or title of the firm"),
    "institution": ("付给机构，不付给企业", "paid to an institution, not to the firm"),
    "worker": ("付给职工本人", "paid to the worker"),
    "area": ("给园区或区域，不给单个企业", "for an area, not for a single firm"),
}
AMOUNT: Mapping[str, Pair] = {
    "exact": ("确数", "exact"),
    "ceiling": ("最高", "ceiling"),
    "range": ("区间", "range"),
    "none": ("未定", "not fixed"),
    "no_sum": ("不涉及金额", "no sum"),
}


def pick(pair: Pair, lang: str) -> str:
    """The words in ``lang`` (zh or en)."""
    return pair[lang == "en"]


def status(name: str, lang: str) -> str:
    """The word for a status."""
    return pick(STATUS[name], lang)


def recipient(name: str | None, lang: str) -> str:
    """Who gets it, in words; where that is not settled, so it says."""
    return pick(RECIPIENT[name] if name is not None else ("尚未确定", "not settled"), lang)


def rank(group: str) -> int:
    """The place of a group of facts; groups without words come last."""
    return list(GROUPS).index(group) if group in GROUPS else len(GROUPS)


def group(name: str, lang: str) -> str:
    """The heading of a group of facts; its own name where there are no words for it."""
    return pick(GROUPS.get(name, (name, name)), lang)
