"""Reckoning with values in a world: comparisons, extremes, rows of tables, slices of a scale, whole numbers, days moved by months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook.language import Rows, code_matches, code_may_match
from matcher.text import Number

from . import polynomials
from .polynomials import FLIPPED, Ratio
from .worlds import Moved, Open, Restriction, RuleError, Split, Truth, World, both, bound_question, choice, negation

# ---------------------------------------------------------------------------------------------------------------------
# Days moved by days, months and years: the same day of the month, or its last day where there is none.
# ---------------------------------------------------------------------------------------------------------------------


_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


def shift(day: int, amount: int, span: str) -> int:
    """The ordinal of ``day`` moved by ``amount`` days, months or years; 29 February + 1 year is 28 February."""
    if span == "days":
        return day + amount
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + amount * (12 if span == "years" else 1)
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        return _FIRST if year < date.min.year else _LAST
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def last_day_with(amount: int, span: str, bound: int, *, strict: bool) -> int:
    """The last day d for which d moved by ``amount`` is ≤ ``bound`` (< with ``strict``). Found by search: moving is monotone."""
    low, high = _FIRST, _LAST
    while low < high:
        middle = (low + high + 1) // 2
        moved = shift(middle, amount, span)
        if moved < bound or (moved == bound and not strict):
            low = middle
        else:
            high = middle - 1
    return low


# ---------------------------------------------------------------------------------------------------------------------
# Comparisons in a world: decided by the bounds of what is untold, or the question that would decide them.
# ---------------------------------------------------------------------------------------------------------------------


def yes_no(name: str, world: World) -> Truth:
    """Whether a yes/no fact is true."""
    if name in world.facts:
        return bool(world.facts[name])
    domain = world.domain(name, frozenset((True, False)))
    if len(domain) == 1:
        return True in domain
    return choice(name, domain, frozenset((True,)), world)


def asked(var: str, facts: tuple[str, ...], world: World) -> Truth:
    """A yes/no of its own that the told facts leave open, such as how two untold days lie to each other."""
    known = world.box.get(var)
    if isinstance(known, frozenset):
        return True in known
    return Split(var, facts, (Restriction(frozenset((True,))), Restriction(frozenset((False,)))))


def is_told(name: str, world: World) -> Truth:
    """Whether a fact is told: a firm is asked for it, a department's finding is there or not."""
    if name in world.facts or world.context.is_finding(name):
        return name in world.facts
    return asked(f"told:{name}", (name,), world)


def among(value: Any, words: frozenset[str], world: World) -> Truth:
    """Whether a word, or an untold enumeration, is among the words."""
    if isinstance(value, Open):
        if value.domain <= words:
            return True
        return choice(value.name, value.domain, words, world) if value.domain & words else False
    return value in words


def code_in(name: str, ranges: tuple[tuple[str, str], ...], world: World) -> Truth:
    """Whether an industry code lies under the ranges; a code too short to tell ranges over its classes."""
    code = world.facts.get(name, "")
    if code and code_matches(code, ranges):
        return True
    if code and not code_may_match(code, ranges):
        return False
    domain = world.domain(name, _classes_under(code, world))
    chosen = domain & _classes_within(ranges, world)
    if not chosen or chosen == domain:
        return bool(chosen)
    return choice(name, domain, chosen, world)


