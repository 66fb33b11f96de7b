"""The index of names in the database: narrows a register of a million firms to a few hundred by their keys."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import byteorder
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    any_,
    bindparam,
    func,
    insert,
    inspect,
    literal,
    text,
    update,
)
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from .models import Firm, FirmName, NameGram

if TYPE_CHECKING:
    from .search import NameRow, Start

# ---------------------------------------------------------------------------------------------------------------------
# Writes the index of names: numbers them, and notes for each pair of syllables which names hold it.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# Looks names of firms up by their keys: the index that narrows a register of a million to a few hundred.
# ---------------------------------------------------------------------------------------------------------------------


_MOST_MEMBERS = 20_000

"""Names whose shared pairs are counted for one query: the rare pairs decide, the common ones would only take time."""

_FAR = 0.4

"""Names that share less than so much of what the best shares are not worth comparing."""

_ENOUGH = 100

"""Where so many names share every pair, nobody looks for one with a slip among those: more has to be typed first."""

_ROUNDED = 1e-6  # the weights of a name are added up in another order than all of them

_AFTER_ALL = "\U0010ffff"

# Columns of tables, not attributes of records: hundreds of names are read at each letter that is typed.
_NAMES, _FIRMS, _GRAMS = FirmName.__table__, Firm.__table__, NameGram.__table__  # type: ignore[attr-defined]

_NAME = (_NAMES.c.firm_id, _NAMES.c.name, _NAMES.c.former)

_CURRENT = _NAMES.c.former.is_(False)

_COLUMNS = {
    "initials": _NAMES.c.initials,
    "core_initials": _NAMES.c.core_initials,
    "credit_code": _FIRMS.c.credit_code,
    "organisation": _FIRMS.c.organisation,
    "code_backwards": _FIRMS.c.code_backwards,
}


class FirmIndex:
    """The index of names in the database of a session; the same on SQLite and PostgreSQL."""

    def __init__(self, session: Session) -> None:
        """Look up within this session's transaction."""
        self._session = session
        self._has_arrays = session.get_bind().dialect.name == "postgresql"

    def stands(self) -> bool:
        """Whether the database has the tables of the index; before the first migration it has none."""
        return inspect(self._session.connection()).has_table(NameGram.__tablename__)

    def by_grams(self, grams: Sequence[str], most: int) -> list[NameRow]:
        """The names that share most of these pairs of syllables, rare pairs counting more, then in order of number.

        Those that share far less than the first are left out.
        """
        weights = self._telling(grams)
        numbers, scores = self._scored(weights)
        near = scores > sum(weights.values()) - _ROUNDED
        if near.sum() < _ENOUGH:
            near = scores >= scores.max(initial=0.0) * _FAR
        numbers, scores = numbers[near], scores[near]
        best = numbers[np.argsort(-scores, kind="stable")[:most]].tolist()
        number = _NAMES.c.number
        rows = self._session.connection().execute(columns(*_NAME, number).where(self._among(number, best, Integer)))
        found = {row.number: row for row in rows}
        return [found[number] for number in best if number in found]

    def by_start(self, key: Start, start: str, most: int) -> list[NameRow]:
        """The names, or by a code the current names, whose key begins so, in the order of the keys."""
        column = _COLUMNS[key]
        found = columns(*_NAME).where(column >= start, column < start + _AFTER_ALL).order_by(column).limit(most)
        if key in ("initials", "core_initials"):
            return self._rows(found.order_by(_NAMES.c.number))
        return self._rows(found.join(_FIRMS).where(_CURRENT))

    def by_codes(self, codes: Sequence[str]) -> list[NameRow]:
        """The current names of the firms with these credit codes, in the order of the codes."""
        code = _FIRMS.c.credit_code
        return self._rows(columns(*_NAME).join(_FIRMS).where(self._among(code, codes), _CURRENT).order_by(code))

    def firms(self, ids: Sequence[str]) -> list[Firm]:
        """The firms with these ids, in any order."""
        return list(self._session.exec(select(Firm).where(self._among(_FIRMS.c.id, ids))))

    def _telling(self, grams: Sequence[str]) -> dict[str, float]:
        """The rarest pairs with their weights: as many as may be counted, and always one."""
        names = columns(func.max(_NAMES.c.number)).scalar_subquery()
        counted = columns(_GRAMS.c.gram, func.sum(_GRAMS.c.count), names).group_by(_GRAMS.c.gram)
        counts = self._session.connection().execute(counted.where(self._among(_GRAMS.c.gram, grams)))
        weights: dict[str, float] = {}
        members = 0
        for gram, count, total in sorted(counts, key=lambda row: (row[1], row[0])):
            members += count
            if weights and members > _MOST_MEMBERS:
                break
            weights[gram] = math.log(1 + total / count)
        return weights

    def _scored(self, weights: dict[str, float]) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
        """Every name that has one of the pairs, in order of number, with the sum of the weights that it shares."""
        held = columns(_GRAMS.c.gram, _GRAMS.c.block, _GRAMS.c.members)
        parts, worths = [], []
        for gram, block, members in self._session.connection().execute(
            held.where(self._among(_GRAMS.c.gram, list(weights)))
        ):
            part = np.frombuffer(members, "<u2").astype(np.uint32) + block * BLOCK
            parts.append(part)
            worths.append(np.full(len(part), weights[gram]))
        if not parts:
            return np.empty(0, np.uint32), np.empty(0)
        numbers, places = np.unique(np.concatenate(parts), return_inverse=True)
        return numbers, np.bincount(places, np.concatenate(worths)).astype(np.float64)

    def _among(
        self, column: ColumnElement[Any], values: Sequence[Any], kind: type[String | Integer] = String
    ) -> ColumnElement[bool]:
        """Whether the column is one of the values.

        One array, which is JSON on SQLite: so the statement is the same for any number of them, and is planned once.
        """
        if self._has_arrays:
            return column == any_(literal(list(values), ARRAY(kind)))
        listed = func.json_each(json.dumps(list(values), ensure_ascii=False)).table_valued("value")
        return column.in_(columns(listed.c.value))

    def _rows(self, wanted: Select[Any]) -> list[NameRow]:
        return list(self._session.connection().execute(wanted))
