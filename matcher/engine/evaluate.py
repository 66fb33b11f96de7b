"""The meaning of an expression in a world: its value, or the question whose answer would settle it.

Three-valued, decided by the bounds of what is untold: ``truth`` gives True, False or a Split. A Split is not merely
"unknown" but the next question to split the world by, which is what makes a status settled under every completion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from matcher.engine import forms
from matcher.engine.days import last_day_with, shift
from matcher.engine.forms import FLIPPED, Number, Poly, Ratio
from matcher.engine.worlds import Restriction, Split, World, bound_question, choice
from matcher.rulebook.conditions import Condition
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node
from matcher.rulebook.language.tables import Rows, code_classes, code_matches, code_may_match

Truth = bool | Split


@dataclass(frozen=True, slots=True)
class Open:
    """An untold enumeration: its variable, its facts, and the values it can still have."""

    name: str
    domain: frozenset[str]


@dataclass(frozen=True, slots=True)
class Moved:
    """An untold day moved by a span: compared through the last day that still meets a bound."""

    name: str
    amount: int
    span: str


UNPLACED = object()  # an enumeration that the told facts cannot place at all (an industry outside the standard)


class RuleError(Exception):
    """A rule came to something it cannot decide (a divisor that may be zero, a look-up without a row)."""


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


def both(results: Iterable[Truth]) -> Truth:
    """All of them. Any false child decides, so all are looked at before a question is asked; the firm is asked first."""
    question: Split | None = None
    for result in results:
        if result is False:
            return False
        if isinstance(result, Split) and (question is None or (question.by_department and not result.by_department)):
            question = result
    return True if question is None else question


def either(results: Iterable[Truth]) -> Truth:
    """Any of them."""
    return negation(both(negation(result) for result in results))


def negation(result: Truth) -> Truth:
    """The opposite; a question stays the same question."""
    return result if isinstance(result, Split) else not result


def truth(node: Node, world: World) -> Truth:
    """Whether a boolean expression holds."""
    match node:
        case nodes.Fact():
            return _yes_no(node.id, world)
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
        case nodes.Told():
            assert isinstance(node.arg, nodes.Fact)
            return _told(node.arg.id, world)
    raise RuleError(f"{type(node).__name__} is not true or false")


def _yes_no(name: str, world: World) -> Truth:
    if name in world.facts:
        return bool(world.facts[name])
    domain = world.domain(name, frozenset((True, False)))
    if len(domain) == 1:
        return True in domain
    return choice(name, domain, frozenset((True,)), by_department=name.startswith("dept_"))


def _asked(var: str, facts: tuple[str, ...], world: World) -> Truth:
    """A yes/no of its own that the told facts leave open, such as how two untold days lie to each other."""
    known = world.box.get(var)
    if isinstance(known, frozenset):
        return True in known
    return Split(var, facts, (Restriction(frozenset((True,))), Restriction(frozenset((False,)))))


def _told(name: str, world: World) -> Truth:
    """Whether a fact is told: a firm is asked for it, a department's finding is there or not."""
    if name in world.facts or name.startswith("dept_"):
        return name in world.facts
    return _asked(f"told:{name}", (name,), world)


def _among(value: Any, words: frozenset[str]) -> Truth:
    if isinstance(value, Open):
        if value.domain <= words:
            return True
        return (
            choice(value.name, value.domain, words, by_department=value.name.startswith("dept_"))
            if value.domain & words
            else False
        )
    return value in words


def _member(node: nodes.Member, world: World) -> Truth:
    assert isinstance(node.collection, nodes.Const)
    if node.item.type.kind == "code":
        found = _code_in(node.item, node.collection.value, world)
    else:
        item = value(node.item, world)
        found = item if isinstance(item, Split) else _among(item, node.collection.value)
    return negation(found) if node.negated else found


def _code_in(item: Node, ranges: tuple[tuple[str, str], ...], world: World) -> Truth:
    assert isinstance(item, nodes.Fact)
    code = world.facts.get(item.id, "")
    if code and code_matches(code, ranges):
        return True
    if code and not code_may_match(code, ranges):
        return False
    classes = frozenset(one for one in world.context.industry_classes if one.startswith(code))
    domain = world.domain(item.id, classes)
    chosen = domain & _classes_within(ranges, world)
    if not chosen or chosen == domain:
        return bool(chosen)
    return choice(item.id, domain, chosen, by_department=False)


def _classes_within(ranges: tuple[tuple[str, str], ...], world: World) -> frozenset[str]:
    """The industry classes under the ranges, worked out once a rulebook."""
    kept, key = world.context.derived, ("classes", ranges)
    if key not in kept:
        kept[key] = frozenset(one for one in world.context.industry_classes if code_matches(one, ranges))
    found: frozenset[str] = kept[key]
    return found


def _compare(node: nodes.Compare, world: World) -> Truth:
    left, right = value(node.left, world), value(node.right, world)
    if isinstance(left, Split) or isinstance(right, Split):
        return left if isinstance(left, Split) else right
    if node.left.type.kind in ("number", "date"):
        return compare(node.op, left, right, world)
    found = _among(left, frozenset((right,)))
    return found if node.op == "==" else negation(found)


