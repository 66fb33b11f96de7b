"""Goes over the register of firms and finds what each is entitled to: in chunks, so that a stop loses no more than one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.desk.entitled import POSITIVE, Entitled, entitled
from matcher.engine import check
from matcher.engine.outcomes import RuleError
from matcher.firms.values import read_value
from matcher.rulebook import Rulebook, Scalar
from matcher.store import StoreError, reading, session
from matcher.store.desk import Screening
from matcher.store.desk.outreach import Found, firms_after, keep_found, told_on

CHUNK = 200
_MOST_VALUES = 100_000


class OldRulesError(StoreError):
    """A screening was begun under rules that are no longer these."""


@dataclass(frozen=True)
class Screener:
    """Decides all schemes of a day for one firm after another, by the quick reading."""

    rulebook: Rulebook
    day: date
    _deciders: dict[str, tuple[Entitled, str | None]] = field(default_factory=dict)
    _values: dict[tuple[str, type, object], Scalar | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for slug in self.rulebook.parsed:
            decide = entitled(self.rulebook, self.day, slug)
            if decide is not None:
                self._deciders[slug] = (decide, self._recipient(slug))

    def found(self, firm_id: str, facts: Mapping[str, object]) -> Iterator[Found]:
        """What a firm is entitled to, from facts as told; a fact that cannot be read is not known."""
        read = self._read(facts)
        district = read.get("district")
        for slug, (decide, recipient) in self._deciders.items():
            try:
                status, kind, low, _ = decide(read)
            except RuleError:  # too many completions to go through: not known to be entitled
                continue
            if status in POSITIVE:
                whose = recipient or self._exactly(read, slug)
                fen = low if kind == "exact" else None
                yield Found(slug, firm_id, district if isinstance(district, str) else None, status, whose, fen)

    def _read(self, facts: Mapping[str, object]) -> dict[str, Scalar]:
        """As `read_facts` reads them; most values of a register are the same few, and are read once."""
        read: dict[str, Scalar] = {}
        for name, told in facts.items():
            fact = self.rulebook.facts.get(name)
            if fact is None or told is None or isinstance(told, list | dict):
                continue
            key = (name, type(told), told)
            if key not in self._values:
                if len(self._values) >= _MOST_VALUES:
                    self._values.clear()
                self._values[key] = read_value(fact, told)[0]
            value = self._values[key]
            if value is not None:
                read[name] = value
        return read

    def _recipient(self, slug: str) -> str | None:
        """Who gets it, where that does not depend on the firm."""
        body = self.rulebook.scheme_at(slug, self.day).body
        found = (
            {route.recipient if isinstance(route.recipient, str) else None for route in body.routes} if body else set()
        )
        return found.pop() if len(found) == 1 else None

    def _exactly(self, facts: Mapping[str, Scalar], slug: str) -> str | None:
        return check(self.rulebook, facts, self.day, [slug])[0].recipient


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
) -> Screening:
    """Do a screening from where it stands to its end; what is finished already stays as it is.

    Two workers at the same one do no harm: each chunk is written only where it follows the last.

    :param stopping: asked between two chunks whether to leave it as it is, to be gone on with later.

    :raises StoreError: where there is no such screening; OldRulesError where it was begun under other rules (it is then ``failed``).
    """
    with session(engine) as writing:
        standing = _standing(writing, screening_id)
        if standing.state in ("done", "failed"):
            return standing
        standing.state = "running" if standing.rulebook_hash == rulebook.hash else "failed"
        standing.finished_at = None if standing.state == "running" else clock()
        writing.add(standing)
    if standing.state == "failed":
        raise OldRulesError(
            "规则库已更新，这次筛查作废，请重新筛查。",
            "The rules have changed since this screening began: begin another.",
        )
    screener = Screener(rulebook, standing.as_of)
    while standing.state == "running" and not stopping():
        standing = _next_chunk(engine, screener, standing, clock, chunk)
    return standing


def give_up(engine: Engine, screening_id: int, at: datetime) -> None:
    """Mark a screening as failed: one that breaks off with a fault of ours must not be tried for ever."""
    with session(engine) as writing:
        standing = _standing(writing, screening_id)
        standing.state, standing.finished_at = "failed", at
        writing.add(standing)


def _next_chunk(
    engine: Engine, screener: Screener, standing: Screening, clock: Callable[[], datetime], chunk: int
) -> Screening:
    """Decide the next firms without holding anybody up, then write all that was found of them at once."""
    last = standing.last_firm_id
    with reading(engine) as opened:
        firm_ids = firms_after(opened, last, chunk)
        told = told_on(opened, firm_ids, screener.day)
    found = [one for firm_id in firm_ids for one in screener.found(firm_id, told[firm_id])]
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