def _classes_under(code: str, world: World) -> frozenset[str]:
    """The industry classes that a code is short for (all, where it is empty), worked out once a rulebook."""
    kept, key = world.context.derived, ("under", code)
    if key not in kept:
        kept[key] = frozenset(one for one in world.context.industry_classes if one.startswith(code))
    found: frozenset[str] = kept[key]
    return found


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
    if isinstance(left, Ratio) and not isinstance(right, Ratio) and (form := left.alone) is not None:
        decided = world.form_interval(form).decides(op, right)  # most conditions: one untold fact against a told number
        return bound_question(form, op, Fraction(right), world) if decided is None else decided
    difference = polynomials.add(left, right, -1)
    if not isinstance(difference, Ratio):
        return {"<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[op]
    return _sign(op, difference, world)


def _sign(op: str, value_: Ratio, world: World) -> Truth:
    """``value op 0`` for a number with untold facts in it: the divisor is positive, so the dividend decides."""
    if value_.under.constant is None:
        under = polynomials.bounds(Ratio(value_.under, polynomials.ONE), world.interval)
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
    return bound_question(form, exact, bound, world)


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
    return decided if decided is not None else bound_question(form, exact, last, world)


# ---------------------------------------------------------------------------------------------------------------------
# Reckoning with values in a world: extremes, rows of tables, slices of a scale, whole numbers and moved days.
#
# Every function takes values that are already worked out; a Split among them, or one met on the way, is handed on.
# ---------------------------------------------------------------------------------------------------------------------


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """``+ - * /``, exact."""
    if isinstance(left, Split) or isinstance(right, Split):
        return left if isinstance(left, Split) else right
    if op in "+-":
        return polynomials.add(left, right, 1 if op == "+" else -1)
    if op == "*":
        return polynomials.multiply(left, right)
    try:
        return polynomials.divide(left, right)
    except ZeroDivisionError:
        raise RuleError("a division by zero") from None


def extreme(op: str, values: Iterable[Any], world: World) -> Any:
    """The least (``min``) or greatest of numbers or days."""
    best: Any = None
    for other in values:
        if isinstance(other, Split):
            return other
        if best is None:
            best = other
            continue
        smaller = compare("<=", best, other, world)
        if isinstance(smaller, Split):
            return smaller
        best = best if smaller == (op == "min") else other
    return best


def ranked(op: str, order: tuple[str, ...], values: list[Any]) -> Any:
    """The lowest (or highest) of ordered words; the end of the order decides whatever the others are."""
    ranks = list(order) if op == "lower" else list(reversed(order))
    words = [one for one in values if isinstance(one, str)]
    best = max(words, key=ranks.index) if words else None
    if best == ranks[-1] or len(words) == len(values):
        return best
    return next(one for one in values if not isinstance(one, str))


def row_of(rows: Rows, key: Any, world: World) -> Any:
    """The row of a word or a number."""
    return _word_row(rows, key, world) if rows.kind == "enum" else _band_row(rows, key, world)


def _word_row(rows: Rows, key: Any, world: World) -> Any:
    if not isinstance(key, Open):
        return rows.word(key)
    groups: dict[Any, frozenset[str]] = {}
    for word in sorted(key.domain):
        row = rows.word(word)
        groups[row] = groups.get(row, frozenset()) | {word}
    if len(groups) == 1:
        return next(iter(groups))
    return choice(key.name, key.domain, next(iter(groups.values())), world)


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


def progressive(amount: Any, scale: Rows, world: World) -> Any:
    """Each slice at its own rate: the sum over the slices that the amount reaches."""
    if isinstance(amount, Split):
        return amount
    total: Any = Fraction(0)
    lower: Number = 0
    for upper, rate in (*scale.rows, (None, scale.other)):
        beyond = False if upper is None else compare(">", amount, upper, world)
        if isinstance(beyond, Split):
            return beyond
        if not beyond:
            return polynomials.add(total, polynomials.multiply(polynomials.add(amount, lower, -1), rate))
        total = polynomials.add(total, (upper - lower) * rate)
        lower = upper
    return total


def whole(arg: Any, world: World) -> Any:
    """Rounded down. Untold: split at whole numbers from the least one on, which needs an upper end."""
    if isinstance(arg, Split):
        return arg
    if not isinstance(arg, Ratio):
        return arg // 1
    interval = polynomials.bounds(arg, world.interval)
    if interval.low is None or interval.high is None:
        raise RuleError("rounding down an untold number without ends")
    least = interval.low // 1
    reached = compare(">=", arg, least + 1, world)
    return least if reached is False else reached


def moved(day: Any, amount: Any, span: str) -> Any:
    """A day moved by a told span."""
    if isinstance(day, Split) or isinstance(amount, Split):
        return day if isinstance(day, Split) else amount
    if isinstance(amount, Ratio):
        raise RuleError("a day moved by an untold span")
    if isinstance(day, Ratio):
        return Moved(day.over.facts[0], int(amount), span)
    return shift(day, int(amount), span)


def calendar(part: str, day: Any) -> int:
    """The month or the year of a told day."""
    if isinstance(day, (Ratio, Split)):
        raise RuleError(f"the {part} of an untold day")
    found: int = getattr(date.fromordinal(day), part)
    return found
