"""What an answer is worth: the pieces into which a question divides the open cells, how likely each is, and what it settles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.engine import (
    FAIL,
    OPEN,
    PASS,
    UNPLACED,
    Domain,
    Interval,
    Open,
    Reading,
    World,
    derive,
    derived_in,
    evaluate,
    facts_of,
    meet,
    value,
)
from matcher.rulebook import ORDERED, Fact, Likely, Rulebook
from matcher.rulebook.language import Derived, Scalar

from .readings import Told

# ---------------------------------------------------------------------------------------------------------------------
# How the answers to one question divide the open cells of a scheme: the pieces of a fact's domain that the rules
# tell apart.
# ---------------------------------------------------------------------------------------------------------------------


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
    return evaluate.known(node, world, value).cells


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


# ---------------------------------------------------------------------------------------------------------------------
# How likely a firm knows an answer, and which, by what the rules say of firms in general. Rough on purpose: it
# steers the order of questions and nothing else, so a wrong guess costs a question and never an answer.
# ---------------------------------------------------------------------------------------------------------------------


# What firms mostly are not, do or have: a scheme is for the few.
YES = 0.15

# Who has the thing a question is about mostly meets what is asked of it; who said so has more than none of what is counted of it.
YES_OF_A_THING, SOME_OF_A_THING = 0.65, 0.85

# Once one question about a thing was answered, or could not be, the others mostly go the same way.
SAME_THING, NO_SUCH_THING = 0.95, 0.03

# Of an enumeration with a value for "nothing of the kind", that one is what most firms answer.
NOTHING_SHARE = 0.75

# Where the rules tell "none" apart, a figure mostly is none; else it lies in the lowest of the bands as often as in all others.
NONE_SHARE, LOWEST_SHARE, ORDINARY_SHARE = 0.8, 0.5, 0.97


def known(likely: Likely, name: str, told: Told) -> float:
    """The likelihood that a firm can answer at all."""
    thing = likely.thing_of(name)
    if thing is None:
        return 1.0
    if any(other.startswith(thing.begins) for other in (*told.facts, *told.bands) if other not in likely.counted):
        return SAME_THING
    return NO_SUCH_THING if any(other.startswith(thing.begins) for other in told.unsure) else thing.share


def doubtful(rulebook: Rulebook, told: Told) -> dict[str, float]:
    """By group of the vocabulary how likely a firm can answer, by how many questions of the group it could not."""
    answered, unsure = (
        Counter(rulebook.facts[name].group for name in names if name in rulebook.facts)
        for names in ({*told.facts, *told.bands}, told.unsure)
    )
    return {group: (answered[group] + 1) / (answered[group] + unsure[group] + 1) for group in unsure}


def none_of(likely: Likely, fact: Fact, none: Scalar) -> float:
    """The likelihood that a firm has nothing of what a fact is about, ``none`` being the fact's word for that."""
    thing = likely.thing_of(fact.id)
    if thing is not None:
        return 1 - thing.share
    if fact.type == "boolean":
        return 1 - likely.yes.get(fact.group, YES)
    return _word(likely, fact, none) if isinstance(none, str) else NONE_SHARE


def shares(
    likely: Likely, fact: Fact, domains: Sequence[Domain | None], *, summed: bool = False, has: bool = False
) -> tuple[float, ...]:
    """The likelihood of each piece of a fact's domain; they add up to one. ``summed``: it is one figure of a sum, and only
    one out of the ordinary decides by itself. ``has``: the firm said that it has the thing."""
    if len(domains) == 1:
        return (1.0,)
    if fact.type == "boolean":
        yes = YES_OF_A_THING if has or likely.thing_of(fact.id) else likely.yes.get(fact.group, YES)
        return tuple(yes if domain == frozenset((True,)) else 1 - yes for domain in domains)
    if fact.type == "enum":
        return tuple(
            sum(_word(likely, fact, word) for word in domain) for domain in domains if isinstance(domain, frozenset)
        )
    if isinstance(domains[0], Interval):
        none = domains[0].low == domains[0].high == 0
        none_share = 1 - SOME_OF_A_THING if has else NONE_SHARE
        lowest = ORDINARY_SHARE if summed else none_share if none else LOWEST_SHARE
        return (lowest, *((1 - lowest) / (len(domains) - 1) for _ in domains[1:]))
    sizes = [len(domain) if isinstance(domain, frozenset) else 1 for domain in domains]
    return tuple(size / sum(sizes) for size in sizes)


def _word(likely: Likely, fact: Fact, word: str) -> float:
    """The likelihood of one value of an enumeration."""
    usual, share = likely.usual.get(fact.id) or (_nothing(likely, fact), NOTHING_SHARE)
    if usual not in fact.values:
        return 1 / len(fact.values)
    return share if word == usual else (1 - share) / (len(fact.values) - 1)


