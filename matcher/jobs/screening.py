"""Screenings of the register of firms as work of the queue's worker."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from matcher.desk.claim import claimed
from matcher.desk.screening import OldRulesError, give_up, screen
from matcher.issuing import Office
from matcher.store import StoreError
from matcher.store.desk import Screening

_log = logging.getLogger(__name__)


def unfinished(session: Session) -> list[int]:
    """The ids of the screenings that wait for a worker or are going on, oldest first."""
    waiting = select(Screening.id).where(col(Screening.state).in_(("waiting", "running")))
    return [number for number in session.exec(waiting.order_by(col(Screening.id))) if number is not None]


def perform(office: Office, screening_id: int, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    """Do a screening from where it stands to its end, unless another worker has it (`matcher.desk.claim.claimed`).

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
