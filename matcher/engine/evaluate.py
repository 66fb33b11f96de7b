"""The meaning of an expression in a world: its value, or the question whose answer would settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from matcher.rulebook import Condition
from matcher.rulebook.language import AsOf, Node, Rows, Scalar, code_classes, facts_in, nodes, walk

from . import polynomials, reckon
from .cells import Cell, explore, turning
from .polynomials import Poly, Ratio
from .reckon import among, code_in, compare, is_told, yes_no
from .worlds import UNPLACED, Open, RuleError, Split, Truth, World, both, either, negation

# ---------------------------------------------------------------------------------------------------------------------
# Remembers what was worked out of a few told facts, so that firms that tell the same of them are not worked out
# again.
#
# Most firms leave the same questions of a scheme open (no REIT, no ship, no training centre): the exact answer to
# "untold" is worked out once and remembered by the told facts that bear on it.
# ---------------------------------------------------------------------------------------------------------------------


MOST = 20_000

T = TypeVar("T")


def remembered(names: Iterable[str], work: Callable[[Mapping[str, Scalar], int], T]) -> Callable[..., T]:
    """``work(facts, day)`` remembered by the facts of these names and the day (0 where the rules do not use it)."""
    relevant = tuple(names)
    known: dict[tuple[object, ...], T] = {}

    def answer(facts: Mapping[str, Scalar], day: int = 0) -> T:
        key = (day, *map(facts.get, relevant))
        try:
            return known[key]
        except KeyError:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = work(facts, day)
            return found

    return answer


# ---------------------------------------------------------------------------------------------------------------------
# The values that an enumeration worked out from other facts can still have, kept for all firms that tell the same.
# ---------------------------------------------------------------------------------------------------------------------


MOST_KEPT = 512

Evaluate = Callable[[Node, World], Any]


@dataclass(slots=True)
class Known:
    """What was worked out of an enumeration; the node is held so that its identity stays its own."""

    node: nodes.Derived
    cells: list[tuple[World, Any]]
    turns: list[tuple[Cell, Cell, frozenset[str]]] | None = None

    def apart(self) -> list[tuple[Cell, Cell, frozenset[str]]]:
        """What tells the cells apart, worked out when first asked for."""
        if self.turns is None:
            self.turns = turning(self.cells)
        return self.turns


def known(node: nodes.Derived, world: World, evaluate: Evaluate) -> Known:
    """Worked out once for all firms that tell the same of the facts it is made of; the oldest are forgotten."""
    kept = world.context.derived
    made_of = kept.get(id(node.body)) or kept.setdefault(
        id(node.body), (node, facts_in(node.body), any(isinstance(part, AsOf) for part in walk(node.body)))
    )
    told = tuple((name, world.facts[name]) for name in made_of[1] if name in world.facts)
    bands = tuple((name, world.context.bands[name]) for name in made_of[1] if name in world.context.bands)
    key = (id(node.body), told, bands, world.context.day if made_of[2] else 0)
    found: Known | None = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)))
        found = kept[key] = Known(node, explore(lambda here: evaluate(node.body, here), world.derivation()))
    return found


def possible(node: nodes.Derived, world: World, evaluate: Evaluate) -> frozenset[str]:
    """The values that the told facts leave possible; all of them where the facts cannot place the firm."""
    found: set[str] = set()
    for _, outcome in known(node, world, evaluate).cells:
        if isinstance(outcome, str):
            found.add(outcome)
        else:
            found.update(node.type.values if outcome is UNPLACED else outcome.domain)
    return frozenset(found)


# ---------------------------------------------------------------------------------------------------------------------
# The meaning of an expression in a world: its value, or the question whose answer would settle it.
#
# Three-valued, decided by the bounds of what is untold: ``truth`` gives True, False or a Split. A Split is not
# merely "unknown" but the next question to split the world by, which is what makes a status settled under every
# completion.
# ---------------------------------------------------------------------------------------------------------------------


def holds(condition: Condition, world: World) -> Truth:
    """Whether a condition tree holds."""
    if condition.expr is not None:
        return truth(condition.expr, world)
    results = (holds(child, world) for child in condition.children)
    if condition.kind == "any":
        return either(results)
    if condition.kind == "not":
        return negation(both(results))
    return both(results)


def truth(node: Node, world: World) -> Truth:
    """Whether a boolean expression holds."""
    match node:
        case nodes.Fact():
            return yes_no(node.id, world)
        case nodes.Const():
            return bool(node.value)
        case nodes.Named():
            return truth(node.body, world)
        case nodes.Logic():
            results = (truth(arg, world) for arg in node.args)
            return both(results) if node.op == "and" else either(results)
        case nodes.Not():
            return negation(truth(node.arg, world))
        case nodes.Member():
            return _member(node, world)
        case nodes.Compare():
            return _compare(node, world)
        case nodes.Choice():
            chosen = _choose(node, world)
            return chosen if isinstance(chosen, Split) else truth(chosen, world)
    assert isinstance(node, nodes.Told), node
    assert isinstance(node.arg, nodes.Fact)
    return is_told(node.arg.id, world)


def _member(node: nodes.Member, world: World) -> Truth:
    assert isinstance(node.collection, nodes.Const)
    if node.item.type.kind == "code":
        assert isinstance(node.item, nodes.Fact)
        found = code_in(node.item.id, node.collection.value, world)
    else:
        item = value(node.item, world)
        found = item if isinstance(item, Split) else among(item, node.collection.value, world)
    return negation(found) if node.negated else found


def _compare(node: nodes.Compare, world: World) -> Truth:
    left, right = value(node.left, world), value(node.right, world)
    if isinstance(left, Split) or isinstance(right, Split):
        return left if isinstance(left, Split) else right
    if node.left.type.kind in ("number", "date"):
        return compare(node.op, left, right, world)
    found = among(left, frozenset((right,)), world)
    return found if node.op == "==" else negation(found)


def value(node: Node, world: World) -> Any:
    """The value: a number or quotient, a word, a day's ordinal, an Open enumeration, UNPLACED, or a Split."""
    match node:
        case nodes.Const():
            return node.value
        case nodes.Fact():
            return _fact(node, world)
        case nodes.AsOf():
            return world.context.day
        case nodes.Named() | nodes.Retyped():
            return value(node.parts[0], world)
        case nodes.Derived():
            return _derived(node, world)
        case nodes.Choice():
            chosen = _choose(node, world)
            return chosen if isinstance(chosen, Split) else value(chosen, world)
        case nodes.Lookup():
            return _look_up(node, world)
        case nodes.Classify():
            return _classify(node, world)
    return _reckoned(node, world)


