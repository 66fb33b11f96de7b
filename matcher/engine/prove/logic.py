"""And, or, not and if inside the solver, where a part may already be known to be true or false."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import z3


def choose(condition: Any, then: Any, other: Any) -> Any:
    """``then`` where the condition holds, else ``other``."""
    if isinstance(condition, bool):
        return then if condition else other
    if then is other or (isinstance(then, (bool, int)) and isinstance(other, (bool, int)) and then == other):
        return then
    if isinstance(then, bool) and isinstance(other, bool):
        return condition if then else z3.Not(condition)
    return z3.If(condition, then, other)


def conjunction(parts: Sequence[Any]) -> Any:
    """All of them."""
    open_ = [part for part in parts if part is not True]
    if any(part is False for part in open_):
        return False
    return True if not open_ else open_[0] if len(open_) == 1 else z3.And(*open_)


def disjunction(parts: Sequence[Any]) -> Any:
    """Any of them."""
    return negation(conjunction([negation(part) for part in parts]))


def negation(part: Any) -> Any:
    """The opposite."""
    if isinstance(part, bool):
        return not part
    return part.arg(0) if z3.is_not(part) else z3.Not(part)
