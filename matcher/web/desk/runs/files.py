"""The files of a run: the workbooks as they are kept, the letters packed out of the register when they are fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, request
from sqlmodel import Session

from matcher.desk.runs import packing
from matcher.store import session
from matcher.store.desk import Run
from matcher.store.desk.run_rows import kept_run_file, letters_of, list_files, size_of_letters
from matcher.web.desk.gate import allow, record
from matcher.web.desk.runs.blueprint import pages, reached, subject
from matcher.web.downloads import download
from matcher.web.keep.database import engine

LETTERS, MERGED = "letters", "merged"
_WORKBOOKS = ("results", "marked")
_NOT_FOUND = 404

Make = Callable[[], Response]
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
        parts = tuple((part.start + 1, part.stop) for part in packing.parts(len(letters)))
        found.append(Offered(MERGED, None, parts))
    return [*found, *(Offered("upload", sizes[kind]) for kind in sizes if kind == "upload")]


@pages.get("/desk/runs/<int:run_id>/files/<kind>")
@allow("run.see")
def file(run_id: int, kind: str) -> Response:
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


def _packed(letters: packing.Letters, run: Run, kind: str) -> Make:
    """The letters as an archive that is sent as it is packed, or a part of them in one file."""
    read = packing.reader(engine())
    if kind == LETTERS and letters:
        name = f"run-{run.id}-letters.zip"
        return lambda: download(packing.archive(letters, read), "application/zip", name)
    parts = packing.parts(len(letters)) if run.letters == MERGED else []
    asked = request.args.get("part", "1")
    number = int(asked) if asked.isdecimal() and len(asked) <= len(str(len(parts))) else 0
    if not 1 <= number <= len(parts):
        abort(_NOT_FOUND)
    part = parts[number - 1]
    name = f"run-{run.id}-to-print.pdf" if len(parts) == 1 else f"run-{run.id}-to-print-{number}.pdf"
    return lambda: download(packing.printed(letters, part, read), "application/pdf", name)


def _letters(opened: Session, run: Run) -> packing.Letters:
    """The letters of a run that is done; none where its files were forgotten."""
    return letters_of(opened, run.id or 0) if run.state == "done" and run.forgotten_at is None else ()
