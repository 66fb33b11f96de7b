"""Verifies a letter beside the register: what its paper or its file says, and whether the register says the same of that number."""

from __future__ import annotations

import hashlib

from sqlalchemy import Engine

from matcher.db import reading

from .proof import Against, Shelf, Verdict, beside_register, own_archives, trimmed, verify_apart, verify_statement
from .register_status import standing, statement_of_code, statement_of_file


def verify_text(engine: Engine, text: str, against: Against) -> Verdict:
    """What the QR code of a letter says."""
    return _beside(engine, verify_statement(text, against))


def verify_code(engine: Engine, code: str, against: Against) -> Verdict | None:
    """The letter with this code (twelve characters); None where the register has none."""
    with reading(engine) as register:
        statement = statement_of_code(register, code)
    return None if statement is None else verify_text(engine, statement, against)


def verify_known(engine: Engine, pdf: bytes, against: Against) -> Verdict | None:
    """A file that is in the register as it is, by its digest alone; None for any other, which has to be opened."""
    sha256 = _digest(pdf)
    with reading(engine) as register:
        statement = statement_of_file(register, sha256)
    return None if statement is None else _beside(engine, verify_statement(statement, against), sha256)


def verify_opened(engine: Engine, pdf: bytes, against: Against) -> Verdict:
    """Any other file, opened in a process apart. Raises Busy where one is being opened already."""
    verdict = verify_apart(pdf, against.trust, against.as_of, Shelf(own_archives()))
    return _beside(engine, verdict, _digest(pdf) if verdict.proved == "file" else None)


def _beside(engine: Engine, verdict: Verdict, sha256: str | None = None) -> Verdict:
    if verdict.number is None or verdict.statement is None:
        return verdict
    with reading(engine) as register:
        return beside_register(verdict, standing(register, verdict.number), sha256)


def _digest(pdf: bytes) -> str:
    return hashlib.sha256(trimmed(pdf)).hexdigest()
