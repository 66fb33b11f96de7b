"""What the messages on faults in the rules say in Chinese, each with an example that works.

The messages are written in English where the fault is found; here stands the same for each kind of fault. A {name} in braces is
whatever stands there; the example is YAML that can be copied.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .messages_of_files import MESSAGES_OF_FILES
from .messages_of_language import MESSAGES_OF_LANGUAGE

_OTHERWISE = "这里与规则文件的写法不符，说明见英文"


class Wording(NamedTuple):
    """A message in Chinese, and an example that works (empty where none helps)."""

    zh: str
    example: str = ""


# English, Chinese, an example. The first that fits counts.
_MESSAGES: tuple[tuple[str, str, str], ...] = (
    # --- names
    ("unknown name {name}; did you mean {near}?{rest}", "没有{name}这个名字，是不是{near}？", ""),
    ("unknown name {name}{rest}", "没有{name}这个名字：事实见rules/facts，数值见rules/parameters", ""),
    ("unknown fact {name}", "没有{name}这个事实，事实的名字见rules/facts或matcher facts", ""),
    (
        "unknown instrument {name}",
        "没有编号为{name}的文件，先在rules/instruments里加上",
        'source: "mof-2023-44#第一条"',
    ),
    ("unknown function {name}; there are {rest}", "没有{name}这个函数，可用的有：{rest}", ""),
    ("this key is not known here; is it misspelt? did you mean {near}?", "没有这个键，是不是{near}？", ""),
    ("this key is not known here; is it misspelt?", "这里没有这个键，是否写错了？", ""),
    (
        "the comma before {text} ends the text before it; {rest}",
        "{text}前面的逗号把文字断开了：整段文字加上引号",
        'en: "at most 80,000 yuan"',
    ),
    (
        "{name} is no group of reference/groups.yaml: {rest}",
        "reference/groups.yaml里没有{name}这一组：用已有的组，或在那里加一组",
        "- {id: gardens, label: {zh: 屋顶绿化, en: Roof gardens}}",
    ),
    ("there is no scheme {name}{rest}", "没有{name}这项政策", ""),
    ("the key stands twice", "这个键写了两次，留一个", ""),
    ("{name} stands twice; first in {place}", "{name}写了两次，第一次在{place}", ""),
    ("{name} stands twice", "{name}写了两次", ""),
    ("{number} stands already under the id {name}", "{number}已经以{name}的编号写过", ""),
    ("{name} is defined by itself: {rest}", "{name}是用它自己定义的：{rest}", ""),
    ("the parameter {name} is not used by any scheme or concept", "数值{name}没有一项政策用到，用上或删去", ""),
    ("unknown parameter {name}{rest}", "没有{name}这个数值", ""),
    ("{name} is a fact already; only what derives it may bear its name", "{name}已经是一个事实的名字，换一个", ""),
    ("the file of {name} must be called {file}", "{name}的文件名应当是{file}", ""),
    ("the scheme does not stand in schemes/ORDER", "schemes/ORDER里没有这项政策，加一行", "roof-garden-allowance"),
    ("there is no file of this scheme", "没有这项政策的文件", ""),
    ("the scheme stands here twice", "这项政策在这里写了两次", ""),
    (
        "{who} is no office of offices.yaml: add it there, or use one of its names",
        "offices.yaml里没有{who}：在那里加上，或用那里的叫法",
        "department: {zh: 市人社局, en: Tianjin Human Resources and Social Security Bureau}",
    ),
    ("no office of offices.yaml is named here{rest}", "这里没有写offices.yaml里的任何部门，企业不知道找谁", ""),
    (
        "{name} is a fact of {of}, and the scheme is about {object}: {rest}",
        "事实{name}说的是{of}的事，这项政策却是给{object}的：在该事实的of里也写上这个对象；全企业只有一个就不写of；要看全部就用any、all、sum、count",
        "of: [loan, project]",
    ),
    (
        "unknown kind {name}; there are {choices}; did you mean {near}?{rest}",
        "没有{name}这一种事项，是不是{near}？有：{choices}",
        "any(loan: loan_is_unsecured)",
    ),
    ("unknown kind {name}; there are {rest}", "没有{name}这一种事项，有：{rest}", "any(loan: loan_is_unsecured)"),
    ("a number is wanted here, not {rest}", "这里应是数，不是{rest}", ""),
    ("true or false is wanted here, not {rest}", "这里应是一句能答“是”或“否”的话，不是{rest}", ""),
    (
        "{op} over items stands inside another; {rest}",
        "any、all、sum、count里面不能再套一个，各写成一个条件",
        "",
    ),
    (
        "{op} is asked of items: {example}, of {choices}",
        "{op}要写明是哪一种事项：{example}，有{choices}",
        "all(loan: loan_is_unsecured)",
    ),
    ("{name} is not a condition of the scheme", "{name}不是这项政策的条件", ""),
    # --- values
    ("{name} is missing", "缺{name}", ""),
    (
        "{value} is not one of {choices}; did you mean {near}?",
        "{value}不在可选的词里，是不是{near}？可选：{choices}",
        "",
    ),
    ("{value} is not one of {choices}", "{value}不在可选的词里，可选：{choices}", ""),
    ("{value} is not among {choices}{rest}", "{value}不在可选的词里，可选：{choices}", ""),
    (
        "{value} is no plain number: a share is a part of one; write {plain}",
        "{value}不是数：比例写成一的几分之几，应写{plain}",
        "value: 0.5",
    ),
    ("{value} is no plain number: write {plain}", "{value}不是数，应写{plain}", "value: 5000000"),
    ("{value} is not a plain decimal number{rest}", "{value}不是数，只写数字和小数点", "value: 0.5"),
    ("a number is wanted, not {value}", "这里应写数，不是{value}", "value: 300"),
    ("a whole number is wanted, not {value}", "这里应写整数，不是{value}", "day: 15"),
    ("true or false is wanted, not {value}", "这里只写true或false，不是{value}", "before_registration: true"),
    (
        "a day is wanted, not {value}; write it as 2026-01-31",
        "这里应写日期，不是{value}；写成2026-01-31",
        "from: 2026-01-01",
    ),
    ("{value} is not a day (YYYY-MM-DD)", "{value}不是日期，写成2026-01-31", "from: 2026-01-01"),
    ("there is no day {value}", "没有{value}这一天", ""),
    ("text is wanted, not {value}; put it in quotes", "这里应写文字，不是{value}；加上引号", 'instrument: "2024"'),
    ("a list is wanted, not {value}{rest}", "这里应写列表，不是{value}", "clauses: [m20-c01]"),
    ("keys with values are wanted, not {value}{rest}", "这里应写键和值，不是{value}", "label: {zh: 人数, en: staff}"),
    ("it is empty: write the text", "这里是空的，写上文字", ""),
    ("at least {count} item is wanted", "至少写{count}项", ""),
    ("at most {count} characters", "最多{count}个字", ""),
    ("{value} does not fit here", "{value}不合这里的写法", ""),
    (
        "{value} is no name: {rest}",
        "{value}不能作名字：只用小写字母、数字和_（政策和文件的编号用-），以字母开头",
        "id: has_roof_garden",
    ),
    ("the file holds a list", "这个文件应当是一个列表，每项以-开头", "- id: has_roof_garden"),
    # --- dates
    ("upside down: from {first} until {last}", "日期颠倒：{first}起、{last}止", "from: 2026-01-01"),
    ("upside down: opens {first}, closes {last}", "日期颠倒：{first}开始、{last}截止", ""),
    ("overlaps the version before, which lasts until {day}", "与上一版重叠，上一版到{day}为止", ""),
    ("a gap: no version from {first} to {last}", "有空档：{first}至{last}没有版本", ""),
    (
        "only the first version may lack its first day, only the last its last day",
        "只有第一版可以不写第一天，只有最后一版可以不写最后一天",
        "",
    ),
    (
        "an open version names its instrument",
        "有规则的版本要写依据的文件（instrument）",
        'instrument: "示例〔2026〕1号"',
    ),
    ("no rules on {day}", "{day}没有规则：看rules的from和until是否盖住这一版", ""),
    ("{count} sets of rules on {day}", "{day}有{count}套规则，只能有一套", ""),
    ("no open version uses these rules", "没有哪一版用到这套规则", ""),
    (
        "{name} has no value on {day}, which {slug} needs: {rest}",
        "数值{name}在{day}没有值，{slug}那天要用：照通知加一段，从那天或更早开始",
        '- {from: 2027-01-01, until: 2027-12-31, value: 300, source: "example-2026-1#第三条", confidence: high}',
    ),
    (
        "holds on a day on which another value of the parameter holds too",
        "这个值与同一数值的另一个值在同一天都有效，改开日期",
        "",
    ),
    (
        "a figure has an end (until) or a day to confirm it by (confirm_by)",
        "数值要写到哪天为止（until）或哪天前核实（confirm_by）",
        "confirm_by: 2027-12-31",
    ),
    # --- conditions
    (
        "a test says which phrase it encodes (says, source) or on what ground it stands (ground)",
        "条件要写明依据原文哪一句（says、source），或说明理由（ground）",
        '{test: has_roof_garden, says: 建有屋顶花园, source: "example-2026-1#第三条"}',
    ),
    ("a quoted phrase names its source", "引用原文要写出处（source）", 'source: "example-2026-1#第三条"'),
    ("no excerpt of {text} is kept; there are {rest}", "{text}没有摘录；有摘录的是：{rest}", ""),
    ("no excerpt of {text} is kept; {rest}", "{text}没有摘录：先把原文写进rules/instruments里该文件的excerpts", ""),
    ("the phrase does not stand in the excerpt of {rest}", "这句话不在{rest}的摘录里，照原文一字不差地写", ""),
    (
        "the phrase means {means} but the test uses {says}; {rest}",
        "原文的意思是{means}，条件却写成{says}；改正其一，或写override说明理由",
        "",
    ),
    (
        "the number {value} has no name and no source; make it a parameter{rest}",
        "数{value}没有名字和出处：在rules/parameters里给它起名",
        "employees <= roof_garden.employees",
    ),
    ("units do not fit: {left} and {right}{rest}", "单位对不上：{left}与{right}", ""),
    (
        "a sum of money is wanted, not {what}",
        "这里应算出金额（元），不是{what}",
        'benefit: {exact: "roof_garden.sum * employees"}',
    ),
    (
        "a condition is an expression, a list, or a mapping with test, all, any or not",
        "条件写成表达式、列表，或带test、all、any、not的一组",
        "",
    ),
    ("a condition is exactly one of test, all, any, not", "一个条件里test、all、any、not只写一个", ""),
    (
        "a benefit is exact or up_to, not both",
        "金额只写exact（确数）或up_to（上限）之一",
        "benefit: {up_to: roof_garden.cap}",
    ),
    ("a restriction says applies_when, any other scheme requires", "限制类写applies_when，其他政策写requires", ""),
    (
        "settled_by is missing: the finding that settles it, or nobody",
        "缺settled_by：由哪个部门认定（dept_…），没有就写nobody",
        "settled_by: nobody",
    ),
    ("not an expression: {rest}", "表达式写得不对：{rest}", "employees <= roof_garden.employees"),
    # --- figures and their sentences
    (
        "no words of {where} are kept in which {figure} could stand; mend {rest}",
        "{where}没有摘录，{figure}无从对照：在rules/instruments里摘录写有它的原句；没有原句可引的，用ground说明原因",
        "ground: unquoted",
    ),
    (
        "{figure} does not stand in the words of {where}, which say {others}; mend {rest}",
        "{where}的原句里没有{figure}，写的是{others}：改数字，或把写有它的原句补进摘录；没有原句可引的，用ground说明原因",
        "ground: unquoted",
    ),
    (
        "{figure} does not stand in the words of {where}; mend {rest}",
        "{where}的原句里没有{figure}：改数字，或把写有它的原句补进摘录；没有原句可引的，用ground说明原因",
        "ground: unquoted",
    ),
    ("the figure stands in the excerpt of {where}; leave ground out", "{where}的原句里就有这个数字，删去ground", ""),
    (
        "{number} was seen as {seen}: what rests on it is {most} at most",
        "{number}的来源是{seen}，据此写的confidence最高为{most}",
        "confidence: medium",
    ),
    (
        "a scale has no rate above 100 %: {high}; {rest}",
        "级距的比例不超过100%：{high}；确实如此的，用confirm写明原因",
        "",
    ),
    (
        "a rate of {rate} is {percent} %; for {meant} % write {share}; {rest}",
        "{rate}作为比例是{percent}%；要写{meant}%，写{share}；确实如此的，用confirm写明原因",
        "value: 0.5",
    ),
    (
        "the bands are out of order at {bound}; {rest}",
        "级距到{bound}处顺序不对，从低到高写",
        "{0: micro, 20: small, 300: medium}",
    ),
    (
        "{new} is ten times its neighbour before, {old}, or more, or a tenth; {rest}",
        "{new}与前一段的{old}相差十倍以上，是否多写或漏写了0？确实如此的，用confirm写明原因",
        "confirm: {zh: 2026年起提高, en: raised from 2026 on}",
    ),
    (
        "{name} is {figure}, but the phrase beside it says {said}; mend one of them",
        "{name}是{figure}，旁边引的原文写的是{said}，改其中一个",
        "",
    ),
    (
        "no words of {source} are kept; the day must stand in them",
        "{source}没有摘录，日期无从对照：先摘录写有日期的原句",
        "",
    ),
    ("{day} does not stand in the words of {source}", "{source}的原句里没有{day}", ""),
    (
        "name the article in which its days stand {rest}",
        "写明起止日见于哪一条（source），没有原句可引的，在versions上面用days_ground说明原因",
        "days_ground: unquoted",
    ),
    (
        "{word} is no ground known here: {rest}",
        "ground里没有{word}这个词：unquoted、memory、table，或写中英文的原因",
        "ground: unquoted",
    ),
    ("say how the text was seen (seen); {rest}", "用seen写明怎样看到原文，这个键只用于存档的规则", "seen: copy"),
    # --- facts
    ("an enum, and only an enum, lists its values", "选项型（enum）才列values，而且必须列", "type: enum"),
    (
        "question is missing: {rest}",
        "缺question：要问企业的话",
        "question: {zh: 建有屋顶花园吗？, en: Is there a roof garden?}",
    ),
    ("advise is missing: {rest}", "缺advise：可以劝企业改变它吗？never、up、down、date或{to: [...]}", "advise: never"),
    ("only a number goes {way}; {rest}", "只有数才能说{way}", "advise: {to: [true]}"),
    ("{name} is no fact of the same type and unit", "{name}不是同类型、同单位的事实", ""),
    (
        "only a number is a part, and a total is a part of nothing itself",
        "只有数才有“其中”，合计本身不能再是别的“其中”",
        "",
    ),
    (
        "not told({fact}) never holds here: {rest}",
        "这里不能写not told({fact})：企业现在没填，以后还可以填",
        "",
    ),
    (
        "awaits names the notice that would confirm a version: {rest}",
        "awaits写的是等哪份通知，只和state: unconfirmed一起写",
        "state: unconfirmed",
    ),
    (
        "{number} is no pattern of a number: {rest}",
        "{number}不像文号：写出年份（用〔〕），不知道的写×",
        "number: 津工信财〔2026〕×号",
    ),
    (
        "no_deadline says why there are no deadlines: {rest}",
        "写了deadlines就不写no_deadline，两者留一个",
        "",
    ),
    (
        "{name} is no fact that a firm tells: {rest}",
        "{name}不是要企业填报的情况：写企业有了才可以劝它的几项",
        "",
    ),
    # --- relations and days to keep
    (
        "schemes is missing: {rest}",
        "缺schemes：这条关系管哪些政策",
        "schemes: [roof-garden-allowance, tianjin-quality-award]",
    ),
    ("{name} is an item of no scheme: {rest}", "{name}不是任何政策的事项", ""),
    ("{key} has no meaning in a relation that {kind}", "{kind}类的关系里不写{key}", ""),
    (
        "a deadline has one end (closes, recurs or within), or only says when it opens",
        "截止日只写closes、recurs、within之一，或只写opens",
        "closes: 2026-10-24",
    ),
    (
        "month {month} has no day {day}; for the end of a month write day: last",
        "{month}月没有{day}日；月底写day: last",
        "day: last",
    ),
    # --- YAML
    ("not YAML: a tab stands here; indent with spaces", "这里有制表符（Tab），缩进只用空格", "  - id: has_roof_garden"),
    (
        "not YAML: a full-width colon (：) stands here; {rest}",
        "这里是全角冒号（：），改成半角冒号加一个空格",
        "slug: roof-garden-allowance",
    ),
    (
        "a full-width colon (：) stands in {what}; {rest}",
        "{what}里是全角冒号（：），改成半角冒号加一个空格",
        "label: {zh: 人数, en: staff}",
    ),
    (
        "not YAML: a full-width comma (，) stands here; {rest}",
        "这里是全角逗号（，），改成半角逗号加一个空格",
        "{zh: 人数, en: staff}",
    ),
    ("not YAML: the text holds a colon; put it in quotes", "文字里有冒号，整段加上引号", 'note: "注意: 见通知"'),
    ("not YAML: a quotation mark or bracket is not closed", "引号或括号没有配对", 'label: {zh: 人数, en: "staff"}'),
    ("not YAML: the indentation does not fit the lines before", "缩进与上面的行对不齐：同一层的键左边对齐", ""),
    ("not YAML: {rest}", "不是正确的YAML：{rest}", ""),
    ("not UTF-8: {rest}", "文件不是UTF-8编码，另存为UTF-8", ""),
    ("a control character ({code}); take it out", "有看不见的控制字符（{code}），删去", ""),
    ("an anchor (&name); {rest}", "规则里不用锚（&），把文字写全", ""),
    ("an alias (*name); {rest}", "规则里不用别名（*），把文字写全", ""),
    ("a second document (---); a file holds one", "一个文件里只放一份内容，删去---", ""),
    ("not a file", "不是文件", ""),
    ("there are no rules in this folder", "这个目录里没有规则", ""),
)


def wording(message: str) -> Wording:
    """The Chinese of a message on a fault, and an example; a general one where its kind is not listed."""
    said, _, _ = message.partition(" (in: ")  # the expression itself stands in the English line
    for pattern, zh, example in _compiled():
        found = pattern.fullmatch(said)
        if found is not None:
            return Wording(_filled(zh, {name: text or "" for name, text in found.groupdict().items()}), example)
    return Wording(_OTHERWISE)


def _filled(zh: str, parts: dict[str, str]) -> str:
    """The parts of the message in their places; other braces are YAML and stay."""
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], found[0]).replace("' or '", "'、'"), zh)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    every = (*_MESSAGES, *MESSAGES_OF_LANGUAGE, *MESSAGES_OF_FILES)
    return tuple((re.compile(_pattern(english), re.DOTALL), zh, example) for english, zh, example in every)


def _pattern(english: str) -> str:
    """A word before {rest} ends where its quotation marks do, or at the first sign; any other goes up to what follows it."""
    escaped = re.escape(english)
    escaped = re.sub(r"\\{(\w+)\\}(?=\\{rest)", r"(?P<\1>'[^']*'|[^\\s;:(]+)", escaped)
    escaped = escaped.replace(r"\{rest\}", "(?P<rest>.*)")
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", escaped)
