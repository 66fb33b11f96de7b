"""Finds issued letters of a centre for a list: by number, code, addressee or credit code, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from matcher.store.issued import RegisterEntry, entries_selected
from matcher.store.tables import IssuedLetter


@dataclass(frozen=True, slots=True)
class LettersWanted:
    """Which letters a list shows: of a centre, with this text, in this state (empty: any) on a day."""

    centre: str
    text: str
    state: str
    day: date


def search_letters(
    session: Session, wanted: LettersWanted, offset: int, limit: int
) -> tuple[Sequence[RegisterEntry], int]:
    """The entries wanted, the last issued first, and how many there are in all."""
    conditions = [col(IssuedLetter.centre) == wanted.centre, *_state(wanted)]
    if wanted.text:
        # A part of the text itself is looked for, so that no sign in it stands for others.
        text = wanted.text.upper()
        columns = (IssuedLetter.number, IssuedLetter.code, IssuedLetter.addressee, IssuedLetter.credit_code)
        conditions.append(or_(*(func.upper(col(one)).contains(text, autoescape=True) for one in columns)))
    total = session.exec(select(func.count()).select_from(IssuedLetter).where(*conditions)).one()
    last_first = (col(IssuedLetter.year).desc(), col(IssuedLetter.place).desc())
    found = entries_selected().where(*conditions).order_by(*last_first).offset(offset).limit(limit)
    return [RegisterEntry(*row) for row in session.execute(found)], total


def _state(wanted: LettersWanted) -> list[ColumnElement[bool]]:
    withdrawal, until = col(IssuedLetter.withdrawal), col(IssuedLetter.valid_until)
    if wanted.state in ("revoked", "superseded"):
        return [withdrawal == wanted.state]
    if wanted.state == "expired":
        return [withdrawal.is_(None), until < wanted.day]
    if wanted.state == "valid":
        return [withdrawal.is_(None), or_(until.is_(None), until >= wanted.day)]
    return []
