"""What is told of a firm, within which box the untold facts still lie, and what an evaluation can come to there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook import Fact, Rulebook
from matcher.rulebook.language import Scalar
from matcher.text import Number

from .polynomials import FLIPPED, FormKey, Interval, form_bounds, opposite

# ---------------------------------------------------------------------------------------------------------------------
# What is told of a firm, and within which box the untold facts still lie. Splitting a question makes smaller worlds.
# ---------------------------------------------------------------------------------------------------------------------


Var = str | FormKey

Domain = frozenset[Any] | Interval


@dataclass(frozen=True, slots=True)
class Restriction:
    """One answer to a question: the variable is among ``values``, or ``op`` the ``bound``."""

    values: frozenset[Any] | None = None
    op: str = ""
    bound: Number = 0


@dataclass(frozen=True, slots=True)
class Split:
    """A question that the told facts leave open: the variable, its facts, and the answers it can have.

    ``by_department``: only a department can answer; such questions come after all that a firm can answer.
    """

    var: Var
    facts: tuple[str, ...]
    answers: tuple[Restriction, ...]
    by_department: bool = False


@dataclass(slots=True)
class Context:
    """What all worlds of one decision share: the vocabulary, the industry classes, the day, and the intervals of figures told
    by a band only. ``derived`` keeps what was worked out of enumerations, for all decisions of one rulebook."""

    vocabulary: Mapping[str, Fact]
    industry_classes: frozenset[str]
    day: int
    derived: dict[Any, Any]
    bands: Mapping[str, Interval] = field(default_factory=dict)

    @classmethod
    def of(cls, rulebook: Rulebook, day: int, bands: Mapping[str, Interval] | None = None) -> Context:
        """The context of a decision on a day (its ordinal)."""
        return cls(rulebook.facts, rulebook.industry_classes, day, rulebook.worked_out, bands or {})

    def is_finding(self, name: str) -> bool:
        """Whether a department states the fact; false of a name that is no fact."""
        fact = self.vocabulary.get(name)
        return fact is not None and fact.is_finding

    def on(self, day: int) -> Context:
        """The same on another day."""
        return Context(self.vocabulary, self.industry_classes, day, self.derived, self.bands)


class World:
    """Told facts and the box of the untold. Immutable: ``restrict`` gives a new world."""

    __slots__ = ("box", "context", "facts", "inside")

    def __init__(
        self, context: Context, facts: Mapping[str, Any], box: dict[Var, Domain] | None = None, inside: bool = False
    ) -> None:
        self.context = context
        self.facts = facts
        self.box = box or {}
        self.inside = inside  # while a derived enumeration is worked out

    def interval(self, name: str) -> Interval:
        """Where an untold number or day lies."""
        known = self.box.get(name) or self.context.bands.get(name)
        if isinstance(known, Interval):
            return known
        fact = self.context.vocabulary[name]
        least, most = fact.bounds
        return Interval(least, most)

    def reach(self, name: str) -> Interval:
        """Where an untold number lies for a sum: bounds that only catch typing mistakes are no ends of it."""
        found = self.interval(name)
        fact = self.context.vocabulary[name]
        if fact.bounds_are == "logical":
            return found
        least, most = fact.bounds
        low = None if found.low == least else found.low
        return Interval(low, None if found.high == most else found.high, found.low_open, found.high_open)

    def form_interval(self, form: FormKey) -> Interval:
        """Where a form lies: by the box of its facts, and by what was already answered about the form itself."""
        if len(form) == 1 and len(form[0][0]) == 1:
            return self.interval(form[0][0][0])
        found = form_bounds(form, self.interval)
        known = self.box.get(form)
        if isinstance(known, Interval):
            found = _both(found, known)
        return found

    def domain(self, name: str, values: frozenset[Any]) -> frozenset[Any]:
        """The values an untold yes/no or enumeration can still have."""
        known = self.box.get(name)
        return known if isinstance(known, frozenset) else values

    def restrict(self, split: Split, answer: Restriction) -> World | None:
        """The world in which the question has this answer; None where no completion has it."""
        if answer.values is not None:
            box = {**self.box, split.var: answer.values}
            return World(self.context, self.facts, box, self.inside) if answer.values else None
        assert isinstance(split.var, tuple)
        return self._cut(split.var, answer.op, answer.bound)

    def _cut(self, form: FormKey, op: str, bound: Number) -> World | None:
        if len(form) == 1 and len(form[0][0]) == 1:
            name = form[0][0][0]
            interval = self.interval(name).cut(op, bound, self.whole(name))
            return (
                None if interval.empty else World(self.context, self.facts, {**self.box, name: interval}, self.inside)
            )
        interval = self.form_interval(form).cut(op, bound)
        if interval.empty:
            return None
        world = World(self.context, self.facts, {**self.box, form: interval}, self.inside)
        return world._tighten(form, interval)

    def _tighten(self, form: FormKey, interval: Interval) -> World | None:
        """Carry a linear form's new interval over to its facts, so that boxes that no completion reaches are dropped."""
        box = dict(self.box)
        if any(len(monomial) != 1 for monomial, _ in form):
            return self
        for (name,), c in form:
            others = form_bounds(tuple(term for term in form if term[0] != (name,)), self.interval)
            for op, end, open_, rest, rest_open in (
                ("<", interval.high, interval.high_open, others.low, others.low_open),
                (">", interval.low, interval.low_open, others.high, others.high_open),
            ):
                if end is None or rest is None:
                    continue
                bound = (end - rest) / c
                exact = op if open_ or rest_open else op + "="
                found = _domain_interval(box.get(name), self.interval(name))
                box[name] = found.cut(exact if c > 0 else FLIPPED[exact], bound, self.whole(name))
                if box[name].empty:  # type: ignore[union-attr]
                    return None
        return World(self.context, self.facts, box, self.inside)

    def whole(self, name: str) -> bool:
        """Whether only whole numbers occur: persons, months, fen, days."""
        return self.context.vocabulary[name].type in ("integer", "money", "date")

    def derivation(self) -> World:
        """The world in which a derived enumeration is worked out: what is told, without the box."""
        return World(self.context, self.facts, None, True)


