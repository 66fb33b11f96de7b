"""Keeps runs over spreadsheets: new, lined up, going on, ended; and which change may follow which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from matcher.db import EntryError

from .models import Run, RunCurrent, RunFile, RunLetters, RunRow

LONGEST_FILENAME = 200

_LONGEST_FAULT = 2000

Fault = tuple[str, str]

"""What is wrong, in Chinese and English."""

UNSIGNED: Fault = (
    "本中心的函件须第二人签发：由审核人员在本页抽看后统一签发。",
    "The letters wait for a second signature: a supervisor looks at samples on this page and signs them all.",
)

"""What a run lacks whose letters nobody has signed for yet."""

GOING_ON = ("waiting", "running")

ENDED = ("done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a clerk asks for; ``as_of`` is the day that every firm is checked for."""

    centre: str
    account_id: int
    filename: str
    language: str
    as_of: date
    letters: RunLetters


def new_run(session: Session, asked: NewRun, upload: bytes, media_type: str, at: datetime) -> Run:
    """Keep an uploaded file as a run whose columns are still to be matched."""
    run = Run(
        centre=asked.centre,
        account_id=asked.account_id,
        state="mapping",
        filename=asked.filename[-LONGEST_FILENAME:],
        language=asked.language,
        as_of=asked.as_of,
        letters=asked.letters,
        created_at=at,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    session.add(RunFile(run_id=run.id, kind="upload", filename=run.filename, media_type=media_type, content=upload))
    session.flush()
    return run


def find_run(session: Session, run_id: int, for_change: bool = False) -> Run | None:
    """The run with this id as it is now; ``for_change`` locks it until the transaction ends."""
    return session.get(Run, run_id, with_for_update=True if for_change else None, populate_existing=True)


def list_runs(session: Session, centre: str | None = None, most: int = 100) -> Sequence[Run]:
    """The newest runs, of one centre or of all."""
    wanted = select(Run).order_by(col(Run.id).desc()).limit(most)
    return session.exec(wanted if centre is None else wanted.where(Run.centre == centre)).all()


def unfinished(session: Session) -> list[int]:
    """The ids of the runs that wait for a worker or are going on, oldest first."""
    return [
        found
        for found in session.exec(select(Run.id).where(col(Run.state).in_(GOING_ON)).order_by(col(Run.id)))
        if found
    ]


def line_up(
    session: Session,
    run_id: int,
    mapping: Mapping[int, str | None],
    letters: RunLetters | None = None,
    on_current: RunCurrent = "skip",
    letter_schemes: Sequence[str] | None = None,
) -> Run:
    """Let a run begin with this mapping of its columns, and with other letters than were asked for where told.

    ``on_current`` says what becomes of firms that have a current letter; ``letter_schemes`` what the letters speak of (None: of all
    that a firm is entitled to): a firm that has none of them gets none.

    Raises EntryError for one that has begun already.
    """
    run = _in_state(session, run_id, ("mapping",))
    run.letters, run.on_current = letters or run.letters, on_current
    run.letter_schemes = list(letter_schemes) if letter_schemes else None
    run.mapping = {str(column): fact for column, fact in sorted(mapping.items())}
    run.state = "waiting"
    return _kept(session, run)


def go_on(session: Session, run_id: int) -> Run:
    """Line up again a run that was cancelled or failed: what is done of it stays. Raises EntryError for any other."""
    run = _in_state(session, run_id, ("cancelled", "failed"))
    if run.mapping is None or run.forgotten_at is not None:
        raise _refused(run)
    run.state, run.is_cancel_asked, run.starts = "waiting", False, 0
    run.fault_zh = run.fault_en = run.finished_at = None
    return _kept(session, run)


def runs_to_sign(session: Session, centre: str) -> Sequence[Run]:
    """The runs of a centre that are done and whose letters wait for a second signature, the oldest first."""
    done = select(Run).where(
        Run.centre == centre,
        Run.state == "done",
        col(Run.signed_by).is_(None),
        col(Run.fault_zh) == UNSIGNED[0],
        col(Run.forgotten_at).is_(None),
    )
    return session.exec(done.order_by(col(Run.id))).all()


def sign_run(session: Session, run_id: int, account_id: int) -> Run:
    """Give the second signature to the letters of a run that is done: it goes on and issues them.

    Raises EntryError for one in another state, one that was signed, or one's own.
    """
    run = _in_state(session, run_id, ("done",))
    if run.signed_by is not None or run.letters == "none" or run.forgotten_at is not None:
        raise _refused(run)
    if run.account_id == account_id:
        raise EntryError(("run",), "复核签发要由另一人办理。", "The second signature must be somebody else's.")
    run.signed_by, run.state, run.starts = account_id, "waiting", 0
    run.fault_zh = run.fault_en = run.finished_at = None
    return _kept(session, run)


def ask_cancel(session: Session, run_id: int, at: datetime) -> Run:
    """Stop a run: at once where no worker has it, else between two of its steps. Raises EntryError for one that ended."""
    run = _in_state(session, run_id, ("mapping", *GOING_ON))
    if run.state == "running":
        run.is_cancel_asked = True
    else:
        run.state, run.finished_at = "cancelled", at
    return _kept(session, run)


def take_up(session: Session, run_id: int, rulebook_hash: str, at: datetime) -> Run | None:
    """A worker begins with a run or goes on with it; None where there is nothing to do.

    The rulebook is noted that the first row is decided by.
    """
    run = find_run(session, run_id, for_change=True)
    if run is None or run.state not in GOING_ON or run.mapping is None:
        return None
    run.state, run.starts = "running", run.starts + 1
    run.started_at = run.started_at or at
    if run.done_rows == 0 or run.rulebook_hash is None:
        run.rulebook_hash = rulebook_hash
    return _kept(session, run)


def still_going(session: Session, run_id: int, at: datetime) -> Run | None:
    """The run, locked, if it goes on; None where it has ended, or ends now because a clerk asked for it."""
    run = find_run(session, run_id, for_change=True)
    if run is None or run.state != "running":
        return None
    if run.is_cancel_asked:
        run.state, run.finished_at = "cancelled", at
        _kept(session, run)
        return None
    return run


def finish(session: Session, run: Run, summary: Mapping[str, Any], at: datetime, lacks: Fault | None = None) -> None:
    """End a run that came to its end; ``summary`` counts for each scheme the firms of each status."""
    run.state, run.finished_at, run.summary, run.starts = "done", at, dict(summary), 0
    run.fault_zh, run.fault_en = lacks or (None, None)
    _kept(session, run)


def fail(session: Session, run_id: int, zh: str, en: str, at: datetime) -> Run | None:
    """End a run with the reason why it cannot go on; None where it had ended already."""
    run = find_run(session, run_id, for_change=True)
    if run is None or run.state in ENDED:
        return None
    run.state, run.finished_at = "failed", at
    run.fault_zh, run.fault_en = zh[:_LONGEST_FAULT], en[:_LONGEST_FAULT]
    return _kept(session, run)


def forget_run(session: Session, run_id: int, at: datetime) -> None:
    """Delete what the firms of a run told: its files, its rows but for the numbers of letters, the name of its file.

    The run stays with its counts, and so do letters. One that is not done is cancelled; raises EntryError for no such run.
    """
    run = find_run(session, run_id, for_change=True)
    if run is None:
        raise EntryError(("run",), f"没有第 {run_id} 号批量核对。", f"There is no run {run_id}.")
    if run.state not in ENDED:
        run.state, run.finished_at = "cancelled", at
    run.forgotten_at, run.filename, run.mapping = at, "", None
    rows = col(RunRow.run_id) == run_id
    session.execute(delete(RunFile).where(col(RunFile.run_id) == run_id))
    session.execute(delete(RunRow).where(rows, col(RunRow.number).is_(None)))
    gone = {"name": None, "credit_code": None, "facts": None, "faults": None, "outcome": None}
    session.execute(update(RunRow).where(rows).values(**gone))
    _kept(session, run)


def _in_state(session: Session, run_id: int, states: tuple[str, ...]) -> Run:
    run = find_run(session, run_id, for_change=True)
    if run is None or run.state not in states:
        raise _refused(run)
    return run


def _refused(run: Run | None) -> EntryError:
    if run is None:
        return EntryError(("run",), "没有这次批量核对。", "There is no such run.")
    return EntryError(
        ("run",),
        "这次批量核对的状态已经变了，没有改动；请刷新页面再看。",
        "This run has moved on meanwhile; nothing was changed. Open its page again.",
    )


def _kept(session: Session, run: Run) -> Run:
    session.add(run)
    session.flush()
    return run
