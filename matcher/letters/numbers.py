"""The document numbers of a centre: reserved first, used when the letter is kept, void with a reason where it never was.

A number is reserved in a moment; the letter is set and signed for it with nothing locked, and kept in a second transaction. What
fails on the way gives its number back if it is still the last, and else leaves it void with the reason, so that no gap is unexplained.
A process that dies leaves a reservation behind: the next one to reserve finds it too old and voids it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, func, text, update
from sqlmodel import Session, col, select

from matcher.db import reading, session
from matcher.text import day, day_of, midnight

from .models import NumberReservation, NumberSeries
from .order import Refusal

# A letter takes a second. What took so much longer is lost, and must not be kept any more.
LOST_AFTER = timedelta(minutes=10)

# Clocks of two machines differ by less, and a worker may wait for its turn around midnight.
_APART = timedelta(minutes=10)

_MOST_REASON = 200

# One statement, so that of two who take a number at once the second waits for the first.
_TAKE = text(
    "INSERT INTO number_series (centre, year, last, dated) VALUES (:centre, :year, 1, :dated) "
    "ON CONFLICT (centre, year) DO UPDATE SET last = number_series.last + 1, dated = :dated "
    "RETURNING last"
)

_LOST = "签发中断，未制成 / the issue broke off"


def last_number(session: Session, centre: str, year: int) -> int:
    """The last place given in the series of this centre and year; 0 before the first."""
    found = session.get(NumberSeries, (centre, year))
    return 0 if found is None else found.last


def moment_for(engine: Engine, centre: str, since: date, at: datetime) -> datetime:
    """The moment by which a letter of the centre may be dated: ``at``, or the beginning of its last letter's day where that is a few
    minutes ahead, as clocks of two machines are.

    :param since: the day from which the centre's key signs.
    :raises Refusal: where the clock went back behind the last letter, or stands before the key.
    """
    with reading(engine) as register:
        last = _last_day(register, centre)
    if last is not None and day_of(at) < last <= day_of(at + _APART):
        at = midnight(last)
    _must_not_go_back(day_of(at), last, since)
    return at


def reserve(engine: Engine, centre: str, on: date, at: datetime) -> int:
    """Take the centre's next place in the year of ``on``, for a letter of that day. Raises Refusal where a later one went out."""
    with session(engine) as writing:
        values = {"centre": centre, "year": on.year, "dated": on.isoformat()}
        last = _last_day(writing, centre)
        place = int(writing.connection().execute(_TAKE, values).scalar_one())
        _must_not_go_back(on, last, on)
        _void_lost(writing, at)
        writing.add(NumberReservation(centre=centre, year=on.year, place=place, reserved_at=at, state="reserved"))
        return place


def use(writing: Session, centre: str, year: int, place: int) -> None:
    """Give the reserved place to the letter that is kept in this transaction. Raises Refusal where it was voided meanwhile."""
    # ``writing`` is the transaction of the letter itself: if that fails, the place is reserved still.
    wanted = delete(NumberReservation).where(*_is(centre, year, place), col(NumberReservation.state) == "reserved")
    if getattr(writing.execute(wanted), "rowcount", 0) != 1:
        raise Refusal(
            "制作时间过长，文号已作废，未签发。请重新签发。",
            "The letter took too long to make and its number was voided; nothing was issued. Issue it again.",
        )


def lock_series(writing: Session, centre: str, year: int) -> None:
    """Let nobody else, on whichever machine, keep a letter of the centre until this transaction ends."""
    writing.get(NumberSeries, (centre, year), with_for_update=True)


def give_back(engine: Engine, centre: str, year: int, place: int, why: str, at: datetime) -> None:
    """Free a place for which there will be no letter; where a later one was given already, void it with the reason."""
    with session(engine) as writing:
        series = writing.get(NumberSeries, (centre, year), with_for_update=True)
        if series is not None and series.last == place:
            writing.execute(delete(NumberReservation).where(*_is(centre, year, place)))
            if place == 1:
                writing.delete(series)
            else:
                series.last = place - 1
                writing.add(series)
            return
        writing.execute(
            update(NumberReservation)
            .where(*_is(centre, year, place))
            .values(state="void", reason=why[:_MOST_REASON], settled_at=at)
        )


def voided(session: Session, centre: str | None = None) -> Sequence[NumberReservation]:
    """The numbers without a letter, each with its reason, and those that are being worked on; of one centre or of all."""
    wanted = select(NumberReservation)
    if centre is not None:
        wanted = wanted.where(NumberReservation.centre == centre)
    order = (col(NumberReservation.centre), col(NumberReservation.year), col(NumberReservation.place))
    return session.exec(wanted.order_by(*order)).all()


def void_lost(engine: Engine, at: datetime) -> None:
    """Void what was reserved so long before ``at`` that whoever did it is gone."""
    with session(engine) as writing:
        _void_lost(writing, at)


def _void_lost(writing: Session, at: datetime) -> None:
    writing.execute(
        update(NumberReservation)
        .where(col(NumberReservation.state) == "reserved", col(NumberReservation.reserved_at) < at - LOST_AFTER)
        .values(state="void", reason=_LOST, settled_at=at)
    )


def _is(centre: str, year: int, place: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(NumberReservation.centre) == centre,
        col(NumberReservation.year) == year,
        col(NumberReservation.place) == place,
    )


def _last_day(session: Session, centre: str) -> date | None:
    return session.exec(select(func.max(NumberSeries.dated)).where(NumberSeries.centre == centre)).one()


def _must_not_go_back(on: date, last: date | None, since: date) -> None:
    if last is not None and on < last:
        raise Refusal(
            f"本机日期是{day(on, 'zh')}，早于上一份函件的日期{day(last, 'zh')}，未签发。请校准时钟。",
            f"This machine's date is {day(on, 'en')}, before that of the last letter, {day(last, 'en')}; nothing was issued. Set the "
            "clock.",
        )
    if on < since:
        raise Refusal(
            f"本机日期是{day(on, 'zh')}，早于密钥启用日{day(since, 'zh')}，未签发。请校准时钟。",
            f"This machine's date is {day(on, 'en')}, before the key's first day, {day(since, 'en')}; nothing was issued. Set the "
            "clock.",
        )
