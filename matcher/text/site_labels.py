"""What results, sheets and charts say of a code: a status, a kind, a recipient. Each table maps the codes to sentences."""

from collections.abc import Mapping

from .translations import Sentence

# Nouns that are counted: `sentences.count`.
NOUN: Mapping[str, Sentence] = {
    "try": Sentence("{number}次"),
    "outreach_firm": Sentence("{number}家企业"),
    "scheme": Sentence("{number}项"),
    "scheme_change": Sentence("{number}处变化"),
    "service": Sentence("{number}项服务"),
    "restriction": Sentence("{number}项限制"),
    "fact": Sentence("{number}个信息"),
    "fault": Sentence("{number}处"),
    "condition": Sentence("{number}条"),
    "measure": Sentence("{number}条措施"),
    "clause": Sentence("{number}个条款"),
    "version": Sentence("{number}个版本"),
    "row": Sentence("{number}项", "item of a list"),
    "day": Sentence("{number}天"),
    "answer": Sentence("{number}个答案"),
    "minute": Sentence("{number}分钟"),
    "kept": Sentence("{number}个答案"),
    "hour": Sentence("{number}小时"),
}

# The three numbers that a firm's decisions come to.
LEDGER: Mapping[str, Sentence] = {
    "cash": Sentence("现金到账"),
    "less": Sentence("少缴税费"),
    "possible": Sentence("有望再得"),
}

LEDGER_NOTE: Mapping[str, Sentence] = {
    "cash": Sentence("一年，条件都满足"),
    "less": Sentence("一年，条件都满足"),
    "possible": Sentence("最高，还没定"),
}

# What stands in the place of one of them that has no figure, since 0 would sound like an answer; for every page, sheet and case.
UNSAID: Mapping[str, Sentence] = {
    "to_be_set": Sentence("还算不出"),
    "missing": Sentence("还不清楚"),
}

# Of what the numbers are made: the heading of each part, and how sure one sum is, in a few words.
LEDGER_PART: Mapping[str, Sentence] = {
    "certain": Sentence("已经确定的（一年）"),
    "unconfirmed": Sentence("条件满足，但依据还要核实的"),
    "ceiling": Sentence("条件满足，最高这么多的"),
    "department": Sentence("要由部门决定的"),
    "open": Sentence("还差您的答案的"),
}

STANDING: Mapping[str, Sentence] = {
    "certain": Sentence("条件都满足"),
    "unconfirmed": Sentence("条件都满足，依据还要核实"),
    "ceiling": Sentence("条件都满足，实际数由部门核定"),
    "department": Sentence("由部门决定"),
    "open": Sentence("还差您的答案"),
}

# What kind of help a scheme is, and who asks for it, in the list of all schemes.
HELP: Mapping[str, Sentence] = {
    "cash": Sentence("给钱"),
    "less": Sentence("少缴税费"),
    "loan": Sentence("贷款和担保"),
    "title": Sentence("称号和支持"),
    "service": Sentence("办事服务"),
    "rule": Sentence("要遵守的规定"),
}

WHOM: Mapping[str, Sentence] = {
    "company": Sentence("公司"),
    "individual": Sentence("个体工商户"),
    "foreign": Sentence("外资企业"),
    "social": Sentence("社会组织"),
}

# Families of schemes.
FAMILY: Mapping[str, Sentence] = {
    "tax": Sentence("税费"),
    "finance": Sentence("融资"),
    "industry": Sentence("产业"),
    "growth": Sentence("成长、市场和用工"),
}

# Groups of results.
RESULT_GROUP: Mapping[str, Sentence] = {
    "others": Sentence("条件满足，钱不付给贵单位"),
    "service": Sentence("可以办理的服务"),
    "others_decision": Sentence("钱不付给贵单位，由部门决定"),
    "almost": Sentence("差一点"),
    "listed": Sentence("评选、名单类：要先被选上"),
    "far": Sentence("相差较远的"),
    "unasked": Sentence("同类企业一般没有的：没有问"),
}

