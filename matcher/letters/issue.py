"""Issues a letter: decides, takes the next number of the centre, sets and signs it, and keeps it in the register."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from matcher import __version__
from matcher.db import reading, session
from matcher.letters.compose import compose_letter_of
from matcher.letters.pdf import render_pdf
from matcher.letters.proof import Issue, Issued, KeyFolder, SigningKey, issue_pdf, receipt_of
from matcher.rulebook import Rulebook

from .models import IssuedLetter
from .order import Draft, Order, Refusal, draft_of, keep_rulebook, public_site
from .register import (
    RegisterEntry,
    find_issued,
    last_number,
    record_decisions,
    record_letter,
    supersede_letter,
    take_number,
)

# ---------------------------------------------------------------------------------------------------------------------
# Lets the letters of a centre be issued one after the other, so that each knows its number before it is set.
# ---------------------------------------------------------------------------------------------------------------------


# Another machine may issue for the same centre at the same moment; each round lost is a letter issued there.
_ROUNDS = 50

Made = TypeVar("Made")

Kept = TypeVar("Kept")


@contextmanager
def turn(instance: Path, centre: str) -> Iterator[None]:
    """Wait until no other process or thread of this machine issues for the centre or changes its key."""
    handle = _lock_file(instance / "turns", centre)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # this frees the lock, as the end of the process would


def _lock_file(folder: Path, centre: str) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / f"{centre}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refusal(
            f"写不了 {folder}（{error.strerror}），未办理。请检查权限。",
            f"{folder} cannot be written ({error.strerror}); nothing was done. Check the rights.",
        ) from None


def number_next(
    engine: Engine, centre: str, year: int, make: Callable[[int], Made], keep: Callable[[Session, Made], Kept]
) -> Kept:
    """Make the next letter of the series and keep it under its number; call it within the centre's `turn`.

    No transaction is open while ``make`` sets and signs the letter for its place, which takes a tenth of a second: the
    number is taken when the letter is kept, and where another machine took it meanwhile the letter is made again.
    ``keep`` writes in the transaction that takes the number: if it raises, the number is free again.

    :raises Refusal: when others took every number for which a letter was made. Whatever ``make`` and ``keep`` raise.
    """
    for _ in range(_ROUNDS):
        with reading(engine) as register:
            place = last_number(register, centre, year) + 1
        made = make(place)
        with session(engine) as writing:
            if take_number(writing, centre, year, place):
                return keep(writing, made)
    raise Refusal(
        "同时签发过多，未取得文号。请稍后再试。",
        "Too many letters are being issued at once; no number was to be had. Try again in a moment.",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Issues a letter: decides, gives it the centre's next number, sets and signs it, and keeps it in the register.
# ---------------------------------------------------------------------------------------------------------------------


Beside = Callable[[Session, RegisterEntry], None]

"""Writes what belongs to a letter (its case, the audit trail) in the transaction that keeps it."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where letters are issued: the register, the keys, the rules, and the folder of what is kept beside the database."""

    engine: Engine
    keys: KeyFolder
    rulebook: Rulebook
    rules: Path  # the folder that the rulebook was loaded from
    instance: Path


@dataclass(frozen=True, slots=True)
class _Signed:
    """A letter with its number, finished but not yet kept."""

    place: int
    key: SigningKey
    issued: Issued


def issue(office: Office, order: Order, at: datetime, beside: Beside | None = None) -> RegisterEntry:
    """Issue the letter and give its entry in the register; an issue that fails leaves no gap in the numbers.

    :param at: the moment, aware; its day in Tianjin dates the letter.
    :param beside: what else is to be written in the transaction that keeps the letter; where it raises, there is none.
    :raises Refusal: when there is nothing to say or what it is to replace does not fit; KeyFolderError without a key;
        StoreError, RenderError.
    """
    draft = draft_of(office.rulebook, order, at)
    _must_fit(office, draft)
    keep_rulebook(office.rulebook.hash, office.rules, office.instance / "rulebooks")
    centre = order.centre
    with turn(office.instance, centre.id):
        key = office.keys.signing(centre.id)  # within the turn: a key that is closed signs nothing more

        def make(place: int) -> _Signed:
            return _sign(office.rulebook, draft, key, place)

        def keep(writing: Session, signed: _Signed) -> RegisterEntry:
            entry = _keep(writing, office.rulebook, draft, signed)
            if beside is not None:
                beside(writing, entry)
            return entry

        return number_next(office.engine, centre.id, draft.written_on.year, make, keep)


