"""What forms and the interview say of a code: a group of facts, a band, a gate. Each table maps the codes to sentences."""

from collections.abc import Mapping

from .translations import Sentence

# How an answer may be written, by fact or by type of fact.
WRITING: Mapping[str, Sentence] = {
    "name": Sentence("可以不填，只印在函上。"),
    "credit_code": Sentence("18位，可以不填，只印在函上。"),
    "industry": Sentence("二到四位数字，如3670汽车零部件及配件制造。"),
    "type:date": Sentence("如2022-03-01、2022.3.1、2022年3月1日。"),
    "type:money": Sentence("可写30万、1.2亿。"),
    "type:rate": Sentence("填百分数，如12.5。"),
    "size_class": Sentence(
        "如工业：不满20人或年收入不满300万元为微型，"
        "满300人且满2000万元为中型，满1000人且满4亿元为大型，其余为小型。零售业：10人、"
        "100万元；50人、500万元；300人、2亿元。"
    ),
}

# Rows of the table of quarterly figures, by quarter and its end.
QUARTER: Mapping[str, Sentence] = {
    "q1_start": Sentence("一季度初"),
    "q1_end": Sentence("一季度末"),
    "q2_start": Sentence("二季度初"),
    "q2_end": Sentence("二季度末"),
    "q3_start": Sentence("三季度初"),
    "q3_end": Sentence("三季度末"),
    "q4_start": Sentence("四季度初"),
    "q4_end": Sentence("四季度末"),
}

# Bands of a number, by their ends.
BAND: Mapping[str, Sentence] = {
    "from": Sentence("{low}及以上"),
    "over": Sentence("超过{low}"),
    "to": Sentence("不超过{high}"),
    "under": Sentence("不到{high}"),
    "from_to": Sentence("{low}到{high}"),
    "from_under": Sentence("{low}到不满{high}"),
    "over_to": Sentence("超过{low}，不超过{high}"),
    "over_under": Sentence("超过{low}，不到{high}"),
    "any": Sentence("都有可能"),
}

# Bands of days, by their ends.
DAY_BAND: Mapping[str, Sentence] = {
    "from": Sentence("{low}或以后"),
    "to": Sentence("{high}或以前"),
    "from_to": Sentence("{low}到{high}"),
    "any": Sentence("都有可能"),
}

# Answers to a gate question.
GATE_ANSWER: Mapping[str, Sentence] = {
    "none": Sentence("没有"),
    "some": Sentence("有"),
    "unsure": Sentence("不清楚"),
}

# Answers to the gate question whether the firm is registered.
REGISTERED_ANSWER: Mapping[str, Sentence] = {
    "some": Sentence("已登记"),
    "none": Sentence("还没登记"),
}

# Headings of screens with several questions: each is the question that they ask together. `first`, `then`: the two screens that all firms
# begin with; {subjects}: the groups of the vocabulary that the questions are of.
SCREEN: Mapping[str, Sentence] = {
    "ticks": Sentence("下面哪些说的是贵单位？"),
    "table": Sentence("{subjects}：这几个数各是多少？"),
    "mixed": Sentence("{subjects}：这几项各是哪一种、多少？"),
    "first": Sentence("做什么、在哪里、是哪种单位、有多少人？"),
    "then_short": Sentence("收入多少，企业归谁所有？"),
    "then": Sentence("收入多少、赚了多少，企业归谁所有？"),
    "quarters": Sentence("各季度有多少人、多少资产？"),
    "gate": Sentence("下面这些，贵单位有没有？"),
}

# Why answers could not be taken up, at the start.
START_TROUBLE: Mapping[str, Sentence] = {
    "damaged": Sentence("上次的答案打不开了（浏览器里的记录损坏），请重新开始，或打开保存的文件。"),
    "expired": Sentence("上次的答案已满三十天，自动清除了，请重新开始，或打开保存的文件。"),
    "gone": Sentence("上次的答案已经删除，请重新开始，或打开保存的文件。"),
}

# Why answers could not be taken up, where they are saved.
SAVE_TROUBLE: Mapping[str, Sentence] = {
    "damaged": Sentence("这台设备上存的答案打不开（可能已损坏）。如果另存过文件，可在下面打开。"),
    "expired": Sentence("这台设备上的答案已超过30天，不再保留。如果另存过文件，可在下面打开。"),
    "gone": Sentence("存在服务器上的加密答案已到期或已删除。如果另存过文件，可在下面打开。"),
}

# How a scheme moved in what-if.
MOVED: Mapping[str, Sentence] = {
    "gained": Sentence("多了的"),
    "lost": Sentence("少了的"),
    "changed": Sentence("变了的"),
    "unconfirmed": Sentence("规定没有核实、说不准的"),
}

# Parts of the checklist.
CHECKLIST: Mapping[str, Sentence] = {
    "decided": Sentence("由部门决定的：想申请再备"),
    "listed": Sentence("评选、名单类的：先问部门再备"),
    "services": Sentence("可以办理的服务：想办再备"),
}

