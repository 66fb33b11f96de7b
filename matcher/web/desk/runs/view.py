"""The page of a run: its columns to match, how far it is, or what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from sqlmodel import Session

from matcher.desk.runs.sheets import fault_of
from matcher.firms.roster import CellFault
from matcher.firms.roster.mapping import cell_name
from matcher.store import reading, session
from matcher.store.desk import Run
from matcher.store.desk.run_rows import Counts, bad_rows, letter_counts, refused_letters
from matcher.web import language
from matcher.web.catalogue import catalogue
from matcher.web.desk.gate import allow, can, record
from matcher.web.desk.people import people
from matcher.web.desk.runs.blueprint import pages, reached, subject
from matcher.web.desk.runs.files import offered
from matcher.web.desk.runs.mapping import mapping_page
from matcher.web.keep.database import engine

MOST_FAULTS = 200
"""Bad cells that the page lists; the marked copy has them all."""

_MOST_REFUSED = 50
_SHOWN = ("eligible", "needs_decision", "needs_information")


@dataclass(frozen=True)
class Progress:
    """How far a run is; ``done`` of ``total`` are rows, or letters once all rows are decided."""

    step: str
    done: int
    total: int
    letters: Counts


@pages.get("/desk/runs/<int:run_id>")
@allow("run.see")
def show(run_id: int) -> str:
    """The run as it stands; that it was looked at is recorded: cells of the file stand on the page."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        record(writing, "run.seen", subject(run), run.centre)
    with reading(engine()) as opened:
        if run.state == "mapping" and can("run.write", run.centre):
            return mapping_page(opened, run)
        return _page(opened, run)


@pages.get("/desk/runs/<int:run_id>/progress")
@allow("run.see", by_itself=True)
def progress(run_id: int) -> str:
    """How far it is, as a part of the page."""
    with reading(engine()) as opened:
        run = reached(opened, run_id)
        return render_template("desk/_run_progress.html", run=run, progress=_progress(opened, run))


def _page(opened: Session, run: Run) -> str:
    assert run.id is not None
    return render_template(
        "desk/run.html",
        run=run,
        progress=_progress(opened, run),
        files=offered(opened, run),
        faults=_faults(opened, run.id),
        most_faults=MOST_FAULTS,
        refused=refused_letters(opened, run.id, _MOST_REFUSED),
        schemes=_schemes(run),
        who=people(opened, [run.account_id]).of(run.account_id),
        has_new_rules=run.rulebook_hash is not None and run.rulebook_hash != catalogue().rulebook.hash,
        column_name=lambda fault: cell_name(0, fault.column)[:-1] if fault.column is not None else "",
    )


def _progress(opened: Session, run: Run) -> Progress:
    assert run.id is not None
    letters, good = letter_counts(opened, run.id), run.rows - run.bad_rows
    if run.rows == 0:
        return Progress("read", 0, 0, letters)
    if run.done_rows < good:
        return Progress("check", run.done_rows, good, letters)
    made = letters.issued + letters.refused
    if run.letters != "none" and made < letters.due:
        return Progress("letters", made, letters.due, letters)
    return Progress("files", good, good, letters)


def _faults(opened: Session, run_id: int) -> list[CellFault]:
    rows = bad_rows(opened, run_id, MOST_FAULTS)
    return [fault_of(told) for row in rows for told in row.faults or ()][:MOST_FAULTS]


def _schemes(run: Run) -> list[tuple[str, list[int]]]:
    """The schemes that any firm is entitled to or may be, those of most firms first, each with its counts."""
    book = catalogue().rulebook
    found = [
        (book.schemes[slug].name.get(language.lang()), [counts.get(status, 0) for status in _SHOWN])
        for slug, counts in (run.summary or {}).items()
        if slug in book.schemes
    ]
    return sorted([one for one in found if any(one[1])], key=lambda one: ([-number for number in one[1]], one[0]))
