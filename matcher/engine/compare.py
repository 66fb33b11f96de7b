"""Comparisons in a world: decided by the bounds of what is untold, or the question that would decide them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from matcher.engine import forms
from matcher.engine.days import last_day_with
from matcher.engine.forms import FLIPPED, Ratio
from matcher.engine.outcomes import Moved, Open, RuleError, Truth, both, negation
from matcher.engine.worlds import Restriction, Split, World, bound_question, choice
from matcher.rulebook.language.tables import code_matches, code_may_match


def yes_no(name: str, world: World) -> Truth:
    """Whether a yes/no fact is true."""
    if name in world.facts:
        return bool(world.facts[name])
    domain = world.domain(name, frozenset((True, False)))
    if len(domain) == 1:
        return True in domain
    return choice(name, domain, frozenset((True,)), by_department=name.startswith("dept_"))


def asked(var: str, facts: tuple[str, ...], world: World) -> Truth:
    """A yes/no of its own that the told facts leave open, such as how two untold days lie to each other."""
    known = world.box.get(var)
    if isinstance(known, frozenset):
        return True in known
    return Split(var, facts, (Restriction(frozenset((True,))), Restriction(frozenset((False,)))))


def is_told(name: str, world: World) -> Truth:
    """Whether a fact is told: a firm is asked for it, a department's finding is there or not."""
    if name in world.facts or name.startswith("dept_"):
        return name in world.facts
    return asked(f"told:{name}", (name,), world)


def among(value: Any, words: frozenset[str]) -> Truth:
    """Whether a word, or an untold enumeration, is among the words."""
    if isinstance(value, Open):
        if value.domain <= words:
            return True
        return (
            choice(value.name, value.domain, words, by_department=value.name.startswith("dept_"))
            if value.domain & words
            else False
        )
    return value in words


def code_in(name: str, ranges: tuple[tuple[str, str], ...], world: World) -> Truth:
    """Whether an industry code lies under the ranges; a code too short to tell ranges over its classes."""
    code = world.facts.get(name, "")
    if code and code_matches(code, ranges):
        return True
    if code and not code_may_match(code, ranges):
        return False
    classes = frozenset(one for one in world.context.industry_classes if one.startswith(code))
    domain = world.domain(name, classes)
    chosen = domain & _classes_within(ranges, world)
    if not chosen or chosen == domain:
        return bool(chosen)
    return choice(name, domain, chosen, by_department=False)


def _classes_within(ranges: tuple[tuple[str, str], ...], world: World) -> frozenset[str]:
    """The industry classes under the ranges, worked out once a rulebook."""
    kept, key = world.context.derived, ("classes", ranges)
    if key not in kept:
        kept[key] = frozenset(one for one in world.context.industry_classes if code_matches(one, ranges))
    found: frozenset[str] = kept[key]
    return found


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
        return asked(f"days:{left.name}+{left.amount}{left.span}{op}{other}", names, world)
    last = last_day_with(left.amount, left.span, right, strict=op in ("<", ">="))
    form = ((((left.name,), Fraction(1))),)
    exact = "<=" if op in ("<", "<=") else ">"
    decided = world.form_interval(form).decides(exact, last)
    return decided if decided is not None else bound_question(form, exact, last, by_department=False)