# What stands under the heading of a group of results.
RESULT_LEAD: Mapping[str, Sentence] = {
    "others": Sentence("条件都满足，但由别人申领；各项写明贵单位能做什么。"),
    "applies": Sentence("这些是要遵守的规定，不是扶持。"),
    "needs_decision": Sentence("贵单位能说明的条件都满足，给不给由部门决定，现在还不能算进去。"),
    "others_decision": Sentence("由机构、个人或所在区域申领，贵单位不申领；各项写明贵单位能做什么。"),
    "needs_information": Sentence("点一个问题就去答；答不出的先放着，不影响别的结果。"),
    "not_open": Sentence("问的这一天办不了。"),
    "unconfirmed": Sentence(
        "我们没有这一天的可靠规定，不作判断。下面写明按上一次的规定会怎样、在等什么文件、问谁；都不计入合计。"
    ),
    "almost": Sentence("按目前填写的情况还不符合，但做到下面写的一步就可能够上。"),
    "listed": Sentence(
        "这些要由部门评选、推荐或列入名单。贵单位填的情况里，没有哪一项说明贵单位够得上，"
        "请不要算进去；想争取的，先问部门。"
    ),
    "unasked": Sentence(
        "按贵单位的行业、规模和性质，一般没有这些事，所以没有问，也没有当成“没有”：结论和函一样，是还缺信息。真有的，点进去答。"
    ),
    "far": Sentence("要改变的是贵单位本身，或者要从无到有、翻一倍以上，一般不必为此去改。"),
}

# The clauses of the answer above the results.
ANSWER: Mapping[str, Sentence] = {
    "entitled": Sentence("现在可享受{count}"),
    "service": Sentence("可以办理{count}"),
    "others": Sentence("另有{count}条件满足、但钱不付给贵单位"),
    "decision": Sentence("{count}由部门决定"),
    "others_decision": Sentence("{count}钱不付给贵单位，也由部门决定"),
    "applies": Sentence("{count}须遵守"),
    "almost": Sentence("{count}差一点"),
    "listed": Sentence("另有{count}要先被部门选上或列入名单"),
}

# Why a scheme has its status.
WHY: Mapping[str, Sentence] = {
    "eligible": Sentence("各项条件都满足"),
    "needs_decision": Sentence("贵单位能说明的条件都满足，其余由{department}决定"),
    "needs_information": Sentence("还要知道：{facts}"),
    "applies": Sentence("规定适用于贵单位"),
    "does_not_apply": Sentence("规定不适用于贵单位"),
    "unconfirmed": Sentence("这一天的规定还没有核实，请问{department}"),
}

# Why a scheme is not in force.
WHY_NOT_OPEN: Mapping[str, Sentence] = {
    "not_yet": Sentence("这一天还没有开始施行"),
    "ended": Sentence("已经停止施行"),
    "no_open_round": Sentence("这一天没有开放申报"),
}

# What stands before an amount, by its kind.
AMOUNT: Mapping[int, Sentence] = {}

# Who is paid, by recipient.
PAYEE: Mapping[int, Sentence] = {}

# How sure a source is.
CONFIDENCE: Mapping[str, Sentence] = {
    "high": Sentence("已核对原文"),
    "medium": Sentence("较有把握，尚未核对原文"),
    "low": Sentence("把握不大，请先问部门"),
}

# Outcomes of a condition.
OUTCOME: Mapping[str, Sentence] = {
    "true": Sentence("满足"),
    "false": Sentence("不满足"),
    "unknown": Sentence("还不知道"),
}

# What a change would reach.
REACHES: Mapping[str, Sentence] = {
    "other": Sentence("结果就会变"),
}

# Bounds of a gauge.
BOUND: Mapping[str, Sentence] = {
    "at_most": Sentence("不超过{bound}"),
    "below": Sentence("要低于{bound}"),
    "at_least": Sentence("不低于{bound}"),
    "above": Sentence("要超过{bound}"),
}

# Bounds of a gauge whose values are days.
DAY_BOUND: Mapping[str, Sentence] = {
    "at_most": Sentence("不晚于{bound}"),
    "below": Sentence("要早于{bound}"),
    "at_least": Sentence("不早于{bound}"),
    "above": Sentence("要晚于{bound}"),
}

# Amounts beside a bar that are not exact.
BAR_AMOUNT: Mapping[int, Sentence] = {}

