"""Gives the document numbers of a centre's year, one after the other and without a gap."""

from __future__ import annotations

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from matcher.store.tables import IssuedLetter, NumberSeries

# One statement, so that of two who take the same number at once the second waits for the first and then gets nothing.
_TAKE = text(
    "INSERT INTO number_series (centre, year, last) VALUES (:centre, :year, 1) "
    "ON CONFLICT (centre, year) DO UPDATE SET last = number_series.last + 1 WHERE number_series.last = :before "
    "RETURNING last"
)


def last_number(session: Session, centre: str, year: int) -> int:
    """The last place given in the series of this centre and year; 0 before the first."""
    found = session.get(NumberSeries, (centre, year))
    return 0 if found is None else found.last


def take_number(session: Session, centre: str, year: int, place: int) -> bool:
    """Take the place, if it is the next; False where another letter took it. A transaction rolled back gives it back.

    The place is another's only once this transaction has ended: others who want it wait until then.
    """
    found = session.connection().execute(_TAKE, {"centre": centre, "year": year, "before": place - 1})
    return found.scalar() == place


def last_signed(session: Session, key_id: str) -> dict[int, int]:
    """The last place that this key signed, by year: what a closed key's entry in the trust list ends with."""
    wanted = select(IssuedLetter.year, func.max(IssuedLetter.place)).where(IssuedLetter.key_id == key_id)
    return dict(session.exec(wanted.group_by(col(IssuedLetter.year))).all())
