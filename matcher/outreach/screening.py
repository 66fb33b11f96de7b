"""Goes over the register of firms and finds what each is entitled to: in chunks, so that a stop loses little."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matcher.db import StoreError, claimed, reading, session
from matcher.letters import Office
from matcher.rulebook import Rulebook

from .columns import ColumnScreener
from .models import Screening
from .screener import Screener
from .service import firms_after, keep_found, take_up, told_on

# ---------------------------------------------------------------------------------------------------------------------
# Goes over the register of firms and finds what each is entitled to: in chunks, so that a stop loses no more than
# one.
# ---------------------------------------------------------------------------------------------------------------------


CHUNK = 2_000


class OldRulesError(StoreError):
    """A screening was begun under rules that are no longer these."""


def new_screening(writing: Session, rulebook: Rulebook, day: date, at: datetime, account_id: int | None) -> Screening:
    """Enter a screening that waits to be done; one that waits or runs for the same day and rules is given instead."""
    waiting = select(Screening).where(
        Screening.as_of == day,
        Screening.rulebook_hash == rulebook.hash,
        Screening.state.in_(("waiting", "running")),  # type: ignore[attr-defined]
    )
    found = writing.exec(waiting).first()
    if found is None:
        found = Screening(account_id=account_id, state="waiting", as_of=day, rulebook_hash=rulebook.hash, created_at=at)
        writing.add(found)
        writing.flush()
    return found


def screen(
    engine: Engine,
    rulebook: Rulebook,
    screening_id: int,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    chunk: int = CHUNK,
    advance: Callable[[int], object] = lambda _: None,
) -> Screening:
    """Do a screening from where it stands to its end; what is finished already stays as it is.

    Two workers at the same one do no harm: each chunk is written only where it follows the last.

    :param stopping: asked between two chunks whether to leave it as it is, to be gone on with later.
    :param advance: told after each chunk how many more firms were looked at; at first, how many were before.

    :raises StoreError: where there is no such screening; OldRulesError where it was begun under other rules (it is then ``failed``).
    """
    with session(engine) as writing:
        standing = _standing(writing, screening_id)
        if standing.state in ("done", "failed"):
            return standing
        take_up(standing, rulebook, clock)
        writing.add(standing)
    if standing.state == "failed":
        raise OldRulesError(
            "规则库已更新，这次筛查作废，请重新筛查。",
            "The rules have changed since this screening began: begin another.",
        )
    screener = ColumnScreener(Screener(rulebook, standing.as_of))
    looked_at = 0
    while standing.state == "running" and not stopping():
        standing = _next_chunk(engine, screener, standing, clock, chunk)
        advance(standing.firms - looked_at)
        looked_at = standing.firms
    return standing


def give_up(engine: Engine, screening_id: int, at: datetime) -> None:
    """Mark a screening as failed: one that breaks off with a fault of ours must not be tried for ever."""
    with session(engine) as writing:
        standing = _standing(writing, screening_id)
        standing.state, standing.finished_at = "failed", at
        writing.add(standing)


def _next_chunk(
    engine: Engine, screener: ColumnScreener, standing: Screening, clock: Callable[[], datetime], chunk: int
) -> Screening:
    """Decide the next firms without holding anybody up, then write all that was found of them at once."""
    last = standing.last_firm_id
    with reading(engine) as opened:
        firm_ids = firms_after(opened, last, chunk)
        told = told_on(opened, firm_ids, standing.as_of)
    found = list(screener.found({firm_id: told[firm_id] for firm_id in firm_ids}))
    with session(engine) as writing:
        now = _standing(writing, int(standing.id or 0))
        if now.last_firm_id != last or now.state != "running":
            return now
        keep_found(writing, now, found)
        if firm_ids:
            now.last_firm_id, now.firms = firm_ids[-1], now.firms + len(firm_ids)
        else:
            now.state, now.finished_at = "done", clock()
        writing.add(now)
        return now


def _standing(writing: Session, screening_id: int) -> Screening:
    found = writing.get(Screening, screening_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise StoreError(f"没有第 {screening_id} 次筛查。", f"There is no screening {screening_id}.")
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Screenings of the register of firms as work of the queue's worker.
# ---------------------------------------------------------------------------------------------------------------------


_log = logging.getLogger(__name__)


def unfinished(session: Session) -> list[int]:
    """The ids of the screenings that wait for a worker or are going on, oldest first."""
    waiting = select(Screening.id).where(col(Screening.state).in_(("waiting", "running")))
    return [number for number in session.exec(waiting.order_by(col(Screening.id))) if number is not None]


def perform(office: Office, screening_id: int, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    """Do a screening from where it stands to its end, unless another worker has it (`matcher.db.queue.claimed`).

    :param stopping: asked between two chunks: whether the worker is to end; the screening then stays as it is.
    :raises StoreError: where the database does not answer.
    """
    with claimed(office.engine, "screening", screening_id) as is_ours:
        if not is_ours:
            return
        try:
            screen(office.engine, office.rulebook, screening_id, now, stopping)
        except OldRulesError:
            return  # it says so itself, and the list of firms offers to begin another
        except StoreError:
            raise
        except Exception as error:
            # By kind and place only: a message may hold what a firm told.
            where = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)[-6:]))
            _log.error("screening %s: %s at %s", screening_id, type(error).__name__, where)
            give_up(office.engine, screening_id, now())
