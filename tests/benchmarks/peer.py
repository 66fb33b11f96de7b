"""Says what the benchmark needs to know of an engine: how to ask it about one firm and how to read what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.by_hand import Answer

NOT_ELIGIBLE: Answer = ("not_eligible", None)


@dataclass(frozen=True)
class Peer:
    """One engine in one form. Only ``ask`` is timed: ``inputs`` are made before, ``read`` is called after."""

    name: str
    ask: Callable[[Any], Any]  # one firm in the engine's own form → what the engine answers
    inputs: Sequence[Any]
    read: Callable[[Any], Answer]
    slow: bool = False  # timed on a tenth of the firms a round, another tenth each round

    def answers(self) -> list[Answer]:
        """What it says of every firm."""
        return [self.read(self.ask(firm)) for firm in self.inputs]


def eligible(fen: int) -> Answer:
    """The answer of an engine that found the firm entitled to this amount."""
    return "eligible", fen


def or_minus_one(fen: float | int) -> Answer:
    """The answer of an engine that was asked for one number, −1 standing for not eligible."""
    return NOT_ELIGIBLE if fen < 0 else eligible(int(fen))
