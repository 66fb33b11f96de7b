"""What a run hands back when all its rows are done: the workbooks, the letters, and the counts for its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from matcher.desk.runs import letters, sheets
from matcher.rulebook import Rulebook
from matcher.store.desk import FileKind, Run, RunFile
from matcher.store.desk.run_rows import decided_rows, letters_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP, PDF = "application/zip", "application/pdf"
POSITION: tuple[FileKind, ...] = ("results", "marked", "letters", "merged", "upload")
"""The kinds of files in the order in which they are wanted."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a run."""

    kind: FileKind
    filename: str
    media_type: str
    content: bytes


def files_of(rulebook: Rulebook, session: Session, run: Run) -> list[Made]:
    """All files of a run whose rows are decided: the same bytes for the same rows, rules and letters."""
    assert run.id is not None
    made = []
    if run.bad_rows:
        upload = session.get_one(RunFile, (run.id, "upload"))
        copy = sheets.marked_copy(rulebook, session, run, upload)
        made.append(Made("marked", f"run-{run.id}-to-correct.xlsx", XLSX, copy))
    made.append(Made("results", f"run-{run.id}-results.xlsx", XLSX, sheets.result_book(rulebook, session, run)))
    issued = letters_of(session, run.id)
    if issued:
        read = letters.reader(session)
        made.append(Made("letters", f"run-{run.id}-letters.zip", ZIP, letters.archive(issued, read)))
        if run.letters == "merged":
            made.append(Made("merged", f"run-{run.id}-to-print.pdf", PDF, letters.merged(issued, read)))
    return made


def summary_of(session: Session, run_id: int) -> dict[str, dict[str, int]]:
    """For each scheme how many firms have each status."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in decided_rows(session, run_id):
        for decision in row.outcome or ():
            found[decision["scheme"]][decision["status"]] += 1
    return {slug: dict(counts) for slug, counts in found.items()}
