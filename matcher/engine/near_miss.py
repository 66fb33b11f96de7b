"""Near misses: the smallest lawful changes after which a firm would have the scheme, nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from matcher.rulebook import NUMBERS, Fact, Rulebook, SchemeEdition, Status
from matcher.rulebook.language import fact_type
from matcher.text import plain

from .cells import explore
from .firm_side import is_advised, is_within_reach
from .polynomials import FormKey, Interval
from .reasons import REGISTERED_ON, is_registered
from .reckon import shift
from .record import ChangeRecord, NearMissRecord, ReasonRecord
from .status import FAIL, Settlement, derived_in, outcome, settle
from .worlds import Domain, RuleError, Var, World

# ---------------------------------------------------------------------------------------------------------------------
# Which of a firm's facts a near miss may move, and how far: the ``advise`` of each fact in the vocabulary.
#
# What is past, what the firm is, whom it insures and every finding of a department stay as they are. Of a ladder of
# titles only the next rung is advised; a span of time is waited for, never told otherwise.
# ---------------------------------------------------------------------------------------------------------------------


_SPANS = {"days": "days", "months": "months", "years": "months"}


def reach(fact: Fact, told: Any) -> Domain | None:
    """The values that a firm may lawfully be advised to bring a told fact to, with the one it has; None where it stays."""
    if fact.advise in (None, "never"):
        return None
    if fact.advise in ("up", "down") or (fact.advise == "date" and comes_with_time(fact)):
        least, most = fact.bounds
        return Interval(least, told) if fact.advise == "down" else Interval(told, most)
    values = frozenset(_values(fact, told))
    return None if not values else values | {told}


def _values(fact: Fact, told: Any) -> tuple[Any, ...]:
    to = getattr(fact.advise, "to", ())
    if fact.ladder:
        above = to.index(told) + 1 if told in to else 0
        return tuple(to[above : above + 1])
    return (
        tuple(to[: to.index(told)]) if told in to else tuple(to)
    )  # what stands before is better than what stands after


def less_demanding(fact: Fact, to: Any) -> int:
    """How many of the advised values ask for less than this one: they stand after it, the better being named first."""
    values = getattr(fact.advise, "to", ())
    return 0 if fact.ladder or to not in values else len(values) - 1 - values.index(to)


def comes_with_time(fact: Fact) -> bool:
    """Whether a fact is a span that grows by itself, so that the day can be named on which it is long enough."""
    return fact.advise == "date" and fact.type in NUMBERS and fact.unit in _SPANS


def day_reached(fact: Fact, told: Any, wanted: Any, today: int) -> date:
    """The day on which a span that is ``told`` long today has become ``wanted`` long; whole months where it counts years."""
    rest = Fraction(wanted) - Fraction(told)
    count = ceil(rest * 12) if fact.unit == "years" else ceil(rest)
    return date.fromordinal(shift(today, count, _SPANS[str(fact.unit)]))


# ---------------------------------------------------------------------------------------------------------------------
# Near misses: the smallest changes after which a firm would have the scheme, nearest first; waiting is one of them.
#
# A change is found in the box of a passing cell and proved by deciding again with it. Only facts are moved that a
# firm may lawfully be advised to change, and only in that direction (``levers``).
# ---------------------------------------------------------------------------------------------------------------------


MOST = 5

_GOOD = ("eligible", "needs_decision")

_YEARS_AHEAD = 3

Change = tuple[tuple[str, Any], ...]


def near_misses(
    rulebook: Rulebook, edition: SchemeEdition, world: World, settlement: Settlement, as_of: date, reasons: ReasonRecord
) -> list[NearMissRecord]:
    """For a firm that is refused: what would have to change, or from when, as JSON; ``within_reach`` says of each whether the firm
    can bring it about. ``reasons``: the tree of the refusal. Advice that is none of the firm's business is left out."""
    if settlement.status != "not_eligible":
        return []
    if not is_registered(edition, world):
        return _once_registered(rulebook, edition, world, reasons)
    if _is_barred(rulebook, edition, world, as_of):
        return []
    slug = edition.scheme.slug
    found = [
        _written(rulebook, world, one)
        for one in _changes(rulebook, edition, world, as_of)
        if is_advised(rulebook, slug, reasons, world.facts, dict(one.change))
    ]
    later = _later(rulebook, edition, world, as_of)
    if later is not None and is_advised(rulebook, slug, reasons, world.facts, {}):
        found.append({"changes": [], "on": later[0].isoformat(), "reaches": later[1], "within_reach": True})
    return found[:MOST]


