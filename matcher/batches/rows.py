"""Keeps the rows of a run and the files made of them: read in once, each decided once, each given one letter at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, delete, select

from matcher.engine import GroundedRecord
from matcher.letters import IssuedLetter

from .models import FileKind, Run, RunFile, RunRow

_AT_ONCE = 200

"""Rows that are held at a time: an outcome over the whole catalogue takes some 20 KB."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row of the file: what the firm told, or what is wrong with it (each as CellFault.to_json() gives)."""

    line: int
    name: str | None
    credit_code: str | None
    facts: dict[str, Any] | None
    faults: list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided on a row: the decisions, and how many of them grant something."""

    line: int
    decisions: list[GroundedRecord]
    entitled: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the letters of a run are: rows that get one, those that have it, those that could not have it."""

    due: int
    issued: int
    refused: int


def enter_rows(session: Session, run: Run, rows: Iterable[Read]) -> None:
    """Keep what was read of the file, good rows and bad ones; ``run`` (locked) counts them."""
    kept = [
        {
            "run_id": run.id,
            "line": row.line,
            "name": row.name,
            "credit_code": row.credit_code,
            "facts": row.facts,
            "faults": row.faults,
        }
        for row in rows
    ]
    if kept:
        session.execute(insert(RunRow), kept)
    run.rows, run.bad_rows = len(kept), sum(row["faults"] is not None for row in kept)
    run.starts = 0
    session.add(run)
    session.flush()


def undecided(session: Session, run_id: int, most: int, after: int = 0) -> list[tuple[int, dict[str, Any]]]:
    """The next good rows below a line that have no outcome, as line and facts."""
    wanted = (
        select(RunRow.line, RunRow.facts)
        .where(RunRow.run_id == run_id, col(RunRow.line) > after)
        .where(col(RunRow.faults).is_(None), col(RunRow.outcome).is_(None))
        .order_by(col(RunRow.line))
        .limit(most)
    )
    return [(line, dict(facts or {})) for line, facts in session.exec(wanted)]


def write_outcomes(session: Session, run: Run, outcomes: Sequence[Outcome]) -> None:
    """Keep the outcomes of rows that have none yet, and count them in ``run``, which is locked."""
    written = 0
    for one in outcomes:
        statement = (
            update(RunRow)
            .where(col(RunRow.run_id) == run.id, col(RunRow.line) == one.line, col(RunRow.outcome).is_(None))
            .values(outcome=one.decisions, entitled=one.entitled)
        )
        written += session.connection().execute(statement).rowcount
    run.done_rows += written
    run.starts = 0
    session.add(run)
    session.flush()


def next_letter(session: Session, run_id: int, after: int = 0) -> RunRow | None:
    """The first row below a line that is to have a letter and has neither one nor a reason why not."""
    wanted = select(RunRow).where(
        RunRow.run_id == run_id,
        col(RunRow.line) > after,
        col(RunRow.entitled) > 0,
        col(RunRow.number).is_(None),
        col(RunRow.letter_fault).is_(None),
    )
    return session.exec(wanted.order_by(col(RunRow.line)).limit(1)).first()


def give_letter(session: Session, run_id: int, line: int, number: str) -> bool:
    """Note a row's letter; False where it has one already."""
    return _mark(session, run_id, line, number=number)


def refuse_letter(session: Session, run_id: int, line: int, why: str) -> bool:
    """Note why a row gets no letter; False where it has one."""
    return _mark(session, run_id, line, letter_fault=why[:500])


def letters_of(session: Session, run_id: int) -> list[tuple[str, str | None]]:
    """The letters of a run as number and firm, in the order of the rows."""
    wanted = select(RunRow.number, RunRow.name).where(RunRow.run_id == run_id, col(RunRow.number).is_not(None))
    return [(number, name) for number, name in session.exec(wanted.order_by(col(RunRow.line))) if number]


def size_of_letters(session: Session, run_id: int) -> int:
    """The bytes of a run's letters together."""
    wanted = select(func.sum(func.coalesce(IssuedLetter.size, func.length(IssuedLetter.pdf)))).join(
        RunRow, col(RunRow.number) == col(IssuedLetter.number)
    )
    return int(session.exec(wanted.where(RunRow.run_id == run_id)).one() or 0)


