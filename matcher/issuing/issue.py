"""Issues a letter: decides, gives it the centre's next number, sets and signs it, and keeps it in the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine
from sqlmodel import Session

from matcher import __version__
from matcher.engine import Decision, FactValue, check
from matcher.engine.decision import POSITIVE
from matcher.issuing.archives import keep_rulebook
from matcher.issuing.extract import TIANJIN
from matcher.issuing.refusal import Refusal
from matcher.issuing.turns import number_next, turn
from matcher.letters.letter import StatedBy
from matcher.letters.proof import Centre, Issue, Issued, KeyFolder, SigningKey, issue_pdf, receipt_of
from matcher.letters.values import clean
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
from matcher.store.tables import Origin

Beside = Callable[[Session, RegisterEntry], None]
"""Writes what belongs to a letter (its case, the audit trail) in the transaction that keeps it."""

VALID_DAYS = 90
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Office:
    """Where letters are issued: the register, the keys, the rules, and the folder of what is kept beside the database."""

    engine: Engine
    keys: KeyFolder
    rulebook: Rulebook
    rules: Path  # the folder that the rulebook was loaded from
    instance: Path


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued: a letter of a centre on a firm's facts, checked for a day.

    ``valid_days`` is counted from the day the letter is written; ``supersedes`` is the number of the letter it replaces.
    ``by`` says of facts who they come from, where it is not whom the vocabulary names.
    """

    centre: Centre
    facts: Mapping[str, FactValue]
    as_of: date
    schemes: tuple[str, ...] | None = None
    kind: Literal["eligibility", "missing"] = "eligibility"
    lang: Literal["zh", "en", "both"] = "zh"
    valid_days: int = VALID_DAYS
    supersedes: str | None = None
    origin: Origin = "cli"
    by: Mapping[str, StatedBy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a letter but its number."""

    order: Order
    decisions: tuple[Decision, ...]
    stated: list[dict[str, Any]]
    addressee: str | None
    at: datetime
    written_on: date
    valid_until: date


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


def valid_until(decisions: Iterable[Decision], written_on: date, days: int) -> date:
    """The last day on which a letter may be relied on: the term, or the end of a version that it rests on if earlier.

    A version that ended before the letter was written is asked about the past, which does not change any more.
    """
    ends = (one.version[1] for one in decisions if one.version and one.status in POSITIVE)
    return min([written_on + timedelta(days=days), *(end for end in ends if end and end >= written_on)])


def draft_of(rulebook: Rulebook, order: Order, at: datetime) -> Draft:
    """What an order comes to at a moment (aware). Raises Refusal when there is nothing to say."""
    if not 1 <= order.valid_days <= LONGEST_DAYS:
        raise Refusal(
            f"有效期应为1至{LONGEST_DAYS}天。",
            f"A letter is valid for 1 to {LONGEST_DAYS} days, not {order.valid_days}.",
        )
    decisions = _decide(rulebook, order)
    name = order.facts.get("name")
    written_on = at.astimezone(TIANJIN).date()
    return Draft(
        order,
        decisions,
        [one.to_json() for one in decisions],
        clean(name) if isinstance(name, str) else None,
        at,
        written_on,
        valid_until(decisions, written_on, order.valid_days),
    )


def _decide(rulebook: Rulebook, order: Order) -> tuple[Decision, ...]:
    """The decisions that the letter speaks of; a notice of what is missing has only those that wait for facts."""
    decisions = check(rulebook, order.facts, order.as_of, order.schemes)
    if order.kind == "missing":
        waiting = [one.scheme for one in decisions if one.status == "needs_information"]
        # Decided anew without the others, as whoever verifies the letter will do.
        decisions = check(rulebook, order.facts, order.as_of, waiting)
    if not decisions:
        raise Refusal(
            "没有可写入函件的政策，未签发。", "There is no scheme for this letter to speak of; nothing was issued."
        )
    return decisions


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
        Issue(order.centre.id, order.centre.name, number, draft.written_on, draft.valid_until, order.supersedes),
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
