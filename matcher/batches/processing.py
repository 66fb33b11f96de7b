"""Does a run from where it stands: rows in, decided, letters, files. Whatever is interrupted is taken up again by the next.

Each step is one transaction that also moves the run's counts; the database alone says how far it is.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from matcher.accounts import Account
from matcher.audit import Event, append
from matcher.db import EntryError, StoreError, claimed, reading, session
from matcher.firms import Unreadable, read_told
from matcher.letters import Office, Refusal
from matcher.letters.pdf import RenderError
from matcher.letters.proof import KeyFolderError

from . import letters, rows, sheets
from . import service as store
from .checking import outcome
from .models import Run, RunRow
from .sheets import files_of, summary_of

Now = Callable[[], datetime]

Stopping = Callable[[], bool]

"""Whether the worker is to end: the run then stays as it is, for the next worker."""

CHUNK = 25

"""Rows that are decided in one transaction: about a second's work."""

MOST_STARTS = 10

"""How often a run may be taken up without getting on: one that brings down its worker must not hold up all others."""

_RULES_CHANGED = (
    "规则库已更新，剩下的行不能再按原来的规则核对。请点“重新核对”，按新规则从头核对。",
    "The rulebook has changed, so the other rows cannot be checked by the same rules. Start over to check all by the new ones.",
)

_TOO_OFTEN = (
    "处理这份文件时多次意外中断，已停止。请分成几个文件再试，或请管理员查看日志。",
    "Work on this file broke off again and again and was given up. Split the file, or have the log looked at.",
)

_UNEXPECTED = (
    "处理时出现意外错误，已停止；已完成的部分都在。请点“继续”重试，再出现请管理员查看日志。",
    "Something unexpected went wrong. What was done is kept: continue the run, and if it fails again have the log looked at.",
)

_log = logging.getLogger(__name__)


def perform(office: Office, run_id: int, now: Now, stopping: Stopping = lambda: False) -> None:
    """Do a run to its end, unless another worker has it or it is stopped. Does nothing for one that has ended.

    :raises StoreError: where the database does not answer; the run then stays as it is.
    """
    with claimed(office.engine, "run", run_id) as is_ours:
        if not is_ours:
            return
        try:
            _Work(office, run_id, now, stopping).do()
        except _Left:
            return
        except _Failed as failed:
            _end(office, run_id, failed.fault, now())
        except StoreError:
            raise
        except Exception as error:  # a run that fails must not be tried for ever
            # By kind and place only: a message may hold what a firm told.
            where = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)[-6:]))
            _log.error("run %s: %s at %s", run_id, type(error).__name__, where)
            _end(office, run_id, _UNEXPECTED, now())


class _Left(Exception):
    """The run was stopped, has ended, or is left to the next worker."""


class _Failed(Exception):
    """The run cannot go on, for a reason that a clerk is told."""

    def __init__(self, fault: store.Fault) -> None:
        super().__init__(fault[1])
        self.fault = fault


