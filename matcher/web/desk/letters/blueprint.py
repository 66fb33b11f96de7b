"""The blueprint of the pages about letters, and what they share: refusals in words, PDF files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from flask import Blueprint, Response, abort, flash, send_file
from sqlmodel import Session

from matcher.issuing import Refusal
from matcher.letters import RenderError
from matcher.letters.proof import KeyFolderError
from matcher.store import EntryError, RegisterEntry, find_issued
from matcher.store.desk import Case, CaseLetter
from matcher.web import language
from matcher.web.desk.gate import guard, reach

pages = Blueprint("desk_case_letters", __name__)
guard(pages)

_NOT_FOUND = 404
# The browser's own viewer shows the file with styles of its own; nothing else may be in it.
_VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Refused(Exception):
    """What was asked for is not done; ``words`` says why, in the page's language."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@contextmanager
def refusing() -> Iterator[None]:
    """Say in words what the register, the keys, the rules or the renderer refuse. Raises Refused in their place."""
    try:
        yield
    except (Refusal, KeyFolderError) as error:
        raise Refused(error.text.get(language.lang())) from None
    except EntryError as error:
        raise Refused(error.zh if language.lang() == "zh" else error.en) from None
    except RenderError as error:
        zh, _, en = str(error).partition(" / ")
        raise Refused(zh if language.lang() == "zh" else en) from None


def warn(error: Refused) -> None:
    """Say on the next page why it was not done."""
    flash(error.words)


def waiting(session: Session, letter_id: int) -> tuple[CaseLetter, Case]:
    """A letter asked for and its case, if the account may do this page's action to its centre's letters."""
    letter = session.get(CaseLetter, letter_id)
    case = session.get(Case, letter.case_id) if letter else None
    if letter is None or case is None:
        abort(_NOT_FOUND)
    reach(case.centre)
    return letter, case


def issued(session: Session, code: str) -> RegisterEntry:
    """The issued letter with this code, the same."""
    entry = find_issued(session, code)
    if entry is None or entry.code != code:
        abort(_NOT_FOUND)
    reach(entry.centre)
    return entry


def pdf(content: bytes, name: str, *, is_shown: bool = False) -> Response:
    """A PDF as a download, or shown by the browser's viewer; a firm's letter is nothing for a shared computer's cache."""
    answer = send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=not is_shown, download_name=f"{name}.pdf"
    )
    answer.headers["Cache-Control"] = "no-store"
    if is_shown:
        answer.headers["Content-Security-Policy"] = _VIEWER
    return answer
