"""Times engines against each other: one core, interleaved rounds, no garbage collection while the clock runs."""

from __future__ import annotations

import gc
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.peer import Peer

ROUNDS = 10
Job = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """What one engine took for a firm, in microseconds, round by round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round: what is compared."""
        return median(self.rounds)

    def times(self, other: Timing) -> float:
        """How many times as long as the other it took: the middle of the rounds' ratios, so that drift cancels out."""
        return median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps the process, and threads it starts, on its last core where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def race(peers: Sequence[Peer], rounds: int = ROUNDS) -> dict[str, Timing]:
    """Times every engine in every round, first in turn; a slow one sees another part of the firms each round.

    Over the rounds every engine sees every firm at least once.
    """
    taken: dict[str, list[float]] = {peer.name: [] for peer in peers}
    with one_core():
        for peer in peers:  # warm up
            _lap(peer, peer.inputs[:200])
        for number in range(rounds):
            shift = number % len(peers)
            for peer in (*peers[shift:], *peers[:shift]):
                taken[peer.name].append(_lap(peer, peer.inputs[number::rounds] if peer.slow else peer.inputs))
    return {name: Timing(tuple(laps)) for name, laps in taken.items()}


def _lap(peer: Peer, inputs: Sequence[object]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        # No loop of Python's own around the call: it would be counted to everybody and flatter the slower side.
        deque(map(peer.ask, inputs), maxlen=0)
        return (time.perf_counter() - start) / len(inputs) * 1e6
    finally:
        gc.enable()