class _Work:
    """One worker's part of a run."""

    def __init__(self, office: Office, run_id: int, now: Now, stopping: Stopping) -> None:
        self._office, self._id, self._now, self._stopping = office, run_id, now, stopping
        self._engine, self._rulebook = office.engine, office.rulebook

    def do(self) -> None:
        with session(self._engine) as writing:
            run = store.take_up(writing, self._id, self._rulebook.hash, self._now())
        if run is None:
            return
        if run.starts > MOST_STARTS:
            raise _Failed(_TOO_OFTEN)
        if run.rulebook_hash != self._rulebook.hash:
            raise _Failed(_RULES_CHANGED)
        if run.rows == 0:
            run = self._read(run)
        self._decide(run)
        lacks = self._issue(run)
        self._finish(run, lacks)

    def _step(self, write: Callable[[Session, Run], None]) -> Run:
        """Write a step of the run in a transaction that has the run locked. Raises _Left where it does not go on."""
        is_left = self._stopping()
        with session(self._engine) as writing:
            run = store.still_going(writing, self._id, self._now())
            if run is not None and not is_left:
                write(writing, run)
        if run is None or is_left:
            raise _Left
        return run

    def _read(self, run: Run) -> Run:
        with reading(self._engine) as opened:
            upload = rows.kept_run_file(opened, self._id, "upload")
        if upload is None or run.mapping is None:
            raise _Left
        try:
            read = list(sheets.read_upload(self._rulebook, upload, run.mapping))
        except Unreadable as error:
            raise _Failed(
                ("；".join(one.text.zh for one in error.faults), "; ".join(one.text.en for one in error.faults))
            ) from None
        return self._step(lambda writing, going: rows.enter_rows(writing, going, read))

    def _decide(self, run: Run) -> None:
        last = 0
        while True:
            with reading(self._engine) as opened:
                part = rows.undecided(opened, self._id, CHUNK, last)
            if not part:
                return
            last = part[-1][0]
            outcomes = [self._outcome(run, line, told) for line, told in part]
            self._step(partial(rows.write_outcomes, outcomes=outcomes))

    def _outcome(self, run: Run, line: int, told: dict[str, Any]) -> rows.Outcome:
        read = read_told(self._rulebook, told)
        decided = outcome(self._rulebook, read.firm, run.as_of, read.items)
        return rows.Outcome(line, decided, len(letters.written_of(self._rulebook, decided, run.letter_schemes)))

    def _issue(self, run: Run) -> store.Fault | None:
        """Issue what letters are still to be issued; what the run lacks for want of them."""
        if run.letters == "none":
            return None
        with reading(self._engine) as opened:
            actor = opened.get_one(Account, run.account_id)
        hindered, row = self._next_letter(run)
        if hindered is not None or row is None:
            return hindered
        try:
            letters.make_ready(self._office)
            while row is not None and hindered is None:
                self._issue_one(run, row, actor)
                hindered, row = self._next_letter(run, row.line)
        except (KeyFolderError, Refusal) as error:
            raise _Failed((error.text.zh, error.text.en)) from None
        return hindered if row is not None else None

    def _next_letter(self, run: Run, after: int = 0) -> tuple[store.Fault | None, RunRow | None]:
        """Why no more letters may be issued, asked anew for each (an account may be closed meanwhile), and the next row."""
        with reading(self._engine) as opened:
            return letters.hindrance(opened, run), rows.next_letter(opened, self._id, after)

    def _issue_one(self, run: Run, row: RunRow, actor: Account) -> None:
        self._step(lambda writing, going: None)
        try:
            letters.issue_for(self._office, run, row, actor, self._now())
        except letters.Interrupted:
            self._step(lambda writing, going: None)  # where a clerk stopped it, it ends here
            raise _Left from None
        except (Refusal, RenderError, EntryError, letters.HasCurrent) as error:
            why = str(error)
            if isinstance(error, letters.HasCurrent):
                why = f"已有有效函 {error.number}，未另发 / has a current letter, {error.number}: no other was issued"

            def refuse(writing: Session, going: Run) -> None:
                rows.refuse_letter(writing, self._id, row.line, why)

            self._step(refuse)

    def _finish(self, run: Run, lacks: store.Fault | None) -> None:
        """Make the files, and end the run in the transaction that keeps them."""
        with reading(self._engine) as opened:
            run = opened.get_one(Run, self._id)
            summary = summary_of(opened, self._id)
            actor = opened.get_one(Account, run.account_id)
            made = files_of(self._rulebook, opened, run)

        def write(writing: Session, going: Run) -> None:
            at = self._now()
            for one in made:
                rows.put_file(writing, self._id, one.kind, one.filename, one.media_type, one.content)
            store.finish(writing, going, summary, at, lacks)
            detail = {"rows": going.rows, "bad_rows": going.bad_rows}
            subject = f"run {self._id}"
            append(writing, Event(at, actor.name, actor.role, run.centre, "run.done", subject, "jobs", detail))

        self._step(write)


def _end(office: Office, run_id: int, fault: store.Fault, at: datetime) -> None:
    with session(office.engine) as writing:
        run = store.fail(writing, run_id, *fault, at)
        if run is not None:
            actor = writing.get_one(Account, run.account_id)
            append(writing, Event(at, actor.name, actor.role, run.centre, "run.failed", f"run {run_id}", "jobs"))
