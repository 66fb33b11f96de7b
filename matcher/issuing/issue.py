"""Issues a letter: decides, gives it the centre's next number, sets and signs it, and keeps it in the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from matcher import __version__
from matcher.issuing.archives import keep_rulebook
from matcher.issuing.order import Draft, Order, draft_of
from matcher.issuing.refusal import Refusal
from matcher.issuing.site import public_site
from matcher.issuing.turns import number_next, turn
from matcher.letters.proof import Issue, Issued, KeyFolder, SigningKey, issue_pdf, receipt_of
from matcher.rulebook import Rulebook
from matcher.store import (
    IssuedLetter,
    RegisterEntry,
    find_issued,
    reading,
    record_decisions,
    record_letter,
    supersede_letter,
)

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