def _domain_interval(domain: Domain | None, default: Interval) -> Interval:
    return domain if isinstance(domain, Interval) else default


def _both(left: Interval, right: Interval) -> Interval:
    both = left
    if right.low is not None:
        both = both.cut(">" if right.low_open else ">=", right.low)
    if right.high is not None:
        both = both.cut("<" if right.high_open else "<=", right.high)
    return both


def choice(name: str, domain: frozenset[Any], chosen: frozenset[Any], world: World) -> Split:
    """The question whether an untold yes/no or enumeration is among ``chosen``."""
    inside, outside = domain & chosen, domain - chosen
    return Split(name, (name,), (Restriction(inside), Restriction(outside)), world.context.is_finding(name))


def bound_question(form: FormKey, op: str, bound: Number, world: World) -> Split:
    """The question whether a form is ``op`` the bound."""
    facts = tuple(sorted({name for monomial, _ in form for name in monomial}))
    answers = (Restriction(op=op, bound=bound), Restriction(op=opposite(op), bound=bound))
    return Split(form, facts, answers, by_department=all(world.context.is_finding(name) for name in facts))


def told(facts: Mapping[str, Scalar]) -> dict[str, Any]:
    """The facts as the engine keeps them: a day is its ordinal."""
    return {name: value.toordinal() if isinstance(value, date) else value for name, value in facts.items()}


# ---------------------------------------------------------------------------------------------------------------------
# What an evaluation can come to besides a plain value, and how yes, no and open questions combine.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# A figure or a day of which only the band is told in which it lies: enough to decide by where no bound lies inside.
# ---------------------------------------------------------------------------------------------------------------------


End = int | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Band:
    """The values between two ends; None is a side without end, ``*_open`` leaves the end itself out. Money in fen."""

    low: End = None
    high: End = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: int | Fraction | date) -> bool:
        """Whether a value lies in the band."""
        number = _number(value)
        return number is not None and _interval(self).meets(Interval(number, number))


def of(fact: Fact, interval: Interval) -> Band:
    """The band of an interval as the engine keeps it: a day's ordinal becomes a day."""
    if fact.type != "date":
        return Band(interval.low, interval.high, interval.low_open, interval.high_open)
    low, high = (None if end is None else date.fromordinal(int(end)) for end in (interval.low, interval.high))
    return Band(low, high, interval.low_open, interval.high_open)


def intervals(vocabulary: Mapping[str, Fact], bands: Mapping[str, Band]) -> dict[str, Interval]:
    """Where the banded facts lie, within the bounds of the vocabulary too; an empty band is left out."""
    found = {name: within(vocabulary[name], band) for name, band in bands.items() if name in vocabulary}
    return {name: interval for name, interval in found.items() if not interval.empty}


def within(fact: Fact, band: Band) -> Interval:
    """The part of a fact's domain that lies in the band."""
    told, whole = _interval(band), fact.type in ("integer", "money", "date")
    least, most = fact.bounds
    interval = Interval(least, most)
    if told.low is not None:
        interval = interval.cut(">" if told.low_open else ">=", told.low, whole)
    if told.high is not None:
        interval = interval.cut("<" if told.high_open else "<=", told.high, whole)
    return interval


def _interval(band: Band) -> Interval:
    return Interval(_number(band.low), _number(band.high), band.low_open, band.high_open)


def _number(end: End) -> Number | None:
    return end.toordinal() if isinstance(end, date) else end
