"""The blueprint of the pages about runs over spreadsheets, and how each of them comes by its run."""

from __future__ import annotations

from flask import Blueprint, abort
from sqlmodel import Session

from matcher.store.desk import Run
from matcher.store.desk.runs import find_run
from matcher.web.desk.gate import guard, reach

pages = Blueprint("desk_runs", __name__)
guard(pages)

_NOT_FOUND = 404


def reached(session: Session, run_id: int) -> Run:
    """The run of this number, if there is one and the account may do this page's action to its centre's runs."""
    run = find_run(session, run_id)
    if run is None:
        abort(_NOT_FOUND)
    reach(run.centre)
    return run


def subject(run: Run) -> str:
    """What the audit trail calls a run."""
    return f"run {run.id}"
