"""Firms to be told, and what other figures of the rules do to them. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

# Columns of the list of firms to be told.
OUTREACH_COLUMN: Mapping[str, Sentence] = {
    "name": Sentence("企业"),
    "code": Sentence("统一社会信用代码", "column"),
    "district": Sentence("所在区"),
    "status": Sentence("结果"),
    "amount": Sentence("金额"),
    "yuan": Sentence("金额（元）"),
    "told_on": Sentence("告知日期"),
    "told_by": Sentence("告知人"),
    "note": Sentence("告知方式"),
}

# Columns of a list for delivery.
DELIVERY_COLUMN: Mapping[str, Sentence] = {
    "number": Sentence("序号"),
    "name": Sentence("企业"),
    "code": Sentence("统一社会信用代码", "column"),
    "district": Sentence("所在区"),
    "person": Sentence("联系人"),
    "phone": Sentence("电话"),
    "email": Sentence("邮箱"),
    "schemes": Sentence("告知哪些政策"),
    "yuan": Sentence("最高一项（元）"),
    "sure": Sentence("确定可享受（项）"),
    "open": Sentence("待部门决定（项）"),
}

# How firms are told.
CHANNEL: Mapping[str, Sentence] = {
    "email": Sentence("邮件名单"),
    "phone": Sentence("电话名单"),
    "letter": Sentence("寄信名单"),
}

# Who gains and who loses between two screenings.
OUTREACH_SIDE: Mapping[str, Sentence] = {
    "gained": Sentence("新增"),
    "lost": Sentence("失去"),
}

# What other figures of the rules do to a firm, and headings of the firms.
IMPACT_SIDE: Mapping[str, Sentence] = {
    "gained": Sentence("新增"),
    "lost": Sentence("失去"),
    "changed": Sentence("有变"),
}

# The same of a firm as a whole: by exact sums, or by the most alone.
IMPACT_FIRM: Mapping[str, Sentence] = {
    "gained": Sentence("受益"),
    "lost": Sentence("受损"),
    "changed": Sentence("只是最高额变"),
}

IMPACT_FIRMS: Mapping[str, Sentence] = {
    "gained": Sentence("新增资格的企业：{name}"),
    "lost": Sentence("失去资格的企业：{name}"),
    "changed": Sentence("金额有变的企业：{name}"),
}

# How far it is with working out what other figures of the rules change.
IMPACT_STATE: Mapping[str, Sentence] = {
    "waiting": Sentence("在等"),
    "running": Sentence("正在算"),
    "failed": Sentence("没有算完"),
}

# By what firms are grouped.
IMPACT_GROUP: Mapping[str, Sentence] = {
    "district": Sentence("各区"),
    "size": Sentence("各规模"),
    "decile": Sentence("按年营业收入分十组，第1组最小"),
    "industry": Sentence("各行业"),
}

# Headings of the lists of who gains and who loses.
OUTREACH_MOVERS: Mapping[str, Sentence] = {
    "gained": Sentence("新增资格的企业：{name}"),
    "lost": Sentence("失去资格的企业：{name}"),
}
