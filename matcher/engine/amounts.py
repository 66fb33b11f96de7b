"""What a scheme is worth to the firm: one figure, a range, a ceiling or none; and the further outputs. Rounded once, here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from matcher.rulebook import RECIPIENTS, AmountKind, Given, Recipient, ResolvedBody, ResolvedRoute, decimal, expressions
from matcher.rulebook.language import Const, facts_in, walk
from matcher.text import Number, half_up, yuan

from . import polynomials
from .cells import explore, facts_of
from .evaluate import truth, value
from .polynomials import Ratio
from .record import AmountRecord, Output
from .status import route_taken
from .worlds import Moved, Open, Split, World


@dataclass(frozen=True, slots=True)
class Amount:
    """``kind`` is exact, ceiling, range or none; ``low`` and ``high`` in fen, equal unless a range."""

    kind: AmountKind
    low: int = 0
    high: int = 0

    def to_json(self) -> AmountRecord:
        """Yuan as decimal strings."""
        if self.kind == "none":
            return {"kind": "none"}
        if self.kind == "range":
            return {"kind": "range", "low": yuan(self.low), "high": yuan(self.high)}
        return {"kind": self.kind, "value": yuan(self.high)}


NO_AMOUNT = Amount("none")


@dataclass(frozen=True, slots=True)
class Worth:
    """Everything that comes with a positive decision."""

    amount: Amount
    recipient: Recipient | None
    extra: dict[str, Output]


def worth(body: ResolvedBody, cells: Iterable[World]) -> Worth:
    """The amount, the recipient and the outputs over all cells in which the firm's part holds."""
    found = [part for cell in cells for part in _parts(body, _findings_met(body, cell))]
    amount = _combine(
        [(route, one) for route, one, _, _ in found],
        {name for _, _, world, _ in found for name, told in world.facts.items() if told is True},
    )
    recipients = {_recipient(route, world) for route, _, world, _ in found}
    recipient = recipients.pop() if len(recipients) == 1 else None
    return Worth(amount, recipient, _outputs([given for _, _, _, given in found]))


def reaches(body: ResolvedBody, cells: Iterable[World]) -> list[tuple[Recipient | None, int, int | None]]:
    """What a scheme may come to in each way the cells leave open, for an estimate: who gets it, the least and the most in fen (None: no
    end is known). A figure that must be told before a sum is said counts by where it lies."""
    found: list[tuple[Recipient | None, int, int | None]] = []
    for cell in cells:
        for smaller, route in explore(lambda here: _all_questions(route_taken(body, here)), _findings_met(body, cell)):
            if route is None or route.fails_on:
                continue
            for smallest, total in _sums(route, smaller, is_estimate=True):
                low, high = _low(total), _high(total)
                least = 0 if low is None else max(half_up(low), 0)
                most = 0 if total is None else None if high is None else max(half_up(high), 0)
                found.append((_recipient(route, smallest), least, most))
    return found


def _findings_met(body: ResolvedBody, world: World) -> World:
    """A department's finding that is a condition is taken as true where the sum is reckoned."""
    for condition in body.conditions():
        for expression in expressions(condition):
            for name in facts_in(expression):
                fact = world.context.vocabulary[name]
                if fact.is_finding and fact.type == "boolean" and name not in world.facts:
                    world = World(world.context, world.facts, {**world.box, name: frozenset((True,))})
    return world


def _parts(body: ResolvedBody, world: World) -> list[tuple[ResolvedRoute, Any, World, dict[str, Output | None]]]:
    """Route, sum and outputs in every cell into which the sum's own questions split this one."""
    found = []
    for cell, route in explore(lambda here: _all_questions(route_taken(body, here)), world):
        if route is None or route.fails_on:
            continue
        for smaller, total in _sums(route, cell):
            for smallest, given in _givens(route.gives, smaller):
                found.append((route, total, smallest, given))
    return found


def _all_questions(result: Any) -> Any:
    """A sum may hang on a department's finding too: such a question is split like any other."""
    return _asked(result) if isinstance(result, Split) and result.by_department else result


def _asked(split: Split) -> Split:
    return Split(split.var, split.facts, split.answers)


def _sums(route: ResolvedRoute, world: World, *, is_estimate: bool = False) -> list[tuple[World, Any]]:
    expr = route.benefit.expr
    if expr is None or (not is_estimate and any(name not in world.facts for name in route.benefit.needs)):
        return [(world, None)]
    least = route.benefit.least
    cells = explore(lambda here: _all_questions(value(expr, here)), world)
    found = [(cell, _reach(total, cell)) for cell, total in cells]
    if least is None:
        return found
    return [
        (smaller, polynomials.Interval(_low(_reach(low, smaller)), _high(high)))
        for cell, high in found
        for smaller, low in explore(lambda here: _all_questions(value(least, here)), cell)
    ]


def _reach(total: Any, world: World) -> Any:
    """A sum, or the interval of one with untold facts in it: by their ends, and by what was answered about the
    difference of two of them."""
    if not isinstance(total, Ratio):
        return total
    found = polynomials.bounds(total, world.reach)
    for form, known in world.box.items():
        if isinstance(form, tuple) and isinstance(known, polynomials.Interval):
            for most in (polynomials.at_most(total, form, known), polynomials.exchanged(total, form, known)):
                high = _high(polynomials.bounds(most, world.reach) if isinstance(most, Ratio) else most)
                found = found if high is None else found.cut("<=", high)
    return found


def _low(total: Any) -> Number | None:
    return total.low if isinstance(total, polynomials.Interval) else total


def _high(total: Any) -> Number | None:
    return total.high if isinstance(total, polynomials.Interval) else total


