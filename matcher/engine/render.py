"""Writes a reasons tree out: for each condition the sentence with the firm's value, the bound, the distance and the source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Type, nodes
from matcher.text import figure, plain

from .evaluate import value
from .polynomials import Ratio
from .reasons import Reason, Step
from .record import ReasonRecord, Value
from .words import Words
from .worlds import RuleError, World

_SETTLED = {"eligible": True, "not_eligible": False, "applies": True, "does_not_apply": False}


class Renderer:
    """Renders the trees of one decision."""

    def __init__(self, rulebook: Rulebook, edition: SchemeEdition, world: World) -> None:
        names = rulebook.parsed[edition.scheme.slug].names
        labels = rulebook.parameter_labels
        forbids = edition.scheme.kind == "restriction"
        self.words = {lang: Words(rulebook.facts, names, labels, lang, forbids) for lang in ("zh", "en")}
        self.world = world
        assert edition.body is not None
        self.body = edition.body
        self.edition = edition

    def tree(self, reason: Reason, status: str) -> ReasonRecord:
        """The whole tree; where the cells settle what the parts leave open, the head says so."""
        made = self.node(reason)
        if made["outcome"] is None and status in _SETTLED:
            made["outcome"] = _SETTLED[status]
        return made

    def node(self, reason: Reason) -> ReasonRecord:
        """One node and its children, in the shape of the contract."""
        step, outcome, told, children = reason
        class_ = self._told_class(step)
        if class_ is not None:
            step, told = replace(step, fact=class_), self.world.facts[class_]
        condition = step.condition
        source = next(iter(self.edition.cited(condition)), None)
        left, op, bound, distance = self._measured(step)
        shown = told if step.fact is not None else left
        type_ = self._type(step)
        return {
            "id": condition.id,
            "kind": condition.kind,
            "outcome": outcome,
            "text": self._text(step, outcome, shown, distance),
            "fact": step.fact,
            "value": None if shown is None or type_ is None else plain(shown, type_),
            "op": op,
            "bound": self._bound(bound, type_),
            "distance": None if distance is None or type_ is None else plain(distance, _length(type_)),
            "says": None if condition.is_unread else condition.says,
            "source": None if source is None else {
                "instrument": source.instrument, "article": source.article, "confidence": source.confidence,
            },
            "children": [self.node(child) for child in children],
        }  # fmt: skip

    def _told_class(self, step: Step) -> str | None:
        """An enumeration that could be worked out but was told (the size class): then it is a fact like any other."""
        expr = step.condition.expr
        subject = (
            expr.item if isinstance(expr, nodes.Member) else expr.left if isinstance(expr, nodes.Compare) else None
        )
        told = isinstance(subject, nodes.Derived) and subject.told and subject.id in self.world.facts
        return subject.id if told and isinstance(subject, nodes.Derived) else None

    def _type(self, step: Step) -> Type | None:
        expr = step.condition.expr
        if isinstance(expr, nodes.Compare):
            return expr.left.type
        if isinstance(expr, nodes.Member):
            return expr.item.type
        return expr.type if expr is not None else None

    def _measured(self, step: Step) -> tuple[Any, str | None, Any, Any]:
        """The left side's value, the operator, the bound, and the distance between them; None where untold."""
        expr = step.condition.expr
        if not isinstance(expr, nodes.Compare):
            left = value(expr.item, self.world) if isinstance(expr, nodes.Member) and step.fact is None else None
            return (left if isinstance(left, str) else None), step.op, step.bound, None
        left, bound = self._known(expr.left), self._known(expr.right)
        if expr.left.type.kind not in ("number", "date"):
            return left, expr.op, bound, None
        distance = abs(bound - left) if left is not None and bound is not None else None
        return left, expr.op, bound, distance

    def _known(self, node: nodes.Node) -> Any:
        """A value if the told facts give one."""
        try:
            found = value(node, self.world)
        except RuleError:
            return None
        return (
            found
            if isinstance(found, (int, str)) or (hasattr(found, "numerator") and not isinstance(found, Ratio))
            else None
        )

    def _bound(self, bound: Any, type_: Type | None) -> Value | list[str]:
        if bound is None or type_ is None:
            return None
        if isinstance(bound, frozenset):
            return sorted(bound)
        if isinstance(bound, tuple):
            return [low if low == high else f"{low}-{high}" for low, high in bound]
        return plain(bound, type_)

    def _text(self, step: Step, outcome: bool | None, shown: Any, distance: Any) -> dict[str, str]:
        return {lang: self._sentence(step, outcome, shown, distance, words) for lang, words in self.words.items()}

    def _sentence(self, step: Step, outcome: bool | None, shown: Any, distance: Any, words: Words) -> str:
        """The condition as a sentence with the firm's value in it."""
        condition = step.condition
        if condition.fails_on and not condition.children and condition.expr is None:
            named = "、".join(words.vocabulary[name].label.get(words.lang) for name in condition.fails_on)
            return words.pick(
                f"所填“{named}”不在这一时段支持范围之内", f"“{named}” as told is not supported in this span"
            )
        if condition.expr is None:
            return words.heading(condition)
        text = words.wanted(condition.expr)
        if shown is None:
            return text + words.pick("（还不清楚）", " (not known yet)") if outcome is None else text
        if isinstance(condition.expr, nodes.Compare) and condition.expr.left.type.kind in ("number", "date"):
            return self._compared(condition.expr, outcome, shown, distance, words)
        said = self._said(step, shown, words)
        if isinstance(shown, bool) and step.fact is not None:
            return text + words.pick(f"；填的是：{said}", f"; told: {said}")
        if step.fact is None:
            return text + words.pick(f"（算得：{said}）", f" (worked out: {said})")
        return text + words.pick(f"（所填：{said}）", f" (told: {said})")

    def _said(self, step: Step, shown: Any, words: Words) -> str:
        if isinstance(shown, bool):
            return words.pick("是" if shown else "否", "yes" if shown else "no")
        expr = step.condition.expr
        subject = (
            expr.item if isinstance(expr, nodes.Member) else expr.left if isinstance(expr, nodes.Compare) else None
        )
        return str(shown) if subject is None else words.word(subject, shown)

    def _compared(self, expr: nodes.Compare, outcome: bool | None, shown: Any, distance: Any, words: Words) -> str:
        """``从业人数 301 人，要求不超过 300 人，差 1 人``."""
        type_ = expr.left.type
        left, wanted = words.value(expr.left), words.requirement(expr)
        here = figure(shown, type_, words.lang)
        gap = "" if distance is None else figure(distance, _length(type_), words.lang)
        if outcome is None or distance is None:
            return words.pick(f"{left} {here}，要求{wanted}", f"{left} {here}, must be {wanted}")
        if outcome and distance == 0:
            return f"{left} {here}{words.pick('，', ', ')}{wanted}"
        if distance == 0 and shown == 0:
            return words.pick(f"{left} {here}，要求{wanted}", f"{left} {here}, must be {wanted}")
        if distance == 0:
            return words.pick(
                f"{left} {here}，要求{wanted}，正好等于界限，不算符合",
                f"{left} {here}, must be {wanted}; exactly on the line, which does not count",
            )
        if outcome and type_.kind == "date":
            return words.pick(f"{left} {here}，{wanted}（相差 {gap}）", f"{left} {here}, {wanted} ({gap} apart)")
        if outcome:
            return words.pick(f"{left} {here}，{wanted}（还有 {gap}余地）", f"{left} {here}, {wanted} ({gap} to spare)")
        return words.pick(f"{left} {here}，要求{wanted}，差 {gap}", f"{left} {here}, must be {wanted}; {gap} off")


def _length(type_: Type) -> Type:
    """The type of a distance: days between two days."""
    return Type("number", (("days", 1),), whole=True) if type_.kind == "date" else type_
