"""The spreadsheets of a run: what an upload holds, and the workbooks made of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from matcher.engine import foremost
from matcher.firms import shown
from matcher.firms.spreadsheets import CellFault, FirmRow, Guess, guess, open_table, outline, read_rows
from matcher.firms.workbook import Checked, marked, results
from matcher.rulebook import Rulebook, Text

from .models import FileKind, Run, RunFile
from .rows import Read, bad_rows, decided_rows

# ---------------------------------------------------------------------------------------------------------------------
# Spreadsheets of a run: what an upload holds, its rows by the mapping, and the two workbooks that come back.
# ---------------------------------------------------------------------------------------------------------------------


LARGEST_UPLOAD = 20_000_000

"""Bytes of an uploaded file."""

MOST_LETTERS = 5000

"""Rows of a run that issues letters: each takes some tenths of a second, and some 200 KB of the register for good."""

_LONGEST_FILE_NAME, _LONGEST_CODE = 200, 18


@dataclass(frozen=True, slots=True)
class Looked:
    """What an upload holds, before its columns are matched; ``samples`` are the first values of each column that has any, ``items``
    the sheets of loans, projects … with the number of their rows and the columns that are not read."""

    sheet: str | None
    others: tuple[str, ...]
    guesses: tuple[Guess, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int
    items: tuple[tuple[str, int, tuple[str, ...]], ...] = ()


def look(rulebook: Rulebook, content: bytes, filename: str, as_of: date | None = None) -> Looked:
    """Look through a whole upload, so that a file that breaks off is refused now; ``as_of`` is the day it is checked for.

    Raises Unreadable, saying what to do, and `matcher.sandbox.Busy` where others are looked through.
    """
    seen = outline(rulebook, content, filename)
    guesses = tuple(
        guess(seen.headings, rulebook, seen.ids, seen.cells, has_unit=seen.has_unit, title=seen.title, on=as_of)
    )
    return Looked(seen.sheet, seen.others, guesses, seen.samples, seen.rows, seen.items)


def read_upload(rulebook: Rulebook, upload: RunFile, mapping: Mapping[str, str | None]) -> Iterator[Read]:
    """The rows of an upload as they are kept. Raises Unreadable."""
    table = open_table(rulebook, upload.content, upload.filename)
    return map(_read, read_rows(rulebook, table, {int(column): fact for column, fact in mapping.items()}))


def marked_copy(rulebook: Rulebook, session: Session, run: Run, upload: RunFile) -> bytes:
    """The bad rows of the upload alone, their bad cells marked."""
    assert run.id is not None
    faults = [fault_of(told) for row in bad_rows(session, run.id) for told in row.faults or ()]
    return marked(rulebook, upload.content, upload.filename, faults, run.as_of, run.language)


def result_book(rulebook: Rulebook, session: Session, run: Run) -> bytes:
    """The workbook of results: the same bytes for the same rows, rules and day."""
    assert run.id is not None
    rows = (
        Checked(row.line, row.name or "", row.credit_code or "", row.decisions, row.facts or {}, row.number)
        for row in decided_rows(session, run.id)
    )
    return results(rulebook, rows, run.as_of, run.language, left_out=run.bad_rows, with_letters=run.letters != "none")


def fault_of(told: Mapping[str, object]) -> CellFault:
    """A fault as it was kept, the reverse of `CellFault.to_json`."""
    reason = told["reason"]
    assert isinstance(reason, Mapping)
    column, row = told["column"], told["row"]
    assert isinstance(row, int)
    assert column is None or isinstance(column, int)
    heading, fact, value = (str(told[name]) for name in ("heading", "fact", "value"))
    return CellFault(
        row, column, heading, fact, value, Text(zh=reason["zh"], en=reason["en"]), str(told.get("sheet", ""))
    )


def _read(row: FirmRow) -> Read:
    is_good = not row.faults
    return Read(
        row.line,
        shown(row.name)[:_LONGEST_FILE_NAME] if row.name and not is_good else row.name or None,
        row.credit_code[:_LONGEST_CODE] or None,
        dict(row.facts) if is_good else None,
        None if is_good else [fault.to_json() for fault in row.faults],
    )


# ---------------------------------------------------------------------------------------------------------------------
# What is kept of a run when all its rows are done: the workbooks, and the counts for its page.
# ---------------------------------------------------------------------------------------------------------------------


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a run."""

    kind: FileKind
    filename: str
    media_type: str
    content: bytes


def files_of(rulebook: Rulebook, session: Session, run: Run) -> list[Made]:
    """The workbooks of a run whose rows are decided: the same bytes for the same rows and rules."""
    assert run.id is not None
    made = []
    if run.bad_rows:
        upload = session.get_one(RunFile, (run.id, "upload"))
        copy = marked_copy(rulebook, session, run, upload)
        made.append(Made("marked", f"run-{run.id}-to-correct.xlsx", XLSX, copy))
    made.append(Made("results", f"run-{run.id}-results.xlsx", XLSX, result_book(rulebook, session, run)))
    return made


def summary_of(session: Session, run_id: int) -> dict[str, dict[str, int]]:
    """For each scheme how many firms have each status; of several loans, projects … the foremost counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in decided_rows(session, run_id):
        for slug, decision in foremost(row.decisions).items():
            found[slug][decision["status"]] += 1
    return {slug: dict(counts) for slug, counts in found.items()}