def compare(op: str, left: Any, right: Any, world: World) -> Truth:
    """Compare two numbers or days, told or not."""
    if op == "==":
        return both(compare(part, left, right, world) for part in ("<=", ">="))
    if op == "!=":
        return negation(compare("==", left, right, world))
    if isinstance(left, Moved) or isinstance(right, Moved):
        return _compare_moved(op, left, right, world)
    difference = forms.add(left, right, -1)
    if not isinstance(difference, Ratio):
        return {"<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[op]
    return _sign(op, difference, world)


def _sign(op: str, value_: Ratio, world: World) -> Truth:
    """``value op 0`` for a number with untold facts in it: the divisor is positive, so the dividend decides."""
    if value_.under.constant is None:
        under = forms.bounds(Ratio(value_.under, forms.ONE), world.interval)
        if under.low is None or under.low < 0 or (under.low == 0 and not under.low_open):
            raise RuleError(f"a divisor that may be zero: {', '.join(value_.under.facts)}")
    alone = value_.over.constant
    if alone is not None:
        return compare(op, alone, 0, world)
    form, factor, constant = value_.over.canonical()
    bound = -constant / factor
    exact = op if factor > 0 else FLIPPED[op]
    decided = world.form_interval(form).decides(exact, bound)
    if decided is not None:
        return decided
    facts = [name for monomial, _ in form for name in monomial]
    return bound_question(form, exact, bound, by_department=all(name.startswith("dept_") for name in facts))


def _compare_moved(op: str, left: Any, right: Any, world: World) -> Truth:
    """An untold day moved by months or years against a told one: the same as the day itself against a day of its own."""
    if isinstance(right, Moved):
        left, right, op = right, left, FLIPPED[op]
    if isinstance(right, (Ratio, Moved)):
        other = right.name if isinstance(right, Moved) else "+".join(right.over.facts)
        names = (left.name, right.name) if isinstance(right, Moved) else (left.name, *right.over.facts)
        return _asked(f"days:{left.name}+{left.amount}{left.span}{op}{other}", names, world)
    last = last_day_with(left.amount, left.span, right, strict=op in ("<", ">="))
    form = ((((left.name,), Fraction(1))),)
    exact = "<=" if op in ("<", "<=") else ">"
    decided = world.form_interval(form).decides(exact, last)
    return decided if decided is not None else bound_question(form, exact, last, by_department=False)


# --- values ------------------------------------------------------------------------------------------------------------


def value(node: Node, world: World) -> Any:
    """The value: a number or quotient, a word, a day's ordinal, an Open enumeration, UNPLACED, or a Split."""
    match node:
        case nodes.Const():
            return node.value
        case nodes.Fact():
            return _fact(node, world)
        case nodes.AsOf():
            return world.context.day
        case nodes.Named():
            return value(node.body, world)
        case nodes.Derived():
            return _derived(node, world)
        case nodes.Arith():
            return _arithmetic(node, world)
        case nodes.Retyped():
            return value(node.arg, world)
        case nodes.Choice():
            chosen = _choose(node, world)
            return chosen if isinstance(chosen, Split) else value(chosen, world)
        case nodes.Extreme():
            return _extreme(node, world)
        case nodes.Lookup():
            return look_up(node, world)
        case nodes.Classify():
            return _classify(node, world)
        case nodes.Progressive():
            return _progressive(node, world)
        case nodes.Whole():
            return _whole(node, world)
        case nodes.Shift():
            return _shift(node, world)
        case nodes.Calendar():
            return _calendar(node, world)
    return truth(node, world)


def _fact(node: nodes.Fact, world: World) -> Any:
    if node.id in world.facts:
        return world.facts[node.id]
    if node.type.kind in ("number", "date"):
        interval = world.interval(node.id)
        if interval.low is not None and interval.low == interval.high:
            return interval.low
        return Ratio(Poly.fact(node.id), forms.ONE)
    if node.type.kind == "boolean":
        return _yes_no(node.id, world)
    domain = world.domain(node.id, frozenset(node.type.values))
    return next(iter(domain)) if len(domain) == 1 else Open(node.id, domain)


def _derived(node: nodes.Derived, world: World) -> Any:
    if node.told and node.id in world.facts:
        return world.facts[node.id]
    from matcher.engine.derive import possible  # works the enumeration out by the cells of its own expression

    values = possible(node, world)
    if world.inside:
        return next(iter(values)) if len(values) == 1 else UNPLACED
    domain = world.domain(node.id, values)
    return next(iter(domain)) if len(domain) == 1 else Open(node.id, domain)


def _arithmetic(node: nodes.Arith, world: World) -> Any:
    left, right = value(node.left, world), value(node.right, world)
    if isinstance(left, Split) or isinstance(right, Split):
        return left if isinstance(left, Split) else right
    if node.op in "+-":
        return forms.add(left, right, 1 if node.op == "+" else -1)
    if node.op == "*":
        return forms.multiply(left, right)
    try:
        return forms.divide(left, right)
    except ZeroDivisionError:
        raise RuleError("a division by zero") from None


def _choose(node: nodes.Choice, world: World) -> Node | Split:
    decided = truth(node.condition, world)
    if isinstance(decided, Split):
        return decided
    return node.then if decided else node.other


def _extreme(node: nodes.Extreme, world: World) -> Any:
    if node.op in ("lower", "higher"):
        return _ranked(node, world)
    best = value(node.args[0], world)
    for arg in node.args[1:]:
        other = value(arg, world)
        if isinstance(best, Split) or isinstance(other, Split):
            return best if isinstance(best, Split) else other
        smaller = compare("<=", best, other, world)
        if isinstance(smaller, Split):
            return smaller
        best = best if smaller == (node.op == "min") else other
    return best


def _ranked(node: nodes.Extreme, world: World) -> Any:
    """The lowest (or highest) of ordered words; the end of the order decides whatever the others are."""
    ranks = list(node.type.values) if node.op == "lower" else list(reversed(node.type.values))
    found = [value(arg, world) for arg in node.args]
    words = [one for one in found if isinstance(one, str)]
    best = max(words, key=ranks.index) if words else None
    if best == ranks[-1] or len(words) == len(found):
        return best
    return next(one for one in found if not isinstance(one, str))


def look_up(node: nodes.Lookup, world: World) -> Any:
    """The row of a table. A key below which nothing differs is not asked for."""
    assert isinstance(node.table, nodes.Const)
    row = node.table.value
    for key in node.keys:
        if not isinstance(row, Rows):
            break
        found = value(key, world)
        if isinstance(found, Split) or found is UNPLACED:
            return found
        row = _word_row(row, found, world) if row.kind == "enum" else _band_row(row, found, world)
        if row is None:
            raise RuleError(f"the table {node.table.name!r} has no row for {found!r}")
        if isinstance(row, Split):
            return row
    return row


def _word_row(rows: Rows, key: Any, world: World) -> Any:
    if not isinstance(key, Open):
        return rows.word(key)
    groups: dict[Any, frozenset[str]] = {}
    for word in sorted(key.domain):
        row = rows.word(word)
        groups[row] = groups.get(row, frozenset()) | {word}
    if len(groups) == 1:
        return next(iter(groups))
    return choice(key.name, key.domain, next(iter(groups.values())), by_department=key.name.startswith("dept_"))


def _band_row(rows: Rows, key: Any, world: World) -> Any:
    if not isinstance(key, Ratio):
        return rows.number(key)
    below = None
    for bound, row in rows.rows:
        inside = compare(">=" if rows.kind == "band" else "<=", key, bound, world)
        if isinstance(inside, Split):
            return inside
        if rows.kind == "upto" and inside:
            return row
        if rows.kind == "band" and not inside:
            return below
        below = row
    return below if rows.kind == "band" else rows.other


def _classify(node: nodes.Classify, world: World) -> Any:
    assert isinstance(node.table, nodes.Const)
    code = value(node.code, world)
    return (code_classes(code, node.table.value) if isinstance(code, str) else None) or UNPLACED


def _progressive(node: nodes.Progressive, world: World) -> Any:
    """Each slice at its own rate: the sum over the slices that the amount reaches."""
    assert isinstance(node.scale, nodes.Const)
    amount = value(node.amount, world)
    if isinstance(amount, Split):
        return amount
    total: Any = Fraction(0)
    lower: Number = 0
    for upper, rate in (*node.scale.value.rows, (None, node.scale.value.other)):
        beyond = False if upper is None else compare(">", amount, upper, world)
        if isinstance(beyond, Split):
            return beyond
        if not beyond:
            return forms.add(total, forms.multiply(forms.add(amount, lower, -1), rate))
        total = forms.add(total, (upper - lower) * rate)
        lower = upper
    return total


def _whole(node: nodes.Whole, world: World) -> Any:
    """Rounded down. Untold: split at whole numbers from the least one on, which needs an upper end."""
    arg = value(node.arg, world)
    if isinstance(arg, Split):
        return arg
    if not isinstance(arg, Ratio):
        return arg // 1
    interval = forms.bounds(arg, world.interval)
    if interval.low is None or interval.high is None:
        raise RuleError("rounding down an untold number without ends")
    least = interval.low // 1
    reached = compare(">=", arg, least + 1, world)
    return least if reached is False else reached


def _shift(node: nodes.Shift, world: World) -> Any:
    day, amount = value(node.day, world), value(node.amount, world)
    if isinstance(day, Split) or isinstance(amount, Split):
        return day if isinstance(day, Split) else amount
    if isinstance(amount, Ratio):
        raise RuleError("a day moved by an untold span")
    if isinstance(day, Ratio):
        return Moved(day.over.facts[0], node.sign * int(amount), node.span)
    return shift(day, node.sign * int(amount), node.span)


def _calendar(node: nodes.Calendar, world: World) -> Any:
    from datetime import date

    day = value(node.day, world)
    if isinstance(day, (Ratio, Split)):
        raise RuleError(f"the {node.op} of an untold day")
    return getattr(date.fromordinal(day), node.op)
