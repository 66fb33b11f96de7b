"""Runs in the store: which change may follow which, rows decided once, and forgetting."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.batches.models import Run, RunFile, RunRow
from matcher.batches.rows import (
    Outcome,
    Read,
    decided_rows,
    enter_rows,
    give_letter,
    kept_run_file,
    letter_counts,
    list_files,
    put_file,
    refuse_letter,
    undecided,
    write_outcomes,
)
from matcher.batches.service import (
    NewRun,
    ask_cancel,
    fail,
    find_run,
    finish,
    forget_run,
    go_on,
    line_up,
    list_runs,
    new_run,
    still_going,
    take_up,
    unfinished,
)
from matcher.db.database import session
from matcher.db.faults import EntryError

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
RULES, OTHER_RULES = "a" * 64, "b" * 64
GRANTED = [{"scheme": "six-taxes-two-fees", "status": "eligible"}]
Make = Callable[..., Run]


@pytest.fixture
def made(engine: Engine) -> Make:
    """Makes runs of three good rows and a bad one, as far as a state."""
    with session(engine) as writing:
        account = Account(
            name="li.na",
            display_name="李娜",
            role="clerk",
            centre="heping",
            password_hash="-",
            created_at=AT,
            password_changed_at=AT,
        )
        writing.add(account)
        writing.flush()
        account_id = account.id
    assert account_id is not None

    def make(writing: Session, state: str = "running", centre: str = "heping") -> Run:
        run = new_run(
            writing, NewRun(centre, account_id, "名单.csv", "zh", date(2026, 11, 24), "zip"), b"a", "text/csv", AT
        )
        assert run.id is not None
        if state == "mapping":
            return run
        line_up(writing, run.id, {0: "name", 1: None})
        if state == "waiting":
            return run
        take_up(writing, run.id, RULES, AT)
        rows = [Read(line, f"企业{line}", "91120101MA05TX9C3R", {"name": f"企业{line}"}, None) for line in (2, 3, 4)]
        enter_rows(writing, run, [*rows, Read(5, None, None, None, [{"row": 5}])])
        return run

    return make


def test_a_run_goes_through_its_states(engine: Engine, made: Make) -> None:
    """From the upload to its end; the file is kept from the first."""
    with session(engine) as writing:
        run = made(writing, "mapping")
        assert run.id is not None
        assert list_files(writing, run.id) == {"upload": 1}
        line_up(writing, run.id, {0: "name"})
        assert unfinished(writing) == [run.id]
        taken = take_up(writing, run.id, RULES, AT)
        assert taken is not None
        assert (taken.state, taken.started_at, taken.starts) == ("running", AT, 1)
        finish(writing, taken, {"six-taxes-two-fees": {"eligible": 2}}, AT)
        assert (run.state, run.finished_at, unfinished(writing)) == ("done", AT, [])


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_a_run_begins_once(engine: Engine, made: Make, state: str) -> None:
    """Lined up again it is refused."""
    with session(engine) as writing:
        run = made(writing, state)
        with pytest.raises(EntryError):
            line_up(writing, run.id or 0, {})


def test_no_run_is_no_run(engine: Engine, made: Make) -> None:
    """A number that is no run's is refused in words."""
    with session(engine) as writing:
        for act in (lambda: line_up(writing, 7, {}), lambda: go_on(writing, 7), lambda: forget_run(writing, 7, AT)):
            with pytest.raises(EntryError):
                act()
        assert find_run(writing, 7) is None


@pytest.mark.parametrize(
    ("state", "after"), [("mapping", "cancelled"), ("waiting", "cancelled"), ("running", "running")]
)
def test_a_run_that_no_worker_has_stops_at_once(engine: Engine, made: Make, state: str, after: str) -> None:
    """One that is going on ends between two steps."""
    with session(engine) as writing:
        run = made(writing, state)
        assert ask_cancel(writing, run.id or 0, AT).state == after
        assert run.is_cancel_asked == (state == "running")


def test_a_step_ends_a_run_that_is_to_be_stopped(engine: Engine, made: Make) -> None:
    """The worker is told to leave it, and it can go on later."""
    with session(engine) as writing:
        run = made(writing)
        assert still_going(writing, run.id or 0, AT) is run
        ask_cancel(writing, run.id or 0, AT)
        assert still_going(writing, run.id or 0, AT) is None
        assert run.state == "cancelled"
        go_on(writing, run.id or 0)
        assert (run.state, run.is_cancel_asked, run.finished_at) == ("waiting", False, None)


