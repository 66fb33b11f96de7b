"""How long a list will take: by the lists done before, and as if on an ordinary server where there are none."""

from datetime import timedelta

from sqlmodel import Session

from matcher.accounts.models import Account
from matcher.batches.estimate import pace
from matcher.batches.models import Run, RunRow
from matcher.batches.service import NewRun, line_up, new_run
from matcher.db.database import reading, session
from matcher.letters.issue import Office
from matcher.letters.register import find_issued
from tests.batches.test_processing import do
from tests.fixtures.runs import DAY, NOON, LineUp, Row, as_csv, entitled


def test_the_pace_is_that_of_lists_done_here(office: Office, clerk: Account) -> None:
    """100 rows in 50 seconds: half a second each; a list that was too short to tell changes nothing."""
    with reading(office.engine) as opened:
        usual = pace(opened)
    assert not usual.is_measured
    with session(office.engine) as writing:
        for rows, seconds in ((100, 50), (3, 300)):
            _done(writing, clerk, rows, seconds)
    with reading(office.engine) as opened:
        found = pace(opened)
    assert found.is_measured
    assert found.row == 0.5
    assert found.letter == usual.letter
    assert [found.minutes(rows) for rows in (1, 120, 121)] == [1, 1, 2]


def _done(writing: Session, clerk: Account, rows: int, seconds: int) -> None:
    assert clerk.id is not None
    run = new_run(writing, NewRun("heping", clerk.id, "a.csv", "zh", DAY, "none"), b"", "text/csv", NOON)
    run.state, run.rows = "done", rows
    run.started_at, run.finished_at = NOON, NOON + timedelta(seconds=seconds)
    writing.add(run)


def test_letters_of_a_list_speak_of_the_schemes_wanted_alone(
    office: Office, drawn: list[Row], lined_up: LineUp
) -> None:
    """A firm that has none of them gets no letter; what is decided stays whole."""
    rows = entitled(drawn[:2])
    rows[1]["six_taxes_two_fees_payable"] = "0"
    run_id = lined_up(as_csv(rows), letters="zip")
    with session(office.engine) as writing:
        run = writing.get_one(Run, run_id)
        run.state = "mapping"
        writing.add(run)
        writing.flush()
        mapping = {int(at): fact for at, fact in (run.mapping or {}).items()}
        line_up(writing, run_id, mapping, "zip", letter_schemes=["six-taxes-two-fees"])
    do(office, run_id)
    with reading(office.engine) as opened:
        first, second = (opened.get_one(RunRow, (run_id, line)) for line in (2, 3))
        assert first.number is not None
        entry = find_issued(opened, first.number)
        assert entry is not None
        assert list(entry.schemes) == ["six-taxes-two-fees"]
        assert second.number is None or second.entitled == 1
        assert len(first.decisions) > 20
