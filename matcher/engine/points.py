"""A firm inside a box: one value for every fact that a world's box speaks of, such that all of the box holds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from matcher.rulebook import Fact
from matcher.text import Number

from .polynomials import FormKey, Interval
from .worlds import World

_MORE_TRIES = 4

# What a firm might well have, in the unit kept inside; taken where the box leaves the choice.
_USUAL: Mapping[str, Number] = {
    "money": 100_000_000,
    "integer": 10,
    "number": Fraction(10),
    "rate": Fraction(1, 20),
}


def point(world: World) -> dict[str, Any] | None:
    """Values (as the engine keeps them) of the told facts and those of the box; None where none were found.

    A form of several facts is met by moving one of them. What depends on two days at once is not looked at: whoever asks
    decides again with the values.
    """
    values = dict(world.facts)
    for var, domain in world.box.items():
        if isinstance(var, str) and var in world.context.vocabulary:
            values[var] = _first(world, var) if isinstance(domain, frozenset) else usual(world, var, domain)
        elif isinstance(var, str) and var.startswith("told:") and domain == frozenset({True}):
            values.setdefault(var.removeprefix("told:"), usual_of(world, var.removeprefix("told:")))
    forms = {
        var: domain for var, domain in world.box.items() if isinstance(var, tuple) and isinstance(domain, Interval)
    }
    for name in (name for form in forms for monomial, _ in form for name in monomial):
        values.setdefault(name, usual_of(world, name))
    for _ in range(len(forms) + _MORE_TRIES):
        missed = next((form for form, wanted in forms.items() if not _meets(form, wanted, values)), None)
        if missed is None:
            return values
        if not _moved(missed, forms[missed], values, world):
            return None
    return None


def usual_of(world: World, name: str) -> Any:
    """An ordinary value of a fact within the box."""
    fact = world.context.vocabulary[name]
    if fact.type == "boolean" or fact.values:
        return _first(world, name)
    if fact.type == "text":
        return min(world.domain(name, world.context.industry_classes), default="")
    return usual(world, name, world.interval(name))


def _first(world: World, name: str) -> Any:
    """The first word of an enumeration, the lowest code, or no rather than yes, that the box leaves."""
    fact = world.context.vocabulary[name]
    all_of_it: frozenset[Any] = frozenset(fact.values) or (
        frozenset({False, True}) if fact.type == "boolean" else frozenset()
    )
    domain = world.domain(name, all_of_it)
    ordered = [word for word in fact.values if word in domain]
    return ordered[0] if ordered else min(domain)


def usual(world: World, name: str, interval: Interval) -> Number:
    """The usual value where the interval holds it, else the end next to it, else one between the ends."""
    fact = world.context.vocabulary[name]
    wanted = _wanted(fact, world)
    if interval.meets(Interval(wanted, wanted)):
        return wanted
    ends = [(interval.low, interval.low_open), (interval.high, interval.high_open)]
    closed: list[Number] = [end for end, is_open in ends if end is not None and not is_open]
    if closed:
        found: Number = min(closed, key=lambda end: abs(Fraction(end - wanted)))
    elif interval.low is not None and interval.high is not None:
        found = Fraction(interval.low + interval.high) / 2
    else:
        found = interval.low + 1 if interval.low is not None else (interval.high or 0) - 1
    return int(found) if world.whole(name) else Fraction(found)


def _wanted(fact: Fact, world: World) -> Number:
    return world.context.day - 1000 if fact.type == "date" else _USUAL.get(fact.type, 0)


def _value(form: FormKey, values: Mapping[str, Any]) -> Fraction:
    return sum((c * prod(values[name] for name in monomial) for monomial, c in form), Fraction(0))


def _meets(form: FormKey, wanted: Interval, values: Mapping[str, Any]) -> bool:
    found = _value(form, values)
    return wanted.meets(Interval(found, found))


def _moved(form: FormKey, wanted: Interval, values: dict[str, Any], world: World) -> bool:
    """Move one fact that is not told so that the form lies where it is wanted; False where none can."""
    for name in sorted({name for monomial, _ in form for name in monomial} - set(world.facts)):
        if any(monomial.count(name) > 1 for monomial, _ in form):
            continue
        rest = _value(tuple(term for term in form if name not in term[0]), values)
        factor = _value(form, {**values, name: 1}) - rest
        if factor:
            interval = _solved(wanted, rest, factor, name, world)
            if not interval.empty:
                values[name] = usual(world, name, interval)
                return True
    return False


def _solved(wanted: Interval, rest: Fraction, factor: Fraction, name: str, world: World) -> Interval:
    """Where a fact must lie, within the box, for rest + factor × fact to lie where it is wanted."""
    found, whole = world.interval(name), world.whole(name)
    for op, end, is_open in ((">", wanted.low, wanted.low_open), ("<", wanted.high, wanted.high_open)):
        if end is not None:
            turned = op if factor > 0 else {"<": ">", ">": "<"}[op]
            found = found.cut(turned if is_open else f"{turned}=", (end - rest) / factor, whole)
    return found
