"""Turns the text of an expression into a typed tree, or says what is wrong with it.

The grammar is a closed subset of Python's, so the standard library's ``ast`` reads it; every construct that is not listed
here is refused, and nothing is ever evaluated by Python. Types and units are checked on the way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Protocol

from . import nodes, typing_rules
from .item_kinds import ITEM_KINDS, kind_of
from .nodes import Node
from .types import BOOLEAN, DATE, NO_UNIT, NUMBER, SPAN, LanguageError, Spec, Type

MAX_LENGTH = 1200

MAX_NESTING = 30

MAX_LEVELS = 60

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip

# `any(loan: …)` is no Python; with the colon made an equals sign, which is as long, it is a call with a name.
_OVER_ITEMS = re.compile(r"\b(any|all|sum|count)(\(\s*\w+\s*):")

_ARITH: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class Scope(Protocol):
    """What names an expression may use."""

    def name(self, name: str) -> Node | None:
        """The fact, concept or ``let`` of this name."""

    def parameter(self, name: str) -> Spec | None:
        """The kind of the parameter of this (dotted) name."""

    def nearest(self, name: str) -> str | None:
        """A known name that looks like it, for the message."""


def parse(text: str, scope: Scope) -> Node:
    """The typed tree of ``text``. Raises LanguageError."""
    return _Parser(scope).node(_syntax(text))


def parse_condition(text: str, scope: Scope) -> Node:
    """The same where a yes/no is wanted."""
    node = parse(text, scope)
    if node.type.kind != "boolean":
        raise LanguageError(f"a condition must be true or false; this is {node.type}")
    return node


def _syntax(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise LanguageError(f"{len(text)} characters long; at most {MAX_LENGTH} are read")
    depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_NESTING:
            raise LanguageError(f"brackets nested more than {MAX_NESTING} deep")
    try:
        tree = ast.parse(_OVER_ITEMS.sub(r"\1\2=", text.strip()), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        detail = error.msg if isinstance(error, SyntaxError) else type(error).__name__
        raise LanguageError(f"not an expression: {detail}") from None
    _not_too_deep(tree)
    return tree


def _not_too_deep(tree: ast.AST) -> None:
    """Level by level, so that a long chain of signs or operators cannot exhaust the stack of whoever walks the tree."""
    level = [tree]
    for _ in range(MAX_LEVELS):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise LanguageError(f"parts nested more than {MAX_LEVELS} deep; give a part a name of its own (let)")


def dotted(node: ast.expr) -> str | None:
    """``a.b.c`` as text, if the node is such a chain of plain names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