# Headings of the charts of amounts.
BARS_HEADING: Mapping[str, Sentence] = {
    "money": Sentence("各项值多少"),
    "deferral": Sentence("可以晚缴的钱"),
    "deduction": Sentence("可以多扣除的数"),
    "released_credit": Sentence("退还的留抵税额"),
}

# What stands under the headings of the charts of amounts.
BARS_LEAD: Mapping[str, Sentence] = {
    "money": Sentence("少缴的和领到的钱，一项一条，不能简单相加：有的不能同时享受，合计见上面。"),
    "deferral": Sentence("晚缴的钱以后还要缴，所以不和减免画在一起。"),
    "deduction": Sentence("这是从应纳税所得额里扣的数，不是少缴的税，所以另画。"),
    "released_credit": Sentence("退的是企业自己以后可以抵扣的钱，所以另画。"),
}

# Kinds of clauses and schemes.
KIND: Mapping[str, Sentence] = {
    "support": Sentence("支持"),
    "service": Sentence("服务"),
    "restriction": Sentence("限制"),
    "internal": Sentence("政府内部工作"),
}

# What a kind of clause means.
KIND_TEXT: Mapping[str, Sentence] = {
    "support": Sentence("给钱、少缴、缓缴、资格或机会"),
    "service": Sentence("可以去办、去问的事"),
    "restriction": Sentence("须遵守的规定"),
    "internal": Sentence("政府自己的工作，企业无须申请"),
}

# States of a version of a scheme.
STATE: Mapping[str, Sentence] = {
    "open": Sentence("有效"),
    "encoded": Sentence("规定已编入"),
    "not_yet": Sentence("尚未开始"),
    "ended": Sentence("已结束"),
    "no_open_round": Sentence("目前没有开放申报"),
    "unconfirmed": Sentence("规定尚待核实"),
}

# How a scheme is awarded.
AWARD: Mapping[str, Sentence] = {
    "by_law": Sentence("符合条件就有"),
    "by_department": Sentence("符合条件后由部门评审或遴选"),
}

# How far a scheme can be decided here.
GRADE: Mapping[str, Sentence] = {
    "full": Sentence("条件和数字都已编入"),
    "part": Sentence("只编入一部分，其余问部门"),
    "none": Sentence("文件没有给出条件，只写由谁负责"),
}

# What stands beside the total.
TOTAL: Mapping[str, Sentence] = {
    "deferrals": Sentence("缓缴{money}：以后仍要缴"),
    "deductions": Sentence("可以多扣除{money}：这是扣除额，不是少缴的税"),
    "released_credit": Sentence("退还留抵税额{money}：是企业自己的钱"),
}

# Headings of the error pages, by HTTP status.
ERROR: Mapping[int, Sentence] = {
    400: Sentence("没有看懂这个请求"),
    403: Sentence("这个请求不是从本站页面发出的"),
    404: Sentence("没有这一页"),
    405: Sentence("这个地址不能这样打开"),
    413: Sentence("内容太大，没有接收"),
    429: Sentence("短时间内的请求太多"),
    500: Sentence("我们这里出了错"),
    503: Sentence("正忙，这份文件还没有读"),
}

# Texts of the error pages, by HTTP status.
ERROR_TEXT: Mapping[int, Sentence] = {
    400: Sentence("地址或内容有缺损。"),
    403: Sentence("为防他人冒用，只接受本站页面发来的表格。"),
    404: Sentence("地址可能写错了，或者页面已经搬走。"),
    405: Sentence("它只接收填好的表格。"),
    413: Sentence("整张表格最多256 KB，请删短过长的内容。"),
    429: Sentence("同一网络地址在短时间内查验得太多，暂停几分钟。请稍后再试；您手里的函件不受影响。"),
    500: Sentence("不是贵单位填错了。请过一会儿再试。"),
    503: Sentence("别人送来的文件正在读，一次只读一份。请过十几秒再交一次。"),
}

# What a feed says of a change of the law.
LAW_CHANGE: Mapping[str, Sentence] = {
    "begins": Sentence("{day}起可以享受"),
    "changes": Sentence("{day}起规定有变化"),
    "ends": Sentence("{day}起不再享受"),
    "unconfirmed": Sentence("{day}起的规定还没有见到"),
}
