"""An edition written out for the items of one firm: ``any``, ``all``, ``sum`` and ``count`` become plain conditions and sums.

Every reading then is of the plain language: what is told of an item is a fact of its own (`loan_term__loan_2`), and what a list
leaves open that may be incomplete is one more untold number, how many further items there are of which the condition holds or
what they come to. So nothing is guessed, and what is settled stays settled whatever further item is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, cast

from matcher.rulebook import Condition, Fact, Meaning, ResolvedBody, ResolvedRoute, Rulebook, SchemeEdition, Text
from matcher.rulebook.language import (
    BOOLEAN,
    KIND_WORDS,
    YUAN,
    Const,
    ItemKind,
    Node,
    Quantified,
    Scalar,
    Type,
    kind_of,
    mapped,
    nodes,
    walk,
)

from .items import NO_ITEMS, Facts, Item, Items
from .words import Words

_ONE, _ZERO = Const(Type("number"), 1), Const(Type("number"), 0)


Says = Callable[[Node], Text]


@dataclass(frozen=True, slots=True)
class _Instance:
    """An item over which is quantified: its label, and how its facts are called (``suffix``; empty: by their own names)."""

    label: Text
    suffix: str


@dataclass(slots=True)
class WrittenOut(Rulebook):
    """A rulebook as it is for one firm, and for the item that a scheme is decided for.

    ``facts`` holds those of every item besides the vocabulary; ``told`` what the firm tells of all of them. ``meant`` gives for a
    fact that is only here the facts of the vocabulary that it stands for; ``of_item`` whose it is; ``further`` of which kind a
    number of further items is.
    """

    plain: Rulebook = field(kw_only=True)
    told: dict[str, Scalar] = field(kw_only=True)
    instances: Mapping[ItemKind, tuple[_Instance, ...]] = field(kw_only=True)
    items: Items = field(kw_only=True)
    meant: dict[str, tuple[str, ...]] = field(kw_only=True, default_factory=dict)
    of_item: dict[str, Item] = field(kw_only=True, default_factory=dict)
    further: dict[str, ItemKind] = field(kw_only=True, default_factory=dict)
    _rest: dict[tuple[Any, ...], nodes.Fact] = field(kw_only=True, default_factory=dict)
    _named: dict[str, Meaning] = field(kw_only=True, default_factory=dict)
    _written: dict[int, SchemeEdition] = field(kw_only=True, default_factory=dict)

    def scheme_at(self, slug: str, day: date) -> SchemeEdition:
        """One scheme on ``day``, written out."""
        edition = self.plain.scheme_at(slug, day)
        if slug not in self.plain.quantified or edition.body is None:
            return edition
        if (
            id(edition) not in self._written
        ):  # the plain one is kept by the plain rulebook, so that its id stays its own
            body = _body(edition.body, self, self._says(slug))
            read = dict.fromkeys(name for node in body.expressions() for name in nodes.facts_in(node))
            self._written[id(edition)] = replace(edition, body=body, facts=tuple(read), cache={})
            names = replace(self.parsed[slug].names, meanings={**self.parsed[slug].names.meanings, **self._named})
            self.parsed = {**self.parsed, slug: replace(self.parsed[slug], names=names)}
        return self._written[id(edition)]

    def _says(self, slug: str) -> Says:
        """What gives the words of a quantifier as the rules write it."""
        labels = self.plain.parameter_labels
        zh, en = (Words(self.plain.facts, self.plain.parsed[slug].names, labels, lang) for lang in ("zh", "en"))
        return lambda node: Text(zh=zh.value(node), en=en.value(node))

    # --- one expression

    def node(self, node: Node, says: Says) -> Node:
        """The expression without quantifiers."""
        if not any(isinstance(part, Quantified) for part in walk(node)):
            return node
        if not isinstance(node, Quantified):
            # A name of several items' worth is left out: its words would not say which of them is meant.
            inner = node.body if isinstance(node, nodes.Named) else None
            return self.node(inner, says) if inner else mapped(node, lambda part: self.node(part, says))
        parts = self.parts(node)
        match node.op:
            case "any" | "all":
                op, empty = ("or", False) if node.op == "any" else ("and", True)
                if len(parts) < 2:
                    return parts[0] if parts else Const(BOOLEAN, empty)
                return nodes.Logic(BOOLEAN, op, parts)
            case "count":
                parts = tuple(
                    part if part.type.kind == "number" else nodes.Choice(node.type, part, _ONE, _ZERO) for part in parts
                )
        total: Node = parts[0] if parts else Const(node.type, 0)
        for part in parts[1:]:
            total = nodes.Arith(node.type, "+", total, part)
        name = f"over_items_{len(self._named) + 1}"
        self._named[name] = Meaning(name, says(node), None, total, False)
        return nodes.Named(node.type, name, total)

    def parts(self, node: Quantified) -> tuple[Node, ...]:
        """What stands for each item, and for those not told where the list may be incomplete."""
        own = tuple(self._of(node.body, node.kind, one) for one in self.instances.get(node.kind, ()))
        if node.kind in self.items.complete:
            return own
        match node.op:
            case "any":
                further = self._further(node.kind, node.body)
                return (*own, nodes.Compare(BOOLEAN, ">=", further, _ONE))
            case "all":
                further = self._further(node.kind, _opposite(node.body))
                return (*own, nodes.Compare(BOOLEAN, "<=", further, _ZERO))
            case "count":
                return (*own, self._further(node.kind, node.body))
        return (*own, self._further(node.kind, node.body, is_sum=True))

    def _of(self, body: Node, kind: ItemKind, one: _Instance) -> Node:
        """The body as it is said of one item: facts that are the firm's stay as they are."""
        if not one.suffix:
            return body

        def change(node: Node) -> Node:
            if isinstance(node, nodes.Fact):
                return node if not self.plain.facts[node.id].of else replace(node, id=f"{node.id}{one.suffix}")
            changed = mapped(node, change)
            return changed.body if changed is not node and isinstance(changed, nodes.Named) else changed

        return change(body)

    def _further(self, kind: ItemKind, body: Node, is_sum: bool = False) -> nodes.Fact:
        """The untold number of further items of which ``body`` holds, or what they come to."""
        key = kind, body, is_sum
        if key not in self._rest:
            name, words = f"further__{kind}_{len(self._rest) + 1}", KIND_WORDS[kind]
            if is_sum:
                type_ = _stored(body)
                label = Text(zh=f"没有填的其他{words.zh}合计", en=f"what the {words.several} not told come to")
                made = nodes.Fact(body.type, name)
                least = 0 if _is_never_negative(body, self.plain.facts) else None
                text = "/".join(word for word, power in body.type.unit if power > 0) or None
            else:
                type_, text, least = "integer", None, 0
                label = Text(
                    zh=f"没有填的其他{words.zh}中这样的{words.counter}数",
                    en=f"the number of such {words.several} not told",
                )
                made = nodes.Fact(Type("number", whole=True), name)
            cast("dict[str, Fact]", self.facts)[name] = Fact.model_validate(
                {"id": name, "type": type_, "unit": text, "min": least, "label": label, "question": label,
                 "group": "identity", "advise": "never"}
            )  # fmt: skip
            read = dict.fromkeys(fact for fact in nodes.facts_in(body) if self.plain.facts[fact].of)
            self.meant[name], self.further[name] = tuple(read), kind
            self._rest[key] = made
        return self._rest[key]

    def plain_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Facts of the vocabulary in place of those that are only here."""
        return tuple(dict.fromkeys(meant for name in names for meant in self.meant.get(name, (name,))))

    def said(self, told: Any) -> Any:
        """JSON with facts of the vocabulary, and beside them the item whose they are."""
        if isinstance(told, list):
            return [self.said(one) for one in told]
        if isinstance(told, dict):
            named = {key: self.said(value) for key, value in told.items()}
            item = self.of_item.get(str(told.get("fact")))
            return named if item is None else {**named, "item": item.to_json()}
        return (self.meant[told] or (told,))[0] if isinstance(told, str) and told in self.meant else told


def is_over_items(rulebook: Rulebook, slug: str) -> bool:
    """Whether a scheme speaks of several items and is not yet written out for those of a firm."""
    return slug in rulebook.quantified and not isinstance(rulebook, WrittenOut)


def written_out(
    rulebook: Rulebook, firm: Facts, items: Items, kind: ItemKind | None, item: Item | None, known: Facts
) -> WrittenOut:
    """The rulebook for schemes about ``kind`` (None: the firm) that are decided for ``item``.

    :param firm: what is told of the firm, and flat of kinds without items.
    :param known: what is known where the scheme is decided: of the firm, the item and what it is for.
    """
    told, instances, vocabulary = dict(known), {}, dict(rulebook.facts)
    meant: dict[str, tuple[str, ...]] = {}
    of_item: dict[str, Item] = {}
    for one_kind in KIND_WORDS:
        found = []
        for number, one in enumerate(items.of(one_kind), 1):
            suffix = "" if item is not None and one.id == item.id else f"__{one_kind}_{number}"
            found.append(_Instance(one.label, suffix))
            own = items.facts_of(firm, one) if suffix else {}
            for fact in rulebook.facts.values() if suffix else ():
                if fact.of:
                    name = f"{fact.id}{suffix}"
                    vocabulary[name] = _relabelled(fact, name, one.label)
                    meant[name], of_item[name] = (fact.id,), one
                    if fact.id in own:
                        told[name] = own[fact.id]
        is_flat = not found and (kind == one_kind or any(one_kind in rulebook.facts[name].of for name in firm))
        instances[one_kind] = (_Instance(Text(zh="-", en="-"), ""),) if is_flat else tuple(found)
    kept = {one.name: getattr(rulebook, one.name) for one in fields(Rulebook) if one.init}
    return WrittenOut(
        **{**kept, "facts": vocabulary},
        plain=rulebook,
        told=told,
        instances=instances,
        items=items,
        meant=meant,
        of_item=of_item,
    )


def flat(rulebook: Rulebook, slug: str, facts: Facts) -> WrittenOut:
    """The rulebook for a scheme of a firm that tells one of each kind at most, among its own facts."""
    return written_out(rulebook, facts, NO_ITEMS, kind_of(rulebook.schemes[slug].object), None, facts)


def generic(rulebook: Rulebook, slug: str, of_each: int = 1) -> Rulebook:
    """The rulebook for a firm of which nothing is told but that it has an item of each kind, and may have more."""
    if slug not in rulebook.quantified:
        return rulebook
    kind = kind_of(rulebook.schemes[slug].object)
    items = Items(tuple(Item(one, f"{one}-{number}") for one in KIND_WORDS for number in range(1, of_each + 1)))
    return written_out(rulebook, {}, items, kind, items.of(kind)[0] if kind else None, {})


def _relabelled(fact: Fact, name: str, label: Text) -> Fact:
    words = Text(zh=f"{label.zh}的{fact.label.zh}", en=f"{fact.label.en} of {label.en}")
    return fact.model_copy(update={"id": name, "label": words})


def _opposite(body: Node) -> Node:
    return body.arg if isinstance(body, nodes.Not) else nodes.Not(BOOLEAN, body)


def _stored(body: Node) -> str:
    """The type of a fact that holds such a sum."""
    if body.type.unit == YUAN:
        return "money"
    return "integer" if body.type.whole else "number"


def _is_never_negative(node: Node, facts: Mapping[str, Fact]) -> bool:
    """Whether the value is known not to lie below zero, so that further items only add."""
    match node:
        case nodes.Fact():
            least = facts[node.id].bounds[0]
            return least is not None and least >= 0
        case nodes.Const():
            return not isinstance(node.value, (str, bool)) and hasattr(node.value, "numerator") and node.value >= 0
        case nodes.Arith(op="+" | "*" | "/"):
            return all(_is_never_negative(part, facts) for part in node.parts)
        case nodes.Extreme(op="max"):
            return any(_is_never_negative(part, facts) for part in node.args)
        case nodes.Extreme(op="min"):
            return all(_is_never_negative(part, facts) for part in node.args)
        case nodes.Choice():
            return all(_is_never_negative(part, facts) for part in (node.then, node.other))
        case nodes.Named() | nodes.Retyped() | nodes.Whole():
            return _is_never_negative(node.parts[0], facts)
    return False


# ---------------------------------------------------------------------------------------------------------------------
# The conditions, sums and outputs of an edition, each written out.
# ---------------------------------------------------------------------------------------------------------------------


def _body(body: ResolvedBody, out: WrittenOut, says: Says) -> ResolvedBody:
    return replace(
        body,
        requires=_condition(body.requires, out, says),
        routes=tuple(_route(route, out, says) for route in body.routes),
        ask_first=tuple(_condition(one, out, says) for one in body.ask_first),
    )


def _route(route: ResolvedRoute, out: WrittenOut, says: Says) -> ResolvedRoute:
    benefit = route.benefit
    expr, least = (None if node is None else out.node(node, says) for node in (benefit.expr, benefit.least))
    gives = tuple(
        replace(one, expr=out.node(one.expr, says), unless=None if one.unless is None else out.node(one.unless, says))
        for one in route.gives
    )
    return replace(
        route,
        when=None if route.when is None else _condition(route.when, out, says),
        requires=_condition(route.requires, out, says),
        benefit=replace(benefit, expr=expr, least=least),
        gives=gives,
        recipient=out.node(route.recipient, says) if isinstance(route.recipient, Node) else route.recipient,
    )


def _condition(condition: Condition, out: WrittenOut, says: Says) -> Condition:
    """A test that is asked of every item becomes a branch with a test for each, so that each is seen to hold or to fail."""
    children = tuple(_condition(child, out, says) for child in condition.children)
    expr = condition.expr
    if isinstance(expr, Quantified) and expr.op in ("any", "all"):
        tests = tuple(
            Condition(f"{condition.id}.{number}", "test", expr=part, fails_on=_called(condition.fails_on, part))
            for number, part in enumerate(out.parts(expr), 1)
        )
        label = condition.label or says(expr)
        return replace(condition, kind=expr.op, expr=None, children=tests, fails_on=(), label=label)
    if expr is None or not any(isinstance(part, Quantified) for part in walk(expr)):
        return replace(condition, children=children)
    counted = tuple(
        fact
        for part in walk(expr)
        if isinstance(part, Quantified) and part.op == "count"
        for fact in nodes.facts_in(part)
    )
    written = out.node(expr, says)
    fails_on = _called(
        condition.fails_on or counted, written
    )  # a count fails by what is counted, which is no sum of facts
    return replace(condition, children=children, expr=written, fails_on=fails_on)


def _called(names: tuple[str, ...], node: Node) -> tuple[str, ...]:
    """These facts as they are called in a written-out expression: one for each item."""
    read = nodes.facts_in(node)
    return tuple(dict.fromkeys(fact for name in names for fact in read if fact == name or fact.startswith(f"{name}__")))
