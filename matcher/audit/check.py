"""Walks the audit trail from its first entry to its last and says whether anything in it was changed since."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import text
from sqlmodel import Session, select

from matcher.db import canonical

from .models import AuditHead
from .trail import NOTHING_BEFORE, Event, digest_of_entry

_AT_ONCE = 500

_NOTED = re.compile(r"(\d{1,18}):([0-9a-f]{64})")

# The text as it lies in the table: what a column type makes of it could hide a change.
_ROWS = text(
    "SELECT number, at, actor, role, centre, action, subject, client, detail, previous, digest "
    "FROM audit_entry ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number (0: no entry yet) and digest. ``str()`` gives what can be noted elsewhere."""

    number: int
    digest: str

    @classmethod
    def read(cls, noted: str) -> Self:
        """Read ``NUMBER:DIGEST``. Raises ValueError for anything else."""
        found = _NOTED.fullmatch(noted.strip().lower())
        if found is None:
            raise ValueError(noted)
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that is wrong: the number where, and what, in Chinese and English."""

    number: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What a walk found: the last good entry, and the first break, None where the trail is whole."""

    head: Head
    broken: Break | None

    @property
    def whole(self) -> bool:
        """Whether every entry is as it was written, none is missing, and the end is where the head says."""
        return self.broken is None


def audit_head(session: Session) -> Head:
    """Where the trail ends now. Raises ValueError where the row that says so is gone."""
    found = session.exec(select(AuditHead).execution_options(populate_existing=True)).all()
    if len(found) != 1:
        raise ValueError("no head")
    return Head(found[0].number, found[0].digest)


def verify(session: Session, noted: Head | None = None) -> Chain:
    """Walk the whole trail, a few hundred entries in memory at a time; entries added meanwhile do no harm.

    :param noted: a head written down elsewhere at some time: without it, a trail that was rewritten from some entry on
        together with its head looks whole.
    """
    start = Head(0, NOTHING_BEFORE)
    try:
        kept = audit_head(session)
    except ValueError:
        return Chain(start, _no_head())
    anchors = [(kept, _not_the_head)] + ([(noted, _not_as_noted)] if noted else [])
    last = start
    with closing(_walk(session, start)) as entries:
        for last, broken in entries:
            broken = broken or next((say(one) for one, say in anchors if _differs(one, last)), None)
            if broken is not None:
                return Chain(last, broken)
    for one, _ in anchors:
        if one.number > last.number:
            return Chain(last, _cut_off(one, last))
        if one.number == 0 and one.digest != NOTHING_BEFORE:
            return Chain(last, _no_head())
    return Chain(last, _beyond(session, last))


def _walk(session: Session, last: Head) -> Generator[tuple[Head, Break | None], None, None]:
    """Each entry as the head it was when it was written; the last one yielded is the last good, with the break after it."""
    with closing(session.execute(_ROWS, execution_options={"yield_per": _AT_ONCE})) as rows:
        for row in rows.mappings():
            broken = _fault_of(row, last)
            if broken is not None:
                yield last, broken
                return
            last = Head(row["number"], row["digest"])
            yield last, None


def _fault_of(row: Any, last: Head) -> Break | None:
    wanted, number = last.number + 1, row["number"]
    if number != wanted:
        if number < wanted:
            return Break(number, f"编号 {number} 不应存在", f"there should be no entry {number}")
        return Break(
            wanted, f"缺第 {wanted} 条，其后是第 {number} 条", f"entry {wanted} is missing: {number} comes next"
        )
    if row["previous"] != last.digest:
        return Break(
            number,
            f"第 {number} 条所记的前一条摘要与第 {last.number} 条的摘要不符：两条之一被改动",
            f"entry {number} does not follow from entry {last.number}: one of the two was changed",
        )
    try:
        digest = digest_of_entry(number, _event(row), last.digest)
    except (ValueError, TypeError, AttributeError, RecursionError):
        digest = ""
    if digest != row["digest"]:
        return Break(
            number,
            f"第 {number} 条的内容与其摘要不符：内容或摘要被改动",
            f"entry {number} does not match its digest: it was changed",
        )
    return None


def _event(row: Any) -> Event:
    """The event of a raw row. Raises ValueError where it is not written as we write it."""
    detail = json.loads(row["detail"])
    if canonical(detail) != row["detail"]:
        raise ValueError("detail")
    told = {name: row[name] for name in ("actor", "role", "centre", "action", "subject", "client")}
    return Event(at=_moment(row["at"]), detail=detail, **told)


def _moment(stored: datetime | str) -> datetime:
    """SQLite keeps text without a zone, and it must be the very text that we write."""
    if isinstance(stored, datetime):
        return stored
    moment = datetime.fromisoformat(stored)
    if f"{moment:%Y-%m-%d %H:%M:%S.%f}" != stored:
        raise ValueError("at")
    return moment.replace(tzinfo=UTC)


def _differs(one: Head, entry: Head) -> bool:
    return one.number == entry.number and one.digest != entry.digest


def _beyond(session: Session, last: Head) -> Break | None:
    """Whether the head, read again, has come as far as the walk: an entry after it was put in beside the chain."""
    try:
        kept = audit_head(session)
    except ValueError:
        return _no_head()
    if kept.number < last.number:
        number = kept.number + 1
        return Break(
            number,
            f"链头只到第 {kept.number} 条，第 {number} 条起是另外塞进的",
            f"the head says {kept.number}: entries from {number} on were put in beside the chain",
        )
    return _not_the_head(kept) if _differs(kept, last) else None


def _no_head() -> Break:
    return Break(0, "记录链头的那一行不见了或被改动", "the row that holds the head is gone or changed")


def _not_the_head(head: Head) -> Break:
    return Break(
        head.number,
        f"第 {head.number} 条的摘要与链头所记的不符",
        f"entry {head.number} has another digest than the head holds",
    )


def _not_as_noted(head: Head) -> Break:
    return Break(
        head.number,
        f"第 {head.number} 条的摘要与另处所记的不符：此前有记录被重写",
        f"entry {head.number} has another digest than was noted: the trail was rewritten before it",
    )


def _cut_off(head: Head, last: Head) -> Break:
    number = last.number + 1
    return Break(
        number,
        f"记录应到第 {head.number} 条，实际只到第 {last.number} 条：末尾被删",
        f"the trail should reach entry {head.number} and ends at {last.number}: its end was cut off",
    )
