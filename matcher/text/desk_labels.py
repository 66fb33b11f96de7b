"""What the desk's pages say of a code: a role, a state, an action of the audit trail. Each table maps the codes to sentences."""

from collections.abc import Mapping

from .translations import Sentence

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

# Roles.
ROLE: Mapping[str, Sentence] = {
    "clerk": Sentence("经办"),
    "supervisor": Sentence("审核"),
    "administrator": Sentence("管理员"),
    "auditor": Sentence("审计"),
}

# What a role may do.
ROLE_MAY: Mapping[str, Sentence] = {
    "clerk": Sentence("：找企业、办件、出函"),
    "supervisor": Sentence("：另可复核函件、删除企业信息、看操作记录和规则待办"),
    "administrator": Sentence("：只管账号、本中心设置和规则待办，不看办件"),
    "auditor": Sentence("：只看不改"),
}

# What an administrator may do with an account.
ACCOUNT_ACTION: Mapping[str, Sentence] = {
    "unlock": Sentence("清除试错次数"),
    "password": Sentence("重置密码"),
    "factor": Sentence("重置两步验证"),
    "deactivate": Sentence("停用账号"),
    "activate": Sentence("恢复账号"),
}

# What an action on an account does.
ACCOUNT_ACTION_TEXT: Mapping[str, Sentence] = {
    "unlock": Sentence("近15分钟有人用这个登录名输错密码或验证码。清除后本人不必再等。"),
    "password": Sentence("忘了密码时用：换成一个新的初始密码，已登录的全部退出。"),
    "factor": Sentence("手机丢了或换了时用：关闭两步验证，本人登录后可再开启。"),
    "deactivate": Sentence("人员离岗时用：不能再登录，已登录的立即退出；以前的记录都保留。"),
    "activate": Sentence("恢复后可用原来的密码登录。"),
}

# That an action on an account is done.
ACCOUNT_ACTION_DONE: Mapping[str, Sentence] = {
    "unlock": Sentence("已清除，可以马上再试。"),
    "factor": Sentence("两步验证已关闭。"),
    "deactivate": Sentence("账号已停用。"),
    "activate": Sentence("账号已恢复。"),
}

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

# Statuses of the schemes that a letter may hold.
LETTER_STATUS: Mapping[int, Sentence] = {}

# Kinds of letters.
LETTER_KIND: Mapping[str, Sentence] = {
    "eligibility": Sentence("核对结果"),
    "missing": Sentence("尚缺情况通知"),
}

# Languages of a letter.
LETTER_LANGUAGE: Mapping[str, Sentence] = {
    "zh": Sentence("中文"),
    "en": Sentence("英文"),
    "both": Sentence("中英对照"),
}

# States of a letter.
LETTER_STATE: Mapping[str, Sentence] = {
    "waiting": Sentence("待复核签发", "state of a letter"),
    "issued": Sentence("已签发", "state of a letter"),
    "refused": Sentence("已退回"),
}

# States of a run.
RUN_STATE: Mapping[str, Sentence] = {
    "mapping": Sentence("待确认各列"),
    "waiting": Sentence("排队中"),
    "running": Sentence("进行中"),
    "done": Sentence("已完成"),
    "cancelled": Sentence("已停止"),
    "failed": Sentence("未完成"),
}

# Steps of a run.
RUN_STEP: Mapping[str, Sentence] = {
    "waiting": Sentence("排队中，前面的做完就开始。"),
    "read": Sentence("正在读取各行……"),
    "check": Sentence("正在逐家核对"),
    "letters": Sentence("正在签发函件"),
    "files": Sentence("正在生成结果文件"),
}

# How a run hands out its letters.
RUN_LETTERS: Mapping[str, Sentence] = {
    "none": Sentence("不签发"),
    "zip": Sentence("签发，逐份打包（ZIP）"),
    "merged": Sentence("签发，另附合并打印文件"),
}