def _reckoned(node: Node, world: World) -> Any:
    """A value that is reckoned from values."""
    match node:
        case nodes.Arith():
            return reckon.arithmetic(node.op, value(node.left, world), value(node.right, world))
        case nodes.Extreme(op="lower" | "higher"):
            return reckon.ranked(node.op, node.type.values, [value(arg, world) for arg in node.args])
        case nodes.Extreme():
            return reckon.extreme(node.op, (value(arg, world) for arg in node.args), world)
        case nodes.Progressive():
            assert isinstance(node.scale, nodes.Const)
            return reckon.progressive(value(node.amount, world), node.scale.value, world)
        case nodes.Whole():
            return reckon.whole(value(node.arg, world), world)
        case nodes.Shift():
            amount = value(node.amount, world)
            signed = amount if isinstance(amount, Split) else polynomials.multiply(amount, node.sign)
            return reckon.moved(value(node.day, world), signed, node.span)
        case nodes.Calendar():
            return reckon.calendar(node.op, value(node.day, world))
    return truth(node, world)


def _fact(node: nodes.Fact, world: World) -> Any:
    if node.id in world.facts:
        return world.facts[node.id]
    if node.type.kind in ("number", "date"):
        interval = world.interval(node.id)
        if interval.low is not None and interval.low == interval.high:
            return interval.low
        return Ratio(Poly.fact(node.id), polynomials.ONE)
    if node.type.kind == "boolean":
        return yes_no(node.id, world)
    domain = world.domain(node.id, frozenset(node.type.values))
    return next(iter(domain)) if len(domain) == 1 else Open(node.id, domain)


def _derived(node: nodes.Derived, world: World) -> Any:
    if node.told and node.id in world.facts:
        return world.facts[node.id]
    values = possible(node, world, value)
    if world.inside:
        return next(iter(values)) if len(values) == 1 else UNPLACED
    domain = world.domain(node.id, values)
    return next(iter(domain)) if len(domain) == 1 else Open(node.id, domain)


def _choose(node: nodes.Choice, world: World) -> Node | Split:
    decided = truth(node.condition, world)
    if isinstance(decided, Split):
        return decided
    return node.then if decided else node.other


def _look_up(node: nodes.Lookup, world: World) -> Any:
    """The row of a table. A key below which nothing differs is not asked for."""
    assert isinstance(node.table, nodes.Const)
    row = node.table.value
    for key in node.keys:
        if not isinstance(row, Rows):
            break
        found = value(key, world)
        if isinstance(found, Split) or found is UNPLACED:
            return found
        row = reckon.row_of(row, found, world)
        if row is None:
            raise RuleError(f"the table {node.table.name!r} has no row for {found!r}")
        if isinstance(row, Split):
            return row
    return row


def _classify(node: nodes.Classify, world: World) -> Any:
    assert isinstance(node.table, nodes.Const)
    code = value(node.code, world)
    return (code_classes(code, node.table.value) if isinstance(code, str) else None) or UNPLACED