def _once_registered(
    rulebook: Rulebook, edition: SchemeEdition, world: World, reasons: ReasonRecord
) -> list[NearMissRecord]:
    """What a firm that is not there yet has from the day of its registration on, or what it lacks for it then."""
    if REGISTERED_ON not in world.facts:
        return []
    day = date.fromordinal(world.facts[REGISTERED_ON])
    then = rulebook.scheme_at(edition.scheme.slug, day)
    if then.body is None:
        return []
    there = World(world.context.on(day.toordinal()), world.facts)
    settlement = settle(then, there)
    if settlement.status != "not_eligible":
        return [{"changes": [], "on": day.isoformat(), "reaches": settlement.status, "within_reach": True}]
    found = near_misses(rulebook, then, there, settlement, day, reasons)
    return [one if one["on"] else {**one, "on": day.isoformat()} for one in found]


def _is_barred(rulebook: Rulebook, edition: SchemeEdition, world: World, as_of: date) -> bool:
    """Whether a scheme that must come first refuses the firm: then the advice belongs there (one rung after the other)."""
    slug = edition.scheme.slug
    first = (
        rulebook.scheme_at(one.from_scheme, as_of) for one in rulebook.relations
        if one.strict and one.from_scheme not in (None, slug) and slug in one.to and slug not in one.items and one.holds(as_of)
    )  # fmt: skip
    return any(before.body is not None and settle(before, world).status == "not_eligible" for before in first)


@dataclass(frozen=True, slots=True)
class _Proved:
    """A change that does it: what it comes to, and the day to wait for where something in it comes with time alone."""

    change: Change
    status: Status
    on: date | None = None


def _changes(rulebook: Rulebook, edition: SchemeEdition, world: World, as_of: date) -> list[_Proved]:
    """The proved changes, fewest facts first, then the least relative distance; no superset of a smaller one."""
    proved: list[_Proved] = []
    candidates = sorted(
        set(_candidates(edition, world)), key=lambda change: (len(change), _distance(change, world), str(change))
    )
    for change in candidates[:60]:
        names = {name for name, _ in change}
        if any({name for name, _ in one.change} <= names for one in proved):
            continue
        on = _awaited(change, world)
        then = edition if on is None else rulebook.scheme_at(edition.scheme.slug, on)
        if then.body is None:
            continue
        context = world.context if on is None else world.context.on(on.toordinal())
        status = settle(then, World(context, {**world.facts, **dict(change)})).status
        if status in _GOOD:
            proved.append(_Proved(change, status, on))
    return proved


def _awaited(change: Change, world: World) -> date | None:
    """The day on which all in a change that comes with time alone has come; None where nothing does."""
    today, vocabulary = world.context.day, world.context.vocabulary
    days = [
        day_reached(vocabulary[name], world.facts[name], to, today)
        for name, to in change
        if comes_with_time(vocabulary[name])
    ]
    return max(days, default=None)


def _candidates(edition: SchemeEdition, world: World) -> Iterator[Change]:
    """One change a passing cell of the firm's freed world: the told facts outside its box, moved to the nearest value inside."""
    body = edition.body
    assert body is not None
    told = [name for name in edition.facts if name in world.facts and name not in derived_in(edition)]
    reached = {name: reach(world.context.vocabulary[name], world.facts[name]) for name in told}
    freed: dict[Var, Domain] = {name: domain for name, domain in reached.items() if domain is not None}
    open_world = World(world.context, {name: told for name, told in world.facts.items() if name not in freed}, freed)
    try:
        cells = explore(lambda here: outcome(body, here), open_world)
    except RuleError:
        return
    for cell, result in cells:
        if result != FAIL:
            yield from _moves(cell, world, freed)


def _moves(cell: World, world: World, freed: Mapping[Var, Domain]) -> Iterator[Change]:
    """The ways into a cell: each variable of the box that the firm is outside of is moved; a form by one of its facts."""
    ways: list[dict[str, Any]] = [{}]
    for var, domain in cell.box.items():
        steps = [step for way in ways for step in _into(var, domain, {**world.facts, **way}, way, world, freed)]
        if not steps:
            return
        ways = steps[:8]
    for way in ways:
        if way:
            yield tuple(sorted(way.items()))


def _into(
    var: Var, domain: Domain, facts: dict[str, Any], way: dict[str, Any], world: World, freed: Mapping[Var, Domain]
) -> Iterator[dict[str, Any]]:
    if isinstance(var, tuple) and not _single(var):
        yield from _into_form(var, domain, facts, way, world, freed)
        return
    name = var if isinstance(var, str) else var[0][0][0]
    if name not in facts or _inside(facts[name], domain):
        yield way
    elif name in freed:
        for nearest in _nearest(facts[name], domain):
            yield {**way, name: nearest}