def _nothing(likely: Likely, fact: Fact) -> str:
    """An enumeration's word for "nothing of the kind"; empty where it has none."""
    return next((word for word in likely.nothing if word in fact.values), "")


# ---------------------------------------------------------------------------------------------------------------------
# What an answer is worth: the share of its likely answers that settle a scheme, and how much fewer questions are
# left.
# ---------------------------------------------------------------------------------------------------------------------


# A scheme one step nearer to its answer, against one that has it.
PROGRESS = 0.3


@dataclass(frozen=True, slots=True)
class Gain:
    """``settles``: the likelihood that the answer settles the scheme's status. ``nearer``: the share of its open questions
    that fall away, the answered one among them."""

    settles: float
    nearer: float

    @property
    def value(self) -> float:
        """Both in one number between 0 and 1."""
        return self.settles + PROGRESS * (1 - self.settles) * self.nearer


def gain(reading: Reading, name: str, likely: Likely) -> Gain:
    """What an answer to the question does for one open scheme, on average over its likely answers."""
    known = reading.notes.get(("gain", name, likely.division))
    if known is None:
        known = reading.notes["gain", name, likely.division] = _gain(reading, name, likely)
    found: Gain = known
    return found


def _gain(reading: Reading, name: str, likely: Likely) -> Gain:
    found = pieces(reading, name)
    weights = shares(
        likely,
        reading.world.context.vocabulary[name],
        [piece.domain for piece in found],
        summed=bool(summed_with(reading, name)),
    )
    before = len(open_facts(reading, range(len(reading.settlement.cells)))) or 1
    settles = nearer = 0.0
    for piece, share in zip(found, weights, strict=True):
        if settled_by(reading, piece):
            settles += share
            nearer += share
        else:
            left = open_facts(reading, piece.cells) - {name}
            nearer += share * (1 - min(len(left), before) / before)
    return Gain(settles, nearer)


@dataclass(frozen=True, slots=True)
class Chance:
    """``passes``: the likelihood that a firm of which no more is known meets a scheme's conditions. ``needed``: by untold fact, how
    often a firm that meets them must tell it for that."""

    passes: float
    needed: Mapping[str, float]


def chance(reading: Reading, likely: Likely, having: Collection[str]) -> Chance:
    """How likely an open scheme passes; ``having``: see ``gates.having``."""
    key = ("chance", frozenset(having).intersection(reading.decision.missing), likely.division)
    found: Chance | None = reading.notes.get(key)
    if found is None:
        found = reading.notes[key] = _chance(reading, likely, having)
    return found


def _chance(reading: Reading, likely: Likely, having: Collection[str]) -> Chance:
    cells = reading.settlement.cells
    odds = [1.0] * len(cells)
    vocabulary = reading.world.context.vocabulary
    for name in dict.fromkeys(var for cell, _ in cells for var in cell.box if isinstance(var, str)):
        if name not in vocabulary or name in reading.world.facts:
            continue
        found = pieces(reading, name)
        weights = shares(likely, vocabulary[name], [piece.domain for piece in found], has=name in having)
        for number in range(len(cells)):
            odds[number] *= sum(weight for piece, weight in zip(found, weights, strict=True) if number in piece.cells)
    passing = [number for number, (_, outcome) in enumerate(cells) if outcome != FAIL]
    passes = sum(odds[number] for number in passing)
    needed: dict[str, float] = {}
    for number in passing:
        for name in _asked_in(reading, number):
            needed[name] = needed.get(name, 0.0) + odds[number] / (passes or 1.0)
    return Chance(passes / (sum(odds) or 1.0), needed)


def settled_by(reading: Reading, piece: Piece) -> bool:
    """Whether an answer in this piece leaves one status only."""
    outcomes = {_status(reading, reading.settlement.cells[number][1]) for number in piece.cells}
    if outcomes == {FAIL}:
        return True
    return len(outcomes) == 1 and not _asks_first(reading)


def _status(reading: Reading, outcome: str) -> str:
    return PASS if outcome == OPEN and reading.edition.scheme.kind == "restriction" else outcome


def _asks_first(reading: Reading) -> bool:
    """Whether the scheme waits for what must be told before anything else: all cells agree and it is open all the same."""
    body = reading.edition.body
    return body is not None and bool(body.ask_first) and len(reading.decision.missing) > 1


def open_facts(reading: Reading, cells: object) -> set[str]:
    """The facts that the scheme's rules would still ask about in these cells."""
    numbers = list(cells)  # type: ignore[call-overload]
    if len({_status(reading, reading.settlement.cells[n][1]) for n in numbers}) < 2:
        return set()
    return {fact for n in numbers for fact in _asked_in(reading, n)}


def _asked_in(reading: Reading, number: int) -> frozenset[str]:
    known = reading.notes.get(("asked", number))
    if known is None:
        box = reading.settlement.cells[number][0].box
        known = reading.notes["asked", number] = frozenset(fact for var in box for fact in facts_of(var))
    found: frozenset[str] = known
    return found
