"""The page of a run: how far it is, what came of it, its files; stopping it and letting it go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import can, me, people, record, record_look, require
from matcher.answers import said
from matcher.db import EntryError, enqueue_run, reading, session
from matcher.firms.spreadsheets import CellFault, cell_name
from matcher.presentation import catalogue, office
from matcher.web import download, engine, language, now

from . import letters as batch_letters
from .list_views import pages, reached, subject
from .mapping_views import mapping_page
from .models import Run, RunLetters, RunRow
from .rows import (
    Counts,
    bad_rows,
    kept_run_file,
    letter_counts,
    letters_of,
    list_files,
    refused_letters,
    sample_rows,
    size_of_letters,
)
from .service import UNSIGNED, NewRun, ask_cancel, go_on, new_run, sign_run
from .sheets import fault_of

# ---------------------------------------------------------------------------------------------------------------------
# The files of a run: the workbooks as they are kept, the letters packed out of the register when they are fetched.
# ---------------------------------------------------------------------------------------------------------------------


LETTERS, MERGED = "letters", "merged"

_WORKBOOKS = ("results", "marked")

_NOT_FOUND = 404

Make = Callable[[], FlaskResponse]

"""Makes the answer once what was taken is recorded: packing must not hold up others' writing."""


@dataclass(frozen=True)
class Offered:
    """A file that the page offers: its kind, its size in bytes where it is known, the parts in which it comes (first and last letter)."""

    kind: str
    size: int | None
    parts: tuple[tuple[int, int], ...] = ()


def offered(opened: Session, run: Run) -> list[Offered]:
    """The files of a run in the order in which they are wanted."""
    assert run.id is not None
    sizes = list_files(opened, run.id)
    found = [Offered(kind, sizes[kind]) for kind in _WORKBOOKS if kind in sizes]
    letters = _letters(opened, run)
    if letters:
        found.append(Offered(LETTERS, size_of_letters(opened, run.id)))
    if letters and run.letters == MERGED:
        parts = tuple((part.start + 1, part.stop) for part in batch_letters.parts(len(letters)))
        found.append(Offered(MERGED, None, parts))
    return [*found, *(Offered("upload", sizes[kind]) for kind in sizes if kind == "upload")]


@pages.get("/desk/runs/<int:run_id>/files/<kind>")
@require("run.see")
def file(run_id: int, kind: str) -> FlaskResponse:
    """A file of the run, to be saved; that it was taken is recorded. ``part`` says which of the files to print."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        make = _packed(_letters(writing, run), run, kind) if kind in (LETTERS, MERGED) else _kept(writing, run, kind)
        record(writing, "run.file_taken", subject(run), run.centre, kind=kind)
    return make()


def _kept(opened: Session, run: Run, kind: str) -> Make:
    found = kept_run_file(opened, run.id or 0, kind)
    if found is None:
        abort(_NOT_FOUND)
    # What was uploaded is given back as bytes: nothing that a browser might open by itself.
    media_type = "application/octet-stream" if kind == "upload" else found.media_type
    return lambda: download(found.content, media_type, found.filename)


def _packed(letters: batch_letters.Letters, run: Run, kind: str) -> Make:
    """The letters as an archive that is sent as it is packed, or a part of them in one file."""
    if kind == LETTERS and letters:
        name, read = f"run-{run.id}-letters.zip", batch_letters.reader(engine())
        standing = batch_letters.standing_reader(engine(), run.language)
        return lambda: download(batch_letters.archive(letters, read, standing), "application/zip", name)
    parts = batch_letters.parts(len(letters)) if run.letters == MERGED else []
    asked = request.args.get("part", "1")
    number = int(asked) if asked.isdecimal() and len(asked) <= len(str(len(parts))) else 0
    if not 1 <= number <= len(parts):
        abort(_NOT_FOUND)
    part = parts[number - 1]
    name = f"run-{run.id}-to-print.pdf" if len(parts) == 1 else f"run-{run.id}-to-print-{number}.pdf"
    to_print, lang = batch_letters.reader_to_print(engine()), run.language
    return lambda: download(batch_letters.printed(letters, part, to_print, lang), "application/pdf", name)


def _letters(opened: Session, run: Run) -> batch_letters.Letters:
    """The letters of a run that is done; none where its files were forgotten."""
    return letters_of(opened, run.id or 0) if run.state == "done" and run.forgotten_at is None else ()


# ---------------------------------------------------------------------------------------------------------------------
# The page of a run: its columns to match, how far it is, or what came of it.
# ---------------------------------------------------------------------------------------------------------------------


MOST_FAULTS = 200

"""Bad cells that the page lists; the marked copy has them all."""

_MOST_REFUSED = 50

_SAMPLES = 5

"""Letters of a run that are shown to whoever signs for all of them."""

_SHOWN = ("eligible", "needs_decision", "needs_information")


@dataclass(frozen=True)
class Progress:
    """How far a run is; ``done`` of ``total`` are rows, or letters once all rows are decided."""

    step: str
    done: int
    total: int
    letters: Counts


@pages.get("/desk/runs/<int:run_id>")
@require("run.see")
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
@require("run.see", by_itself=True)
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
        samples=sample_rows(opened, run.id, _SAMPLES) if _waits_for_signature(run) else (),
        is_mine=run.account_id == me().id,
        who=people(opened, [run.account_id]).of(run.account_id),
        has_new_rules=run.rulebook_hash is not None and run.rulebook_hash != catalogue().rulebook.hash,
        column_name=lambda fault: cell_name(0, fault.column)[:-1] if fault.column is not None else "",
    )


def _waits_for_signature(run: Run) -> bool:
    """Whether all is checked and the letters wait for a second signature."""
    return run.state == "done" and run.fault_zh == UNSIGNED[0] and run.forgotten_at is None


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


# ---------------------------------------------------------------------------------------------------------------------
# What a clerk does to a run: stop it, let it go on, start it over.
# ---------------------------------------------------------------------------------------------------------------------


_MOVED_ON = 409


@pages.post("/desk/runs/<int:run_id>/cancel")
@require("run.write")
def cancel(run_id: int) -> Response:
    """Stop the run; of one that has just ended nothing changes, as its page then shows."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        if run.state in ("mapping", "waiting", "running"):
            ask_cancel(writing, run_id, now())
            record(writing, "run.cancelled", subject(run))
    return _back(run_id)