def _into_form(
    form: FormKey, domain: Domain, facts: dict[str, Any], way: dict[str, Any], world: World, freed: Mapping[Var, Domain]
) -> Iterator[dict[str, Any]]:
    """A form that holds several facts: one of them is moved, the others stay."""
    assert isinstance(domain, Interval)
    names = [monomial[0] for monomial, _ in form]
    if any(len(monomial) != 1 for monomial, _ in form) or any(name not in facts for name in names):
        yield way
        return
    total = sum((c * facts[monomial[0]] for monomial, c in form), Fraction(0))
    if _inside(total, domain):
        yield way
        return
    for (name,), c in form:
        if name not in freed:
            continue
        rest = total - c * facts[name]
        ends = [(end - rest) / c for end in (domain.low, domain.high) if end is not None]
        for nearest in sorted(ends, key=lambda end, name=name: abs(end - facts[name])):  # type: ignore[misc]
            for value in _rounded(nearest, world, name):
                if _inside(rest + c * value, domain) and _inside(value, freed[name]):
                    yield {**way, name: value}
                    break


def _rounded(value: Fraction, world: World, name: str) -> tuple[Any, ...]:
    if not world.whole(name):
        return (value,)
    return (int(value // 1), int(value // 1) + 1, int(value // 1) - 1)


def _single(form: FormKey) -> bool:
    return len(form) == 1 and len(form[0][0]) == 1


def _inside(value: Any, domain: Domain) -> bool:
    if isinstance(domain, frozenset):
        return value in domain
    return domain.meets(Interval(value, value))


def _nearest(value: Any, domain: Domain) -> Iterable[Any]:
    if isinstance(domain, frozenset):
        return sorted(domain, key=str)
    ends = [
        end
        for end, open_ in ((domain.low, domain.low_open), (domain.high, domain.high_open))
        if end is not None and not open_
    ]
    return sorted(ends, key=lambda end: abs(end - value))[:1]


def _distance(change: Change, world: World) -> Fraction:
    """How far the numbers of a change have to move, relative to where they are; a word counts as one, and a hundredth more for
    each good word that asks for less."""
    total = Fraction(0)
    for name, to in change:
        here = world.facts[name]
        if isinstance(to, (bool, str)):
            total += 1 + Fraction(less_demanding(world.context.vocabulary[name], to), 100)
        else:
            total += abs(Fraction(to) - here) / max(abs(Fraction(here)), 1)
    return total


def _later(rulebook: Rulebook, edition: SchemeEdition, world: World, as_of: date) -> tuple[date, Status] | None:
    """The first day on which the same facts would do, within three years: when the rules turn, or when time has passed."""
    slug = edition.scheme.slug
    limit = as_of.replace(year=as_of.year + _YEARS_AHEAD, day=min(as_of.day, 28))
    for day in _days(rulebook, slug, edition, as_of, limit):
        later = rulebook.scheme_at(slug, day)
        if later.body is None:
            continue
        status = settle(later, World(world.context.on(day.toordinal()), world.facts)).status
        if status in _GOOD:
            return _first(rulebook, slug, world, as_of, day) if edition.depends_on_day else day, status
    return None


def _days(rulebook: Rulebook, slug: str, edition: SchemeEdition, as_of: date, limit: date) -> Iterator[date]:
    turns = [day for day in rulebook.turns(slug) if as_of < day <= limit]
    if edition.depends_on_day:
        months = [
            date(as_of.year + (as_of.month + n) // 12, (as_of.month + n) % 12 + 1, 1) for n in range(_YEARS_AHEAD * 12)
        ]
        turns = sorted({*turns, *months})
    yield from turns


def _first(rulebook: Rulebook, slug: str, world: World, low: date, high: date) -> date:
    """The first good day after ``low`` and up to ``high``, where time alone turns the status once."""
    a, b = max(low.toordinal(), high.toordinal() - 31), high.toordinal()
    while b - a > 1:
        middle = (a + b) // 2
        edition = rulebook.scheme_at(slug, date.fromordinal(middle))
        context = world.context.on(middle)
        good = edition.body is not None and settle(edition, World(context, world.facts)).status in _GOOD
        a, b = (a, middle) if good else (middle, b)
    return date.fromordinal(b)


def _written(rulebook: Rulebook, world: World, one: _Proved) -> NearMissRecord:
    """As JSON; a duty comes first."""
    changes: list[ChangeRecord] = []
    for name, to in sorted(one.change, key=lambda pair: rulebook.facts[pair[0]].duty is None):
        fact = rulebook.facts[name]
        type_ = fact_type(fact.type, fact.unit, tuple(fact.values), fact.id)
        changes.append({"fact": name, "from": plain(world.facts[name], type_), "to": plain(to, type_)})
    return {
        "changes": changes,
        "on": None if one.on is None else one.on.isoformat(),
        "reaches": one.status,
        "within_reach": is_within_reach(rulebook, world.facts, dict(one.change)),
    }
