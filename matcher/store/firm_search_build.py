"""Writes the index of names: numbers them, and notes for each pair of syllables which names hold it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import byteorder

from sqlalchemy import bindparam, func, insert, text, update
from sqlmodel import Session, col, select

from matcher.store.firms import FirmName, NameGram

BLOCK = 65_536
"""Names in one block: a number within it takes two bytes."""

_AT_ONCE = 500
"""Values in one IN: SQLite and PostgreSQL both take more, but not any number."""

_LOCK_KEY = 0x6E616D6573
"""The PostgreSQL advisory lock of the index; SQLite has one writer anyway."""


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to be found from now on, with its keys: pairs of syllables and first letters."""

    firm_id: str
    name: str
    former: bool
    grams: Sequence[str]
    initials: str
    core_initials: str


def add_names(session: Session, names: Iterable[NewName]) -> None:
    """Number the names and write them into the index, block by block."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    number = (session.exec(select(func.max(FirmName.number))).one() or 0) + 1
    rows: list[dict[str, object]] = []
    held: dict[str, array[int]] = {}
    for new in names:
        rows.append(_row(number, new))
        for gram in new.grams:
            held.setdefault(gram, array("H")).append(number % BLOCK)
        number += 1
        if number % BLOCK == 0:
            _write(session, number // BLOCK - 1, rows, held)
    _write(session, number // BLOCK, rows, held)


def _row(number: int, new: NewName) -> dict[str, object]:
    return {
        "number": number,
        "firm_id": new.firm_id,
        "name": new.name,
        "former": new.former,
        "initials": new.initials,
        "core_initials": new.core_initials,
    }


def _write(session: Session, block: int, rows: list[dict[str, object]], held: dict[str, array[int]]) -> None:
    """Write what was gathered for one block, and empty both."""
    if rows:
        session.execute(insert(FirmName), rows)
        before = _stored(session, block, sorted(held))
        added = [_gram(gram, block, b"", held[gram]) for gram in sorted(held) if gram not in before]
        grown = [_gram(gram, block, before[gram], held[gram]) for gram in before]
        if added:
            session.execute(insert(NameGram), added)
        if grown:
            _rewrite(session, grown)
    rows.clear()
    held.clear()


def _stored(session: Session, block: int, grams: list[str]) -> dict[str, bytes]:
    """What the block holds of these pairs already; nothing is asked of a block that is new."""
    if not session.exec(select(NameGram.gram).where(NameGram.block == block).limit(1)).first():
        return {}
    found: dict[str, bytes] = {}
    for start in range(0, len(grams), _AT_ONCE):
        part = col(NameGram.gram).in_(grams[start : start + _AT_ONCE])
        found |= dict(session.exec(select(NameGram.gram, NameGram.members).where(NameGram.block == block, part)).all())
    return found


def _gram(gram: str, block: int, before: bytes, numbers: array[int]) -> dict[str, object]:
    if byteorder == "big":
        numbers.byteswap()
    members = before + numbers.tobytes()
    return {"gram": gram, "block": block, "count": len(members) // 2, "members": members}


def _rewrite(session: Session, grown: list[dict[str, object]]) -> None:
    table = NameGram.__table__  # type: ignore[attr-defined]
    change = (
        update(table)
        .where(table.c.gram == bindparam("of"), table.c.block == bindparam("within"))
        .values(count=bindparam("now"), members=bindparam("all"))
    )
    rows = [{"of": row["gram"], "within": row["block"], "now": row["count"], "all": row["members"]} for row in grown]
    session.connection().execute(change, rows)
