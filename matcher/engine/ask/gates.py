"""Gate questions in the interview: which are worth asking, how likely a firm says "no", and what that settles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod

from matcher.engine import Domain, Interval, Reading, World, settle
from matcher.rulebook import Gate, Rulebook
from matcher.rulebook.language import Scalar

from .gains import Gain, Piece, none_of, open_facts, pieces, settled_by
from .readings import Told

# Most firms lie below the bound of a gate that asks for one.
LIKELY_WITHIN = 0.85

# Who has none of one thing mostly has none of the next: the shares of single facts are not simply multiplied.
LIKELY_NONE = 0.5

# One fact is asked for by itself.
FEWEST_BENEATH = 2

Waiting = Mapping[str, Sequence[Reading]]


def offered(rulebook: Rulebook, waiting: Waiting, told: Told) -> dict[str, list[Reading]]:
    """The gates that may be asked, each with the open schemes that wait for a fact beneath it."""
    found = {}
    for gate in rulebook.gates.values():
        names = beneath(gate, waiting, told)
        if gate.at_start or gate.id in told.gates or len(names) < FEWEST_BENEATH:
            continue
        readings = waiting_beneath(names, waiting)
        gains = [denial(reading, gate, names) for reading in readings]
        # A bound of many figures spares them all, though the scheme waits for something else as well.
        if any(one.settles or (gate.upto and one.nearer) for one in gains):
            found[gate.id] = readings
    return found


def having(rulebook: Rulebook, told: Told) -> frozenset[str]:
    """The facts of the things that the firm said it has: it answered "yes" to their gate."""
    passed = told.gates - told.unsure
    return frozenset().union(*(gate.none for gate in rulebook.gates.values() if gate.one_thing and gate.id in passed))


def moot(rulebook: Rulebook, told: Told) -> frozenset[str]:
    """The facts that are not asked any more, though nothing was told of them: there is no such thing, or the firm cannot tell
    whether there is."""
    found: set[str] = set(told.moot)
    for gate in rulebook.gates.values():
        if gate.one_thing and gate.id in told.unsure:
            found |= gate.moot | {*gate.beneath}
        elif gate.upto and gate.id in told.unsure:
            # Who cannot say whether a bound was passed has not the figures of every quarter at hand.
            found |= {*gate.beneath}
        elif gate.id in told.denied and all(_is_none(gate, name, told) for name in gate.none):
            found |= gate.upto.keys()
            found |= gate.moot
        for head, behind in gate.details.items():
            if head in told.unsure - told.bands.keys() or (head in told.facts and _is_none(gate, head, told)):
                found |= behind
    return frozenset(found)


def _is_none(gate: Gate, name: str, told: Told) -> bool:
    """Whether nothing else is told of a fact beneath a gate than what "no" says."""
    return name not in told.bands and told.facts.get(name, gate.none[name]) == gate.none[name]


def behind(rulebook: Rulebook, asked: Collection[str], waiting: Collection[str]) -> frozenset[str]:
    """The facts that are not asked yet, because an answer to one of these gates, or to a fact waited for, may spare them."""
    gates = rulebook.gates.values()
    spared = [gate.moot.union(gate.beneath) for gate in gates if gate.id in asked]
    spared += [after for gate in gates for head, after in gate.details.items() if head in waiting]
    return frozenset().union(*spared)


def beneath(gate: Gate, waiting: Iterable[str], told: Told) -> tuple[str, ...]:
    """The facts beneath a gate that are waited for and of which nothing is told."""
    wanted = set(waiting)
    return tuple(name for name in gate.beneath if name in wanted and name not in told.bands)


def waiting_beneath(names: Iterable[str], waiting: Waiting) -> list[Reading]:
    """The open schemes that wait for one of the facts."""
    return list({reading.slug: reading for name in names for reading in waiting.get(name, ())}.values())


def refusal(rulebook: Rulebook, gate: Gate, names: Iterable[str]) -> float:
    """The likelihood of "no": that a firm has none of what the facts are about, each by itself."""
    least = LIKELY_WITHIN if gate.upto else LIKELY_NONE
    within = (none_of(rulebook.likely, rulebook.facts[name], gate.none[name]) for name in names if name in gate.none)
    return max(prod(within), least)


def denial(reading: Reading, gate: Gate, names: Sequence[str]) -> Gain:
    """What "no" does for one open scheme that waits for some of these facts."""
    key = ("gate", gate.id, names)
    found: Gain | None = reading.notes.get(key)
    if found is None:
        found = reading.notes[key] = _denial(reading, gate, names)
    return found


def _denial(reading: Reading, gate: Gate, names: Sequence[str]) -> Gain:
    every = range(len(reading.settlement.cells))
    if gate.upto:
        return _within(reading, gate)
    left = frozenset(every)
    for name in names:
        if name in reading.decision.missing:
            left &= _cells(reading, name, gate.none[name])
    if left and settled_by(reading, Piece(None, left)):
        return Gain(1.0, 1.0)
    before = len(open_facts(reading, every)) or 1
    return Gain(0.0, 1 - min(len(open_facts(reading, left) - set(names)), before) / before)


def _within(reading: Reading, gate: Gate) -> Gain:
    """What it does that figures lie up to a bound, decided anew: they may be read in one sum, which no figure decides by itself."""
    world, before = reading.world, len(reading.decision.missing)
    bands = {name: Interval(0, most) for name, most in gate.upto.items() if name not in world.facts}  # type: ignore[arg-type]
    context = replace(world.context, bands={**world.context.bands, **bands})
    facts = {**gate.none, **world.facts}
    found = settle(reading.edition, World(context, facts))
    if found.status != "needs_information":
        return Gain(1.0, 1.0)
    return Gain(0.0, 1 - min(len(found.missing), before) / before if before else 0.0)


def _cells(reading: Reading, name: str, none: Scalar) -> frozenset[int]:
    """The cells that stay open once the fact is none."""
    fitting = (piece.cells for piece in pieces(reading, name) if _holds(piece.domain, none))
    return next(fitting, frozenset())


def _holds(domain: Domain | None, none: Scalar) -> bool:
    if isinstance(domain, Interval):
        return not isinstance(none, str) and domain.meets(Interval(none, none))  # type: ignore[arg-type]
    return domain is None or none in domain