def _must_fit(office: Office, draft: Draft) -> None:
    """A letter replaces one of the same centre, for the same firm, on no scheme that it does not speak of itself."""
    number = draft.order.supersedes
    if number is None:
        return
    with reading(office.engine) as register:
        old = find_issued(register, number)
    if old is None:
        raise Refusal(f"登记簿中没有 {number}，未签发。", f"The register holds no letter {number}; nothing was issued.")
    if old.centre != draft.order.centre.id:
        raise Refusal(
            f"{number} 由其他中心签发，不能由本函替代。",
            f"{number} is another centre's: this letter cannot supersede it.",
        )
    code = draft.order.facts.get("credit_code")
    if (old.credit_code, old.addressee if old.credit_code is None else None) != (
        code,
        draft.addressee if code is None else None,
    ):
        raise Refusal(
            f"{number} 是给另一家企业的，不能由本函替代。",
            f"{number} is for another firm: this letter cannot supersede it.",
        )
    left = sorted(set(old.schemes) - {one.scheme for one in draft.decisions})
    if left:
        raise Refusal(
            f"{number} 还涉及本函未写的政策：{'、'.join(left)}。请一并写入。",
            f"{number} speaks of schemes that this letter does not: {', '.join(left)}. Put them in as well.",
        )


def _sign(rulebook: Rulebook, draft: Draft, key: SigningKey, place: int) -> _Signed:
    order = draft.order
    number = f"{order.centre.mark}〔{draft.written_on.year}〕{place}号"
    receipt = receipt_of(
        rulebook,
        order.facts,
        draft.stated,
        order.as_of,
        Issue(
            order.centre.id,
            order.centre.name,
            number,
            draft.written_on,
            draft.valid_until,
            order.supersedes,
            public_site(),
        ),
        kind=order.kind,
        lang=order.lang,
        addressee=draft.addressee,
        by=order.by,
        program=__version__,
    )
    return _Signed(place, key, issue_pdf(rulebook, receipt, draft.stated, key, draft.at))


def _keep(writing: Session, rulebook: Rulebook, draft: Draft, signed: _Signed) -> RegisterEntry:
    """The decision, the letter and its file go into the register together, and what it replaces is marked."""
    order, issued, receipt = draft.order, signed.issued, signed.issued.receipt
    decided = record_decisions(
        writing,
        receipt_id=issued.code,
        created_at=draft.at,
        as_of=order.as_of,
        rulebook_hash=rulebook.hash,
        decisions=draft.stated,
        origin=order.origin,
        profile={name: one.value for name, one in receipt.facts.items()},
    )
    record_letter(
        writing,
        decision_record_id=decided.id,
        kind=order.kind,
        language=order.lang,
        pdf=issued.pdf,
        made_at=draft.at,
        schemes=receipt.schemes,
        number=receipt.number,
    )
    code = receipt.facts.get("credit_code")
    writing.add(
        IssuedLetter(
            number=receipt.number,
            centre=order.centre.id,
            year=draft.written_on.year,
            place=signed.place,
            code=issued.code,
            key_id=signed.key.id,
            credit_code=None if code is None else code.value,
            addressee=draft.addressee,
            written_on=draft.written_on,
            valid_until=draft.valid_until,
            receipt=receipt.to_bytes().decode(),
            pdf=issued.pdf,
        )
    )
    writing.flush()
    if order.supersedes is not None:
        supersede_letter(writing, order.supersedes, receipt.number, draft.at)
    found = find_issued(writing, receipt.number)
    assert found is not None
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Shows a letter as it would go out, without a number, a code or a signature: nothing is kept of it.
# ---------------------------------------------------------------------------------------------------------------------


def preview(rulebook: Rulebook, order: Order, at: datetime) -> bytes:
    """The letter as a PDF whose head calls it a draft. Raises Refusal when there is nothing to say, RenderError.

    :param at: the moment, aware; its day in Tianjin dates the letter.
    """
    draft = draft_of(rulebook, order, at)
    letter = compose_letter_of(
        rulebook,
        order.facts,
        draft.stated,
        order.as_of,
        order.lang,
        addressee=draft.addressee,
        written_on=draft.written_on,
        kind=order.kind,
        by=order.by,
    )
    return render_pdf(replace(letter, centre=order.centre.name, valid_until=draft.valid_until))
