"""How long a list will take, said before it is begun: by what the last lists took on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from sqlmodel import Session, col, func, select

from .models import Run, RunRow

_LAST = 10

_ROW_SECONDS, _LETTER_SECONDS = 0.08, 1.0

"""Where no list was done yet: on an ordinary server with two processors."""

_FEWEST = 50  # rows or letters below which the start of the work outweighs them


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a row takes to be read and decided, and a letter to be issued; ``is_measured``: by lists done here."""

    row: float
    letter: float
    is_measured: bool

    def minutes(self, rows: int, letters: int = 0) -> int:
        """Whole minutes, rounded up, of so many rows and letters; at least 1."""
        return max(1, ceil((rows * self.row + letters * self.letter) / 60))


def pace(session: Session) -> Pace:
    """What the last lists took that ran through without a stop; the usual pace where there are none."""
    done = select(Run.id, Run.rows, Run.started_at, Run.finished_at).where(
        Run.state == "done", col(Run.started_at).is_not(None), col(Run.finished_at).is_not(None)
    )
    runs = session.exec(done.order_by(col(Run.id).desc()).limit(_LAST)).all()
    counted = select(RunRow.run_id, func.count(col(RunRow.number))).where(
        col(RunRow.run_id).in_([run_id for run_id, *_ in runs]), col(RunRow.number).is_not(None)
    )
    letters = dict(session.exec(counted.group_by(col(RunRow.run_id))).all())
    took = [
        (rows, letters.get(run_id or 0, 0), (finished - started).total_seconds())
        for run_id, rows, started, finished in runs
        if started and finished and rows
    ]
    row = _mean([(seconds, rows) for rows, many, seconds in took if not many])
    usual = _ROW_SECONDS if row is None else row
    letter = _mean([(max(0.0, seconds - rows * usual), many) for rows, many, seconds in took if many])
    return Pace(usual, _LETTER_SECONDS if letter is None else letter, row is not None or letter is not None)


def _mean(took: Sequence[tuple[float, int]]) -> float | None:
    """Seconds for one, of those that were enough to tell."""
    enough = [(seconds, many) for seconds, many in took if many >= _FEWEST]
    total = sum(many for _, many in enough)
    return sum(seconds for seconds, _ in enough) / total if total else None
