"""Issues the letters of a run row by row, and packs them when they are fetched."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, Literal

import pikepdf
from sqlalchemy import Engine
from sqlmodel import Session

from matcher.accounts import Account, Action, CentreSetting, reaches
from matcher.audit import Event, append
from matcher.cases import as_printed, refuse_struck_off
from matcher.db import reading
from matcher.engine import OutcomeRecord
from matcher.firms import read_told
from matcher.letters import (
    STATES,
    Office,
    Order,
    Refusal,
    RegisterEntry,
    WithdrawnError,
    centres,
    current_letters,
    find_issued,
    issue,
    keep_rulebook,
    kept_file,
    preview,
    schemes_to_write,
)
from matcher.letters.pdf import warm_up
from matcher.outreach import count_as_told
from matcher.rulebook import Rulebook
from matcher.text import clean, day_of, sentences

from .models import Run, RunRow
from .rows import give_letter
from .service import UNSIGNED, Fault, find_run

# ---------------------------------------------------------------------------------------------------------------------
# Issues the letters of a run, row by row in the order of the file.
# ---------------------------------------------------------------------------------------------------------------------


_TRIES = 3

"""How often a letter is tried whose predecessor somebody withdraws at that moment."""


class HasCurrent(Exception):
    """The firm has a current letter, and the run is to leave such firms alone."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class Interrupted(Exception):
    """The run was stopped, or another worker was quicker: the letter is not issued and no number is used."""


def hindrance(session: Session, run: Run) -> Fault | None:
    """Why this run may issue no letters, as things stand now; None where it may."""
    setting = session.get(CentreSetting, run.centre)
    if setting is not None and setting.needs_countersign:
        if run.signed_by is None:
            return UNSIGNED
        signer = session.get(Account, run.signed_by)
        if signer is None or not _may(signer, "letter.countersign", run.centre):
            return (
                "复核人的账号已停用或不再可以复核，因此没有签发。",
                "Who gave the second signature may not give it any more, so no letters were issued.",
            )
    account = session.get(Account, run.account_id)
    if account is None or not _may(account, "letter.issue", run.centre):
        return (
            "发起人的账号已停用或不再可以签发函件，因此没有签发。",
            "Who started this run may not issue letters any more, so none were issued.",
        )
    return None


def _may(account: Account, action: Action, centre: str) -> bool:
    return account.is_active and reaches(account.role, account.centre, action, centre)


def make_ready(office: Office) -> None:
    """Keep the rulebook and warm the setting of letters, once for the whole run. Raises Refusal."""
    keep_rulebook(office.rulebook.hash, office.rules, office.instance / "rulebooks")
    warm_up()


def issue_for(office: Office, run: Run, row: RunRow, actor: Account, at: datetime) -> RegisterEntry:
    """Issue the letter of a row on all that it is entitled to; its number stands in the row in the same transaction.

    :raises Interrupted: where the run was stopped or the row has its letter; Refusal, RenderError, StoreError, KeyFolderError.
    """
    assert run.id is not None
    run_id, line = run.id, row.line
    told = read_told(office.rulebook, row.facts or {})
    facts = told.firm
    granted = written_of(office.rulebook, row.decisions, run.letter_schemes)

    def beside(writing: Session, entry: RegisterEntry) -> None:
        now = find_run(writing, run_id, for_change=True)
        if now is None or now.state != "running" or now.is_cancel_asked:
            raise Interrupted
        if not give_letter(writing, run_id, line, entry.number):
            raise Interrupted
        now.starts = 0  # a letter is a step forward: a worker that ends now and then gives nothing up
        code = facts.get("credit_code")
        refuse_struck_off(writing, code if isinstance(code, str) else None)
        detail = {"run": run_id, "line": line, "schemes": list(granted)}
        count_as_told(writing, entry, run.account_id)
        append(
            writing,
            Event(at, actor.name, actor.role, run.centre, "letter.issued", f"letter {entry.number}", "run", detail),
        )

    lang: Literal["zh", "en"] = "en" if run.language == "en" else "zh"
    order = Order(
        centres()[run.centre],
        facts,
        run.as_of,
        granted,
        lang=lang,
        origin="desk",
        is_only=True,
        items=told.items,
    )
    for _ in range(_TRIES):
        with reading(office.engine) as opened:
            held = current_of(opened, run, facts, at)
        if held and run.on_current == "skip":
            raise HasCurrent(held[0].number)
        with suppress(WithdrawnError):  # somebody withdrew the letter that this one was to replace: look again
            return issue(office, replace(order, supersedes=held[0].number if held else None), at, beside)
    raise Refusal(
        "这家企业原有的函件一再变动，未签发。请稍后再试。",
        "The letter that the firm has was changed again and again meanwhile; nothing was issued. Try again in a moment.",
    )


def draft_for(office: Office, run: Run, row: RunRow, at: datetime) -> bytes:
    """The letter of a row as it would go out, without a number. Raises Refusal, RenderError."""
    told = read_told(office.rulebook, row.facts or {})
    lang: Literal["zh", "en"] = "en" if run.language == "en" else "zh"
    granted = written_of(office.rulebook, row.decisions, run.letter_schemes)
    order = Order(
        centres()[run.centre], told.firm, run.as_of, granted, lang=lang, origin="desk", is_only=True, items=told.items
    )
    return preview(office.rulebook, order, at)


def written_of(
    rulebook: Rulebook, outcome: Iterable[OutcomeRecord], only: Collection[str] | None = None
) -> tuple[str, ...]:
    """The schemes that the letter of a row speaks of: what the firm is entitled to by itself, of those that are wanted (None: all)."""
    written = schemes_to_write(rulebook, ((one["scheme"], one["status"]) for one in outcome))
    return written if only is None else tuple(slug for slug in written if slug in only)


