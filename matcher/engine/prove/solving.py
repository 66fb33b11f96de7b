"""Asks the solver, within a fixed measure of its work, so that the same question has the same answer on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import z3

# About a second of the solver's work on one question; it counts steps, not time, and so never hangs on a busy machine.
MOST_WORK = 3_000_000

YES, NO, OPEN = "yes", "no", "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """``answer``: yes with a model, no, or open (neither proved nor refuted within the measure)."""

    answer: str
    model: Any = None


class Solver:
    """Asks whether any firm within the bounds makes all of some claims true."""

    def __init__(self, most_work: int = MOST_WORK) -> None:
        self.most_work = most_work
        self.questions = 0

    def ask(self, *claims: Any) -> Answer:
        """Whether one firm makes all claims true."""
        self.questions += 1
        if any(claim is False for claim in claims):
            return Answer(NO)
        context = z3.Context()  # its own for each question: what was asked before must not steer the search
        solver = z3.Solver(ctx=context)
        solver.set("rlimit", self.most_work)
        solver.add(*(claim.translate(context) for claim in claims if claim is not True))
        result = solver.check()
        if result == z3.sat:
            return Answer(YES, solver.model().translate(z3.main_ctx()))
        return Answer(NO if result == z3.unsat else OPEN)
