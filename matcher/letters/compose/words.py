"""Holds the fixed words of a letter in Chinese and English, and nothing else: what is said, not when it is said."""

from __future__ import annotations

from .certificate_words import CERTIFICATE_PHRASES

# Each entry is (Chinese, English); braces are filled in by the composer with text that is escaped when it is laid out.
PHRASES: dict[str, tuple[str, str]] = CERTIFICATE_PHRASES | {
    # --- the frame
    "mark": ("天津市惠企政策匹配服务", "Tianjin Enterprise Policy Matching Service"),
    "standing.self_check": (
        "自助核对结果，未编号，不是签发的函件",
        "Result of a self-check; unnumbered; not an issued letter",
    ),
    "standing.rule_sheet": (
        "政策要点，供查阅，不是签发的函件",
        "A summary of the rules; for reference; not an issued letter",
    ),
    "standing.extract": ("登记摘录，不另编号", "Extract of the register; it has no number of its own"),
    "standing.draft": ("草稿，未编号，不是签发的函件", "Draft; unnumbered; not an issued letter"),
    "title.eligibility": ("关于{name}核对结果的函", "{name}: result of the check"),
    "title.eligibility.many": ("关于惠企政策核对结果的函", "Enterprise support schemes: result of the check"),
    "title.missing": ("关于{name}尚缺情况的函", "{name}: facts still missing"),
    "title.missing.many": ("关于惠企政策尚缺情况的函", "Enterprise support schemes: facts still missing"),
    "title.self_check": ("{name}自助核对单", "{name}: self-check"),
    "title.self_check.many": ("惠企政策自助核对单", "Enterprise support schemes: self-check"),
    "title.rule_sheet": ("{name}政策要点", "{name}: the rules in brief"),
    "title.extract": ("关于{name}登记情况的函", "Extract of the register: {name}"),
    "addressee": ("{name}：", "To: {name}"),
    "firm_code": ("（统一社会信用代码：{code}）", "(unified social credit code {code})"),
    "addressee.unknown": ("贵单位", "the firm concerned"),
    "opening": (
        "按{as_of}施行的规定核对，结果函告如下。",
        "On the facts you stated, and under the rules in force on {as_of}, the result of the check is as follows.",
    ),
    "opening.past": (
        "按{as_of}施行的规定核对，结果函告如下；只说明当日情况，不能用来办理现在的事项。",
        "Under the rules in force on {as_of}, and on the facts you stated, the result of the check is as follows. It says how things "
        "stood on that day and is not valid for anything now.",
    ),
    "opening.counts": ("共核对{total}项政策，其中{counts}。", "Schemes checked: {total}. Of these, {counts}."),
    "opening.counts.items": (
        "共核对{schemes}项政策，贷款、项目等有几个的逐个核对，得出{total}项结果，其中{counts}。",
        "Schemes checked: {schemes}, each for every loan, project or other item that it is about: {total} results. Of these, {counts}.",
    ),
    "opening.count": ("{status}{count}项", "{status}: {count}"),
    "opening.total": (
        "现在确定能得的合计（不含抵扣、缓缴和付给他人的）：{figures}（{capitals}）。",
        "Total that is certain now (without deductions, payments put off, and what others are paid): {figures} ({capitals}).",
    ),
    "opening.self_check": (
        "按{as_of}施行的规定核对贵单位所填情况，结果如下。",
        "On the facts you stated, and under the rules in force on {as_of}, the result of the check is as follows.",
    ),
    "opening.missing": (
        "按{as_of}施行的规定核对，下列{count}项政策还缺少情况，暂不能得出结论。请补齐后重新核对。",
        "Under the rules in force on {as_of}, facts are still missing for the schemes below ({count}), so that no "
        "conclusion can be reached. Please supply them and check again.",
    ),
    "opening.missing.none": ("本次核对没有缺少的情况。", "No fact is missing in this check."),
    "opening.extract": ("现将登记中该函件的情况函告如下。", "The register holds the following about this letter."),
    "opening.none": ("本次没有核对任何政策。", "No scheme was checked."),
    "closing": (
        "以上按公开规定和所列情况计算得出，情况有变须重新核对，以主管部门的决定为准。",
        "The result was computed from published rules and the facts listed; if a fact changes, check again. "
        "The decision of the competent department prevails.",
    ),
    "closing.official": (
        "以上是预审结果，不是行政决定；按公开规定和所列情况计算得出，情况有变须重新核对，以主管部门的决定为准。"
        "有异议可向本中心提出，或拨打12345。",
        "This is a pre-check, not an administrative decision, computed from published rules and the facts listed; if a fact changes, "
        "check again. The decision of the competent department prevails. If you disagree, ask this centre, or call 12345.",
    ),
    "closing.extract": (
        "以上内容与登记一致，以登记的最新状态为准。",
        "The above agrees with the register; the register's latest state prevails.",
    ),
    "valid": ("本函有效期至{until}。", "This letter may be relied on until {until}."),
    "ending": ("特此函告。", "Issued accordingly."),
    "enclosure": (
        "核对依据（机器可读，随电子文件）",
        "what the check rests on (machine-readable, in the electronic file)",
    ),
    "enclosures": ("附件：", "Enclosed: "),
    "note.code": (
        "（本函不加盖印章。核验：打开{page}，粘贴扫码所得的内容，或者输入校验码{code}）",
        "(This letter bears no seal. To verify it, open {page}; paste what the QR code says, or type the code {code}.)",
    ),
    "note.page": ("{site}/verify", "{site}/verify"),
    "note.page.unknown": ("本中心网站的“核验函件”页", "the page “Verify a letter” on the centre's site"),
    "note.extract": (
        "（本件是登记簿{on}状态的打印件，不加盖印章，本身不能核验。核验原函：打开{page}，输入原函的校验码）",
        "(A print of the register's state on {on}, without a seal; it cannot itself be verified. To verify the letter, "
        "open {page} and type the letter's code.)",
    ),
    "note.official": ("（本函不加盖印章）", "(This letter bears no seal.)"),
    "note.sheet": ("（本单不加盖印章）", "(This sheet bears no seal.)"),
    "qr": ("二维码：本函的签名摘要，校验码{code}", "QR code: the signed statement of this letter, code {code}"),
    "translation": (
        "（以下为英文译文，以中文文本为准）",
        "English translation of the letter above. Should the two differ, the Chinese text prevails.",
    ),
    # --- numbered levels of a letter
    "group.result": ("核对结论", "Result"),
    "group.grounds": ("理由和依据", "Reasons and grounds"),
    "group.doing": ("办理事项", "What to do"),
    "group.marks": ("有待核实的事项", "To be confirmed"),
    "run_in": ("{label}。", "{label}. "),
    "colon": ("{label}：", "{label}: "),
    "edition": ("规则库版本 {hash}　核对日期 {as_of}", "rules {hash} · as of {as_of}"),
    # --- the conclusion: status, then who is paid where that decides the words
    "eligible": (
        "贵单位符合{name}的全部条件，可以享受。",
        "You meet every condition and are entitled to this support.",
    ),
    "eligible.past": (
        "贵单位当日符合{name}的全部条件，当日可以享受。",
        "On that day you met every condition and were entitled to this support.",
    ),
    "needs_decision.past": (
        "{name}中能由贵单位说明的条件当日都已满足；是否给予，当时由主管部门决定。办理：{department}。",
        "Every condition that you can state was met on that day. Whether the support was granted was for the department to decide: "
        "{department}.",
    ),
    "eligible.service": ("{name}面向贵单位开放，可以提出。", "This service is open to you; you may ask for it."),
    "eligible.institution": (
        "{name}的条件全部满足，由办理该业务的机构享受。",
        "Every condition is met; the support goes to the institution that carries out the business.",
    ),
    "eligible.worker": (
        "{name}的条件全部满足，由个人享受。",
        "Every condition is met; the support goes to the person concerned.",
    ),
    "eligible.area": (
        "{name}的条件全部满足，由所在区域享受。",
        "Every condition is met; the support goes to the area.",
    ),
    "needs_decision": (
        "{name}中能由贵单位说明的条件都已满足；是否给予，由主管部门决定。办理：{department}。",
        "Every condition that you can state is met. Whether the support is granted is for the department to decide: "
        "{department}.",
    ),
    "needs_information": (
        "{name}现在还不能得出结论：尚缺{count}项情况，补齐后可再核对。",
        "No conclusion can be reached yet. Facts missing: {count}. State them and check again.",
    ),
    "not_eligible": ("贵单位不符合{name}的条件。", "You do not meet the conditions of this scheme."),
    "applies": ("{name}的规定适用于贵单位。", "This restriction applies to you."),
    "does_not_apply": ("{name}的规定不适用于贵单位。", "This restriction does not apply to you."),
    "unconfirmed": (
        "{name}在{as_of}适用的规定尚无经核实的文本，本函不作判断，请向主管部门查询。主管：{department}。",
        "No confirmed text of the rules is known for {as_of}. This letter gives no judgement; ask the department: {department}.",
    ),
    "not_open.not_yet": ("{name}在{as_of}尚未施行。", "This scheme was not yet in force on {as_of}."),
    "not_open.ended": ("{name}在{as_of}已经停止施行。", "This scheme had ended by {as_of}."),
    "not_open.no_open_round": (
        "{name}在{as_of}没有开放的申报批次。",
        "No round was open for applications on {as_of}.",
    ),
    # --- who is paid: a firm is never told to claim what is not its own
    "paid.service": ("这是一项服务，没有款项拨付。", "This is a service; no money is paid out."),
    # --- the other schemes of a letter on very many
    "rest.heading": ("其他各项", "The other schemes"),
    "rest.label": ("{status}（{count}项）", "{status} ({count})"),
    "rest.service": ("可以提出的服务", "services open to you"),
    "rest.with": ("{name}（{note}）", "{name} ({note})"),
    "rest.missing": ("尚缺{count}项情况", "facts missing: {count}"),
    "rest.last_terms": ("按到{until}为止的规定：{status}", "by the terms until {until}: {status}"),
    # --- amounts
    "amount.sentence": ("{means}：{figures}（{capitals}）。", "{means}: {figures} ({capitals})."),
    "amount.to_confirm": (
        "{means}：{figures}（{capitals}），该数字有待核实。",
        "{means}: {figures} ({capitals}); this figure is to be confirmed.",
    ),
    "amount.if_granted": ("如获准给予，{sentence}", "If granted: {sentence}"),
    "amount.none": (
        "所列情况不足以算出金额，以主管部门核定为准。",
        "The facts listed give no figure; the department sets it.",
    ),
    # --- labels of the rows
    "label.failing": ("未达条件", "Not met"),
    "label.missing": ("尚缺情况", "Missing"),
    "label.near_miss": ("如何符合", "What it takes"),
    "label.last_terms": ("原有规定", "Last terms"),
    "label.arithmetic": ("计算过程", "Worked out"),
    "label.facts": ("所据情况", "Facts"),
    "label.ground": ("政策依据", "Legal basis"),
    "label.outputs": ("其他结果", "Also"),
    "label.bring": ("应备材料", "Bring"),
    "label.where": ("办理机关", "Where"),
    "label.until": ("施行期限", "In force"),
    "label.marks": ("有待核实", "Unconfirmed"),
    "label.state": ("施行状态", "State"),
    "label.rule": ("享受条件", "Conditions"),
    "label.worked_out": ("计算方法", "Worked out"),
    "label.figures": ("所用数字", "Figures"),
    "label.versions": ("历次版本", "Versions"),
    # --- inside the rows
    "figure": ("{label}：{value}（{sources}）", "{label}: {value} ({sources})"),
    "version": ("{start}至{end}：{what}", "{start} to {end}: {what}"),
    "stated.firm": ("{facts}。以上由贵单位陈述，未经核验。", "{facts}. Stated by you; not verified."),
    "stated.register": ("{facts}。以上来自企业登记资料。", "{facts}. Taken from the register of firms."),
    "stated.centre": ("{facts}。以上已由本中心核对原件。", "{facts}. Checked by this centre against the originals."),
    "stated.department": ("{facts}。以上为主管部门的认定。", "{facts}. Found by the competent department."),
    "kept.<=": ("{told}（不超过{bound}）", "{told} (at most {bound})"),
    "kept.<": ("{told}（低于{bound}）", "{told} (less than {bound})"),
    "kept.>=": ("{told}（不低于{bound}）", "{told} (at least {bound})"),
    "kept.>": ("{told}（超过{bound}）", "{told} (more than {bound})"),
    "kept.<=.day": ("{told}（不晚于{bound}）", "{told} (not after {bound})"),
    "kept.<.day": ("{told}（早于{bound}）", "{told} (before {bound})"),
    "kept.>=.day": ("{told}（不早于{bound}）", "{told} (not before {bound})"),
    "kept.>.day": ("{told}（晚于{bound}）", "{told} (after {bound})"),
    "source": ("{text}〔{source}〕", "{text} [{source}]"),
    "told": ("{label}：{value}", "{label}: {value}"),
    "told.series": ("{first}至{last}依次为{figures}", "{first} to {last}, in order: {figures}"),
    "change": ("{label}由{old}变为{new}", "{label} changes from {old} to {new}"),
    "change.told": ("{label}为{new}", "{label} is {new}"),
    "change.on": ("到{on}", "by {on}"),
    "change.reaches": ("{changes}，则{status}。", "If {changes}: {status}."),
    "until.both": ("{start}至{end}", "{start} to {end}"),
    "until.open": ("自{start}起，未定截止日期", "from {start}, no end set"),
    "until.end": ("至{end}止", "until {end}"),
    "until.not_yet": ("自{start}起施行", "from {start}"),
    "until.ended": ("{start}起停止施行", "ended; not in force from {start}"),
    "until.no_open_round": ("申报批次另行通知", "rounds are announced separately"),
    "awaits": ("在等的文件：{notice}。", "Awaited: {notice}."),
    "marks.confidence": (
        "本项所引的规定或数字尚未全部核对原文，该数字有待核实，以主管部门答复为准。",
        "Not every rule or figure was checked against its original; ask the department to confirm.",
    ),
}


def say(key: str, lang: str, **values: str) -> str:
    """The phrase under `key` in `lang` (zh or en) with `values` filled in; an unknown key raises KeyError."""
    return PHRASES[key][lang == "en"].format(**values)