def test_what_has_ended_neither_stops_nor_fails(engine: Engine, made: Make) -> None:
    """A finished run stays finished."""
    with session(engine) as writing:
        run = made(writing)
        finish(writing, run, {}, AT)
        with pytest.raises(EntryError):
            ask_cancel(writing, run.id or 0, AT)
        assert fail(writing, run.id or 0, "坏了", "broken", AT) is None
        assert take_up(writing, run.id or 0, RULES, AT) is None
        with pytest.raises(EntryError):
            go_on(writing, run.id or 0)


def test_the_rulebook_is_that_of_the_first_row(engine: Engine, made: Make) -> None:
    """Until a row is decided another edition may take over; afterwards the first stays noted."""
    with session(engine) as writing:
        run = made(writing)
        take_up(writing, run.id or 0, OTHER_RULES, AT)
        assert run.rulebook_hash == OTHER_RULES
        write_outcomes(writing, run, [Outcome(2, GRANTED, 1)])
        take_up(writing, run.id or 0, RULES, AT)
        assert run.rulebook_hash == OTHER_RULES


def test_a_row_is_decided_once(engine: Engine, made: Make) -> None:
    """A second outcome for a row is neither written nor counted."""
    with session(engine) as writing:
        run = made(writing)
        assert [line for line, _ in undecided(writing, run.id or 0, 10)] == [2, 3, 4]
        write_outcomes(writing, run, [Outcome(2, GRANTED, 1), Outcome(3, [], 0)])
        write_outcomes(writing, run, [Outcome(2, [], 0)])
        assert run.done_rows == 2
        assert [line for line, _ in undecided(writing, run.id or 0, 10)] == [4]
        first = next(decided_rows(writing, run.id or 0))
        assert (first.line, first.outcome, first.entitled) == (2, GRANTED, 1)


def test_a_row_has_one_letter_or_one_reason(engine: Engine, made: Make) -> None:
    """Whoever is refused is not asked again."""
    with session(engine) as writing:
        run = made(writing)
        write_outcomes(writing, run, [Outcome(2, GRANTED, 1), Outcome(3, GRANTED, 1), Outcome(4, [], 0)])
        assert refuse_letter(writing, run.id or 0, 2, "没有密钥" * 200)
        counts = letter_counts(writing, run.id or 0)
        assert (counts.due, counts.issued, counts.refused) == (2, 0, 1)
        assert not give_letter(writing, run.id or 0, 99, "津和企服函〔2026〕1号")


def test_a_file_takes_the_place_of_one_of_its_kind(engine: Engine, made: Make) -> None:
    """Made again after a kill, it is there once."""
    with session(engine) as writing:
        run = made(writing)
        for content in (b"1", b"22"):
            put_file(writing, run.id or 0, "results", "results.xlsx", "application/zip", content)
        kept = kept_run_file(writing, run.id or 0, "results")
        assert kept is not None
        assert kept.content == b"22"


def test_forgetting_leaves_counts_and_nothing_that_firms_told(engine: Engine, made: Make) -> None:
    """Rows, files, the name of the file and the mapping go; a run that was going on ends."""
    with session(engine) as writing:
        run = made(writing)
        forget_run(writing, run.id or 0, AT)
        assert (run.state, run.rows, run.bad_rows) == ("cancelled", 4, 1)
        assert (run.filename, run.mapping, run.forgotten_at) == ("", None, AT)
        assert writing.exec(select(RunRow)).all() == []
        assert writing.exec(select(RunFile)).all() == []
        with pytest.raises(EntryError):
            go_on(writing, run.id or 0)


def test_lists_are_of_a_centre_newest_first(engine: Engine, made: Make) -> None:
    """The city's list has all."""
    with session(engine) as writing:
        first, other, last = made(writing), made(writing, centre="hedong"), made(writing)
        assert [run.id for run in list_runs(writing, "heping")] == [last.id, first.id]
        assert [run.id for run in list_runs(writing)] == [last.id, other.id, first.id]
