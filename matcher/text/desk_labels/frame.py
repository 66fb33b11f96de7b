"""What every page of the desk has: navigation, palette, keys, errors, the morning. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

# Entries of the desk's navigation.
ROOM: Mapping[str, Sentence] = {
    "home": Sentence("今天"),
    "counter": Sentence("窗口"),
    "cases": Sentence("办件"),
    "letters": Sentence("函件"),
    "handover": Sentence("企业移交"),
    "runs": Sentence("批量核对"),
    "outreach": Sentence("主动告知"),
    "dashboard": Sentence("统计"),
    "rules": Sentence("规则待办"),
    "audit": Sentence("操作记录"),
    "accounts": Sentence("账号"),
}

# What the keys do, in the order in which they are listed.
SHORTCUT: Mapping[int, Sentence] = {
    1: Sentence("到查找框"),
    2: Sentence("在结果间移动"),
    3: Sentence("打开所选企业；在查找框中打开第一家"),
    4: Sentence("回到查找框"),
    5: Sentence("保存办件"),
}

# Charts of the dashboard.
CHART: Mapping[str, Sentence] = {
    "cases": Sentence("办件"),
    "opened": Sentence("每月新建办件"),
    "letters": Sentence("每月签发函件"),
    "money": Sentence("每月为企业找到的资金"),
    "schemes": Sentence("符合条件最多的政策"),
}

# How a chart is counted.
CHART_EXPLAINED: Mapping[str, Sentence] = {
    "money": Sentence(
        "每件按能同时享受的一组计：不能同时享受的只计一项，有总额上限的不超过上限。"
        "待部门决定的、只有最高额或范围的、金额不明的都不计。以办件最后一次保存时的核对为准；"
        "一家企业有几件的，每件都计。"
    ),
    "schemes": Sentence("按办件计，符合条件的每项都计，包括不能与别项同时享受的和待部门决定的。"),
}

# What went wrong with a page of the desk; the rest is said as on the public site.
ERROR: Mapping[int, Sentence] = {
    403: Sentence("您的账号不能做这一步"),
    413: Sentence("文件太大，没有接收"),
}

# And what to do about it.
ERROR_TEXT: Mapping[int, Sentence] = {
    400: Sentence("地址或内容有缺损，没有改动任何东西。请回到上一页再试。"),
    403: Sentence("没有改动任何东西，这次尝试已记录。如果应由您办理，请找本中心的管理员。"),
    404: Sentence("地址可能写错了，或者这一件已经不在。请从工作台查找。"),
    405: Sentence("它只接收填好的表格。请回到上一页，再按页面上的按钮。"),
    413: Sentence("这一页最多接收{largest}。请换小一些的文件，或分成几个再传。"),
    429: Sentence("短时间内的请求太多，暂停几分钟。请稍后再试。"),
    500: Sentence("没有改动任何东西。请过一会儿再试；再出现请报给管理员。"),
    503: Sentence("别的文件正在读，一次只读一份。请过十几秒再传一次。"),
}

# Parts of the morning.
INBOX: Mapping[str, Sentence] = {
    "overdue": Sentence("已过期限"),
    "sign": Sentence("待我复核"),
    "returned": Sentence("退给我改"),
    "referred": Sentence("别的中心转来的"),
    "answered": Sentence("我转出的有答复"),
    "due": Sentence("7天内到期的办件"),
    "handed": Sentence("企业移交来、还没答复的"),
    "waiting": Sentence("等企业回话"),
    "expiring": Sentence("快到期的函"),
}

# What the days of a line count.
INBOX_DAYS: Mapping[str, Sentence] = {
    "overdue": Sentence("过期{count}"),
    "due": Sentence("还有{count}"),
    "sign": Sentence("已等{count}"),
    "returned": Sentence("已等{count}"),
    "referred": Sentence("已等{count}"),
    "answered": Sentence("{count}前答复"),
    "handed": Sentence("已等{count}"),
    "waiting": Sentence("已等{count}"),
    "expiring": Sentence("还有{count}"),
}

# What waits to be countersigned.
INBOX_ABOUT: Mapping[str, Sentence] = {
    "letter": Sentence("一份函件"),
    "run": Sentence("一份名单的函件"),
    "accepted": Sentence("对方已接办"),
    "declined": Sentence("对方退回"),
}

# Who loses and who gains on the next rule day.
OUTLOOK_SIDE: Mapping[str, Sentence] = {
    "lost": Sentence("会失去的"),
    "gained": Sentence("会得到的"),
}

# What the palette does.
PALETTE_ACTION: Mapping[str, Sentence] = {
    "counter": Sentence("到窗口：查企业、出函"),
    "blank": Sentence("为登记簿里没有的企业建立办件"),
    "handover": Sentence("打开企业移交"),
    "runs": Sentence("上传名单，批量核对"),
    "letters": Sentence("查函件"),
    "cases": Sentence("看办件"),
    "outreach": Sentence("看还没告知的企业"),
    "outlook": Sentence("看下个规则日谁会失去、谁会得到"),
    "contacts": Sentence("部门联系人"),
    "texts": Sentence("告知企业的话"),
    "dashboard": Sentence("看统计"),
    "audit": Sentence("看操作记录"),
    "accounts": Sentence("管理账号"),
    "mine": Sentence("我的账号"),
}

# Kinds of what the palette finds.
PALETTE_GROUP: Mapping[str, Sentence] = {
    "do": Sentence("做"),
    "firms": Sentence("企业"),
    "cases": Sentence("办件"),
    "letters": Sentence("函件"),
}

# Keys of the desk.
KEY: Mapping[str, Sentence] = {
    "Ctrl+K": Sentence("找命令、企业、办件、函件"),
    "?": Sentence("看快捷键"),
    "/": Sentence("到查找框；在窗口里换一家"),
    "1–9": Sentence("窗口：轮换一题的是、否、不清"),
    "0": Sentence("窗口：到第一个数"),
    "Ctrl+Enter": Sentence("窗口、出函页：先看一行摘要，再按一次出具；办件：到出函页；清单：给选中的出函、复核"),
    "Ctrl+S": Sentence("保存办件"),
    "↑ ↓": Sentence("在结果间移动"),
    "J K": Sentence("清单：下一行、上一行"),
    "X": Sentence("清单：选这一行，再按一次不选"),
    "Esc": Sentence("关闭，或不出具；离开查找框，到清单"),
}
