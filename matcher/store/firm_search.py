"""Looks names of firms up by their keys: the index that narrows a register of a million to a few hundred."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ARRAY, ColumnElement, Executable, Integer, String, any_, func, inspect, literal
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from matcher.store.firm_search_build import BLOCK
from matcher.store.firms import Firm, FirmName, NameGram

Start = Literal["initials", "core_initials", "credit_code", "organisation", "code_backwards"]

_MOST_MEMBERS = 20_000
"""Names whose shared pairs are counted for one query: the rare pairs decide, the common ones would only take time."""

_FAR = 0.4
"""Names that share less than so much of what the best shares are not worth comparing."""

_AFTER_ALL = "\U0010ffff"
_NAME = (FirmName.firm_id, FirmName.name, FirmName.former)
_CURRENT = col(FirmName.former).is_(False)
_COLUMNS = {
    "initials": col(FirmName.initials),
    "core_initials": col(FirmName.core_initials),
    "credit_code": col(Firm.credit_code),
    "organisation": col(Firm.organisation),
    "code_backwards": col(Firm.code_backwards),
}


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name of one firm, and whether the firm has given it up."""

    firm_id: str
    name: str
    former: bool


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
        numbers, scores = self._scored(self._telling(grams))
        near = scores >= scores.max(initial=0.0) * _FAR
        numbers, scores = numbers[near], scores[near]
        best = numbers[np.argsort(-scores, kind="stable")[:most]].tolist()
        rows = self._session.execute(
            select(FirmName.number, *_NAME).where(self._among(col(FirmName.number), best, Integer))
        )
        found = {number: NameRow(*values) for number, *values in rows}
        return [found[number] for number in best if number in found]

    def by_start(self, key: Start, start: str, most: int) -> list[NameRow]:
        """The names, or by a code the current names, whose key begins so, in the order of the keys."""
        column = _COLUMNS[key]
        found = select(*_NAME).where(column >= start, column < start + _AFTER_ALL).order_by(column).limit(most)
        if key in ("initials", "core_initials"):
            return self._rows(found.order_by(col(FirmName.number)))
        return self._rows(found.join(Firm).where(_CURRENT))

    def by_codes(self, codes: Sequence[str]) -> list[NameRow]:
        """The current names of the firms with these credit codes, in the order of the codes."""
        code = col(Firm.credit_code)
        return self._rows(select(*_NAME).join(Firm).where(self._among(code, codes), _CURRENT).order_by(code))

    def firms(self, ids: Sequence[str]) -> list[Firm]:
        """The firms with these ids, in any order."""
        return list(self._session.exec(select(Firm).where(self._among(col(Firm.id), ids))))

    def _telling(self, grams: Sequence[str]) -> dict[str, float]:
        """The rarest pairs with their weights: as many as may be counted, and always one."""
        names = select(func.max(FirmName.number)).scalar_subquery()
        counted = select(NameGram.gram, func.sum(NameGram.count), names).group_by(NameGram.gram)
        counts = self._session.execute(counted.where(self._among(col(NameGram.gram), grams)))
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
        stored = select(NameGram.gram, NameGram.block, NameGram.members).where(
            self._among(col(NameGram.gram), list(weights))
        )
        parts, worths = [], []
        for gram, block, members in self._session.exec(stored):
            part = np.frombuffer(members, "<u2").astype(np.uint32) + block * BLOCK
            parts.append(part)
            worths.append(np.full(len(part), weights[gram]))
        if not parts:
            return np.empty(0, np.uint32), np.empty(0)
        numbers, places = np.unique(np.concatenate(parts), return_inverse=True)
        return numbers, np.bincount(places, np.concatenate(worths)).astype(np.float64)

    def _among(
        self, column: Mapped[Any], values: Sequence[Any], kind: type[String | Integer] = String
    ) -> ColumnElement[bool]:
        """Whether the column is one of the values.

        An array on PostgreSQL: so the statement is the same for any number of them, and is planned once.
        """
        if self._has_arrays:
            return column == any_(literal(list(values), ARRAY(kind)))
        return column.in_(values)

    def _rows(self, wanted: Executable) -> list[NameRow]:
        return [NameRow(*values) for values in self._session.execute(wanted)]
