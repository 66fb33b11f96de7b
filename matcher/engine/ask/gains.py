"""What an answer is worth: the share of its likely answers that settle a scheme, and how much fewer questions are left."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.engine.ask.likely import shares
from matcher.engine.ask.pieces import Piece, pieces, summed_with
from matcher.engine.ask.readings import Reading
from matcher.engine.cells import facts_of
from matcher.engine.status import FAIL, OPEN, PASS
from matcher.rulebook.likely import Likely

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
    known = reading.notes.get(("gain", name))
    if known is None:
        known = reading.notes["gain", name] = _gain(reading, name, likely)
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
