"""One current letter a firm and centre: which of its letters hold, and what is written by default into the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col

from matcher.rulebook import Rulebook

from .models import IssuedLetter
from .register import RegisterEntry, entries_selected, supersede_letter


def current_letters(
    session: Session, centre: str, credit_code: str | None, addressee: str | None, day: date
) -> Sequence[RegisterEntry]:
    """The centre's letters to a firm that hold on a day, the last issued first: none withdrawn, none past its last day.

    A firm is known by its credit code, and by the name on the letter where the code is not on both; one without either has
    none. Of letters that were issued before this rule there may be several.
    """
    if credit_code is None and addressee is None:
        return ()
    until = col(IssuedLetter.valid_until)
    wanted = entries_selected().where(
        _of_firm(credit_code, addressee),
        col(IssuedLetter.centre) == centre,
        col(IssuedLetter.withdrawal).is_(None),
        or_(until.is_(None), until >= day),
    )
    last_first = (col(IssuedLetter.year).desc(), col(IssuedLetter.place).desc())
    found = [RegisterEntry(*row) for row in session.execute(wanted.order_by(*last_first))]
    if credit_code is None and len({one.credit_code for one in found} - {None}) > 1:
        # Several firms have this name: which of them is meant nobody knows.
        return [one for one in found if one.credit_code is None]
    return found


def is_same_firm(code: str | None, name: str | None, other_code: str | None, other_name: str | None) -> bool:
    """Whether two letters are to one firm: the same credit code, or the same name where one of them has no code."""
    if code is not None and other_code is not None:
        return code == other_code
    return name is not None and name == other_name


def _of_firm(credit_code: str | None, addressee: str | None) -> ColumnElement[bool]:
    """As `is_same_firm` says, over the columns of the register."""
    has_name = col(IssuedLetter.addressee) == addressee
    if credit_code is None:
        return has_name
    return or_(col(IssuedLetter.credit_code) == credit_code, col(IssuedLetter.credit_code).is_(None) & has_name)


def supersede_current(session: Session, held: Iterable[RegisterEntry], by: str, now: datetime) -> None:
    """Mark the letters that a firm had as replaced by the letter ``by``. Raises EntryError where one is withdrawn meanwhile."""
    for one in held:
        supersede_letter(session, one.number, by, now)


def schemes_to_write(rulebook: Rulebook, outcomes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The schemes that a letter speaks of unless somebody chooses: what the firm is entitled to by itself.

    ``outcomes`` are pairs of a scheme and its status. Services that anyone may ask for, restrictions, and what a department
    has still to decide are left out: a letter that holds everything says nothing.
    """
    return tuple(
        slug
        for slug, status in outcomes
        if status == "eligible" and slug in rulebook.schemes and rulebook.schemes[slug].kind == "support"
    )
