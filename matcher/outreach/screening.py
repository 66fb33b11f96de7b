"""Goes over the register of firms and finds what each is entitled to: in chunks, so that a stop loses little."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matcher.db import StoreError, claimed, reading, session
from matcher.engine import (
    FAIL,
    REGISTERED_ON,
    Context,
    Decision,
    Outcome,
    RuleError,
    Split,
    World,
    check,
    decider,
    explore,
    last_day,
    last_open,
    maker,
    outcome,
    remembered,
    told,
)
from matcher.firms import ReadItems, read_key, read_told, read_value
from matcher.letters import Office
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar, kind_of

from .models import Screening
from .service import FoundEntitlement, firms_after, keep_found, told_on

# ---------------------------------------------------------------------------------------------------------------------
# Decides quickly what a firm is entitled to, for going over a whole register: most firms leave most facts untold.
#
# Where the told facts settle a scheme, the engine's quick reading answers. Where they do not, one completion of the
# untold ones under which the firm has nothing is enough to know that it is not entitled yet, and ends the search;
# only where none is found is the exact reading asked. Tests hold the answers equal to a full check's.
# ---------------------------------------------------------------------------------------------------------------------


POSITIVE = ("eligible", "needs_decision")

NOTHING: Outcome = ("not_entitled", "none", 0, 0)

Entitled = Callable[[Mapping[str, Scalar]], Outcome]


class _Fails(Exception):
    """A completion under which the firm has nothing."""


def entitled(rulebook: Rulebook, day: date, slug: str) -> Entitled | None:
    """The function that decides from parsed facts; its outcome is the engine's where that is positive, else any other
    status. None where nobody can be entitled on the day."""
    edition = rulebook.scheme_at(slug, day)
    if edition.body is None or edition.scheme.kind == "restriction":
        return None
    exact, number = decider(rulebook, day, slug), day.toordinal()
    if slug in rulebook.quantified:
        return exact
    context = Context.of(rulebook, number)

    def otherwise(facts: Mapping[str, Scalar], _day: int) -> Outcome:
        return exact(facts) if _never_fails(edition, World(context, told(facts))) else NOTHING

    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    known = remembered(dict.fromkeys((*edition.facts, *needed)), otherwise)
    return maker(edition, known)(number, last_day(edition.scheme, day))


def deciders(rulebook: Rulebook, day: date) -> dict[str, tuple[Entitled, bool]]:
    """The deciding function of every scheme that somebody can be entitled to on the day, and whether its rules are confirmed for
    it; of an unconfirmed one it decides by the last terms, on their last day."""
    found: dict[str, tuple[Entitled, bool]] = {}
    for slug in rulebook.parsed:
        edition, on = rulebook.scheme_at(slug, day), day
        if edition.state == "unconfirmed":
            before = last_open(edition.scheme, day)
            on = day if before is None or before.until is None else before.until
        decide = entitled(rulebook, on, slug)
        if decide is not None:
            found[slug] = (decide, on == day)
    return found


def _never_fails(edition: SchemeEdition, world: World) -> bool:
    body = edition.body
    assert body is not None

    def program(here: World) -> str | Split:
        found = outcome(body, here)
        if found == FAIL:
            raise _Fails
        return found

    try:
        explore(program, world)
    except _Fails:
        return False
    return True


# ---------------------------------------------------------------------------------------------------------------------
# Goes over the register of firms and finds what each is entitled to: in chunks, so that a stop loses no more than
# one.
# ---------------------------------------------------------------------------------------------------------------------


CHUNK = 200

_MOST_VALUES = 100_000


class OldRulesError(StoreError):
    """A screening was begun under rules that are no longer these."""


@dataclass(frozen=True)
class Screener:
    """Decides all schemes of a day for one firm after another, by the quick reading; unconfirmed ones by their last terms."""

    rulebook: Rulebook
    day: date
    _deciders: dict[str, tuple[Entitled, str | None]] = field(default_factory=dict)
    _by_last_terms: dict[str, Entitled] = field(default_factory=dict)
    _values: dict[tuple[str, type, object], Scalar | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for slug, (decide, is_confirmed) in deciders(self.rulebook, self.day).items():
            if is_confirmed:
                self._deciders[slug] = (decide, self._recipient(slug))
            else:
                self._by_last_terms[slug] = decide

    def found(self, firm_id: str, facts: Mapping[str, object]) -> Iterator[FoundEntitlement]:
        """What a firm is entitled to, from facts as told; a fact that cannot be read is not known. What an unconfirmed scheme would
        give by its last terms has the status ``unconfirmed``: it is counted, and no firm is told of it."""
        if any(read_key(name) for name in facts):
            yield from self._found_over(firm_id, read_told(self.rulebook, facts))
            return
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
                yield FoundEntitlement(
                    slug, firm_id, district if isinstance(district, str) else None, status, whose, fen
                )
        timeless = {name: value for name, value in read.items() if name != REGISTERED_ON}
        for slug, decide in self._by_last_terms.items():
            try:
                status, kind, low, _ = decide(timeless)
            except RuleError:
                continue
            if status in POSITIVE:
                fen = low if kind == "exact" else None
                place = district if isinstance(district, str) else None
                yield FoundEntitlement(slug, firm_id, place, "unconfirmed", None, fen)

    def _found_over(self, firm_id: str, read: ReadItems) -> Iterator[FoundEntitlement]:
        """The same of a firm with several loans, projects …: one entry a scheme, with the sum of those that are sure."""
        district = read.firm.get("district")
        place = district if isinstance(district, str) else None
        by_slug: dict[str, list[Decision]] = {}
        for one in check(self.rulebook, read.firm, self.day, self._deciders, items=read.items):
            if one.status in POSITIVE:
                by_slug.setdefault(one.scheme, []).append(one)
        for slug, some in by_slug.items():
            status = min((one.status for one in some), key=POSITIVE.index)
            held = [one for one in some if one.status == status]
            exact = all(one.amount is not None and one.amount.kind == "exact" for one in held)
            fen = sum(one.amount.low for one in held if one.amount is not None) if exact else None
            yield FoundEntitlement(slug, firm_id, place, status, held[0].recipient, fen)
        timeless = {name: value for name, value in read.firm.items() if name != REGISTERED_ON}
        for slug, decide in self._by_last_terms.items():
            kind = kind_of(self.rulebook.schemes[slug].object)
            known: list[Mapping[str, Scalar]] = [read.items.facts_of(timeless, item) for item in read.items.of(kind)]
            for facts in known or [read.items.facts_without(timeless, kind)]:
                try:
                    status_, amount, low, _ = decide(facts)
                except RuleError:
                    continue
                if status_ in POSITIVE:
                    yield FoundEntitlement(
                        slug, firm_id, place, "unconfirmed", None, low if amount == "exact" else None
                    )
                    break

    def _read(self, facts: Mapping[str, object]) -> dict[str, Scalar]:
        """As `read_facts` reads them; most values of a register are the same few, and are read once."""
        read: dict[str, Scalar] = {}
        for name, stated in facts.items():
            fact = self.rulebook.facts.get(name)
            if fact is None or stated is None or isinstance(stated, list | dict):
                continue
            key = (name, type(stated), stated)
            if key not in self._values:
                if len(self._values) >= _MOST_VALUES:
                    self._values.clear()
                self._values[key] = read_value(fact, stated)[0]
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
        standing.state = "running" if standing.rulebook_hash == rulebook.hash else "failed"
        standing.finished_at = None if standing.state == "running" else clock()
        writing.add(standing)
    if standing.state == "failed":
        raise OldRulesError(
            "规则库已更新，这次筛查作废，请重新筛查。",
            "The rules have changed since this screening began: begin another.",
        )
    screener = Screener(rulebook, standing.as_of)
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
