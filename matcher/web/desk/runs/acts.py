"""What a clerk does to a run: stop it, let it go on, start it over."""

from __future__ import annotations

from typing import cast

from flask import redirect, url_for
from werkzeug.wrappers import Response

from matcher.jobs.queue import enqueue_run
from matcher.store import session
from matcher.store.desk import RunLetters
from matcher.store.desk.run_rows import kept_run_file, letter_counts
from matcher.store.desk.runs import NewRun, ask_cancel, go_on, new_run
from matcher.web.desk.gate import allow, me, now, record
from matcher.web.desk.office import office
from matcher.web.desk.runs.blueprint import pages, reached, subject
from matcher.web.keep.database import engine
from matcher.web.saving.said import said

_MOVED_ON = 409


@pages.post("/desk/runs/<int:run_id>/cancel")
@allow("run.write")
def cancel(run_id: int) -> Response:
    """Stop the run; of one that has just ended nothing changes, as its page then shows."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        if run.state in ("mapping", "waiting", "running"):
            ask_cancel(writing, run_id, now())
            record(writing, "run.cancelled", subject(run))
    return _back(run_id)


@pages.post("/desk/runs/<int:run_id>/continue")
@allow("run.write")
def proceed(run_id: int) -> Response:
    """Let a run that was stopped or failed go on from where it stands."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        if run.state in ("cancelled", "failed") and run.mapping is not None and run.forgotten_at is None:
            go_on(writing, run_id)
            record(writing, "run.continued", subject(run))
    enqueue_run(run_id, office().instance)
    return _back(run_id)


@pages.post("/desk/runs/<int:run_id>/again")
@allow("run.write")
def again(run_id: int) -> Response | tuple[str, int]:
    """Make a new run of the same file, by today's rules. It issues no letters where the first one did."""
    account = me()
    with session(engine()) as writing:
        run = reached(writing, run_id)
        upload = kept_run_file(writing, run_id, "upload")
        if upload is None or account.id is None:
            return said("run_forgotten", _MOVED_ON, back=f"/desk/runs/{run_id}")
        has_letters = letter_counts(writing, run_id).issued > 0
        letters = "none" if has_letters else cast(RunLetters, run.letters)
        asked = NewRun(run.centre, account.id, upload.filename, run.language, run.as_of, letters)
        made = new_run(writing, asked, upload.content, upload.media_type, now())
        record(writing, "run.uploaded", subject(made), again=run_id)
    assert made.id is not None
    return _back(made.id)


def _back(run_id: int) -> Response:
    return redirect(url_for("desk_runs.show", run_id=run_id), 303)
