"""How the answers to one question divide the open cells of a scheme: the pieces of a fact's domain that the rules tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.engine import derive, derived
from matcher.engine.ask.readings import Reading
from matcher.engine.cells import facts_of, meet
from matcher.engine.evaluate import value
from matcher.engine.forms import Interval
from matcher.engine.outcomes import UNPLACED, Open
from matcher.engine.status import derived_in
from matcher.engine.worlds import Domain, World
from matcher.rulebook import ORDERED, Fact
from matcher.rulebook.language.nodes import Derived


@dataclass(frozen=True, slots=True)
class Piece:
    """Answers that the rules do not tell apart (None: any answer), and the numbers of the cells they leave open."""

    domain: Domain | None
    cells: frozenset[int]


def pieces(reading: Reading, name: str) -> tuple[Piece, ...]:
    """The pieces of an untold fact's domain by the cells of one scheme, the lowest first."""
    known = reading.notes.get(("pieces", name))
    if known is None:
        known = reading.notes["pieces", name] = tuple(_pieces(reading, name))
    found: tuple[Piece, ...] = known
    return found


def _pieces(reading: Reading, name: str) -> Iterator[Piece]:
    cells = [cell for cell, _ in reading.settlement.cells]
    said = frozenset(n for n, cell in enumerate(cells) if cell.box.get(f"told:{name}") != frozenset((False,)))
    inner = {node.id: _inner(node, reading.world) for node in _fed(reading, name)}
    boxes = [cell for cell in cells if name in cell.box] + [cell for known in inner.values() for cell, _ in known]
    for domain in partition(reading.world, name, [cell.box.get(name) for cell in boxes]):
        classes = {id_: _classes(known, name, domain) for id_, known in inner.items()}
        fitting = (n for n in sorted(said) if _fits(cells[n], name, domain, classes))
        yield Piece(domain, frozenset(fitting))


def _fits(cell: World, name: str, domain: Domain | None, classes: dict[str, frozenset[str]]) -> bool:
    if not meet(cell.box.get(name), domain):
        return False
    return all(meet(cell.box.get(id_), values) for id_, values in classes.items())


def partition(world: World, name: str, domains: Iterable[Domain | None]) -> list[Domain | None]:
    """The finest pieces that the domains make of what an untold fact can still be; one piece, None, where none does."""
    fact = world.context.vocabulary[name]
    told_apart = [domain for domain in dict.fromkeys(domains) if domain is not None]
    if fact.type in ORDERED:
        return list(_cut(world, name, [one for one in told_apart if isinstance(one, Interval)]))
    whole = possible(world, fact)
    if whole is None or not told_apart:
        return [None] if whole is None or fact.type != "boolean" else [frozenset((False,)), frozenset((True,))]
    parts: dict[tuple[bool, ...], set[object]] = {}
    for word in whole:
        parts.setdefault(tuple(word in domain for domain in told_apart), set()).add(word)  # type: ignore[operator]
    return [frozenset(part) for part in parts.values()]


def possible(world: World, fact: Fact) -> tuple[object, ...] | None:
    """What a yes/no, an enumeration or an industry code can still be, in the vocabulary's order; None for free text."""
    if fact.type == "boolean":
        return (False, True)
    if fact.type == "enum":
        return tuple(fact.values)
    if fact.id == "industry":
        begun = str(world.facts.get(fact.id, ""))
        return tuple(sorted(one for one in world.context.industry_classes if one.startswith(begun)))
    return None


def _cut(world: World, name: str, told_apart: list[Interval]) -> Iterator[Interval]:
    """The interval cut at every end of the others."""
    rest, whole = world.interval(name), world.whole(name)
    ends = {(one.low, one.low_open) for one in told_apart if one.low is not None}
    ends |= {(one.high, not one.high_open) for one in told_apart if one.high is not None}
    for bound, above in sorted(ends):
        below = rest.cut("<=" if above else "<", bound, whole)
        beyond = rest.cut(">" if above else ">=", bound, whole)
        if not below.empty and not beyond.empty:
            yield below
            rest = beyond
    yield rest


# --- enumerations that are worked out ---------------------------------------------------------------------------------

Inner = list[tuple[World, object]]


def _fed(reading: Reading, name: str) -> list[Derived]:
    """The worked-out enumerations of the scheme that the fact goes into and that nobody told."""
    found = []
    for id_, node in derived_in(reading.edition).items():
        if id_ != name and id_ not in reading.world.facts and name in derive.made_of(node):
            found.append(node)
    return found


def _inner(node: Derived, world: World) -> Inner:
    return derived.known(node, world, value).cells


def _classes(inner: Inner, name: str, domain: Domain | None) -> frozenset[str]:
    """The values that an enumeration can still have after an answer to one of the facts it is worked out from."""
    values: set[str] = set()
    for cell, outcome in inner:
        if not meet(cell.box.get(name), domain):
            continue
        if isinstance(outcome, str):
            values.add(outcome)
        elif outcome is not UNPLACED and isinstance(outcome, Open):
            values |= outcome.domain
    return frozenset(values)


def summed_with(reading: Reading, name: str) -> frozenset[str]:
    """The untold facts that the scheme's open cells read in one sum with this one."""
    known = reading.notes.get(("sums", name))
    if known is None:
        forms = {var for cell, _ in reading.settlement.cells for var in cell.box if isinstance(var, tuple)}
        sums = [facts_of(form) for form in forms]
        known = reading.notes["sums", name] = frozenset(one for facts in sums if name in facts for one in facts)
    found: frozenset[str] = known
    return found
