"""Goes over the register of firms and finds what each is entitled to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.letters import Office
from matcher.rulebook import Rulebook

from .columns import ColumnScreener
from .models import Screening
from .passes import Told, begin, next_chunk
from .passes import perform as perform_pass
from .screener import Screener
from .service import FoundEntitlement, keep_found

CHUNK = 2_000
"""Firms at a time."""


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
    :param stopping: asked between two chunks whether to leave it as it is, to be gone on with later.
    :param advance: told after each chunk how many more firms were looked at; at first, how many were before.

    :raises StoreError: where there is no such screening; OldRulesError where it was begun under other rules (it is then ``failed``).
    """
    standing = begin(engine, Screening, screening_id, rulebook, clock)
    screener = ColumnScreener(Screener(rulebook, standing.as_of))

    def decide(told: Told) -> tuple[int, list[FoundEntitlement]]:
        return len(told), list(screener.found(told))

    def write(writing: Session, now: Screening, found: tuple[int, list[FoundEntitlement]]) -> None:
        keep_found(writing, now, found[1])
        now.firms += found[0]

    looked_at = 0
    while standing.state == "running" and not stopping():
        standing = next_chunk(engine, standing, chunk, clock, decide, write)
        advance(standing.firms - looked_at)
        looked_at = standing.firms
    return standing


def perform(office: Office, screening_id: int, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    """Do a screening as work of the queue's worker.

    :param stopping: asked between two chunks: whether the worker is to end; the screening then stays as it is.
    :raises StoreError: where the database does not answer.
    """
    perform_pass(
        office, Screening, screening_id, now,
        lambda: screen(office.engine, office.rulebook, screening_id, now, stopping),
    )  # fmt: skip
