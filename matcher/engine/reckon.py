"""Reckoning with values in a world: extremes, rows of tables, slices of a scale, whole numbers and moved days.

Every function takes values that are already worked out; a Split among them, or one met on the way, is handed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.engine import forms
from matcher.engine.compare import compare
from matcher.engine.days import shift
from matcher.engine.forms import Number, Ratio
from matcher.engine.outcomes import Moved, Open, RuleError
from matcher.engine.worlds import Split, World, choice
from matcher.rulebook.language.tables import Rows


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """``+ - * /``, exact."""
    if isinstance(left, Split) or isinstance(right, Split):
        return left if isinstance(left, Split) else right
    if op in "+-":
        return forms.add(left, right, 1 if op == "+" else -1)
    if op == "*":
        return forms.multiply(left, right)
    try:
        return forms.divide(left, right)
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
    return _word_row(rows, key) if rows.kind == "enum" else _band_row(rows, key, world)


def _word_row(rows: Rows, key: Any) -> Any:
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
            return forms.add(total, forms.multiply(forms.add(amount, lower, -1), rate))
        total = forms.add(total, (upper - lower) * rate)
        lower = upper
    return total


def whole(arg: Any, world: World) -> Any:
    """Rounded down. Untold: split at whole numbers from the least one on, which needs an upper end."""
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