# Headings of pages that say one thing.
MESSAGE: Mapping[str, Sentence] = {
    "no_firm": Sentence("登记簿中没有这家企业"),
    "run_forgotten": Sentence("这份名单已不在了"),
    "stale": Sentence("页面开得太久了"),
    "nothing": Sentence("还没有答案"),
    "no_file": Sentence("没有收到文件"),
    "unreadable": Sentence("这个文件打不开"),
    "refused": Sentence("这个文件没有收下"),
    "no_link": Sentence("这个链接打不开"),
    "link_withdrawn": Sentence("链接已撤回"),
    "deleted": Sentence("已删除"),
    "report_sent": Sentence("已发给服务中心"),
    "reports_full": Sentence("现在发不出去"),
    "no_consent": Sentence("需要先同意"),
    "mistyped": Sentence("移交码写错了"),
    "no_code": Sentence("没有这个移交码"),
    "withdrawn": Sentence("企业已撤回"),
    "too_many": Sentence("试得太多了"),
    "no_store": Sentence("暂时存取不了"),
    "wrong_kind": Sentence("这个文件打不开"),
    "link_not_own": Sentence("这个链接不是在这里生成的"),
    "full_own": Sentence("今天存得太多了"),
    "full": Sentence("本站的存放空间暂时用完了"),
    "no_dates": Sentence("没有要记的日子"),
    "draft_rules": Sentence("规则草稿不出函件"),
}

# Texts of pages that say one thing.
MESSAGE_TEXT: Mapping[str, Sentence] = {
    "no_firm": Sentence("它可能已被合并或移除。请重新查找。"),
    "run_forgotten": Sentence("名单已按保存期限删除，不能重新核对。请重新上传。"),
    "stale": Sentence("为了安全，这个按钮已失效，什么都没有改动。请回到页面再点一次。"),
    "nothing": Sentence("先答几个问题，再来保存或移交。"),
    "no_file": Sentence("请选一个以前保存的文件再点“打开”。空文件也打不开。"),
    "unreadable": Sentence("原因：{reason}。请选从本站保存的文件；原来的答案没有变。"),
    "refused": Sentence("{reason}原来的答案没有变。"),
    "no_link": Sentence("它可能已到期、已撤回，或者没有复制完整。"),
    "link_withdrawn": Sentence("链接里的内容已经删除，谁也打不开了。这台设备上的答案没有变。"),
    "report_sent": Sentence("工作人员会看。没有勾选的回答没有发出去。"),
    "reports_full": Sentence("服务中心还有很多没看的。请存成文件，或者打12345。"),
    "deleted": Sentence("这台设备上的答案和服务器上为它加密保存的部分都已删除。"),
    "no_consent": Sentence("没有勾选“我同意”，什么都没有移交。请回去看清同意事项，再决定。"),
    "mistyped": Sentence(
        "移交码是12个字符，不含0、1、2、5、8和B、I、L、O、Q、S、U、Z。请对照再输一次；这次不计入次数。"
    ),
    "no_code": Sentence("码的写法没错，但没有对应的移交：可能已到期，或者不是在本站移交的。"),
    "withdrawn": Sentence("内容已经删除，请与企业联系。"),
    "too_many": Sentence("为防有人乱猜，请过{wait}再试。您的答案没有受影响。"),
    "no_store": Sentence("不是贵单位填错了。请按浏览器的“返回”，填写的内容还在，过几分钟再试。"),
    "wrong_kind": Sentence(
        "这里要的是以前在“保存”页存下的答案文件，名字以.json结尾；PDF、图片、Word和Excel文件里没有答案。"
    ),
    "link_not_own": Sentence(
        "只有生成链接的那个浏览器能撤回它。请在那台设备上打开链接再撤回；不撤回，到期也会自动删除。"
    ),
    "full_own": Sentence(
        "您所在的网络地址24小时内在本站存放的内容已到上限，这次没有存上，请过{wait}再试。"
        "您的答案没有丢，可以现在存成文件。"
    ),
    "full": Sentence("这次没有存上，请过{wait}再试。您的答案没有丢，可以现在存成文件，带到服务中心或以后再打开。"),
    "no_dates": Sentence("从今天起，按目前的回答，没有会到期的规定，也没有截止日。"),
    "draft_rules": Sentence("现在用的是试算的规则草稿，结果只能在页面上看。"),
}

# What a firm consents to when it hands over its answers, by version.
CONSENT: Mapping[str, Sentence] = {
    "1": Sentence(
        "我同意把上面列出的自查答案加密存在本站服务器上30天，"
        "由企业服务中心的工作人员凭我告知的移交码打开，只用于为本企业匹配和办理惠企政策。"
        "每次打开都有记录。我可以随时凭移交码查看记录、撤回移交；撤回后内容立即删除，"
        "30天到期自动删除。"
    ),
}

# The three bars of an estimate: its name and what it means.
ESTIMATE_BAR: Mapping[str, tuple[Sentence, Sentence]] = {
    "sure": (Sentence("稳拿"), Sentence("合条件就有，不用谁批")),
    "may": (Sentence("可以申请"), Sentence("部门或银行点头才有")),
    "step": (Sentence("差一步"), Sentence("改一样就够得着")),
}
