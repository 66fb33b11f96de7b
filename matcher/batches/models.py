"""The tables of runs over spreadsheets: the file as it came, its rows one by one, and what was made of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy import LargeBinary
from sqlmodel import Field

from matcher.accounts import Account  # noqa: F401 (its table is referred to)
from matcher.db import AwareDateTime, CanonicalJson, Register, one_of
from matcher.engine import GroundedRecord
from matcher.letters import IssuedLetter  # noqa: F401 (its table is referred to)

RunState = Literal["mapping", "waiting", "running", "done", "cancelled", "failed"]

"""Columns are being matched; queued; going on; finished; stopped by a clerk; given up with a reason."""

RunLetters = Literal["none", "merged", "zip"]

"""Whether letters are issued for the rows, and whether files to print are made of them besides the signed ones."""

RunCurrent = Literal["skip", "supersede"]

"""What becomes of a firm that has a current letter of the centre: its row gets none, or one that supersedes it."""

FileKind = Literal["upload", "marked", "results"]

"""The file as it came, its copy with the bad cells marked, the results."""


class Run(Register, table=True):
    """One spreadsheet of firms that is checked; ``mapping`` says which column holds which fact (``{"0": "name"}``).

    ``starts`` counts how often a worker took it up without getting any further. ``summary`` is written at its end: for
    each scheme how many firms have each status. ``signed_by`` is who gave the
    second signature where letters need one. ``letter_schemes``: those that the letters
    speak of, null for all. The faults say why it failed, or what a run that is done lacks.
    """

    __tablename__ = "run"
    __table_args__ = (
        one_of("state", RunState),
        one_of("letters", RunLetters),
        one_of("on_current", RunCurrent),
    )

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32, index=True)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    state: str = Field(max_length=16, index=True)
    filename: str = Field(max_length=200)
    language: str = Field(max_length=8)
    as_of: date
    letters: str = Field(max_length=8)
    on_current: str = Field(default="skip", max_length=16)
    letter_schemes: list[str] | None = Field(default=None, sa_type=CanonicalJson)
    signed_by: int | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    mapping: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    rows: int = 0
    bad_rows: int = 0
    done_rows: int = 0
    is_cancel_asked: bool = False
    starts: int = 0
    summary: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    rulebook_hash: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=AwareDateTime)
    started_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    fault_zh: str | None = Field(default=None, max_length=2000)
    fault_en: str | None = Field(default=None, max_length=2000)
    forgotten_at: datetime | None = Field(default=None, sa_type=AwareDateTime)


class RunRow(Register, table=True):
    """A row of the spreadsheet: its facts or what is wrong with it; ``outcome`` is null until it has been checked.

    ``entitled`` is how many schemes the outcome grants; ``number`` is the letter's, ``letter_fault`` why there is none.
    """

    __tablename__ = "run_row"

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str | None = Field(default=None, max_length=200)
    credit_code: str | None = Field(default=None, max_length=18, index=True)
    facts: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    faults: list[dict[str, Any]] | None = Field(default=None, sa_type=CanonicalJson)
    outcome: list[dict[str, Any]] | None = Field(default=None, sa_type=CanonicalJson)
    entitled: int | None = None
    number: str | None = Field(default=None, max_length=64, foreign_key="issued_letter.number", ondelete="RESTRICT")
    letter_fault: str | None = Field(default=None, max_length=500)

    @property
    def decisions(self) -> list[GroundedRecord]:
        """The outcome as the check wrote it; empty before."""
        return cast(list[GroundedRecord], self.outcome or [])


class RunFile(Register, table=True):
    """A file of a run, kept apart from it so that lists of runs never read it; its letters are packed when they are fetched."""

    __tablename__ = "run_file"
    __table_args__ = (one_of("kind", FileKind),)

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=16)
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    content: bytes = Field(sa_type=LargeBinary)
