"""A worker that is killed, again and again: what comes out is what an undisturbed run gives."""

import os
import random
import signal
from collections.abc import Callable

import pytest
from sqlmodel import col, func, select

from matcher.audit.models import AuditEntry
from matcher.batches.models import RunFile, RunRow
from matcher.batches.processing import perform
from matcher.batches.rows import bad_rows, kept_run_file, letter_counts, letters_of
from matcher.db.database import reading
from matcher.db.queue import enqueue_run
from matcher.letters.issue import Office
from matcher.letters.models import IssuedLetter, NumberReservation, NumberSeries
from tests.conftest import count
from tests.fixtures.runs import DRAWN, NOON, LineUp, Row, as_csv, entitled, run_of
from tests.fixtures.workers import wait_until, worker

KILLS, LETTERS_BEFORE_KILLS, LETTERS = (
    (5, (1, 3, 4, 7, 10), 12) if count(10) == 10 else (2, (2,), 4)
)  # a worker takes seconds to start


def kill_on_the_way(office: Office, run_id: int, points: list[int], progress: Callable[[], int]) -> None:
    """Kill one worker after the other, each when the run has got to the next point, and let the last one finish."""
    for point in points:
        with worker(office) as process:
            wait_until(process, lambda point=point: progress() >= point)  # type: ignore[misc]
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
    with worker(office) as process:
        wait_until(process, lambda: run_of(office, run_id).state not in ("waiting", "running"))


def with_faults(rows: list[Row]) -> list[Row]:
    """Every fiftieth row with a wrong number of workers, so that there is something to mark."""
    return [{**row, "employees": "许多"} if at % 50 == 7 else row for at, row in enumerate(rows)]


def test_killed_on_the_way_the_files_are_the_same(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """SIGKILL at five random points of the check (two outside the bench): same outcomes, same workbooks, no row twice."""
    rows = with_faults(drawn[: count(DRAWN, 20)])
    upload = as_csv(rows)
    disturbed, undisturbed = lined_up(upload), lined_up(upload)
    perform(office, undisturbed, lambda: NOON)
    chance = random.Random(11)
    points = sorted(chance.randrange(1, run_of(office, undisturbed).done_rows) for _ in range(KILLS))

    kill_on_the_way(office, disturbed, points, lambda: run_of(office, disturbed).done_rows)

    with reading(office.engine) as opened:
        one, other = (
            [(row.line, row.name, row.outcome, row.faults) for row in opened.exec(_rows(run_id))]
            for run_id in (disturbed, undisturbed)
        )
        files = [
            {kind: _content(kept_run_file(opened, run_id, kind)) for kind in ("results", "marked")}
            for run_id in (disturbed, undisturbed)
        ]
        faulty = len(bad_rows(opened, disturbed))
    assert one == other
    assert files[0] == files[1]
    assert faulty == sum(row["employees"] == "许多" for row in rows)
    left, right = run_of(office, disturbed), run_of(office, undisturbed)
    assert (left.state, left.rows, left.bad_rows, left.done_rows, left.summary) == (
        "done",
        right.rows,
        right.bad_rows,
        right.done_rows,
        right.summary,
    )


@pytest.mark.both_databases
def test_killed_on_the_way_every_row_has_one_letter(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """SIGKILL between and within letters, five times (once outside the bench): every entitled row has one, in the order of the file;
    no number is used twice, and the few that a killed worker had taken are on record as lost."""
    run_id = lined_up(as_csv(entitled(drawn[:LETTERS])), letters="zip")

    def issued() -> int:
        with reading(office.engine) as opened:
            return letter_counts(opened, run_id).issued

    kill_on_the_way(office, run_id, list(LETTERS_BEFORE_KILLS), issued)

    with reading(office.engine) as opened:
        rows = opened.exec(_rows(run_id)).all()
        numbers = [row.number for row in rows if row.entitled]
        places = [
            opened.exec(select(IssuedLetter.place).where(IssuedLetter.number == number)).one() for number in numbers
        ]
        last = opened.get_one(NumberSeries, ("heping", _year(opened, numbers[0]))).last
        lost = opened.exec(select(NumberReservation.place)).all()
        told = opened.exec(select(func.count()).where(AuditEntry.action == "letter.issued")).one()
        letters = letters_of(opened, run_id)
    assert run_of(office, run_id).state == "done"
    assert len(numbers) == LETTERS
    assert places == sorted(places)
    assert sorted([*places, *lost]) == list(range(1, last + 1))
    assert len(lost) <= len(LETTERS_BEFORE_KILLS)  # one a kill
    assert told == LETTERS
    assert [number for number, _ in letters] == numbers


def test_a_worker_goes_on_with_what_lies_there(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """A run that nobody told the queue of is found at the start, one that is told of later by the queue."""
    first = lined_up(as_csv(drawn[:3]))
    with worker(office) as process:
        wait_until(process, lambda: run_of(office, first).state == "done")
        second = lined_up(as_csv(drawn[:3]))
        enqueue_run(second, office.instance)
        wait_until(process, lambda: run_of(office, second).state == "done")


def test_sigterm_leaves_a_run_for_the_next_worker(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """A worker that is told to stop ends by itself, and the run waits where it is."""
    run_id = lined_up(as_csv(drawn[:400]))
    with worker(office) as process:
        wait_until(process, lambda: run_of(office, run_id).done_rows > 0)
        process.terminate()
        assert process.wait(60) == 0
    run = run_of(office, run_id)
    assert run.state == "running"
    assert 0 < run.done_rows < 400


def _rows(run_id: int):  # type: ignore[no-untyped-def]
    return select(RunRow).where(RunRow.run_id == run_id).order_by(col(RunRow.line))


def _content(file: RunFile | None) -> bytes:
    assert file is not None
    return file.content


def _year(opened, number: str) -> int:  # type: ignore[no-untyped-def]
    return opened.exec(select(IssuedLetter.year).where(IssuedLetter.number == number)).one()