@pages.post("/desk/runs/<int:run_id>/continue")
@require("run.write")
def proceed(run_id: int) -> Response:
    """Let a run that was stopped or failed go on from where it stands."""
    with session(engine()) as writing:
        run = reached(writing, run_id)
        if run.state in ("cancelled", "failed") and run.mapping is not None and run.forgotten_at is None:
            go_on(writing, run_id)
            record(writing, "run.continued", subject(run))
    enqueue_run(run_id, office().instance)
    return _back(run_id)


@pages.post("/desk/runs/<int:run_id>/sign")
@require("letter.countersign")
def sign(run_id: int) -> Response:
    """Give the second signature to all letters of a run, after a look at samples: it goes on and issues them."""
    account = me()
    assert account.id is not None
    try:
        with session(engine()) as writing:
            run = reached(writing, run_id)
            sign_run(writing, run_id, account.id)
            record(writing, "run.signed", subject(run), run.centre)
    except EntryError as error:
        flash(error.text.get(language.lang()))
    else:
        enqueue_run(run_id, office().instance)
    return _back(run_id)


@pages.get("/desk/runs/<int:run_id>/sample/<int:line>")
@require("letter.see")
def sample(run_id: int, line: int) -> FlaskResponse:
    """The letter of a row as it would go out, without a number."""
    with reading(engine()) as opened:
        run = reached(opened, run_id)
        row = opened.get(RunRow, (run_id, line))
    if row is None or not row.entitled:
        abort(_NOT_FOUND)
    record_look("letter.previewed", subject(run), run.centre)
    content = batch_letters.draft_for(office(), run, row, now())
    answer = download(content, "application/pdf", f"run-{run_id}-{line}.pdf")
    return answer


@pages.post("/desk/runs/<int:run_id>/again")
@require("run.write")
def again(run_id: int) -> Response | tuple[str, int]:
    """Make a new run of the same file, by today's rules. It issues no letters where the first one did."""
    account = me()
    with session(engine()) as writing:
        run = reached(writing, run_id)
        upload = kept_run_file(writing, run_id, "upload")
        if upload is None or account.id is None:
            return said("run_forgotten", _MOVED_ON, back=url_for("desk_runs.show", run_id=run_id))
        has_letters = letter_counts(writing, run_id).issued > 0
        letters = "none" if has_letters else cast(RunLetters, run.letters)
        asked = NewRun(run.centre, account.id, upload.filename, run.language, run.as_of, letters)
        made = new_run(writing, asked, upload.content, upload.media_type, now())
        record(writing, "run.uploaded", subject(made), again=run_id)
    assert made.id is not None
    return _back(made.id)


def _back(run_id: int) -> Response:
    return redirect(url_for("desk_runs.show", run_id=run_id), 303)
