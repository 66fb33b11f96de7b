"""Versions of the rules that need somebody. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

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