def current_of(opened: Session, run: Run, facts: Mapping[str, Any], at: datetime) -> Sequence[RegisterEntry]:
    """The letters of the run's centre to a row's firm that hold."""
    code, name = facts.get("credit_code"), facts.get("name")
    return current_letters(
        opened,
        run.centre,
        code if isinstance(code, str) else None,
        clean(name) if isinstance(name, str) else None,
        day_of(at),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Packs the letters of a run when they are fetched, out of the register: one archive, and files to print in parts.
#
# Nothing of it is kept, since the register has every letter already; whatever their number, few are in memory at a
# time.
# ---------------------------------------------------------------------------------------------------------------------


Letters = Sequence[tuple[str, str | None]]

"""Letters as number and firm."""

Read = Callable[[str], bytes]

"""Gives the signed file of a letter."""

Standing = Callable[[str], str]

"""Says of a letter by its number why it holds no more; empty where it does."""

PRINTED = 100

"""Letters in one file to print: half a ream of paper, 20 MB, and some 100 MB of memory while they are joined."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')

_LONGEST_NAME = 60

_PIECE = 2**18

_DATED = (1980, 1, 1, 0, 0, 0)

_A4 = (595.28, 841.89)  # points


def reader(engine: Engine) -> Read:
    """Reads letters one at a time, each by itself: a slow download holds up nobody."""

    def read(number: str) -> bytes:
        with reading(engine) as opened:
            return kept_file(opened, number)

    return read


def reader_to_print(engine: Engine) -> Read:
    """The same of letters to be printed: one that was withdrawn since says so across each page."""

    def read(number: str) -> bytes:
        with reading(engine) as opened:
            entry, content = find_issued(opened, number), kept_file(opened, number)
        assert entry is not None
        return as_printed(entry, content)

    return read


def standing_reader(engine: Engine, lang: str) -> Standing:
    """Says of a letter that was withdrawn since in what state it is, in a word; empty of one that was not."""

    def standing(number: str) -> str:
        with reading(engine) as opened:
            entry = find_issued(opened, number)
        return "" if entry is None or entry.withdrawal is None else STATES[entry.withdrawal].get(lang)

    return standing


def archive(
    letters: Iterable[tuple[str, str | None]], read: Read, standing: Standing = lambda _: ""
) -> Iterator[bytes]:
    """The signed files in a ZIP, piece by piece, each called by its number and firm; the same letters give the same bytes.

    The name of one that was withdrawn since begins with its ``standing``: the file itself is as it was signed and cannot say so.
    """
    out = _Window()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:  # the files are packed in themselves
        for number, name in letters:
            called = "-".join(filter(None, (standing(number), _safe(number), _safe(name or ""))))
            packed.writestr(zipfile.ZipInfo(f"{called}.pdf", _DATED), read(number))
            yield out.taken()
    yield out.taken()


def parts(letters: int) -> list[range]:
    """How so many letters are dealt into files to print: the places of each part, from 0."""
    return [range(start, min(start + PRINTED, letters)) for start in range(0, letters, PRINTED)]


def printed(letters: Letters, part: range, read: Read, lang: str) -> Iterator[bytes]:
    """A part of the letters in one file, piece by piece, with a title and a list of the letters in ``lang`` (zh or en).

    Their signatures cannot be in it, nor the tags of their text, which pikepdf does not carry from one file to another: who needs
    a file that is read aloud takes the letter's own. The codes on the pages hold. Each letter begins on a sheet of its own where both
    sides are printed: one with an odd number of pages is followed by an empty one, but for the last.
    """
    with tempfile.TemporaryFile() as out:
        _join(letters[part.start : part.stop], read, out, lang)
        out.seek(0)
        while piece := out.read(_PIECE):
            yield piece


def _join(letters: Letters, read: Read, out: BinaryIO, lang: str) -> None:
    sources, starts = [], []
    with pikepdf.new() as together:
        for number, _ in letters:
            letter = pikepdf.open(io.BytesIO(read(number)))
            sources.append(letter)  # their streams are read when all is written
            for page in letter.pages:
                # The field of the signature, which does not cover this file; the place of the page's text in its tags.
                for key in ("/Annots", "/StructParents"):
                    if key in page:
                        del page[key]
            if len(together.pages) % 2:
                together.add_blank_page(page_size=_A4)
            starts.append(len(together.pages))
            together.pages.extend(letter.pages)
        _describe(together, letters, starts, lang)
        together.save(out, min_version="1.7", deterministic_id=True)
    for letter in sources:
        letter.close()


def _describe(together: pikepdf.Pdf, letters: Letters, starts: Sequence[int], lang: str) -> None:
    """What the window, the reader's list of contents and a screen reader say of the joined letters."""
    title = sentences.say(
        "待打印的{count}份函件：{first}—{last}", lang, count=len(letters), first=letters[0][0], last=letters[-1][0]
    )
    together.Root.Lang = "en" if lang == "en" else "zh-CN"
    together.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with together.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
    with together.open_outline() as outline:
        for (number, name), start in zip(letters, starts, strict=True):
            outline.root.append(pikepdf.OutlineItem(" ".join(filter(None, (number, name))), start))


class _Window(io.BytesIO):
    """What was written since it was last taken; places in it count from the beginning of the whole."""

    _gone = 0

    def tell(self) -> int:
        return self._gone + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._gone + super().seek(offset - self._gone if whence == io.SEEK_SET else offset, whence)

    def taken(self) -> bytes:
        """Take what is there; it can be written over no more."""
        content = self.getvalue()
        self._gone += len(content)
        super().seek(0)
        self.truncate(0)
        return content


def _safe(name: str) -> str:
    return _FORBIDDEN.sub("", name).strip(" .")[:_LONGEST_NAME] or "-"
