"""The typing rules of the condition language: which values fit together, and what comes out."""

from __future__ import annotations

from itertools import pairwise

from . import nodes
from .item_kinds import ItemKind
from .nodes import Node
from .types import BOOLEAN, DATE, NO_UNIT, LanguageError, Spec, Type, product, unit_name

_ORDERED = ("<", "<=", ">", ">=")


def boolean(node: Node) -> Node:
    """The node, which must be true or false."""
    if node.type.kind != "boolean":
        raise LanguageError(f"true or false is wanted here, not {node.type}")
    return node


def number(node: Node) -> Node:
    """The node, which must be a number."""
    if node.type.kind != "number":
        raise LanguageError(f"a number is wanted here, not {node.type}")
    return node


def _is_zero(node: Node) -> bool:
    return isinstance(node, nodes.Const) and node.value == 0 and node.type.unit == NO_UNIT and not node.name


def quantified(op: str, kind: ItemKind, body: Node) -> Node:
    """``any``, ``all`` and ``count`` take true or false of each item, ``sum`` a number."""
    if any(isinstance(part, nodes.Quantified) for part in nodes.walk(body)):
        raise LanguageError(f"{op} over items stands inside another; give each a condition of its own")
    if op == "sum":
        return nodes.Quantified(number(body).type, op, kind, body)
    return nodes.Quantified(Type("number", whole=True) if op == "count" else BOOLEAN, op, kind, boolean(body))


def same_unit(left: Node, right: Node) -> Type:
    """The common type of two numbers or days. A bare 0 fits every unit."""
    if left.type.kind == right.type.kind == "date":
        return DATE
    number(left), number(right)
    if _is_zero(left):
        return right.type
    if left.type.unit != right.type.unit and not _is_zero(right):
        raise LanguageError(f"units do not fit: {unit_name(left.type.unit)} and {unit_name(right.type.unit)}")
    return Type("number", left.type.unit, whole=left.type.whole and (right.type.whole or _is_zero(right)))


def compare(op: str, left: Node, right: Node) -> Node:
    """A comparison; enumerations and words only by == and !=."""
    if left.type.kind == "word":
        raise LanguageError("write the fact first: fact == 'word'")
    if left.type.kind in ("number", "date"):
        same_unit(left, right)
        return nodes.Compare(BOOLEAN, op, left, right)
    if op in _ORDERED:
        raise LanguageError(f"{left.type} has no order; use == or in")
    if left.type.kind == "enum":
        _known_words(left, frozenset([_word(right)]))
        return nodes.Compare(BOOLEAN, op, left, nodes.Const(left.type, _word(right)))
    if left.type.kind == "boolean" and isinstance(right, nodes.Const) and right.type.kind == "boolean":
        wanted = right.value == (op == "==")
        return left if wanted else nodes.Not(BOOLEAN, left)
    raise LanguageError(f"{left.type} and {right.type} cannot be compared")


def _word(node: Node) -> str:
    if isinstance(node, nodes.Const) and node.type.kind in ("word", "enum"):
        return str(node.value)
    raise LanguageError("an enumeration is compared with one of its words in quotes")


def _known_words(node: Node, words: frozenset[str]) -> None:
    unknown = sorted(words - set(node.type.values))
    if unknown:
        raise LanguageError(f"{unknown[0]!r} is not among {', '.join(node.type.values)}")


def member(item: Node, collection: Node, negated: bool) -> Node:
    """``item in collection``."""
    if item.type.kind == "code" and collection.type.kind == "codes":
        return nodes.Member(BOOLEAN, code(item), collection, negated)
    if item.type.kind != "enum" or collection.type.kind != "set":
        raise LanguageError(f"{item.type} cannot be in {collection.type}")
    words = collection.value if isinstance(collection, nodes.Const) else frozenset(collection.type.values)
    _known_words(item, frozenset(words))
    return nodes.Member(BOOLEAN, item, collection, negated)


def code(node: Node) -> nodes.Fact:
    """The industry code as the firm tells it: whether a code too short to tell is under a range is asked of that fact itself."""
    if not isinstance(node, nodes.Fact):
        raise LanguageError("an industry code is named by its fact, not by another name")
    return node


def arithmetic(op: str, left: Node, right: Node) -> Node:
    """``+ - * /`` with units; a day plus or minus a span; a day minus a day in days."""
    if left.type.kind == "date":
        return _day(op, left, right)
    number(left), number(right)
    if op in "+-":
        return nodes.Arith(same_unit(left, right), op, left, right)
    if op == "/" and _is_zero(right):
        raise LanguageError("divided by 0")
    unit = product(left.type.unit, right.type.unit, 1 if op == "*" else -1)
    return nodes.Arith(Type("number", unit), op, left, right)


def _day(op: str, left: Node, right: Node) -> Node:
    if isinstance(right, nodes.Shift) and right.type.kind == "span" and op in "+-":
        return nodes.Shift(DATE, left, right.amount, right.span, 1 if op == "+" else -1)
    if right.type.kind == "date" and op == "-":
        return nodes.Arith(Type("number", (("days", 1),), whole=True), "-", left, right)
    raise LanguageError(f"a day {op} {right.type} has no meaning")


def extreme(op: str, args: list[Node]) -> Node:
    """min and max of numbers or days, lower and higher of one enumeration."""
    if len(args) < 2:
        raise LanguageError(f"{op} takes two values or more")
    if op in ("lower", "higher"):
        if any(arg.type.kind != "enum" or set(arg.type.values) != set(args[0].type.values) for arg in args):
            raise LanguageError(f"{op} takes values of one ordered enumeration")
        return nodes.Extreme(args[0].type, op, tuple(args))
    type_ = args[0].type
    for left, right in pairwise(args):
        type_ = same_unit(left, right)
    return nodes.Extreme(type_, op, tuple(args))


def choice(condition: Node, then: Node, other: Node) -> Node:
    """``then if condition else other``: both of one type; two words of its own only where an output is given in words."""
    if then.type.kind == other.type.kind and then.type.kind in ("boolean", "enum", "date", "word"):
        return nodes.Choice(then.type, condition, then, other)
    return nodes.Choice(same_unit(then, other), condition, then, other)


def lookup(table: Node, spec: Spec, keys: list[Node]) -> Node:
    """A look-up: as many keys as the table has, each of its kind."""
    if len(keys) != len(spec.keys):
        raise LanguageError(f"the table is looked up by {len(spec.keys)} keys, not {len(keys)}")
    for key, wanted in zip(keys, spec.keys, strict=True):
        if wanted.kind == "enum":
            if key.type.kind != "enum" or set(key.type.values) != set(wanted.type.values):
                raise LanguageError(f"the table is looked up by {wanted.type}, not by {key.type}")
        else:
            same_unit(key, nodes.Const(wanted.type, 1))
    return nodes.Lookup(spec.type, table, tuple(keys))