class _Parser:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.is_over_items = False

    def node(self, tree: ast.expr) -> Node:
        method = _CONSTRUCTS.get(type(tree))
        if method is None:
            raise LanguageError(f"{_describe(tree)} is not part of the language")
        return method(self, tree)

    def _constant(self, tree: ast.Constant) -> Node:
        value = tree.value
        if isinstance(value, bool):
            return nodes.Const(BOOLEAN, value)
        if isinstance(value, (int, float)):
            if isinstance(value, float) or value not in (0, 1):
                raise LanguageError(f"the number {value} has no name and no source; make it a parameter")
            return nodes.Const(NUMBER, value)
        if isinstance(value, str):
            return nodes.Const(Type("word"), value)
        raise LanguageError(f"{value!r} is not part of the language")

    def _name(self, tree: ast.Name) -> Node:
        if tree.id == "as_of":
            return nodes.AS_OF
        return self._known(tree.id)

    def _attribute(self, tree: ast.Attribute) -> Node:
        name = dotted(tree)
        if name is None:
            raise LanguageError("a dot may only stand in the name of a parameter")
        return self._known(name)

    def _known(self, name: str) -> Node:
        if name.startswith("_") or "__" in name or "._" in name:
            raise LanguageError(f"{name!r}: a name may not begin with an underscore")
        spec = self.scope.parameter(name)
        if spec is not None:
            return nodes.Param(spec.type, name)
        node = self.scope.name(name)
        if node is None:
            near = self.scope.nearest(name)
            raise LanguageError(f"unknown name {name!r}" + (f"; did you mean {near!r}?" if near else ""))
        return node

    def _compare(self, tree: ast.Compare) -> Node:
        operands = [tree.left, *tree.comparators]
        parts = [self._one(left, op, right) for left, op, right in zip(operands, tree.ops, operands[1:], strict=False)]
        return parts[0] if len(parts) == 1 else nodes.Logic(BOOLEAN, "and", tuple(parts), chain=True)

    def _one(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(op, (ast.In, ast.NotIn)):
            return typing_rules.member(self.node(left), self._collection(right), isinstance(op, ast.NotIn))
        symbol = _COMPARE.get(type(op))
        if symbol is None:
            raise LanguageError(f"{type(op).__name__} is not part of the language")
        return typing_rules.compare(symbol, self.node(left), self.node(right))

    def _collection(self, tree: ast.expr) -> Node:
        if not isinstance(tree, ast.Tuple):
            return self.node(tree)
        words = [self.node(item) for item in tree.elts]
        if not all(isinstance(word, nodes.Const) and word.type.kind == "word" for word in words):
            raise LanguageError("a list after 'in' holds words of an enumeration only")
        return nodes.Const(Type("set"), frozenset(word.value for word in words if isinstance(word, nodes.Const)))

    def _logic(self, tree: ast.BoolOp) -> Node:
        op = "and" if isinstance(tree.op, ast.And) else "or"
        return nodes.Logic(BOOLEAN, op, tuple(typing_rules.boolean(self.node(value)) for value in tree.values))

    def _unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            return nodes.Not(BOOLEAN, typing_rules.boolean(self.node(tree.operand)))
        if isinstance(tree.op, ast.USub):
            return typing_rules.arithmetic("-", nodes.Const(NUMBER, 0), self.node(tree.operand))
        raise LanguageError(f"{_describe(tree.op)} is not part of the language")

    def _binary(self, tree: ast.BinOp) -> Node:
        symbol = _ARITH.get(type(tree.op))
        if symbol is None:
            raise LanguageError(f"{_describe(tree.op)} is not part of the language")
        return typing_rules.arithmetic(symbol, self.node(tree.left), self.node(tree.right))

    def _choice(self, tree: ast.IfExp) -> Node:
        condition = typing_rules.boolean(self.node(tree.test))
        return typing_rules.choice(condition, self.node(tree.body), self.node(tree.orelse))

    def _subscript(self, tree: ast.Subscript) -> Node:
        name = dotted(tree.value)
        spec = self.scope.parameter(name) if name else None
        if name is None or spec is None or spec.kind != "table":
            raise LanguageError("only a table of the parameters can be looked up with [ ]")
        keys = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        return typing_rules.lookup(nodes.Param(spec.type, name), spec, [self.node(key) for key in keys])

    def _quantified(self, op: str, tree: ast.keyword) -> Node:
        """``any``, ``all``, ``sum`` or ``count`` over the items of a kind."""
        kind = kind_of(tree.arg or "")
        if kind is None:
            near = get_close_matches(tree.arg or "", ITEM_KINDS, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise LanguageError(f"unknown kind {tree.arg!r}; there are {', '.join(ITEM_KINDS)}{meant}")
        if self.is_over_items:
            raise LanguageError(f"{op} over items stands inside another; give each a condition of its own")
        self.is_over_items = True
        try:
            body = self.node(tree.value)
        finally:
            self.is_over_items = False
        return typing_rules.quantified(op, kind, body)

    def _call(self, tree: ast.Call) -> Node:
        if (
            isinstance(tree.func, ast.Name)
            and tree.func.id in QUANTIFIERS
            and not tree.args
            and len(tree.keywords) == 1
        ):
            return self._quantified(tree.func.id, tree.keywords[0])
        if not isinstance(tree.func, ast.Name) or tree.keywords or any(isinstance(a, ast.Starred) for a in tree.args):
            raise LanguageError("only the functions of the language can be called, without names or stars")
        function = FUNCTIONS.get(tree.func.id)
        if function is None and tree.func.id in QUANTIFIERS:
            raise LanguageError(
                f"{tree.func.id} is asked of items: {tree.func.id}(loan: …), of {', '.join(ITEM_KINDS)}"
            )
        if function is None:
            raise LanguageError(f"unknown function {tree.func.id!r}; there are {', '.join(sorted(FUNCTIONS))}")
        return function(self, [self.node(arg) for arg in tree.args])

    def table_of(self, node: Node, kind: str) -> tuple[Node, Spec]:
        """The parameter ``node`` must name, which must be of this kind."""
        spec = self.scope.parameter(node.id) if isinstance(node, nodes.Param) else None
        if spec is None or spec.kind != kind:
            raise LanguageError(f"a parameter of the kind {kind!r} is wanted here")
        return node, spec


def _describe(tree: ast.AST) -> str:
    names = {
        ast.Lambda: "lambda",
        ast.ListComp: "a comprehension",
        ast.Dict: "a dictionary",
        ast.JoinedStr: "an f-string",
    }
    return names.get(type(tree), type(tree).__name__)


def _exactly(count: int, args: list[Node], name: str) -> None:
    if len(args) != count:
        raise LanguageError(f"{name} takes {count} value{'s' if count > 1 else ''}, not {len(args)}")


def _stated(parser: _Parser, args: list[Node]) -> Node:
    """The fact as told, never the enumeration worked out under the same name."""
    _exactly(1, args, "stated")
    arg = args[0]
    if not isinstance(arg, nodes.Derived) or not arg.told:
        raise LanguageError("stated takes an enumeration that can be told or worked out")
    return nodes.Fact(arg.type, arg.id)


def _told(parser: _Parser, args: list[Node]) -> Node:
    _exactly(1, args, "told")
    if not isinstance(args[0], nodes.Fact):
        raise LanguageError("told takes the name of a fact")
    return nodes.Told(BOOLEAN, args[0])


def _extreme(op: str) -> Callable[[_Parser, list[Node]], Node]:
    return lambda parser, args: typing_rules.extreme(op, args)


def _mean(parser: _Parser, args: list[Node]) -> Node:
    if len(args) < 2:
        raise LanguageError("mean takes two values or more")
    total = args[0]
    for arg in args[1:]:
        total = typing_rules.arithmetic("+", total, arg)
    return nodes.Arith(Type("number", total.type.unit), "/", total, nodes.Const(NUMBER, len(args)))


def _count(parser: _Parser, args: list[Node]) -> Node:
    _exactly(1, args, "count")
    return nodes.Retyped(Type("number", whole=args[0].type.whole), typing_rules.number(args[0]))


def _whole(parser: _Parser, args: list[Node]) -> Node:
    _exactly(1, args, "whole")
    return nodes.Whole(Type("number", typing_rules.number(args[0]).type.unit, whole=True), args[0])


def _span(span: str) -> Callable[[_Parser, list[Node]], Node]:
    def function(parser: _Parser, args: list[Node]) -> Node:
        _exactly(1, args, span)
        if typing_rules.number(args[0]).type.unit not in (NO_UNIT, ((span, 1),)):
            raise LanguageError(f"{span} are wanted here, not {args[0].type}")
        return nodes.Shift(SPAN, nodes.Const(DATE, 0), args[0], span, 1)

    return function


def _calendar(op: str) -> Callable[[_Parser, list[Node]], Node]:
    def function(parser: _Parser, args: list[Node]) -> Node:
        _exactly(1, args, op)
        if args[0].type.kind != "date":
            raise LanguageError(f"{op} is taken of a day, not of {args[0].type}")
        return nodes.Calendar(Type("number", whole=True), op, args[0])

    return function


def _classify(parser: _Parser, args: list[Node]) -> Node:
    _exactly(2, args, "classify")
    table, spec = parser.table_of(args[1], "classes")
    if args[0].type.kind != "code":
        raise LanguageError("classify takes an industry code first")
    return nodes.Classify(Type("enum", values=spec.type.values), typing_rules.code(args[0]), table)


def _progressive(parser: _Parser, args: list[Node]) -> Node:
    _exactly(2, args, "progressive")
    scale, spec = parser.table_of(args[1], "scale")
    typing_rules.same_unit(args[0], nodes.Const(spec.keys[0].type, 1))
    return nodes.Progressive(Type("number", args[0].type.unit), args[0], scale)


QUANTIFIERS = ("any", "all", "sum", "count")

FUNCTIONS: dict[str, Callable[[_Parser, list[Node]], Node]] = {
    "min": _extreme("min"), "max": _extreme("max"), "lower": _extreme("lower"), "higher": _extreme("higher"),
    "mean": _mean, "count": _count, "whole": _whole, "classify": _classify, "progressive": _progressive,
    "days": _span("days"), "months": _span("months"), "years": _span("years"),
    "month": _calendar("month"), "year": _calendar("year"), "stated": _stated, "told": _told,
}  # fmt: skip

_CONSTRUCTS: dict[type[ast.expr], Callable[..., Node]] = {
    ast.Constant: _Parser._constant, ast.Name: _Parser._name, ast.Attribute: _Parser._attribute,
    ast.Compare: _Parser._compare, ast.BoolOp: _Parser._logic, ast.UnaryOp: _Parser._unary, ast.BinOp: _Parser._binary,
    ast.IfExp: _Parser._choice, ast.Subscript: _Parser._subscript, ast.Call: _Parser._call,
}  # fmt: skip