# Files of a run.
RUN_FILE: Mapping[str, Sentence] = {
    "results": Sentence("核对结果（Excel）"),
    "marked": Sentence("需要改正的行（Excel，已标出）"),
    "letters": Sentence("函件（ZIP，每家一份，带电子签名）"),
    "merged": Sentence("函件合并打印（PDF）"),
    "upload": Sentence("上传的原文件"),
}

# What a file of a run is for.
RUN_FILE_HINT: Mapping[str, Sentence] = {
    "marked": Sentence("只有有误的行，错处已标红，批注里写明原因；改好后可以直接再次上传，不会重复核对。"),
    "letters": Sentence("文件名是文号和企业名称。发电子版请用这里的文件。"),
    "merged": Sentence("只供打印：合并后的文件不带电子签名，纸面上的文号和二维码照常可以验证。"),
}

# Lists of cases on the desk's first page.
CASE_LIST: Mapping[str, Sentence] = {
    "mine": Sentence("我的办件"),
    "nobody": Sentence("无人经办"),
    "centre": Sentence("本中心的办件", "list on the first page"),
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

# Statuses in the list of firms to be told.
OUTREACH_STATUS: Mapping[int, Sentence] = {}

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

# What an entry of the audit trail is about.
AUDIT_SUBJECT: Mapping[str, Sentence] = {
    "account": Sentence("账号：{name}"),
    "backup": Sentence("备份：{name}"),
    "case": Sentence("第{name}号办件"),
    "centre": Sentence("中心：{name}"),
    "firm": Sentence("企业：{name}"),
    "handover": Sentence("移交：{name}"),
    "letter": Sentence("函件：{name}"),
    "page": Sentence("页面：{name}"),
    "referral": Sentence("转办：{name}"),
    "run": Sentence("批量核对：{name}"),
    "scheme": Sentence("政策：{name}"),
    "channel": Sentence("告知名单：{name}"),
    "impact": Sentence("测算：{name}"),
    "screening": Sentence("筛查：{name}"),
}

# Names of the details of an entry.
AUDIT_DETAIL: Mapping[str, Sentence] = {
    "facts": Sentence("情况", "detail in the audit trail"),
    "fields": Sentence("项目"),
    "scheme": Sentence("政策"),
    "schemes": Sentence("政策"),
    "run": Sentence("批量核对"),
    "line": Sentence("行号"),
    "settings": Sentence("设置"),
    "role": Sentence("角色", "detail in the audit trail"),
    "origin": Sentence("来源", "detail in the audit trail"),
    "state": Sentence("状态", "detail in the audit trail"),
    "assignee": Sentence("经办人账号"),
    "case": Sentence("办件", "detail in the audit trail"),
    "letter": Sentence("送审编号"),
    "file": Sentence("附件", "detail in the audit trail"),
    "kind": Sentence("文件", "detail in the audit trail"),
    "rows": Sentence("行数", "detail in the audit trail"),
    "columns": Sentence("列数"),
    "again": Sentence("重做自"),
    "firms": Sentence("企业编号"),
    "figures": Sentence("数字", "detail in the audit trail"),
    "as_of": Sentence("以哪天为准", "detail in the audit trail"),
    "consent": Sentence("同意书"),
    "number": Sentence("条数"),
    "digest": Sentence("指纹"),
    "filters": Sentence("筛选", "detail in the audit trail"),
    "signed": Sentence("签发", "detail in the audit trail"),
    "why": Sentence("原因", "detail in the audit trail"),
    "to_centre": Sentence("转给", "detail in the audit trail"),
    "referral": Sentence("转办编号"),
}

# Why a version of the rules needs somebody.
QUEUE_STATE: Mapping[str, Sentence] = {
    "past": Sentence("已过核实期限"),
    "unconfirmed": Sentence("尚未核实"),
    "due": Sentence("快到核实期限"),
    "ends": Sentence("快要到期"),
}

# The same with its day.
QUEUE_STATE_ON: Mapping[str, Sentence] = {
    "past": Sentence("应在{day}前核实，已过期"),
    "unconfirmed": Sentence("{day}起尚未核实"),
    "due": Sentence("应在{day}前核实"),
    "ends": Sentence("到{day}为止"),
}

# What the rules know of the day after a version ends.
QUEUE_FOLLOWS: Mapping[str, Sentence] = {
    "open": Sentence("以后的规定已录入"),
    "unconfirmed": Sentence("以后的规定尚未核实"),
    "no_open_round": Sentence("以后不开放申报"),
    "ended": Sentence("以后不再施行"),
    "nothing": Sentence("以后的规定尚未录入"),
}

# The parts of an item of the queue.
QUEUE_PART: Mapping[str, Sentence] = {
    "awaits": Sentence("在等的通知"),
    "issuer": Sentence("发文机关"),
    "number": Sentence("文号形如"),
    "number_derived": Sentence("文号可能形如（按上一份推断）"),
    "last": Sentence("最后已知的规定"),
    "round": Sentence("申报时间"),
    "figure": Sentence("要核对的数字"),
    "unread": Sentence("还没读到原文"),
    "ask": Sentence("问谁"),
}

# How a text of the law was seen.
SEEN: Mapping[str, Sentence] = {
    "issuer": Sentence("发文机关原文"),
    "copy": Sentence("副本"),
    "retelling": Sentence("他人转述"),
    "memory": Sentence("凭记忆"),
}

# What was done.
AUDIT_ACTION: Mapping[str, Sentence] = {
    "case.overruled": Sentence("凭证件更正"),
    "case.referred": Sentence("转给别的中心", "entry of the audit trail"),
    "referral.accepted": Sentence("接办转办"),
    "referral.declined": Sentence("退回转办"),
    "referral.seen": Sentence("查看转办"),
    "account.added": Sentence("新建账号", "entry of the audit trail"),
    "account.changed": Sentence("修改账号"),
    "account.activated": Sentence("启用账号"),
    "account.deactivated": Sentence("停用账号", "entry of the audit trail"),
    "account.factor_off": Sentence("关闭动态码"),
    "account.factor_on": Sentence("开启动态码"),
    "account.factor_reset": Sentence("重置动态码和通行密钥"),
    "account.identity_linked": Sentence("与统一登录关联", "entry of the audit trail"),
    "account.identity_unlinked": Sentence("解除与统一登录的关联"),
    "account.passkey_added": Sentence("添加通行密钥", "entry of the audit trail"),
    "account.passkey_named": Sentence("给通行密钥改名"),
    "account.passkey_removed": Sentence("删除通行密钥"),
    "account.password_changed": Sentence("修改密码", "entry of the audit trail"),
    "account.password_reset": Sentence("重置密码", "entry of the audit trail"),
    "account.sessions_ended": Sentence("退出其他登录"),
    "account.unlocked": Sentence("解锁账号"),
    "audit.exported": Sentence("导出操作记录"),
    "client.added": Sentence("登记程序"),
    "client.key_made": Sentence("给程序换密钥"),
    "client.keys_withdrawn": Sentence("作废程序的密钥"),
    "audit.verified": Sentence("核验操作记录"),
    "backup.made": Sentence("备份"),
    "backup.restored": Sentence("恢复备份"),
    "case.attached": Sentence("上传附件"),
    "case.changed": Sentence("修改办件"),
    "case.file_read": Sentence("查看附件"),
    "case.forgotten": Sentence("删除办件中的企业情况"),
    "case.noted": Sentence("添加备注"),
    "case.opened": Sentence("新建办件", "entry of the audit trail"),
    "case.seen": Sentence("查看办件"),
    "case.settled": Sentence("变更办件状态"),
    "case.written_back": Sentence("写回企业库"),
    "centre.set": Sentence("修改中心设置"),
    "desk.refused": Sentence("越权操作，已拒绝"),
    "expired.deleted": Sentence("删除过期内容"),
    "firm.forgotten": Sentence("删除企业自报情况"),
    "firm.seen": Sentence("查看企业"),
    "firm.noted": Sentence("记下来往"),
    "firm.contact_entered": Sentence("登记企业联系人"),
    "firm.contact_dropped": Sentence("删去企业联系人"),
    "firm.messaged": Sentence("告知企业"),
    "contact.entered": Sentence("登记部门联系人"),
    "contact.dropped": Sentence("删去部门联系人"),
    "text.written": Sentence("写告知企业的话"),
    "text.dropped": Sentence("删去告知企业的话"),
    "firm.reopened": Sentence("更正：企业存续"),
    "firm.struck_off": Sentence("登记注销或吊销"),
    "handover.opened": Sentence("打开企业移交", "entry of the audit trail"),
    "report.done": Sentence("处理好一条说结果不对的"),
    "handover.saved": Sentence("保存企业移交"),
    "impact.asked": Sentence("测算改数字的影响"),
    "impact.firms_seen": Sentence("查看受影响的企业"),
    "letter.asked": Sentence("申请函件"),
    "letter.issued": Sentence("签发函件"),
    "letter.previewed": Sentence("预览函件"),
    "letter.refused": Sentence("退回函件"),
    "letter.reprinted": Sentence("重新打印函件"),
    "letter.revoked": Sentence("撤销函件", "entry of the audit trail"),
    "letter.seen": Sentence("查看函件"),
    "outreach.delivered": Sentence("下载告知名单"),
    "outreach.exported": Sentence("导出待告知名单"),
    "outreach.told": Sentence("标记已告知"),
    "outreach.untold": Sentence("取消已告知"),
    "run.cancelled": Sentence("停止批量核对"),
    "run.continued": Sentence("继续批量核对"),
    "run.done": Sentence("完成批量核对"),
    "run.failed": Sentence("批量核对失败"),
    "run.file_taken": Sentence("下载批量核对文件"),
    "run.forgotten": Sentence("删除批量核对内容"),
    "run.seen": Sentence("查看批量核对"),
    "run.started": Sentence("开始批量核对"),
    "run.signed": Sentence("复核一份名单的函件"),
    "run.uploaded": Sentence("上传名单"),
    "screening.asked": Sentence("筛查企业库", "entry of the audit trail"),
    "screening.forgotten": Sentence("删除旧筛查"),
    "impact.forgotten": Sentence("删除旧测算"),
    "sign_in.failed": Sentence("登录失败"),
    "signed.in": Sentence("登录", "entry of the audit trail"),
    "signed.out": Sentence("退出", "entry of the audit trail"),
    "webhook.added": Sentence("加推送地址"),
    "webhook.removed": Sentence("删推送地址"),
    "webhook.secret_made": Sentence("换推送密钥", "entry of the audit trail"),
    "webhook.tested": Sentence("测试推送"),
}

# What is told by a webhook.
DELIVERY_STATE: Mapping[str, Sentence] = {
    "waiting": Sentence("待发"),
    "delivered": Sentence("已收下"),
    "failed": Sentence("没有送到"),
}

# Why a delivery was not taken, where there was no answer.
DELIVERY_FAULT: Mapping[str, Sentence] = {
    "address": Sentence("地址在内网或不能用"),
    "name": Sentence("域名查不到"),
    "connection": Sentence("连不上"),
    "tls": Sentence("证书不对"),
    "timeout": Sentence("太久没有答复"),
    "answer": Sentence("答复读不懂"),
    "secret": Sentence("网站密钥已换，请换推送密钥"),
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

# What a list of cases may be narrowed to by the day by which they are to be done.
CASE_DUE: Mapping[str, Sentence] = {
    "overdue": Sentence("已过期限"),
    "week": Sentence("7天内到期"),
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

# What a centre notes of a firm.
NOTE_KIND: Mapping[str, Sentence] = {
    "note": Sentence("备注"),
    "call": Sentence("电话"),
    "visit": Sentence("走访"),
    "message": Sentence("告知"),
}

# That a letter holds no more.
WITHDRAWN: Mapping[str, Sentence] = {
    "revoked": Sentence("{number}已撤销"),
    "superseded": Sentence("{number}已被替代"),
}
