"""What the messages on faults of conditions and sums say in Chinese: English, Chinese, an example (see messages.py)."""

from __future__ import annotations

MESSAGES_OF_LANGUAGE: tuple[tuple[str, str, str], ...] = (
    # --- size
    ("{count} characters long; at most {most} are read", "有{count}个字符，最多读{most}个：拆成几个条件", ""),
    ("a number of {count} characters; at most {most} are read", "数字有{count}个字符，最多读{most}个", ""),
    ("brackets nested more than {most} deep", "括号套了{most}层以上：给里面的部分起个名字（let）", ""),
    (
        "parts nested more than {most} deep; {rest}",
        "套了{most}层以上：给里面的部分起个名字（let）",
        "let: [{id: is_small, test: employees <= size.staff}]",
    ),
    ("the definitions used here grow to more than {most} parts", "这里用到的定义合起来超过{most}个部分，写短些", ""),
    ("the definitions together grow to more than {most} parts", "全部定义合起来超过{most}个部分，写短些", ""),
    ("the rules grow to more than {most} parts", "规则展开后超过{most}个部分，写短些", ""),
    # --- what the language has
    ("{what} is not part of the language", "规则的写法里没有{what}", "test: employees <= size.staff"),
    ("a dot may only stand in the name of a parameter", "点号只用在数值的名字里", "test: employees <= size.staff"),
    ("{name}: a name may not begin with an underscore", "{name}：名字不能以下划线开头", ""),
    (
        "only the functions of the language can be called, {rest}",
        "只能用规则里的函数，不写参数名，也不用星号",
        "exact: min(loan_principal, loan.most)",
    ),
    ("only a table of the parameters can be looked up with [ ]", "方括号只用来查数值里的表（kind: table）", ""),
    (
        "a list after 'in' holds words of an enumeration only",
        "in后面的列表里只写选项的词",
        "test: size_class in ['small', 'micro']",
    ),
    ("a parameter of the kind {kind} is wanted here", "这里应写{kind}类的数值", ""),
    ("{function} takes {count} values, not {given}", "{function}要{count}个值，这里是{given}个", ""),
    ("{function} takes {count} value, not {given}", "{function}要{count}个值，这里是{given}个", ""),
    ("{function} takes two values or more", "{function}要两个以上的值", "exact: min(loan_principal, loan.most)"),
    ("{function} takes values of one ordered enumeration", "{function}的几个值要是同一个有先后的选项", ""),
    ("told takes the name of a fact", "told里写事实的名字", "test: told(employees)"),
    ("stated takes an enumeration that can be told or worked out", "stated里写能填报或能算出的选项", ""),
    ("classify takes an industry code first", "classify的第一个值是行业代码", "classify(industry, size.classes)"),
    (
        "an industry code is named by its fact, not by another name",
        "行业代码直接写事实的名字，不另起名",
        "classify(industry, size.classes)",
    ),
    ("{span} are wanted here, not {given}", "这里应写{span}，不是{given}", ""),
    ("{part} is taken of a day, not of {given}", "{part}只能对日期用，不能对{given}", ""),
    # --- what fits to what
    (
        "a condition must be true or false; this is {what}",
        "条件要能答“是”或“否”，这里是{what}",
        "test: employees <= size.staff",
    ),
    ("{one} and {other} cannot be compared", "{one}和{other}不能相比", ""),
    ("{one} cannot be in {other}", "{one}不能说是否在{other}里", ""),
    ("{what} has no order; use == or in", "{what}没有大小先后，用==或in", "test: legal_form == 'company'"),
    (
        "an enumeration is compared with one of its words in quotes",
        "选项与它的一个词相比，词加引号",
        "test: legal_form == 'company'",
    ),
    ("write the fact first: fact == 'word'", "事实写在前面", "test: legal_form == 'company'"),
    ("a day {op} {what} has no meaning", "日期不能这样与{what}运算（{op}）", ""),
    ("divided by 0", "除数是0", ""),
    ("the table is looked up by {wanted} keys, not {given}", "这张表按{wanted}项来查，这里写了{given}项", ""),
    ("the table is looked up by {wanted}, not by {given}", "这张表按{wanted}来查，不是按{given}", ""),
    ("a recipient is wanted, not {what}", "这里应写款项付给谁，不是{what}", "recipient: firm_cash"),
)
