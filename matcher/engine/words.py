"""A condition in Chinese and in English, generated from labels, operator, number and unit: there is no second text to drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.rulebook import Condition, Fact, Names, Text
from matcher.rulebook.language import KIND_WORDS, MONEY, Node, Rows, Type, nodes
from matcher.text import figure, grouped

OPERATORS: Mapping[str, tuple[str, str]] = {
    "<=": ("不超过", "at most"), "<": ("低于", "less than"), ">=": ("不低于", "at least"), ">": ("超过", "more than"),
    "==": ("等于", "equal to"), "!=": ("不等于", "not equal to"),
}  # fmt: skip

_DAYS: Mapping[str, tuple[str, str]] = {
    "<=": ("不晚于", "no later than"), "<": ("早于", "before"), ">=": ("不早于", "no earlier than"), ">": ("晚于", "after"),
    "==": ("是", "on"), "!=": ("不是", "not on"),
}  # fmt: skip

_FEW = 3  # words that are listed where one is shut out, unless one of them says that there is nothing

_NOTHING = frozenset({"none", "neither"})

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


@dataclass(frozen=True, slots=True)
class Words:
    """Words in one language. ``names`` gives the labels of concepts, ``vocabulary`` those of facts. ``forbids``: the scheme is a
    restriction, whose conditions say whom it binds and are nothing to be wished for."""

    vocabulary: Mapping[str, Fact]
    names: Names
    labels: Mapping[str, Text]  # of parameters
    lang: str
    forbids: bool = False

    def pick(self, zh: str, en: str) -> str:
        """The words of the language."""
        return en if self.lang == "en" else zh

    def condition(self, condition: Condition) -> str:
        """The whole condition as a sentence without a full stop."""
        if condition.kind == "concept" and condition.label is not None:
            return condition.label.get(self.lang)
        if condition.expr is not None:
            return self.wanted(condition.expr)
        parts = [self.condition(child) for child in condition.children]
        if condition.kind == "not":
            return self.pick(f"不属于以下情形：{parts[0]}", f"not the case: {parts[0]}")
        if not parts:
            return self.pick("没有条件", "no condition")
        joined = self._listed(parts, condition.kind)
        return f"{condition.label.get(self.lang)}{self.pick('：', ': ')}{joined}" if condition.label else joined

    def heading(self, condition: Condition) -> str:
        """The head of a tree node: its label, or how many of the parts below must hold."""
        if condition.label is not None:
            return condition.label.get(self.lang)
        if condition.expr is None and not condition.children:
            return self.pick("没有要企业满足的条件", "no condition for the firm to meet")
        if condition.kind == "any":
            return self.pick("以下任一项成立", "any one of these")
        if condition.kind == "not":
            return self.pick("以下情形不成立", "none of this")
        return self.pick("以下各项都成立", "all of these")

    def _listed(self, parts: list[str], kind: str) -> str:
        if len(parts) == 1:
            return parts[0]
        if kind == "any":
            return self.pick("，或者".join(parts), ", or ".join(parts))
        return self.pick("；".join(parts), "; ".join(parts))

    # --- true or false

    def wanted(self, node: Node) -> str:
        """A condition that stands alone: ``需要：有自营出口业务`` rather than a question with its answer."""
        match node:
            case nodes.Fact():
                asked = self.pick("属于以下情形", "the case") if self.forbids else self.pick("需要", "needed")
            case nodes.Not(arg=nodes.Fact()):
                asked = self.pick("不属于以下情形", "not the case")
            case _:
                return self.truth(node)
        return f"{asked}{self.pick('：', ': ')}{self.truth(node.arg if isinstance(node, nodes.Not) else node)}"

    def truth(self, node: Node) -> str:
        """A boolean expression as a part of a sentence."""
        match node:
            case nodes.Fact():
                return self._claim(node.id)
            case nodes.Not(arg=nodes.Fact() as fact):
                return self.pick(f"不属于“{self._claim(fact.id)}”", f"not “{self._claim(fact.id)}”")
            case nodes.Not():
                return self.pick(f"不成立：{self.truth(node.arg)}", f"not: {self.truth(node.arg)}")
            case nodes.Named():
                return self.value(node)
            case nodes.Told(arg=nodes.Fact(by_department=True) as fact):
                claim = self._claim(fact.id)
                return self.pick(f"部门已就“{claim}”作出认定", f"the department has decided on “{claim}”")
            case nodes.Told():
                return self.pick(f"须说明{self.value(node.arg)}", f"{self.value(node.arg)} must be stated")
            case nodes.Logic():
                return self._logic(node)
            case nodes.Member():
                return self._member(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.Quantified(op="any" | "all"):
                return self._quantified(node)
            case nodes.Choice():
                return self._choice(self.truth(node.condition), self.truth(node.then), self.truth(node.other))
            case nodes.Const():
                return self.pick("总是" if node.value else "从不", "always" if node.value else "never")
        return self.value(node)

    def _claim(self, fact: str) -> str:
        """What a yes to a fact claims: its label, which in Chinese is a question, without the question word."""
        return self.vocabulary[fact].label.get(self.lang).replace("是否", "", 1)

    def _logic(self, node: nodes.Logic) -> str:
        if node.chain:
            return self.pick("，且", ", and ").join(self.truth(arg) for arg in node.args)
        parts = [f"（{self.truth(arg)}）" if isinstance(arg, nodes.Logic) else self.truth(arg) for arg in node.args]
        return self.pick(" 或 " if node.op == "or" else "，且 ", f" {node.op} ").join(parts)

    def _member(self, node: nodes.Member) -> str:
        assert isinstance(node.collection, nodes.Const)
        item = self.value(node.item)
        if node.item.type.kind == "code":
            return self.pick(
                f"{item}{'不' if node.negated else ''}在 {self.members(node)} 之内",
                f"{item} {'not ' if node.negated else ''}within {self.members(node)}",
            )
        verb = self.pick("不是" if node.negated else "为", " is not " if node.negated else " is ")
        held = [word for word in node.item.type.values if word in node.collection.value]
        return f"{item}{verb}{self.pick('', 'one of ') if len(held) > 2 else ''}{self.members(node)}"

    def members(self, node: nodes.Member) -> str:
        """What a set holds: ``13–43``; ``甲``; ``甲或乙``; ``甲、乙、丙之一``."""
        assert isinstance(node.collection, nodes.Const)
        if node.item.type.kind == "code":
            return code_ranges(node.collection.value)
        words = [self.word(node.item, word) for word in node.item.type.values if word in node.collection.value]
        if len(words) < 3:
            return self.pick("或", " or ").join(words)
        return self.pick(f"{'、'.join(words)}之一", "; ".join(words))

    def classes(self, node: nodes.Classify) -> str:
        """The codes of every class: ``批发业 51；零售业 52``."""
        assert isinstance(node.table, nodes.Const)
        rows = [(self.word(node, name), code_ranges(held)) for name, held in node.table.value]
        return self.pick("；", "; ").join(f"{name} {codes}" for name, codes in rows)

    def _compare(self, node: nodes.Compare) -> str:
        if node.left.type.kind not in ("number", "date"):
            assert isinstance(node.right, nodes.Const)
            return self._is_word(node.left, node.op, node.right.value)
        return f"{self.value(node.left)}{self.pick('', ' ')}{self.requirement(node)}"

    def _is_word(self, left: Node, op: str, word: str) -> str:
        """``为甲``; of what it must not be the few words that are left, ``为乙、丙或丁``, or ``不是“甲”``."""
        item, others = self.value(left), [other for other in left.type.values if other != word]
        is_listed = len(others) <= _FEW and _NOTHING.isdisjoint(others)
        if op == "==" or is_listed:
            words = [self.word(left, one) for one in ([word] if op == "==" else others)]
            return self.pick(f"{item}为{_either(words, '、', '或')}", f"{item} is {_either(words, ', ', ' or ')}")
        return self.pick(f"{item}不是“{self.word(left, word)}”", f"{item} is not “{self.word(left, word)}”")

    def requirement(self, node: nodes.Compare) -> str:
        """What the left side must be: ``不超过 300 人``."""
        operators = _DAYS if node.left.type.kind == "date" else OPERATORS
        counted = node.op == "<" and node.left.type.whole and bool(node.left.type.unit) and node.left.type != MONEY
        operator = self.pick("少于", "fewer than") if counted else operators[node.op][self.lang == "en"]
        right = node.right
        bare = isinstance(right, nodes.Const) and not right.name
        type_ = node.left.type if bare else right.type
        if _is_zero(right) and node.op == ">" and type_.whole and type_.unit and type_ != MONEY:
            return self.pick(f"至少 {figure(1, type_, 'zh').strip()}", f"at least {figure(1, type_, 'en')}")
        shown = figure(right.value, type_, self.lang) if isinstance(right, nodes.Const) and bare else self.value(right)
        return f"{operator}{self._apart(shown)}"

    def _apart(self, shown: str) -> str:
        """A blank before a figure; none between Chinese words."""
        return f" {shown}" if self.lang == "en" or shown[:1].isdecimal() or shown[:1] == "−" else shown

    # --- values

    def value(self, node: Node) -> str:
        """A value by its label, a constant by its figure."""
        match node:
            case nodes.Fact():
                return self.vocabulary[node.id].label.get(self.lang)
            case nodes.Derived() | nodes.Named():
                return self.names.meaning(node.id).label.get(self.lang)
            case nodes.Const():
                return self.constant(node)
            case nodes.AsOf():
                return self.pick("所问日期", "the day asked about")
            case nodes.Arith():
                return f"{self._left(node.left, node.op)}{_SIGNS[node.op]}{self._right(node.right, node.op)}"
            case nodes.Retyped():
                return self.value(node.arg)
            case nodes.Whole():
                return self.pick(f"{self.value(node.arg)}（取整）", f"{self.value(node.arg)} (whole ones)")
            case nodes.Quantified(op="sum" | "count"):
                return self._quantified(node)
            case nodes.Extreme():
                return self._extreme(node)
            case nodes.Choice():
                return self._choice(self.truth(node.condition), self.value(node.then), self.value(node.other))
            case nodes.Lookup():
                return self._look_up(node)
            case nodes.Classify():
                return self.pick(f"{self.value(node.code)}所属类别", f"the class of {self.value(node.code)}")
            case nodes.Progressive():
                return self.pick(
                    f"{self.value(node.amount)}，按{self._label(node.scale)}分段计算",
                    f"{self.value(node.amount)}, slice by slice by {self._label(node.scale)}",
                )
            case nodes.Shift():
                return self._shift(node)
            case nodes.Calendar():
                return self.pick(
                    f"{self.value(node.day)}的{'月份' if node.op == 'month' else '年份'}",
                    f"the {node.op} of {self.value(node.day)}",
                )
        return self.truth(node)

    def _quantified(self, node: nodes.Quantified) -> str:
        """``至少有一笔贷款：…``, ``每一笔贷款：…``, ``各笔贷款的本金之和``, ``符合“…”的贷款笔数``."""
        kind = KIND_WORDS[node.kind]
        match node.op:
            case "any":
                said = self.truth(node.body)
                return self.pick(f"至少有一{kind.counter}{kind.zh}：{said}", f"at least one {kind.en}: {said}")
            case "all":
                said = self.truth(node.body)
                return self.pick(f"每一{kind.counter}{kind.zh}：{said}", f"every {kind.en}: {said}")
            case "sum":
                said = self.value(node.body)
                return self.pick(f"各{kind.counter}{kind.zh}的{said}之和", f"the sum over all {kind.several} of {said}")
        if isinstance(node.body, nodes.Const) and node.body.value is True:
            return self.pick(f"{kind.zh}的{kind.counter}数", f"the number of {kind.several}")
        said = self.truth(node.body)
        return self.pick(
            f"符合“{said}”的{kind.zh}的{kind.counter}数", f"the number of {kind.several} of which it holds: {said}"
        )

    def _left(self, node: Node, op: str) -> str:
        summed = isinstance(node, nodes.Arith) and node.op in "+-" and op in "*/"
        return f"({self.value(node)})" if summed or isinstance(node, nodes.Progressive) else self.value(node)

    def _right(self, node: Node, op: str) -> str:
        summed = isinstance(node, nodes.Arith) and (op == "/" or (node.op in "+-" and op in "-*"))
        return f"({self.value(node)})" if summed or isinstance(node, nodes.Progressive) else self.value(node)

    def _extreme(self, node: nodes.Extreme) -> str:
        parts = [self.value(arg) for arg in node.args]
        low = node.op in ("min", "lower")
        above = [part for part, arg in zip(parts, node.args, strict=True) if not _is_zero(arg)]
        if not low and len(parts) == 2 and len(above) == 1:
            return self.pick(f"（{above[0]}，不足零按零）", f"({above[0]}, not below 0)")
        return self.pick(
            f"{'、'.join(parts)}中较{'低' if low else '高'}者",
            f"the {'lower' if low else 'higher'} of {' and '.join(parts)}",
        )

    def _choice(self, condition: str, then: str, other: str) -> str:
        return self.pick(
            f"{condition}的，{then}；否则{self._apart(other)}", f"if {condition}: {then}; otherwise {other}"
        )

    def _shift(self, node: nodes.Shift) -> str:
        amount = self.value(node.amount)
        if self.lang == "en":
            return f"{self.value(node.day)} {'plus' if node.sign > 0 else 'minus'} {amount}"
        return f"{self.value(node.day)}{'加' if node.sign > 0 else '减'} {amount}"

    def _label(self, node: Node) -> str:
        name = node.name if isinstance(node, nodes.Const) else ""
        return self.labels[name].get(self.lang) if name in self.labels else name

    def _look_up(self, node: nodes.Lookup) -> str:
        assert isinstance(node.table, nodes.Const)
        keys = self.pick("、", ", ").join(self.value(key) for key in node.keys)
        rows = self.rows(node.table.value, node.keys, node.type)
        return self.pick(
            f"{self._label(node.table)}（按{keys}：{rows}）", f"{self._label(node.table)} (by {keys}: {rows})"
        )

    def rows(self, rows: object, keys: tuple[Node, ...], type_: Type) -> str:
        """Every row of a table, in words."""
        if not isinstance(rows, Rows):
            return figure(rows, type_, self.lang) if type_.kind == "number" else self.constant(nodes.Const(type_, rows))
        parts = [f"{self._key(key, rows.kind, keys[0])} {self.rows(row, keys[1:], type_)}" for key, row in rows.rows]
        if rows.other is not None and not parts:
            return self.rows(rows.other, keys[1:], type_)
        if rows.other is not None:
            rest = self.pick("超过的部分", "the rest") if rows.kind == "upto" else self.pick("其他", "otherwise")
            parts.append(f"{rest} {self.rows(rows.other, keys[1:], type_)}")
        return self.pick("；", "; ").join(parts)

    def _key(self, key: object, kind: str, node: Node) -> str:
        if kind == "enum":
            assert isinstance(key, frozenset)
            return self.pick("、", ", ").join(self.word(node, word) for word in node.type.values if word in key)
        shown = figure(key, node.type, self.lang)
        return self.pick(
            f"{shown}{'以上' if kind == 'band' else '以下'}", f"{'from' if kind == 'band' else 'up to'} {shown}"
        )

    def constant(self, node: nodes.Const) -> str:
        """A constant: a figure with its unit, or a word."""
        if node.type.kind == "number" and not node.type.unit and not node.name:
            return grouped(node.value)  # the 1 of "1 + rate" or the 2 of "÷ 2": a plain number, not a share
        if node.type.kind in ("number", "date"):
            return figure(node.value, node.type, self.lang)
        if node.type.kind == "enum":
            return self.word(node, node.value)
        if isinstance(node.value, bool):
            return self.pick("是" if node.value else "否", "yes" if node.value else "no")
        return str(node.value)

    def word(self, node: Node, word: str) -> str:
        """The label of an enumeration's word."""
        named = self.vocabulary.get(getattr(node, "id", ""))
        alike = (fact for fact in self.vocabulary.values() if tuple(fact.values) == node.type.values)
        fact = named if named is not None and word in named.values else next(alike, None)
        return word if fact is None or word not in fact.values else fact.values[word].get(self.lang)


def code_ranges(ranges: Iterable[tuple[str, str]]) -> str:
    """``54–58、591``."""
    return "、".join(low if low == high else f"{low}–{high}" for low, high in ranges)


def _either(words: list[str], comma: str, last: str) -> str:
    """``甲、乙或丙``."""
    return last.join(filter(None, (comma.join(words[:-1]), words[-1])))


def _is_zero(node: Node) -> bool:
    return isinstance(node, nodes.Const) and not node.name and node.value == 0
