"""What is kept of a run when all its rows are done: the workbooks, and the counts for its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from matcher.desk.runs import sheets
from matcher.rulebook import Rulebook
from matcher.store.desk import FileKind, Run, RunFile
from matcher.store.desk.run_rows import decided_rows

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
        copy = sheets.marked_copy(rulebook, session, run, upload)
        made.append(Made("marked", f"run-{run.id}-to-correct.xlsx", XLSX, copy))
    made.append(Made("results", f"run-{run.id}-results.xlsx", XLSX, sheets.result_book(rulebook, session, run)))
    return made


def summary_of(session: Session, run_id: int) -> dict[str, dict[str, int]]:
    """For each scheme how many firms have each status."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in decided_rows(session, run_id):
        for decision in row.outcome or ():
            found[decision["scheme"]][decision["status"]] += 1
    return {slug: dict(counts) for slug, counts in found.items()}
