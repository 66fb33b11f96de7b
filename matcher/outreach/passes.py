"""A pass over the register of firms as long work: chunk by chunk, so that a stop loses no more than one, and done by one worker."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matcher.db import StoreError, claimed, reading, session
from matcher.letters import Office
from matcher.rulebook import Rulebook, Text

from .models import ImpactStudy, Screening
from .service import firms_after, told_on

Run = TypeVar("Run", Screening, ImpactStudy)

T = TypeVar("T")

Told = Mapping[str, Mapping[str, object]]
"""What firms tell, by id, in the order of the register."""

_NAMES: Mapping[type, Text] = {
    Screening: Text(zh="筛查", en="screening"),
    ImpactStudy: Text(zh="测算", en="impact study"),
}

_ENDED = ("done", "failed")


class OldRulesError(StoreError):
    """A pass was begun under rules that are no longer these."""


_log = logging.getLogger(__name__)


def unfinished(opened: Session, table: type[Screening] | type[ImpactStudy]) -> list[int]:
    """The ids of those that wait for a worker or are going on, oldest first."""
    waiting = select(table.id).where(col(table.state).in_(("waiting", "running")))
    return [number for number in opened.exec(waiting.order_by(col(table.id))) if number is not None]


def locked(writing: Session, table: type[Run], number: int) -> Run:
    """One of them, held until the transaction ends. Raises StoreError where there is none of this number."""
    found = writing.get(table, number, with_for_update=True, populate_existing=True)
    if found is None:
        name = _NAMES[table]
        raise StoreError(f"没有第 {number} 次{name.zh}。", f"There is no {name.en} {number}.")
    return found


def begin(engine: Engine, table: type[Run], number: int, rulebook: Rulebook, clock: Callable[[], datetime]) -> Run:
    """Go on with one under the rules that it was begun under. One that has ended stays as it is.

    :raises StoreError: where there is none of this number; OldRulesError where it was begun under other rules (it is then ``failed``).
    """
    with session(engine) as writing:
        run = locked(writing, table, number)
        is_old = run.state not in _ENDED and run.rulebook_hash != rulebook.hash
        if run.state not in _ENDED:
            run.state, run.finished_at = ("failed", clock()) if is_old else ("running", None)
            writing.add(run)
    if is_old:
        name = _NAMES[table]
        raise OldRulesError(
            f"规则库已更新，这次{name.zh}作废，请重新{name.zh}。",
            f"The rules have changed since this {name.en} began: begin another.",
        )
    return run


def next_chunk(
    engine: Engine,
    run: Run,
    firms: int,
    clock: Callable[[], datetime],
    decide: Callable[[Told], T],
    write: Callable[[Session, Run, T], None],
) -> Run:
    """Decide the next firms without holding anybody up, then write all that was found of them at once; with no firm left it is done. Two
    workers at the same one do no harm: a chunk is written only where it follows the last.

    :param firms: how many at a time.
    :param write: adds what was found to the pass, the number of its firms too.
    """
    last = run.last_firm_id
    with reading(engine) as opened:
        firm_ids: Sequence[str] = firms_after(opened, last, firms)
        told = told_on(opened, firm_ids, run.as_of)
    found = decide({firm_id: told[firm_id] for firm_id in firm_ids})
    with session(engine) as writing:
        now = locked(writing, type(run), int(run.id or 0))
        if now.last_firm_id != last or now.state != "running":
            return now
        write(writing, now, found)
        if firm_ids:
            now.last_firm_id = firm_ids[-1]
        else:
            now.state, now.finished_at = "done", clock()
        writing.add(now)
        return now


def perform(
    office: Office, table: type[Run], number: int, now: Callable[[], datetime], work: Callable[[], object]
) -> None:
    """Do the work of one, unless another worker has it (`matcher.db.queue.claimed`) or it is no longer there. One that breaks off with a
    fault of ours has failed: it must not be tried for ever.

    :raises StoreError: where the database does not answer.
    """
    name = _NAMES[table].en
    with claimed(office.engine, "screening" if table is Screening else "impact", number) as is_ours:
        if not is_ours:
            return
        try:
            with reading(office.engine) as opened:
                is_there = opened.get(table, number) is not None
            if is_there:
                work()
        except OldRulesError:
            return  # it says so itself, and the page offers to begin another
        except StoreError:
            raise
        except Exception as error:
            # By kind and place only: a message may hold what a firm told.
            where = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)[-6:]))
            _log.error("%s %s: %s at %s", name, number, type(error).__name__, where)
            with session(office.engine) as writing:
                failed = locked(writing, table, number)
                failed.state, failed.finished_at = "failed", now()
                writing.add(failed)
