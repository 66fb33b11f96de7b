"""Cases, the facts and settings in them, referrals and notes of a firm. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

# States of a case.
CASE_STATE: Mapping[str, Sentence] = {
    "open": Sentence("办理中"),
    "waiting": Sentence("等企业补充"),
    "decided": Sentence("已答复"),
    "closed": Sentence("已办结"),
}

# Parts of a case's form that are no group of facts.
CASE_PART: Mapping[str, Sentence] = {
    "next": Sentence("接着问"),
    "told": Sentence("已知情况"),
}

# Who stated a fact.
FACT_SOURCE: Mapping[str, Sentence] = {
    "declared": Sentence("企业陈述"),
    "confirmed": Sentence("已见原件"),
    "imported": Sentence("登记资料"),
}

# What a case was opened from.
CASE_ORIGIN: Mapping[str, Sentence] = {
    "search": Sentence("从登记簿"),
    "handover": Sentence("从企业移交"),
    "blank": Sentence("空白", "origin of a case"),
    "sheet": Sentence("从批量核对"),
    "referral": Sentence("从别的中心转来"),
}

# What became of a firm that is no more.
CLOSURE_KIND: Mapping[str, Sentence] = {
    "cancelled": Sentence("注销"),
    "revoked": Sentence("被吊销执照"),
}

# States of a referral.
REFERRAL_STATE: Mapping[str, Sentence] = {
    "sent": Sentence("已转出，等对方答复"),
    "accepted": Sentence("对方已接办"),
    "declined": Sentence("对方退回"),
}

# Settings of a case.
SETTING: Mapping[str, Sentence] = {
    "state": Sentence("状态"),
    "assignee": Sentence("经办人"),
    "due": Sentence("办理期限"),
    "schemes": Sentence("核对的政策"),
    "note": Sentence("备注", "within a sentence"),
    "put_aside": Sentence("不再问的问题"),
}

# Lists of cases on the desk's first page.
CASE_LIST: Mapping[str, Sentence] = {
    "mine": Sentence("我的办件"),
    "nobody": Sentence("无人经办"),
    "centre": Sentence("本中心的办件", "list on the first page"),
}

# What a list of cases may be narrowed to by the day by which they are to be done.
CASE_DUE: Mapping[str, Sentence] = {
    "overdue": Sentence("已过期限"),
    "week": Sentence("7天内到期"),
}

# What a centre notes of a firm.
NOTE_KIND: Mapping[str, Sentence] = {
    "note": Sentence("备注"),
    "call": Sentence("电话"),
    "visit": Sentence("走访"),
    "message": Sentence("告知"),
}
