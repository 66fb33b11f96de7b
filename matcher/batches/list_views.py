"""The list of runs, the template to fill in, and the upload of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import cast, get_args

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from matcher.accounts import CITY, can, me, people, reach, record, require
from matcher.db import reading, session
from matcher.firms import Unreadable, numbers, read_date
from matcher.firms.spreadsheets import MOST_ROWS
from matcher.firms.workbook import template
from matcher.letters.proof import KeyFolderError
from matcher.presentation import catalogue, entries, has_key
from matcher.rulebook import Text
from matcher.text import sentences, today
from matcher.web import UploadRefusedError, download, engine, errors, language, now, scan

from .models import Run, RunLetters
from .service import NewRun, find_run, list_runs, new_run
from .sheets import LARGEST_UPLOAD, MOST_LETTERS, XLSX, look

# ---------------------------------------------------------------------------------------------------------------------
# The blueprint of the pages about runs over spreadsheets, and how each of them comes by its run.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_runs", __name__)

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


# ---------------------------------------------------------------------------------------------------------------------
# Whether a run of this centre may issue letters, as it is told before the run begins.
# ---------------------------------------------------------------------------------------------------------------------


def hindrance(centre: str, letters: str, rows: int) -> Text | None:
    """Why no letters can be issued for so many rows; None where they can, or none are asked for."""
    if letters == "none":
        return None
    if not can("letter.issue", centre):
        return sentences.filled("您的账号不能签发函件。")
    try:
        if not has_key(centre):
            return sentences.filled(
                "本中心还没有签发密钥，不能签发函件。请管理员运行：matcher keys new {centre}", centre=centre
            )
    except KeyFolderError as error:
        return error.text
    return (
        sentences.filled(
            "要签发函件时最多{most}行，这份有{rows}行；请分成几个文件，或选择不签发。", most=MOST_LETTERS, rows=rows
        )
        if rows > MOST_LETTERS
        else None
    )


# ---------------------------------------------------------------------------------------------------------------------
# The list of runs, the template to fill in, and the upload of a spreadsheet.
# ---------------------------------------------------------------------------------------------------------------------


_AROUND = 64 * 1024

"""What a form takes besides its file."""

_REFUSED, _TOO_LARGE = 422, 413

_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)

_LANGUAGES = ("zh", "en")

Shown = tuple[str, int]


@pages.get("/desk/runs")
@require("run.see")
def index() -> str:
    """The runs of the centre (the city's: of all), and the form for another."""
    return _page({}, {})


@pages.get("/desk/runs/template")
@require("run.see")
def empty() -> Response:
    """The template, in the language asked for; with `scheme` or `family` only the columns that those schemes need."""
    lang, book = request.args.get("in", "zh"), catalogue()
    asked, families = request.args.getlist("scheme"), request.args.getlist("family")
    of_families = (one.slug for name, members, _ in book.families(()) if name in families for one in members)
    chosen = book.chosen([*asked, *of_families])
    content = template(book.rulebook, lang if lang in _LANGUAGES else "zh", chosen or None)
    return download(content, XLSX, "firms-template.xlsx")


@pages.post("/desk/runs")
@require("run.write", largest=LARGEST_UPLOAD + _AROUND)
def upload() -> Answer | Shown:
    """Keep a spreadsheet as a new run, once it has been read to its end: a file that cannot be used leaves nothing."""
    faults: dict[str, str] = {}
    asked = _asked(faults)
    file = request.files.get("file")
    content = _content(file, faults)
    looked = None
    if file is not None and content:
        try:
            scan(content)
            looked = look(catalogue().rulebook, content, _name(file))
        except UploadRefusedError as refused:
            faults["file"] = refused.text.get(language.lang())
        except Unreadable as error:
            faults["file"] = "；".join(_told(one.text, one.line) for one in error.faults)
    if asked is None or looked is None or file is None:
        return _page(request.form, faults), _REFUSED
    hindered = hindrance(asked.centre, asked.letters, looked.rows)
    if hindered is not None:
        return _page(request.form, {**faults, "letters": hindered.get(language.lang())}), _REFUSED
    with session(engine()) as writing:
        run = new_run(writing, asked, content, file.mimetype[:100] or "application/octet-stream", now())
        record(writing, "run.uploaded", subject(run), rows=looked.rows)
    return redirect(url_for("desk_runs.show", run_id=run.id), 303)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Shown:
    """Say how large a file may be, on the page with the form; the rest of the body is read away, or no page would show."""
    errors.drain()
    return _page(
        {},
        {"file": sentences.say("文件超过{most} MB；请分成几个文件。", language.lang(), most=LARGEST_UPLOAD // 10**6)},
    ), _TOO_LARGE


def _page(typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    """The list and the form, with what was chosen in it; a browser gives a file only once more by hand."""
    account = me()
    with reading(engine()) as opened:
        runs = list_runs(opened, None if account.centre == CITY else account.centre)
        names = people(opened, [run.account_id for run in runs])
    return render_template(
        "desk/runs.html",
        runs=runs,
        people=names,
        is_city=account.centre == CITY,
        is_open=can("run.write"),
        letters_hindered=hindrance(account.centre, "zip", 0) if can("run.write") else None,
        faults=faults,
        as_of=typed.get("as_of") or today().isoformat(),
        language=typed.get("language") or language.lang(),
        letters=typed.get("letters") or "none",
        most_rows=MOST_ROWS,
        most_letters=MOST_LETTERS,
        largest=LARGEST_UPLOAD,
        families=catalogue().families(()),
    )


def _asked(faults: dict[str, str]) -> NewRun | None:
    """What the form asks for; None where something of it cannot be understood, which is added to the faults."""
    account, file = me(), request.files.get("file")
    typed = request.form.get("as_of", "").strip()
    as_of = read_date(numbers.iso_date(typed) or typed)
    wanted, lang = request.form.get("letters", "none"), request.form.get("language", "zh")
    if isinstance(as_of, Text):
        faults["as_of"] = as_of.get(language.lang())
    if wanted not in get_args(RunLetters):
        faults["letters"] = sentences.say("请选择是否签发函件。", language.lang())
    if not isinstance(as_of, date) or "letters" in faults or account.id is None:
        return None
    name = _name(file) if file else ""
    return NewRun(
        account.centre, account.id, name, lang if lang in _LANGUAGES else "zh", as_of, cast(RunLetters, wanted)
    )


def _content(file: FileStorage | None, faults: dict[str, str]) -> bytes:
    content = file.read(LARGEST_UPLOAD + 1) if file else b""
    if file is None or not file.filename:
        faults["file"] = sentences.say("请选择要上传的文件。", language.lang())
    elif not content:
        faults["file"] = sentences.say("文件是空的，请换一个。", language.lang())
    elif len(content) > LARGEST_UPLOAD:
        faults["file"] = sentences.say(
            "文件超过{most} MB；请分成几个文件。", language.lang(), most=LARGEST_UPLOAD // 10**6
        )
        return b""
    return content


def _name(file: FileStorage) -> str:
    """The name of a file without its folder, printable."""
    return entries.printable(_FOLDERS.sub("", file.filename or "")).strip() or "-"


def _told(text: Text, line: int | None) -> str:
    """What is wrong with a file, with the row where it is one's."""
    said = text.get(language.lang())
    return said if line is None else sentences.say("第{row}行：{text}", language.lang(), row=line, text=said)