def open_in_sum(body: ResolvedBody, cells: Iterable[World]) -> frozenset[str]:
    """The untold facts that the sum hangs on in any cell in which the firm's part holds."""
    return frozenset(name for taken, route in _ways_taken(body, cells) for name in _open_in(route, taken))


def _ways_taken(body: ResolvedBody, cells: Iterable[World]) -> Iterator[tuple[World, ResolvedRoute]]:
    """The ways with a sum that are taken in the cells."""
    for cell in cells:
        for taken, route in explore(lambda here: _all_questions(route_taken(body, here)), _findings_met(body, cell)):
            if route is not None and not route.fails_on and route.benefit.expr is not None:
                yield taken, route


@dataclass(frozen=True)
class Prospect:
    """What a scheme comes to in the ``cells`` in which the firm's part holds; worked out when somebody looks.

    ``gain`` where its worth is known already.
    """

    body: ResolvedBody
    cells: Sequence[World]
    gain: Worth | None = None

    @cached_property
    def _ways(self) -> list[tuple[World, ResolvedRoute]]:
        return list(_ways_taken(self.body, self.cells))

    @property
    def is_one_way(self) -> bool:
        """Whether only one way to a sum is left open."""
        return len({route.id for _, route in self._ways}) == 1

    @cached_property
    def figures(self) -> frozenset[str]:
        """The parameters from which the sum is reckoned."""
        sums = (end for _, route in self._ways for end in route.benefit.ends())
        return frozenset(part.name for node in sums for part in walk(node) if isinstance(part, Const) and part.name)

    @cached_property
    def is_told(self) -> bool:
        """Whether all that the sum is reckoned from was told: then only the status is open."""
        return not any(_open_in(route, taken) for taken, route in self._ways)

    @cached_property
    def worth(self) -> Worth:
        """What it comes to where every open answer goes the firm's way."""
        return self.gain or worth(self.body, self.cells)


def _open_in(route: ResolvedRoute, world: World) -> set[str]:
    """What is untold of what a route's sum needs, is split by, and is reckoned from."""
    needed = {name for name in route.benefit.needs if name not in world.facts}
    for end in () if needed else route.benefit.ends():
        for cell, total in explore(lambda here, end=end: _all_questions(value(end, here)), world):  # type: ignore[misc]
            needed |= {fact for var in cell.box.keys() - world.box.keys() for fact in facts_of(var)}
            needed |= {*total.over.facts, *total.under.facts} if isinstance(total, Ratio) else set()
    return needed


def _givens(givens: tuple[Given, ...], world: World) -> list[tuple[World, dict[str, Output | None]]]:
    known: list[tuple[World, dict[str, Output | None]]] = [(world, {})]
    for given in givens:
        if _left_out(given, world):
            continue
        known = [
            (smaller, {**before, given.id: _shown(result, given)})
            for cell, before in known
            for smaller, result in explore(lambda here, given=given: _all_questions(value(given.expr, here)), cell)  # type: ignore[misc]
        ]
    return known


def _left_out(given: Given, world: World) -> bool:
    """Whether what is told, and not merely what a cell assumes, leaves the output out."""
    return given.unless is not None and truth(given.unless, World(world.context, world.facts)) is True


def _shown(result: Any, given: Given) -> Output | None:
    """The output as it is told to people and programs; None while an untold fact is left in it."""
    if result is None or isinstance(result, (Ratio, Moved, Open, Split)):
        return None
    if isinstance(result, (bool, str)):
        return result
    if given.expr.type.kind == "date":
        return date.fromordinal(result).isoformat()
    if dict(given.expr.type.unit).get("yuan"):
        return yuan(half_up(result))
    if given.decimals is not None:
        scaled = half_up(result * 10**given.decimals)
        return (
            f"{scaled // 10**given.decimals}.{scaled % 10**given.decimals:0{given.decimals}d}"
            if given.decimals
            else scaled
        )
    return int(result) if given.expr.type.whole else decimal(result)


def _combine(parts: list[tuple[ResolvedRoute, Any]], told: set[str]) -> Amount:
    """One amount over all cells; one cell without a figure makes the whole none. ``told``: the facts told as true."""
    lows, highs, kinds = [], [], set()
    for route, total in parts:
        if total is None:
            return NO_AMOUNT
        low, high = _low(total), _high(total)
        kind = "exact" if route.benefit.exact_once in told else route.benefit.kind
        kinds.add(kind)
        if high is None or (low is None and kind in ("exact", "range")):
            return NO_AMOUNT
        lows.append(high if low is None else low)
        highs.append(high)
    if not highs:
        return NO_AMOUNT
    low_fen, high_fen = max(half_up(min(lows)), 0), half_up(max(highs))
    if high_fen < 0:  # parts told greater than their whole: there is no such sum, and a relief is never a charge
        return NO_AMOUNT
    if "ceiling" in kinds:
        return Amount("ceiling", high_fen, high_fen)
    return Amount("exact" if low_fen == high_fen else "range", low_fen, high_fen)


def _recipient(route: ResolvedRoute, world: World) -> Recipient | None:
    if isinstance(route.recipient, str):
        return route.recipient
    found = value(route.recipient, world)
    return next((one for one in RECIPIENTS if one == found), None)


def _outputs(givens: list[dict[str, Output | None]]) -> dict[str, Output]:
    """The outputs that are the same, and there, in every cell."""
    if not givens:
        return {}
    first = givens[0]
    return {
        name: shown for name, shown in first.items()
        if shown is not None and all(name in other and other[name] == shown for other in givens)
    }  # fmt: skip