def letter_counts(session: Session, run_id: int) -> Counts:
    """How far the letters of a run are."""
    due, issued, refused = session.exec(
        select(func.count(), func.count(col(RunRow.number)), func.count(col(RunRow.letter_fault))).where(
            RunRow.run_id == run_id, col(RunRow.entitled) > 0
        )
    ).one()
    return Counts(due, issued, refused)


def refused_letters(session: Session, run_id: int, most: int) -> list[tuple[int, str | None, str]]:
    """The first rows that could have no letter: line, name, and why."""
    wanted = select(RunRow.line, RunRow.name, RunRow.letter_fault).where(
        RunRow.run_id == run_id, col(RunRow.letter_fault).is_not(None)
    )
    found = session.exec(wanted.order_by(col(RunRow.line)).limit(most))
    return [(line, name, why or "") for line, name, why in found]


def rows_of_firm(session: Session, centre: str, credit_code: str, most: int) -> list[tuple[Run, RunRow]]:
    """The rows of a centre's lists that were about a firm, the newest first, without what was told and found in them."""
    wanted = (
        select(Run, RunRow)
        .join(Run, col(Run.id) == col(RunRow.run_id))
        .where(RunRow.credit_code == credit_code, Run.centre == centre, col(Run.forgotten_at).is_(None))
        .options(defer(RunRow.facts), defer(RunRow.outcome))  # type: ignore[arg-type]
        .order_by(col(Run.id).desc(), col(RunRow.line))
    )
    return [(run, row) for run, row in session.exec(wanted.limit(most))]


def sample_rows(session: Session, run_id: int, most: int) -> list[RunRow]:
    """Rows that are to have a letter and have none, spread over the whole list: the first, the last, and some between."""
    due = select(RunRow.line).where(
        RunRow.run_id == run_id,
        col(RunRow.entitled) > 0,
        col(RunRow.number).is_(None),
        col(RunRow.letter_fault).is_(None),
    )
    lines = list(session.exec(due.order_by(col(RunRow.line))))
    places = sorted({round(at * (len(lines) - 1) / max(most - 1, 1)) for at in range(most)}) if lines else []
    return [session.get_one(RunRow, (run_id, lines[at])) for at in places]


def decided_rows(session: Session, run_id: int) -> Iterator[RunRow]:
    """Every good row in the order of the file, with its outcome, a few at a time."""
    last = 0
    while part := session.exec(
        select(RunRow)
        .where(RunRow.run_id == run_id, col(RunRow.line) > last, col(RunRow.faults).is_(None))
        .order_by(col(RunRow.line))
        .limit(_AT_ONCE)
    ).all():
        last = part[-1].line
        for row in part:
            session.expunge(row)
            yield row


def bad_rows(session: Session, run_id: int, most: int | None = None) -> list[RunRow]:
    """The rows with something wrong in them, in the order of the file."""
    wanted = select(RunRow).where(RunRow.run_id == run_id, col(RunRow.faults).is_not(None)).order_by(col(RunRow.line))
    return list(session.exec(wanted if most is None else wanted.limit(most)).all())


def put_file(session: Session, run_id: int, kind: FileKind, filename: str, media_type: str, content: bytes) -> None:
    """Keep a file of a run in the place of an earlier one of its kind."""
    session.execute(delete(RunFile).where(col(RunFile.run_id) == run_id, col(RunFile.kind) == kind))
    session.add(RunFile(run_id=run_id, kind=kind, filename=filename, media_type=media_type, content=content))
    session.flush()


def kept_run_file(session: Session, run_id: int, kind: str) -> RunFile | None:
    """A file of a run with its content."""
    return session.get(RunFile, (run_id, kind))


def list_files(session: Session, run_id: int) -> Mapping[str, int]:
    """The kinds of files that a run has, each with its size in bytes; their contents are not read."""
    wanted = select(RunFile.kind, func.length(RunFile.content)).where(RunFile.run_id == run_id)
    return dict(session.exec(wanted).all())


def _mark(session: Session, run_id: int, line: int, **values: str) -> bool:
    statement = (
        update(RunRow)
        .where(col(RunRow.run_id) == run_id, col(RunRow.line) == line, col(RunRow.number).is_(None))
        .values(**values)
    )
    return session.connection().execute(statement).rowcount == 1
